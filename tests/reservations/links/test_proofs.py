"""What does not count as a proof: an empty cookie, a proof for an earlier link, a link that has ended; and what is mailed
to nobody.
"""

from datetime import timedelta

import pytest
from django.db.models import F

from core.clock import from_now
from reservations.groups.shared_blocks import known_customer
from reservations.links import link_requests
from reservations.links.booking_links import just_renewed, send_new_link
from reservations.links.link_requests import answer_link_requests, ask_for_links
from reservations.links.mailbox_codes import BookingVisitor, has_proven_mailbox, is_trusted, prove, waits_for_code
from reservations.models import Booking, BookingAccess, OutgoingMail, WrongCodeTry
from reservations.refusals.cancellation import WrongCode
from reservations.selling.bookings import write_mail
from reservations.states import MailKind
from sales.models import Contact, Sale
from sales.services.opening import Customer
from tests.clock import begins_in
from tests.exchanging import agree, choose, let_exchange, other_showtime
from tests.factories import buy, make_browser, make_showtime
from tests.standing_booking import bought_once

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "B1")
MINE = "d" * 64


def proven(booking, *, holder=MINE, ago=30) -> BookingAccess:
    """A browser that typed the code from the mail `ago` seconds ago."""
    version = booking.sale.link_version
    return BookingAccess.objects.create(
        booking=booking, holder=holder, link_version=version, codes_sent=1,
        code_sent_at=from_now(-ago - 30), proven_at=from_now(-ago),
    )  # fmt: skip


def found_mails() -> int:
    return OutgoingMail.objects.filter(kind=MailKind.FOUND).count()


def ask(text):
    ask_for_links(text)
    answer_link_requests()


def test_no_cookie_is_not_the_browser_that_bought(booking):
    """Tickets that were moved in, or whose browser was forgotten, have no holder."""
    Booking.objects.update(holder="")
    booking.refresh_from_db()
    assert not is_trusted(booking, BookingVisitor("", None))


def test_no_cookie_has_proven_nothing(booking):
    proven(booking, holder="")
    nobody = BookingVisitor("", None)
    assert (has_proven_mailbox(booking, nobody), waits_for_code(booking, nobody)) == (False, False)
    assert known_customer(user_id=None, holder="") is None
    send_new_link(booking_id=booking.pk)
    assert just_renewed(reference=booking.reference, holder="") is None


def test_a_proof_makes_a_guest_known_for_an_hour_and_by_the_present_link(booking):
    access = proven(booking)
    assert known_customer(user_id=None, holder=MINE) == Customer(email=booking.email)
    BookingAccess.objects.filter(pk=access.pk).update(
        code_sent_at=F("code_sent_at") - timedelta(hours=1), proven_at=F("proven_at") - timedelta(hours=1)
    )
    assert known_customer(user_id=None, holder=MINE) is None


def test_a_proof_from_before_a_new_link_does_not_count(booking):
    """By now the address may be another person's."""
    access = proven(booking)
    send_new_link(booking_id=booking.pk)
    booking.sale.refresh_from_db()
    assert known_customer(user_id=None, holder=MINE) is None
    assert not has_proven_mailbox(booking, BookingVisitor(access.holder, None))


def test_wrong_codes_are_forgotten_after_an_hour(booking):
    proven(booking)
    for _ in range(2):
        WrongCodeTry.objects.update(at=from_now(-3601))
        with pytest.raises(WrongCode):
            prove(booking, BookingVisitor(MINE, None), code="no code")
    assert WrongCodeTry.objects.count() == 1


def test_a_new_link_has_another_random_part(booking):
    before = booking.sale.link_nonce
    send_new_link(booking_id=booking.pk)
    assert Sale.objects.get(pk=booking.sale_id).link_nonce != before


def test_a_form_of_before_renews_nothing_and_a_form_without_a_number_does(booking):
    version = booking.sale.link_version
    for before, after in ((version, version + 1), (version, version + 1), (None, version + 2)):
        send_new_link(booking_id=booking.pk, before=before)
        assert Sale.objects.get(pk=booking.sale_id).link_version == after
    assert OutgoingMail.objects.filter(kind=MailKind.LINK).count() == 2


def test_who_opened_an_older_link_is_not_told_that_a_new_one_went(booking):
    """The browser that asked for it and lost the answer had opened the link before it."""
    BookingAccess.objects.create(booking=booking, holder=MINE, link_version=booking.sale.link_version)
    send_new_link(booking_id=booking.pk)
    assert just_renewed(reference=booking.reference, holder=MINE) == booking
    send_new_link(booking_id=booking.pk)
    assert just_renewed(reference=booking.reference, holder=MINE) is None


def test_no_link_is_mailed_that_is_over(booking, settings):
    settings.BOOKING_LINK_DAYS = 1
    begins_in(booking.showtime, days=-3)
    ask(booking.reference)
    assert found_mails() == 0


def test_nothing_is_mailed_to_nobody(booking):
    Contact.objects.filter(pk=booking.sale.contact_id).update(email="")
    ask(booking.reference)
    assert found_mails() == 0


def test_one_question_brings_some_links_and_no_more(booking, sandbox, monkeypatch):
    buy(sandbox, make_showtime(), make_browser(6), "A1", email=booking.email)
    monkeypatch.setattr(link_requests, "MOST_SALES", 1)
    ask(booking.email)
    assert found_mails() == 1


def test_links_that_were_found_are_counted_for_the_whole_sale(booking):
    """An exchange turns one booking into two, with one mailbox."""
    let_exchange(booking.showtime.auditorium.theater)
    agree(choose(booking, "A1", showtime=other_showtime(booking), of=["A1"]))
    for part in Booking.objects.filter(sale=booking.sale_id):
        for number in range(2):
            write_mail(part, MailKind.FOUND, about=f"{part.pk}-{number}")
    OutgoingMail.objects.filter(kind=MailKind.FOUND).update(created_at=from_now(-300))
    ask(booking.reference)
    assert found_mails() == 4


def test_an_exchange_lets_in_no_browser_whose_link_was_renewed(booking):
    let_exchange(booking.showtime.auditorium.theater)
    BookingAccess.objects.create(booking=booking, holder=MINE, link_version=booking.sale.link_version)
    send_new_link(booking_id=booking.pk)
    agree(choose(booking, "A1", showtime=other_showtime(booking), of=["A1"]))
    made = Booking.objects.filter(sale=booking.sale_id).latest("pk")
    assert made.pk != booking.pk and not BookingAccess.objects.filter(booking=made, holder=MINE).exists()
