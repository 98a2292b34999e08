"""The one sale that `bench.million` copies: made by the product's own services, its payment as Stripe would have answered."""

from dataclasses import dataclass

from django.db import transaction

from bench.filling import plan_text
from core.clock import ClockTimestamp, database_now
from houses.models import Theater
from payments.models import Payment, ProviderEvent
from payments.records.status_changes import move_payment
from payments.states import PaymentStatus
from reservations import locks
from reservations.models import Move, OutgoingMail
from reservations.seats.taking import take_seats
from reservations.selling.bookings import confirm_booking, open_booking
from tests.factories import make_auditorium, make_browser, make_showtime, make_theater, pay_form


@dataclass(frozen=True)
class Pattern:
    showtime: int
    contact: int
    sale: int
    hold: int
    booking: int
    ticket: int
    seat: int
    showtime_seat: int
    payment: int
    event: int
    mail: int
    moves: list[tuple[int, str, str]]


def pattern(seats: int) -> Pattern:
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan_text(seats, 20)))
    Theater.objects.update(avoids_single_seats=False)  # buyers choose by lot
    labels = list(showtime.plan.seats.order_by("pk").values_list("label", flat=True)[:2])
    browser = make_browser(1)
    take_seats(showtime_id=showtime.pk, browser=browser, labels=labels)
    with transaction.atomic():
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, *labels))
        payment = Payment.objects.create(
            sale=booking.sale, provider="stripe", request={"mode": "payment", "line_items": ["x" * 600]}, amount=booking.total,
            currency=booking.currency, look_at=database_now(),
        )  # fmt: skip
        session = {"session_id": "cs_0", "session_url": "https://pay.example/cs_0"}
        move_payment(payment, PaymentStatus.OPEN, actor="customer", **session)
        assert confirm_booking(locks.booking(booking.pk), actor="stripe")
        captured = {"captured": booking.total, "captured_currency": booking.currency, "provider_id": "pi_0"}
        move_payment(payment, PaymentStatus.SUCCEEDED, actor="stripe", ended_at=ClockTimestamp(), **captured)
    said = {"metadata": {"payment": payment.key}, "payment_status": "paid", "padding": [str(n) * 40 for n in range(60)]}
    event = ProviderEvent.objects.create(
        provider="stripe",
        provider_id="evt_0",
        payment_key=payment.key,
        says_paid=True,
        kind="checkout.session.completed",
        payload={"data": {"object": said}},
        done_at=database_now(),
        outcome="confirmed",
    )
    OutgoingMail.objects.update(sent_at=database_now())
    moves = [
        (move.pk, move.what, "tickets" if move.what == "ticket" else "bookings")
        for move in Move.objects.exclude(what="showtime").order_by("what", "to_status", "pk")
        if move.what != "ticket" or move.what_id == booking.tickets.first().pk
    ]
    order = {"OPEN": 0, "SUCCEEDED": 1, "CONFIRMED": 0, "VALID": 0}
    moves.sort(key=lambda one: order[Move.objects.get(pk=one[0]).to_status])
    return Pattern(
        showtime=showtime.pk, contact=booking.sale.contact_id, sale=booking.sale_id, hold=booking.hold_id, booking=booking.pk,
        ticket=booking.tickets.last().pk,
        seat=showtime.plan.seats.order_by("pk").first().pk, showtime_seat=showtime.seats.order_by("pk").last().pk,
        payment=payment.pk, event=event.pk, mail=OutgoingMail.objects.get().pk, moves=moves,
    )  # fmt: skip
