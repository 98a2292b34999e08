"""A sale of several bookings, or paid in several payments: decided together, no booking is split, all money goes back to
where it came from.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from core.clock import ClockTimestamp
from payments.models import Payment, Refund
from payments.records.status_changes import record_taken
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.checkout import continue_paying
from payments.sessions.session_closing import expire_due_booking
from payments.sessions.settlement import SettlementResult, settle
from payments.states import COUNTER
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, OutgoingMail
from reservations.selling.bookings import open_booking
from reservations.states import CancelCause
from sales.models import Sale
from tests.aging import past_grace
from tests.factories import hold_seats, make_browser, make_movie, make_showtime, make_staff, pay_form
from tests.ledger import broken_invariants
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=1)
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1")


def pending(showtime, number, *labels):
    """A booking whose seats are handed over, before a provider is asked."""
    browser = make_browser(number)
    hold_seats(showtime, browser, *labels)
    with transaction.atomic():
        return open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, *labels))


def in_cash(booking, amount):
    """Pay this part of the sale at the counter."""
    clerk = make_staff("BOX_OFFICE", booking.sale.theater)
    payment = Payment(
        sale=booking.sale, provider=COUNTER, method="CASH", operator=clerk, amount=amount, currency="GBP", captured=amount,
        captured_currency="GBP", request={}, look_at=ClockTimestamp(), ended_at=ClockTimestamp(), status="SUCCEEDED",
    )  # fmt: skip
    with transaction.atomic():
        record_taken(payment, actor=f"staff:{clerk.pk}")


def paid_online(booking, sandbox):
    continue_paying(booking_id=booking.pk)
    payment = booking.sale.payments.get(status="OPEN")
    sandbox.pay(payment.session_id)
    return payment, settle(payment_id=payment.pk, actor="test")


@pytest.fixture
def booking(showtime, sandbox):
    return pending(showtime, 1, "A1", "A2")


@pytest.fixture
def other_showtime(showtime):
    return make_showtime(
        auditorium=showtime.auditorium, movie=make_movie(slug="other"), starts_at=showtime.ends_at + SOON
    )


@pytest.fixture
def two(booking, other_showtime):
    """Two showtimes in one sale of 43.50."""
    second = pending(other_showtime, 1, "A1")
    Booking.objects.filter(pk=second.pk).update(sale=booking.sale)
    Sale.objects.filter(pk=second.sale_id).delete()
    Sale.objects.filter(pk=booking.sale_id).update(total=booking.total + second.total)
    return list(Booking.objects.order_by("pk"))


def statuses():
    return list(Booking.objects.order_by("pk").values_list("status", flat=True))


def given_back():
    return list(Refund.objects.order_by("-pk").values_list("method", "amount", "status"))


class TestPayments:
    def test_cash_and_a_card_together_reach_the_total(self, booking, sandbox):
        in_cash(booking, Decimal(10))
        payment, outcome = paid_online(booking, sandbox)
        assert (payment.amount, outcome, statuses()) == (Decimal("19.00"), SettlementResult.CONFIRMED, ["CONFIRMED"])
        assert (given_back(), broken_invariants()) == ([], [])

    def test_a_part_alone_gives_no_seats_yet(self, booking, sandbox):
        continue_paying(booking_id=booking.pk)
        Sale.objects.filter(pk=booking.sale_id).update(total=Decimal(40))
        payment = booking.sale.payments.get()
        sandbox.pay(payment.session_id)
        assert settle(payment_id=payment.pk, actor="test") == SettlementResult.PARTLY
        assert (statuses(), given_back()) == (["PENDING"], [])

    def test_when_the_rest_does_not_come_in_time_the_part_goes_back(self, booking, sandbox):
        in_cash(booking, Decimal(10))
        past_grace(booking)
        expire_due_booking(booking_id=booking.pk, actor="sweep")
        assert (statuses(), given_back()) == (["REFUNDED"], [("CASH", Decimal(10), "REQUESTED")])
        assert OutgoingMail.objects.get().kind == "APOLOGY"
        assert broken_invariants() == []

    def test_the_newest_money_goes_back_first_and_each_coin_to_where_it_came_from(self, booking, sandbox):
        in_cash(booking, Decimal(10))
        paid_online(booking, sandbox)
        first, second = booking.tickets.order_by("pk")
        cancel_and_refund(booking_id=booking.pk, ticket_ids=[first.pk], origin=STAFF)
        assert given_back() == [("ONLINE", Decimal("14.50"), "REQUESTED")]
        cancel_and_refund(booking_id=booking.pk, ticket_ids=[second.pk], origin=STAFF)
        assert sorted(given_back()) == [
            ("CASH", Decimal("10.00"), "REQUESTED"),
            ("ONLINE", Decimal("4.50"), "REQUESTED"),
            ("ONLINE", Decimal("14.50"), "REQUESTED"),
        ]
        assert broken_invariants() == []


class TestBookings:
    def test_one_payment_confirms_both(self, two, sandbox):
        payment, outcome = paid_online(two[0], sandbox)
        assert (payment.amount, outcome, statuses()) == (
            Decimal("43.50"),
            SettlementResult.CONFIRMED,
            ["CONFIRMED"] * 2,
        )
        assert (OutgoingMail.objects.count(), broken_invariants()) == (2, [])

    def test_a_part_that_cannot_be_given_goes_back_and_the_other_is_whole(self, two, other_showtime, sandbox):
        continue_paying(booking_id=two[0].pk)
        Showtime.objects.filter(pk=other_showtime.pk).update(status="CANCELED")
        payment = two[0].sale.payments.get()
        sandbox.pay(payment.session_id)
        assert settle(payment_id=payment.pk, actor="test") == SettlementResult.CONFIRMED
        assert (statuses(), given_back()) == (["CONFIRMED", "REFUNDED"], [("ONLINE", two[1].total, "REQUESTED")])
        assert broken_invariants() == []

    def test_canceling_one_gives_back_its_price_alone(self, two, sandbox):
        paid_online(two[0], sandbox)
        cancel_and_refund(booking_id=two[1].pk, ticket_ids=None, origin=STAFF)
        assert (statuses(), given_back()) == (["CONFIRMED", "CANCELED"], [("ONLINE", two[1].total, "REQUESTED")])
        assert broken_invariants() == []

    def test_what_is_paid_together_ends_together(self, two):
        past_grace(two[0])
        expire_due_booking(booking_id=two[0].pk, actor="sweep")
        assert (statuses(), broken_invariants()) == (["EXPIRED", "EXPIRED"], [])
