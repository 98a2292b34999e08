"""Disputes: a customer's bank takes the money back. Tickets freeze until it is decided; a won dispute restores them, a
lost one cancels them. Banks take decided disputes up again: the last decision counts.
"""

from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction

from core.clock import ClockTimestamp
from core.rows.sweeps import next_row_on_error
from payments import locks
from payments.models import Dispute, Payment
from payments.providers import errors
from payments.providers.answers import DisputeAnswer
from payments.providers.registry import provider_named
from payments.records.money_alerts import alert_staff
from payments.records.payment_balances import balances_of, own
from payments.records.provider_silence import Silence
from payments.records.refund_rows import request_refunds
from payments.records.status_changes import move_dispute, move_payment
from payments.sessions.settlement import is_of_another_program, payment_behind
from payments.states import DISPUTE_MOVES, DisputeStatus, PaymentStatus
from reservations import locks as reservation_locks
from reservations.aftersale.dispute_freezes import freeze_tickets, thaw_tickets
from reservations.aftersale.outside_refunds import bank_took_money_back
from reservations.locks import LockedSale
from reservations.models import Move
from sales.models import Sale

logger = structlog.get_logger(__name__)
# The statuses that a dispute passed when we first hear of it after its end.
WAYS = {
    DisputeStatus.INQUIRY: (DisputeStatus.INQUIRY,),
    DisputeStatus.CLOSED: (DisputeStatus.INQUIRY, DisputeStatus.CLOSED),
    DisputeStatus.OPEN: (DisputeStatus.OPEN,),
    DisputeStatus.WON: (DisputeStatus.OPEN, DisputeStatus.WON),
    DisputeStatus.LOST: (DisputeStatus.OPEN, DisputeStatus.LOST),
}


def follow_dispute(*, provider: str, provider_id: str) -> bool:
    """Ask the provider how a dispute stands and act on what changed. False when it is not ours.

    Raises errors.ProviderError, and RowMissing when it is about a payment of this installation without a row.
    """
    decided_before = _decision(provider, provider_id)
    try:
        answer = provider_named(provider).look_at_dispute(provider_id)
    except errors.OtherCurrency as unread:
        if is_of_another_program(provider, unread):
            return False
        raise
    payment = payment_behind(provider, answer.provider_payment_id or "", actor=provider)
    if payment is None:
        return False
    with transaction.atomic():
        locked = reservation_locks.whole_sale(payment.sale_id)
        payments = {one.pk: one for one in locks.payments_of(payment.sale_id)}
        _apply_answer(answer, locked, payments[payment.pk], decided_before=decided_before)
    return True


def _decision(provider: str, provider_id: str) -> datetime | None:
    """When the dispute was decided, as far as we know; None while it is not."""
    return Dispute.objects.filter(provider=provider, provider_id=provider_id).values_list("ended_at", flat=True).first()


def _apply_answer(
    answer: DisputeAnswer, whole: LockedSale, payment: Payment, *, decided_before: datetime | None
) -> None:
    known = Dispute.objects.filter(provider=payment.provider, provider_id=answer.id).first()
    dispute = _create_dispute(answer, payment) if known is None else locks.dispute(known.pk)
    # An answer that was given before the decision that we know does not open the dispute again.
    is_older = dispute.ended_at is not None and dispute.ended_at != decided_before
    if is_older or dispute.status == answer.status:
        return
    for step in WAYS[answer.status]:
        if DISPUTE_MOVES.allows(dispute.status, step):
            goes_on = step in {DisputeStatus.INQUIRY, DisputeStatus.OPEN}
            move_dispute(dispute, step, actor=dispute.provider, ended_at=None if goes_on else ClockTimestamp())
            _carry_out_status(dispute, whole, payment)


def _create_dispute(answer: DisputeAnswer, payment: Payment) -> Dispute:
    return Dispute.objects.create(
        payment=payment, provider=payment.provider, provider_id=answer.id, amount=answer.amount, currency=answer.currency,
        reason=answer.reason[:60], answer_by=answer.answer_by,
    )  # fmt: skip


def _carry_out_status(dispute: Dispute, whole: LockedSale, payment: Payment) -> None:
    logger.error("dispute_moved", dispute=dispute.provider_id, booking=whole.sale.reference, status=dispute.status)
    times = Move.objects.filter(what="dispute", what_id=dispute.pk, to_status=dispute.status).count()
    alert_staff(
        whole.first,
        purpose=f"dispute:{dispute.pk}:{dispute.status}" + (f":{times}" if times > 1 else ""),
        says=f"{payment} is disputed by the customer's bank ({dispute.reason}): {dispute.get_status_display()}.",
    )
    # Closed without a decision after the bank held the money: it stays here, as when the dispute is won.
    steps = {DisputeStatus.OPEN: _open, DisputeStatus.WON: _win, DisputeStatus.CLOSED: _win, DisputeStatus.LOST: _lose}
    if step := steps.get(DisputeStatus(dispute.status)):
        step(dispute, whole, payment)


def _open(dispute: Dispute, whole: LockedSale, payment: Payment) -> None:
    if payment.status == PaymentStatus.SUCCEEDED:
        move_payment(payment, PaymentStatus.DISPUTED, actor=dispute.provider, note=dispute.provider_id)
    if _is_about_tickets(dispute, whole.sale):
        freeze_tickets(whole, actor=dispute.provider, note=dispute.provider_id)


def _win(dispute: Dispute, whole: LockedSale, payment: Payment) -> None:
    others = Dispute.objects.filter(payment__sale=whole.sale).exclude(pk=dispute.pk)
    if (
        payment.status == PaymentStatus.DISPUTED
        and not others.filter(payment=payment, status__in=[DisputeStatus.OPEN, DisputeStatus.LOST]).exists()
    ):
        move_payment(payment, PaymentStatus.SUCCEEDED, actor=dispute.provider, note=dispute.provider_id)
    if not others.open().exists():
        thaw_tickets(whole, actor=dispute.provider, note=dispute.provider_id)
        # Request refunds that became owed during the dispute and had to wait.
        request_refunds(whole.sale, reason="Owed to the customer")


def _lose(dispute: Dispute, whole: LockedSale, payment: Payment) -> None:
    """Record a lost dispute: the money that the bank took counts as given back, so nothing is refunded for it."""
    if _is_about_tickets(dispute, whole.sale):
        bank_took_money_back(whole, actor=dispute.provider, note=dispute.provider_id)
    elif not Dispute.objects.open().filter(payment__sale=whole.sale).exists():
        thaw_tickets(whole, actor=dispute.provider, note=dispute.provider_id)
    request_refunds(whole.sale, reason="Owed to the customer")


def _is_about_tickets(dispute: Dispute, sale: Sale) -> bool:
    """Whether it takes more than what is owed back anyway: a second payment that was refunded pays for no ticket."""
    accounts = own(balances_of(locks.payments_of(sale.pk)))
    mine = next((account for account in accounts if account.payment.pk == dispute.payment_id), None)
    if mine is None:
        return False
    # A lost dispute is in the balances already.
    counted = dispute.amount if dispute.status == DisputeStatus.LOST else Decimal(0)
    returned = sum((account.refunded + account.lost for account in accounts), -counted)
    takes = min(dispute.amount, mine.payment.taken - mine.refunded - mine.lost + counted)
    return takes > max(Decimal(0), sale.refund_due - returned)


def follow_open_disputes() -> int:
    """Ask about all open disputes, because their news may be lost. In random order, because it stops after two in a row
    without an answer. Called by the sweep.
    """
    waiting = Dispute.objects.filter(status__in=[DisputeStatus.INQUIRY, DisputeStatus.OPEN])
    ids = list(waiting.order_by("?").values_list("provider", "provider_id"))
    silence = Silence()
    for provider, provider_id in ids:
        answered = True
        with next_row_on_error("dispute_not_followed", dispute=provider_id):
            answered = _follow_if_answered(provider, provider_id)
        if silence.is_away(after_doubt=not answered):
            break
    return len(ids)


def _follow_if_answered(provider: str, provider_id: str) -> bool:
    try:
        follow_dispute(provider=provider, provider_id=provider_id)
    except errors.Unknown as error:
        return not errors.is_silence(error)
    return True
