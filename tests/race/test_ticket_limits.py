"""One person with many browsers never gets more tickets than the limit by acting at the same time."""

from collections import Counter

import pytest
from django.db import transaction

from reservations import locks
from reservations.models import Ticket
from reservations.selling.bookings import open_booking
from tests.factories import hold_seats, make_auditorium, make_browser, make_showtime, make_theater, pay_form
from tests.race.racing import run_all, start, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCD")


@pytest.fixture
def showtime(transactional_db, settings):
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 6
    return make_showtime(auditorium=make_auditorium(make_theater(), ROOM))


def pay(showtime, number, *labels, email="ada@example.com"):
    browser = make_browser(number)
    hold_seats(showtime, browser, *labels)
    form = pay_form(showtime, *labels, email=email)

    def job():
        with transaction.atomic():
            open_booking(showtime_id=showtime.pk, browser=browser, form=form)
        return "booked"

    return job


def test_six_browsers_of_one_person_at_once_book_up_to_the_limit(showtime):
    jobs = [pay(showtime, number + 1, f"A{number + 1}", f"B{number + 1}") for number in range(6)]
    assert Counter(run_all(*jobs)) == {"booked": 3, "TooManyTickets": 3}
    assert Ticket.objects.count() == 6


def two_at_once(showtime):
    """Start a second purchase before the first is committed, and one of a stranger, who waits for nobody."""
    first, second = (
        pay(showtime, 1, "A1", "A2", "A3", "A4"),
        pay(showtime, 2, "B1", "B2", "B3", email="ADA+2@example.com"),
    )
    stranger = pay(showtime, 3, "C1", email="bob@example.com")
    with transaction.atomic():
        first()
        assert start(stranger).outcome() == "booked"
        yield second


def test_one_person_buys_one_booking_after_the_other(showtime):
    for second in two_at_once(showtime):
        waiting = start_and_block(second)
    assert waiting.outcome() == "TooManyTickets"


def test_without_the_lock_both_would_be_let_in(showtime, monkeypatch):
    monkeypatch.setattr(locks, "persons", lambda keys: None)
    for second in two_at_once(showtime):
        assert start(second).outcome() == "booked"
    assert Ticket.objects.filter(booking__sale__contact__customer="ada@example.com").count() == 7
