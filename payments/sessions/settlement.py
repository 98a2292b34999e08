"""Settles payments: the only way in which money becomes tickets. Webhook, return page, sweep and staff all call
settle(), which asks the provider itself.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

import structlog
from django.db import transaction

from core.clock import ClockTimestamp
from core.installation import is_from_elsewhere
from core.texts.search_text import folded
from payments import locks
from payments.models import Payment
from payments.providers import errors
from payments.providers.answers import Created, Session
from payments.providers.registry import provider_named
from payments.records.money_alerts import alert_staff
from payments.records.payment_balances import captured_of
from payments.records.refund_rows import request_refunds
from payments.records.status_changes import move_payment
from payments.sessions.card_facts import follow_declines
from payments.sessions.ownership import require_foreign
from payments.sessions.payment_sessions import current_session
from payments.states import CAPTURED_PAYMENTS, OPEN_PAYMENTS, PaymentStatus
from reservations import locks as reservation_locks
from reservations.aftersale.exchanges import end_exchange, finish_exchange, lock_exchange, tell_no_exchange
from reservations.aftersale.outside_refunds import price_of_live_tickets
from reservations.locks import LockedSale, ShowtimeGate
from reservations.models import Booking
from reservations.selling.bookings import confirm_booking, confirm_lost_booking, expire_booking, refuse_booking
from reservations.selling.payment_doubts import end_doubt, keep_for_the_bank
from reservations.states import BookingStatus, ExchangeStatus
from sales.models import Contact
from sales.services.owing import owe
from theaters.states import ShowtimeStatus

logger = structlog.get_logger(__name__)


class SettlementResult(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    PARTLY = "part of the money came"
    CONFIRMED = "confirmed"
    REFUNDING = "refunding"
    PROCESSING = "processing"
    REFUSED = "refused by the bank"
    DONE_BEFORE = "done before"
    NOT_OURS = "not ours"


def settle(*, payment_id: int, actor: str) -> SettlementResult:
    """Ask the provider how a payment stands and act on it, once. Raises errors.ProviderError when it does not answer."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.status in CAPTURED_PAYMENTS:
        return SettlementResult.DONE_BEFORE
    session = current_session(payment)
    if session is None:
        return _record_closed(payment_id, actor=actor)
    if not _is_ours(session, payment):
        logger.error("provider_session_not_ours", payment=payment.pk, session=session.id)
        return SettlementResult.NOT_OURS
    return _follow(payment, session, actor=actor)


def settle_lost(*, payment_id: int, actor: str) -> SettlementResult:
    """Settle a payment whose booking a restore had lost: it was paid in time, so it gets its seats unless somebody else
    has bought them, also when sales are closed or the show is over by now. Raises errors.ProviderError.
    """
    payment = Payment.objects.get(pk=payment_id)
    session = current_session(payment)
    if session is None or not _is_ours(session, payment) or session.received is None:
        return settle(payment_id=payment_id, actor=actor)
    return _record_success(payment_id, session, actor=actor, confirm=_confirm_lost)


def _follow(payment: Payment, session: Session, *, actor: str) -> SettlementResult:
    if session.is_paid:
        if session.received is None:
            raise errors.Unknown("paid, and not said how much came")
        return _record_success(payment.pk, session, actor=actor)
    if session.is_processing:
        return _wait_for_the_bank(payment, actor=actor)
    if session.has_failed:
        return _record_bank_refusal(payment, actor=actor)
    if follow_declines(payment, session) or session.is_closed:
        return _record_closed(payment.pk, actor=actor)
    end_doubt(sale_id=payment.sale_id)
    return SettlementResult.OPEN


def _is_ours(session: Session, payment: Payment) -> bool:
    is_live = provider_named(payment.provider).is_live
    is_same = session.key == payment.key and session.is_live == is_live
    return is_same and not is_from_elsewhere(session.metadata)


def _record_closed(payment_id: int, *, actor: str) -> SettlementResult:
    with transaction.atomic():
        payment = locks.payment(payment_id)
        if payment.status in OPEN_PAYMENTS:
            move_payment(payment, PaymentStatus.CLOSED, actor=actor, ended_at=ClockTimestamp())
    return SettlementResult.CLOSED


def _wait_for_the_bank(payment: Payment, *, actor: str) -> SettlementResult:
    """Keep the seats until sales close, when a bank takes days although only cards were asked for."""
    with transaction.atomic():
        whole = reservation_locks.whole_sale(payment.sale_id)
        locks.payments_of(payment.sale_id)
        last_close = max(booking.showtime.sales_close_at for booking in whole.bookings)
        if whole.sale.checking_since is None or whole.sale.payable_until < last_close:
            logger.warning("payment_processing", payment=payment.pk, actor=actor)
            keep_for_the_bank(whole)
    return SettlementResult.PROCESSING


def _record_bank_refusal(payment: Payment, *, actor: str) -> SettlementResult:
    """Record that the bank refused after days, and free the seats that were kept for it."""
    with transaction.atomic():
        whole = reservation_locks.whole_sale(payment.sale_id)
        locked = next(one for one in locks.payments_of(payment.sale_id) if one.pk == payment.pk)
        if locked.status in OPEN_PAYMENTS:
            move_payment(locked, PaymentStatus.FAILED, actor=actor, ended_at=ClockTimestamp())
        for booking in whole.bookings:
            if booking.status == BookingStatus.PENDING and whole.sale.checking_since is not None:
                expire_booking(booking, actor=actor)
    return SettlementResult.REFUSED


def _record_success(
    payment_id: int,
    session: Session,
    *,
    actor: str,
    confirm: Callable[[Booking, ShowtimeGate | None, str], bool] | None = None,
) -> SettlementResult:
    """Confirm the bookings of a paid sale, or request all of its money back. Decided under locks, in one transaction.

    Seats are given once the money of all payments reaches the total of the sale. Each booking of the sale gets all of
    its seats or none, and the money of those that get none goes back.
    """
    known = Payment.objects.only("sale_id", "exchange_id").get(pk=payment_id)
    if known.exchange_id is not None:
        return _record_exchange(payment_id, known.exchange_id, session, actor=actor)
    with transaction.atomic():
        whole = reservation_locks.whole_sale(known.sale_id)
        payments = locks.payments_of(known.sale_id)
        payment = next(payment for payment in payments if payment.pk == payment_id)
        if payment.status in CAPTURED_PAYMENTS:
            return SettlementResult.DONE_BEFORE
        _move_to_success(payment, session, actor=actor)
        _note_payer(whole.sale.contact, session)
        is_exact = _is_exact(payment, whole.first)
        if is_exact and _is_waiting_for_more(whole, payments):
            return SettlementResult.PARTLY
        given = [
            booking
            for booking in whole.bookings
            if is_exact and (confirm or _confirm)(booking, whole.gate_of(booking), actor)
        ]
        give_back_the_rest(whole, payments, actor=actor)
        return SettlementResult.CONFIRMED if given else SettlementResult.REFUNDING


def _record_exchange(payment_id: int, exchange_id: int, session: Session, *, actor: str) -> SettlementResult:
    """Finish an exchange whose difference was paid, or request that back and keep the old tickets."""
    with transaction.atomic():
        exchange, whole, hold = lock_exchange(exchange_id)
        payments = locks.payments_of(whole.sale.pk)
        payment = next(
            (payment for payment in payments if payment.pk == payment_id and payment.status not in CAPTURED_PAYMENTS),
            None,
        )
        if payment is None:
            return SettlementResult.DONE_BEFORE
        _move_to_success(payment, session, actor=actor)
        is_due = exchange.status == ExchangeStatus.PAYING and _is_exact(payment, whole.first)
        is_done = is_due and finish_exchange(exchange, whole, hold)
        if not is_done:
            end_exchange(exchange, hold)
            tell_no_exchange(exchange, payment_id=payment.pk, amount=payment.taken, currency=payment.taken_currency)
        give_back_the_rest(whole, payments, actor=actor)
        return SettlementResult.CONFIRMED if is_done else SettlementResult.REFUNDING


def _is_waiting_for_more(whole: LockedSale, payments: Sequence[Payment]) -> bool:
    """Whether a part of the total came in time and the rest may still come."""
    is_short = captured_of(payments) < whole.sale.total
    return is_short and all(booking.status == BookingStatus.PENDING for booking in whole.bookings)


def give_back_the_rest(
    whole: LockedSale, payments: Sequence[Payment], *, actor: str, reason: str = "The seats could not be given"
) -> None:
    """End the bookings of a locked sale that got no seats, and give back the money that buys nothing."""
    for booking in whole.bookings:
        if booking.status != BookingStatus.CONFIRMED:
            refuse_booking(booking, actor=actor)
    kept = price_of_live_tickets(whole.sale) + whole.sale.fees_kept - whole.sale.goodwill
    missing = captured_of(payments) - kept - whole.sale.refund_due
    if missing > 0:
        owe(whole.sale, missing)
    request_refunds(whole.sale, reason=reason)


def _move_to_success(payment: Payment, session: Session, *, actor: str) -> None:
    move_payment(
        payment,
        PaymentStatus.SUCCEEDED,
        actor=actor,
        captured=session.received,
        captured_currency=session.received_currency,
        session_id=session.id,
        provider_id=session.provider_payment_id,
        ended_at=ClockTimestamp(),
    )


def _note_payer(contact: Contact, session: Session) -> None:
    if session.payer_name and contact.emptied_at is None:
        contact.payer_name, contact.payer_search = session.payer_name, folded(session.payer_name)[:400]
        contact.save(update_fields=["payer_name", "payer_search"])


def _is_exact(payment: Payment, booking: Booking) -> bool:
    """Whether amount and currency are those requested; else all that was paid goes back, and staff get a mail."""
    if payment.taken == payment.amount and not payment.is_foreign:
        return True
    asked, came = (f"{payment.amount} {payment.currency}", f"{payment.taken} {payment.taken_currency}")
    alert_staff(
        booking,
        purpose=f"amount:{payment.pk}",
        says=f"{payment} asked for {asked}, and {came} came. All of it goes back.",
    )
    return False


def _confirm(booking: Booking, gate: ShowtimeGate | None, actor: str) -> bool:
    return _may_confirm(booking, gate) and confirm_booking(booking, actor=actor)


def _may_confirm(booking: Booking, gate: ShowtimeGate | None) -> bool:
    """Whether a payment may confirm now: in time also after sales have closed, late only before that; never for a
    showtime that is over.
    """
    if gate is None or gate.status != ShowtimeStatus.PUBLISHED or gate.is_over:
        return False
    if booking.status == BookingStatus.PENDING:
        return True
    return booking.status == BookingStatus.EXPIRED and gate.is_before_close


def _confirm_lost(booking: Booking, gate: ShowtimeGate | None, actor: str) -> bool:
    is_waiting = booking.status in {BookingStatus.PENDING, BookingStatus.EXPIRED}
    is_on = gate is not None and gate.status == ShowtimeStatus.PUBLISHED
    return is_waiting and is_on and confirm_lost_booking(booking, actor=actor)


def payment_behind(provider: str, provider_payment_id: str, *, actor: str) -> Payment | None:
    """Find and settle the payment that a provider names.

    None if it is not ours. Raises errors.ProviderError; Unknown also when it is ours and not settled yet, so that the
    news is read again. Raises RowMissing when it was paid here and the database does not know it.
    """
    found = Payment.objects.select_related("sale").filter(provider=provider, provider_id=provider_payment_id).first()
    if found is None:
        made = provider_named(provider).payment_made(provider_payment_id) if provider_payment_id else None
        if made is None:
            return None
        found = _payment_named_by(provider, made)
        if found is None:
            require_foreign(made)
            return None
        settle(payment_id=found.pk, actor=actor)
        found.refresh_from_db()
    if found.status not in CAPTURED_PAYMENTS:
        raise errors.Unknown("this payment is not settled yet")
    return found


def is_of_another_program(provider: str, unread: errors.OtherCurrency) -> bool:
    """Whether something that cannot be read because of its currency is about no payment of ours. Raises errors.ProviderError."""
    return payment_behind(provider, unread.provider_payment_id or "", actor=provider) is None


def _payment_named_by(provider: str, made: Created) -> Payment | None:
    if not made.key or is_from_elsewhere(made.metadata):
        return None
    return Payment.objects.select_related("sale").filter(provider=provider, key=made.key).first()
