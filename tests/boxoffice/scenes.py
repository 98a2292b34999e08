"""Creates bookings, payments and refunds for tests of the pages that show them."""

from datetime import UTC, datetime
from decimal import Decimal

from django.utils import timezone

from boxoffice.models import RefundRequest
from core.clock import database_now
from payments.models import Payment, ProviderEvent, Refund
from reservations import locks
from reservations.models import Booking
from reservations.seats.taking import Browser, take_seats
from reservations.selling.bookings import PayForm, confirm_booking, open_booking


def book(showtime, *labels, email="ada@example.com", number=0) -> Booking:
    """Create a confirmed booking through the services that customers use."""
    browser = Browser(holder=f"{number:064x}", address="192.0.2.9")
    take_seats(showtime_id=showtime.pk, browser=browser, labels=list(labels))
    total = sum((Decimal("17.50" if label[0] == "B" else "14.50") for label in labels), Decimal(0))
    form = PayForm(email=email, choices=dict.fromkeys(labels, "ADULT"), expected_total=total)
    booking = open_booking(showtime_id=showtime.pk, browser=browser, form=form)
    assert confirm_booking(locks.booking(booking.pk), actor="test")
    return booking


def pay(booking, *, number=0) -> Payment:
    return Payment.objects.create(
        sale=booking.sale,
        provider="stripe",
        status="SUCCEEDED",
        request={"mode": "payment"},
        amount=booking.total,
        currency=booking.currency,
        captured=booking.total,
        captured_currency=booking.currency,
        session_id=f"cs_test_{number}",
        provider_id=f"pi_test_{number}",
        look_at=database_now(),
        ended_at=timezone.now(),
    )


def give_back(payment, *, number=0) -> Refund:
    return Refund.objects.create(
        payment=payment,
        provider="stripe",
        amount=payment.amount,
        currency=payment.currency,
        reason="The seats went to others",
        provider_id=f"re_test_{number}",
        status="PENDING",
    )


def ask_back(booking, person, *, amount=None) -> RefundRequest:
    """Create a request to refund a whole booking; it waits for a second person."""
    return RefundRequest.objects.create(
        booking=booking,
        tickets=list(booking.tickets.values_list("pk", flat=True)),
        amount=booking.total if amount is None else amount,
        currency=booking.currency,
        reason="The projector broke",
        asked_by=person,
    )


def deliver(payment, *, number=0) -> ProviderEvent:
    said = {"object": "checkout.session", "id": payment.session_id, "client_reference_id": payment.key}
    return ProviderEvent.objects.create(
        provider="stripe",
        provider_id=f"evt_test_{number}",
        kind="checkout.session.completed",
        payload={"data": {"object": said}},
        payment_key=payment.key,
        object_id=payment.session_id,
    )


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
