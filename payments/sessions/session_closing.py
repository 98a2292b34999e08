"""Closing payment sessions before the seats are given back: once a session is closed nobody can pay for free seats."""

from collections.abc import Callable
from enum import StrEnum

from django.db import transaction

from core.clock import ClockTimestamp
from core.rows.sweeps import next_row_on_error
from core.texts.lazy_text import gettext_lazy as _
from payments import locks
from payments.models import Payment
from payments.providers import errors
from payments.providers.registry import provider_named
from payments.records.payment_balances import captured_of
from payments.records.provider_silence import Silence
from payments.records.status_changes import move_payment
from payments.sessions.payment_sessions import current_session
from payments.sessions.settlement import give_back_the_rest, settle
from payments.states import OPEN_PAYMENTS, PaymentStatus
from reservations import locks as reservation_locks
from reservations.models import Booking
from reservations.selling.bookings import expire_booking, reopen_hold
from reservations.states import BookingStatus, ExchangeStatus

# Said to customers when the provider does not tell whether they paid.
NO_ANSWER = _("Our payment partner does not answer right now. Your tickets are safe; please try again in a moment.")


class Closing(StrEnum):
    CLOSED = "closed"
    PAID = "paid"
    UNKNOWN = "unknown"


def close_payment_sessions(*, booking_id: int, actor: str) -> Closing:
    """Close every open payment session of a booking; money that was paid is settled. No transaction may be open."""
    for payment in Payment.objects.open().filter(sale__bookings=booking_id):
        try:
            closing = _close(payment, actor=actor)
        except errors.ProviderError:
            return Closing.UNKNOWN
        if closing != Closing.CLOSED:
            return closing
    return Closing.CLOSED


def _close(payment: Payment, *, actor: str) -> Closing:
    session, provider = current_session(payment), provider_named(payment.provider)
    if session is not None and session.is_open:
        try:
            session = provider.close_session(session.id)
        except (errors.Refused, errors.Unproven):
            # The session was paid or ended meanwhile: look which.
            session = provider.look_at_session(session.id)
    if session is not None and session.is_paid:
        settle(payment_id=payment.pk, actor=actor)
        return Closing.PAID
    if session is not None and not session.is_closed:
        return Closing.UNKNOWN
    with transaction.atomic():
        locked = locks.payment(payment.pk)
        if locked.status in OPEN_PAYMENTS:
            move_payment(locked, PaymentStatus.CLOSED, actor=actor, ended_at=ClockTimestamp())
    return Closing.CLOSED


def expire_due_booking(*, booking_id: int, actor: str) -> Closing:
    """Close the payment session of a booking whose time is over, then give its seats back. If the provider does not
    answer, they become free at `held_until`.
    """
    closing = close_payment_sessions(booking_id=booking_id, actor=actor)
    if closing == Closing.CLOSED or (closing == Closing.UNKNOWN and _is_past_grace(booking_id)):
        _with_pending(booking_id, lambda booking: expire_booking(booking, actor=actor), actor=actor)
    return closing


def change_seats(*, booking_id: int, actor: str) -> Closing:
    """The customer wants other seats: close the payment session, then the seats go back to a hold with the old cap."""
    closing = close_payment_sessions(booking_id=booking_id, actor=actor)
    if closing == Closing.CLOSED:
        _with_pending(booking_id, lambda booking: reopen_hold(booking, actor=actor), actor=actor)
    return closing


def _with_pending(booking_id: int, change: Callable[[Booking], object], *, actor: str) -> None:
    """All pending bookings of the sale, because what is paid together ends together, and part payments go back."""
    with transaction.atomic():
        whole = reservation_locks.whole_sale(Booking.objects.values_list("sale_id", flat=True).get(pk=booking_id))
        pending = [booking for booking in whole.bookings if booking.status == BookingStatus.PENDING]
        payments = locks.payments_of(whole.sale.pk)
        if not pending:
            return
        # A new payment was begun while the session was being closed: let it run.
        if any(payment.status in OPEN_PAYMENTS for payment in payments) and not _is_past_grace(booking_id):
            return
        for booking in pending:
            change(booking)
        if captured_of(payments) > 0:
            give_back_the_rest(whole, payments, actor=actor)


def _is_past_grace(booking_id: int) -> bool:
    return Booking.objects.filter(pk=booking_id, sale__held_until__lte=ClockTimestamp()).exists()


def close_due_sessions(*, most: int = 50) -> int:
    """Close sessions whose time is over. Called by the sweep; two at once do no harm: the provider closes a session
    once, and the booking changes under its lock.

    Bookings that somebody has locked are left for the next sweep, because waiting would keep the others open. After two
    sessions in a row without an answer of the provider the rest is left for it, too.
    """
    due = reservation_locks.unlocked_bookings(
        Booking.objects.no_longer_payable().order_by("sale__payable_until"), most=most
    )
    silence = Silence()
    for done, booking_id in enumerate(due, start=1):
        closing = None
        with next_row_on_error("session_not_closed", booking=booking_id):
            closing = expire_due_booking(booking_id=booking_id, actor="sweep")
        if silence.is_away(after_doubt=closing == Closing.UNKNOWN and not _is_past_grace(booking_id)):
            return done
    return len(due)


def close_left_over(*, payment_id: int, actor: str) -> None:
    """Close a payment session that is still open although its booking has ended, because the provider did not answer
    then.

    Money that came meanwhile is settled. No transaction may be open. Raises errors.ProviderError.
    """
    payment = Payment.objects.open().select_related("exchange").filter(pk=payment_id).first()
    if payment is not None and not _is_waited_for(payment):
        _close(payment, actor=actor)


def _is_waited_for(payment: Payment) -> bool:
    if payment.exchange is not None:
        return payment.exchange.status == ExchangeStatus.PAYING
    return Booking.objects.pending().filter(sale=payment.sale_id).exists()
