"""The one way money becomes tickets. Webhook, return page, sweep and staff all call settle(); it asks Stripe itself."""

from contextlib import suppress
from enum import StrEnum

import structlog
from django.conf import settings
from django.db import transaction

from core.clock import ClockTimestamp, database_now
from payments import gateway, locks
from payments.models import Payment
from payments.services.checkout import KEYS_ARE_KEPT, ask_for_session, find_session, record_session
from payments.services.moves import move_payment
from payments.services.refunds import request_refunds
from payments.states import CAPTURED_PAYMENTS, OPEN_PAYMENTS, PaymentStatus
from reservations import locks as reservation_locks
from reservations.models import Booking
from reservations.refusals import TooLateToPay
from reservations.services.bookings import confirm_booking, owe_refund
from reservations.states import BookingStatus
from theaters.states import ShowtimeStatus

logger = structlog.get_logger(__name__)


class Outcome(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CONFIRMED = "confirmed"
    REFUNDING = "refunding"
    DONE_BEFORE = "done before"
    NOT_OURS = "not ours"


def settle(*, payment_id: int, actor: str) -> Outcome:
    """Ask Stripe how a payment stands and act on it, once. Raises gateway.GatewayError when Stripe does not answer."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.status in CAPTURED_PAYMENTS:
        return Outcome.DONE_BEFORE
    session = current_session(payment)
    if session is None:
        return _record_closed(payment_id, actor=actor)
    if not _is_ours(session, payment):
        logger.error("stripe_session_not_ours", payment=payment.pk, session=session.id)
        return Outcome.NOT_OURS
    if session.is_paid:
        return _record_success(payment_id, session, actor=actor)
    return _record_closed(payment_id, actor=actor) if session.is_closed else Outcome.OPEN


def current_session(payment: Payment) -> gateway.Session | None:
    """The payment's till as it is now; None when it is certain that there never was one.

    When our own note of it was lost the same request with the same key tells: Stripe answers with the same till.
    """
    if payment.session_id:
        return gateway.fetch_session(payment.session_id)
    if database_now() - payment.created_at > KEYS_ARE_KEPT:
        # The key is forgotten: a repeat would open a second till.
        return find_session(payment)
    try:
        session = ask_for_session(payment)
    except gateway.Refused:
        return None
    if session is None:
        return None
    with suppress(TooLateToPay):
        record_session(payment.pk, session, actor="sweep")
    return gateway.fetch_session(session.id)


def _is_ours(session: gateway.Session, payment: Payment) -> bool:
    is_live = settings.STRIPE_SECRET_KEY.startswith(("sk_live", "rk_live"))
    return session.client_reference == payment.key and session.is_live == is_live


def _record_closed(payment_id: int, *, actor: str) -> Outcome:
    with transaction.atomic():
        payment = locks.payment(payment_id)
        if payment.status in OPEN_PAYMENTS:
            move_payment(payment, PaymentStatus.CLOSED, actor=actor, ended_at=ClockTimestamp())
    return Outcome.CLOSED


def _record_success(payment_id: int, session: gateway.Session, *, actor: str) -> Outcome:
    """The money is there: tickets for it, or all of it back. Decided under locks, in one transaction."""
    with transaction.atomic():
        unlocked = Payment.objects.select_related("booking").get(pk=payment_id)
        gate = reservation_locks.showtime_gate(unlocked.booking.showtime_id)
        booking = reservation_locks.booking(unlocked.booking_id)
        payment = next(one for one in locks.payments_of(booking.pk) if one.pk == payment_id)
        if payment.status in CAPTURED_PAYMENTS:
            return Outcome.DONE_BEFORE
        _move_to_success(payment, session, actor=actor)
        is_exact = session.amount == payment.amount and session.currency == payment.currency
        if not is_exact:
            logger.error("payment_amount_differs", payment=payment.pk, charged=str(session.amount))
        on_sale = gate is not None and gate.status == ShowtimeStatus.PUBLISHED
        if is_exact and on_sale and _may_confirm(booking) and confirm_booking(booking, actor=actor):
            return Outcome.CONFIRMED
        owe_refund(booking, payment.amount, actor=actor)
        request_refunds(booking, reason="The seats could not be given")
        return Outcome.REFUNDING


def _move_to_success(payment: Payment, session: gateway.Session, *, actor: str) -> None:
    move_payment(
        payment,
        PaymentStatus.SUCCEEDED,
        actor=actor,
        session_id=session.id,
        intent_id=session.intent_id,
        ended_at=ClockTimestamp(),
    )


def _may_confirm(booking: Booking) -> bool:
    return booking.status in {BookingStatus.PENDING, BookingStatus.EXPIRED}
