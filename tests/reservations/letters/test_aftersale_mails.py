"""Mails after the sale: each is sent once, as text and HTML, with the theater's times."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from payments.books.payment_sweep import send_due_refunds
from payments.models import Refund
from payments.records.refund_rows import request_missing_refunds
from payments.refunds.cancellation import cancel_and_refund
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.aftersale.goodwill import owe_goodwill
from reservations.letters.outbox import send_due_mail
from reservations.models import Cancellation, OutgoingMail
from reservations.selling.bookings import write_mail
from reservations.states import CancelCause, MailKind
from sales.models import Contact, Sale
from tests.aging import unguarded
from tests.factories import buy, make_movie, make_showtime, make_theater

pytestmark = pytest.mark.django_db
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Between us: the customer was unkind.")


@pytest.fixture
def booking(my_browser, sandbox):
    """A booking for New Year's Eve in Tokyo, while the server is in another time zone."""
    theater = make_theater(timezone_name="Asia/Tokyo", currency="USD", country="JP")
    starts_at = datetime(2031, 12, 31, 11, 30, tzinfo=UTC)
    showtime = make_showtime(theater=theater, movie=make_movie(title="Metropolis"), starts_at=starts_at)
    return buy(sandbox, showtime, my_browser, "A1", "B1")


def cancel(booking, *labels, percent=100, origin=STAFF):
    ids = list(booking.tickets.filter(seat__label__in=labels).values_list("pk", flat=True))
    return cancel_tickets(booking_id=booking.pk, ticket_ids=ids, percent=percent, origin=origin)


def test_amounts_stay_in_one_line_and_change_sides_where_people_read_from_the_right(booking):
    Sale.objects.filter(pk=booking.sale_id).update(language="dv")
    cancel(booking, "B1", percent=50)
    send_due_mail(now=timezone.now())
    html = "".join(letter.alternatives[0].content for letter in mail.outbox)
    amounts = re.findall(r'<td align="(left|right)" style="([^"]*)">', html)
    assert [side for side, _ in amounts] == ["left"] * 3
    assert all("white-space:nowrap" in style for _, style in amounts)
    assert "padding:8px 0 8px 12px" in html and "padding:8px 12px 8px 0" not in html


def posted(kind):
    """Send what is due; returns the mails of a kind, as text and HTML."""
    send_due_mail(now=timezone.now())
    rows = OutgoingMail.objects.filter(kind=kind).count()
    marks = {"CANCELLATION": "anceled", "REFUND": "on its way to your bank"}
    found = [one for one in mail.outbox if marks[kind] in one.subject]
    assert len(found) == rows
    return [(one.subject, one.body, one.alternatives[0].content) for one in found]


def test_it_says_what_was_canceled_what_comes_back_what_is_kept_and_when(booking):
    cancel(booking, "B1", percent=50)
    [(subject, text, html)] = posted("CANCELLATION")
    assert subject == f"Canceled: Metropolis, Wed 31 Dec, 20:30 ({booking.reference})"
    for body in (text, html):
        for words in (
            "Some of your tickets are canceled", "Metropolis", "Wednesday 31 December 2031", "20:30", "Row B, seat 1",
            booking.reference, "$8.75", "five to ten days", "You still have", "A1", "no longer valid",
        ):  # fmt: skip
            assert words in body, words
        assert "unkind" not in body and not any(code in body for code in booking.tickets.values_list("code", flat=True))
    assert "You get back: $8.75" in text and "Not refunded, under the terms of your booking: $8.75" in text


def test_a_whole_booking_has_nothing_left_and_nothing_kept(booking):
    cancel(booking, "A1", "B1")
    [(_, text, html)] = posted("CANCELLATION")
    for body in (text, html):
        assert "Your booking is canceled" in body and "$32.00" in body
        assert "You still have" not in body and "Not refunded" not in body


@pytest.mark.parametrize("cause", [CancelCause.SHOWTIME, CancelCause.DISPUTE])
def test_what_others_tell_is_not_told_here(booking, cause):
    cancel(booking, "A1", "B1", origin=CancellationOrigin(cause, "staff:1", "Projector"))
    assert not OutgoingMail.objects.filter(kind="CANCELLATION").exists()


def test_each_of_several_cancellations_is_told_once(booking):
    cancel(booking, "A1")
    cancel(booking, "B1")
    cancel(booking, "B1")
    numbers = list(Cancellation.objects.values_list("pk", flat=True))
    purposes = set(OutgoingMail.objects.filter(kind="CANCELLATION").values_list("purpose", flat=True))
    assert purposes == {f"cancellation:{number}" for number in numbers} and len(purposes) == 2
    first, second = posted("CANCELLATION")
    assert ("Row A, seat 1" in first[1], "Row B, seat 1" in first[1]) == (True, False)
    assert ("Row A, seat 1" in second[1], "Row B, seat 1" in second[1]) == (False, True)


@pytest.mark.parametrize("labels", [("A1", "B1"), ("B1",)])
def test_one_cancellation_is_one_mail(booking, sandbox, labels):
    ids = list(booking.tickets.filter(seat__label__in=labels).values_list("pk", flat=True))
    cancel_and_refund(booking_id=booking.pk, ticket_ids=ids, origin=STAFF)
    send_due_refunds()
    assert Refund.objects.get().status == "SUCCEEDED"
    kinds = OutgoingMail.objects.exclude(kind="CONFIRMATION").values_list("kind", flat=True)
    assert list(kinds) == ["CANCELLATION"]
    [(_, text, html)] = posted("CANCELLATION")
    assert all("to the card you paid with" in body and "five to ten days" in body for body in (text, html))


@pytest.mark.parametrize("late", ["after days", "after a failure"])
def test_a_refund_that_was_late_is_told_when_it_is_done(booking, sandbox, late):
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    refund = Refund.objects.get()
    with unguarded():
        if late == "after days":
            Refund.objects.update(created_at=timezone.now() - timedelta(days=3))
        else:
            facts = {"status": "FAILED", "payment": refund.payment, "reason": "Canceled", "ended_at": timezone.now()}
            Refund.objects.create(provider="stripe", amount=refund.amount, currency="USD", **facts)
    send_due_refunds()
    tell_again = Refund.objects.filter(pk=refund.pk, status="SUCCEEDED")
    assert tell_again.update(look_at=timezone.now()) == 1
    send_due_refunds()
    assert [row.purpose for row in OutgoingMail.objects.filter(kind="REFUND")] == [f"refund:{refund.pk}"]
    [(subject, text, html)] = posted("REFUND")
    assert subject == f"$32.00 is on its way to your bank: Metropolis ({booking.reference})"
    for body in (text, html):
        assert "$32.00" in body and "five to ten days" in body and "20:30" in body and booking.reference in body


def test_money_that_no_cancellation_named_is_told_apart(booking, sandbox):
    with transaction.atomic():
        owe_goodwill(locks.booking(booking.pk), Decimal("5.00"), actor="staff:1", reason="The heating was off")
    request_missing_refunds()
    send_due_refunds()
    assert OutgoingMail.objects.filter(kind="REFUND").count() == 1
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    send_due_refunds()
    assert (OutgoingMail.objects.filter(kind="REFUND").count(), Refund.objects.count()) == (1, 2)


def test_a_confirmation_that_goes_later_shows_only_what_is_still_valid(booking):
    cancel(booking, "B1")
    send_due_mail(now=timezone.now())
    [confirmation] = [one for one in mail.outbox if one.subject.startswith("Your tickets")]
    live, void = booking.tickets.order_by("pk")
    for body in (confirmation.body, confirmation.alternatives[0].content):
        assert live.code in body and void.code not in body
    assert len([part for part in confirmation.message().walk() if part.get_content_type() == "image/png"]) == 1


def test_a_refund_in_another_currency_is_told_in_that(booking):
    write_mail(booking, MailKind.REFUND, about=7, amount="1900", currency="JPY")
    [(subject, text, html)] = posted("REFUND")
    assert subject.startswith("¥1,900 is on its way") and "¥1,900" in text and "¥1,900" in html


def test_a_mail_to_an_address_that_is_not_the_bookings_any_more_has_no_link(booking):
    cancel(booking, "B1")
    OutgoingMail.objects.update(contact=Contact.objects.create(email="before@example.com"))
    send_due_mail(now=timezone.now())
    for sent in mail.outbox:
        assert "/bookings/" not in sent.body + sent.alternatives[0].content
        assert "?to=" not in sent.body + sent.alternatives[0].content
