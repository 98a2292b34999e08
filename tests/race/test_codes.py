"""Many browsers guess the code for one booking's mailbox at the same time: five tries an hour are allowed. Without the
lock there would be more.
"""

import threading
from collections import Counter
from decimal import Decimal
from functools import partial

import pytest

from reservations import locks
from reservations.links import mailbox_codes
from reservations.links.booking_access import admit
from reservations.links.booking_links import send_new_link
from reservations.links.mailbox_codes import CODES_PER_HOUR, WRONG_CODES_PER_HOUR, BookingVisitor, prove, send_code
from reservations.models import Booking, OutgoingMail, WrongCodeTry
from tests.factories import begin_paying, make_browser, make_price_list, make_showtime, make_theater
from tests.race.racing import as_word, run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
GUESSES = 8


@pytest.fixture
def booking(transactional_db):
    theater = make_theater()
    nothing = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    found = begin_paying(make_showtime(theater=theater, price_list=nothing), make_browser(1), "A1")
    for number in range(GUESSES):
        admit(booking=found, holder=guest(number).holder)
    return found


def guest(number: int) -> BookingVisitor:
    return BookingVisitor(holder=f"{number:064}", user_id=None)


def guesses(booking):
    return [as_word(partial(prove, booking, guest(number), code="no code"), "right") for number in range(GUESSES)]


def test_five_wrong_codes_an_hour_are_five(booking):
    told = Counter(run_all(*guesses(booking)))
    assert told == {"WrongCode": WRONG_CODES_PER_HOUR, "TooManyWrongCodes": GUESSES - WRONG_CODES_PER_HOUR}
    assert WrongCodeTry.objects.count() == WRONG_CODES_PER_HOUR


def test_control_without_the_lock_there_are_more(booking, monkeypatch):
    all_read = threading.Barrier(GUESSES)
    original = mailbox_codes.seconds_until_fewer

    def read_before_any_writes(*rows, **limit):
        wait = original(*rows, **limit)
        all_read.wait(10)
        return wait

    monkeypatch.setattr(locks, "booking", lambda pk: Booking.objects.get(pk=pk))
    monkeypatch.setattr(mailbox_codes, "seconds_until_fewer", read_before_any_writes)
    assert Counter(run_all(*guesses(booking))) == {"WrongCode": GUESSES}
    assert WrongCodeTry.objects.count() == GUESSES


def test_three_mails_with_codes_an_hour_are_three(booking):
    jobs = [as_word(partial(send_code, booking, guest(number)), "sent") for number in range(GUESSES)]
    assert Counter(run_all(*jobs)) == {"sent": CODES_PER_HOUR, "ManyCodesSent": GUESSES - CODES_PER_HOUR}
    assert OutgoingMail.objects.filter(kind="CODE").count() == CODES_PER_HOUR


def test_three_new_links_an_hour_are_three(booking):
    jobs = [as_word(partial(send_new_link, booking_id=booking.pk), "sent") for _ in range(6)]
    assert Counter(run_all(*jobs)) == {"sent": 3, "ManyLinksSent": 3}
    booking.refresh_from_db()
    assert booking.sale.link_version == 4
