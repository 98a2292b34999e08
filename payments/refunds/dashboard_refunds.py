"""Refunds that a person made in the provider's dashboard: recorded from the provider's own object, then applied to the
tickets.

The rule (docs/money-and-seats.md): an amount equal to the price of the live tickets cancels them; less is goodwill and
cancels nothing.
"""

from decimal import Decimal

import structlog
from django.db import transaction

from core.installation import is_from_here
from payments import locks
from payments.models import Payment, Refund, new_key
from payments.providers import errors
from payments.providers.answers import RefundAnswer
from payments.providers.registry import provider_named
from payments.records.money_alerts import alert_staff
from payments.records.payment_balances import PaymentBalance, balances_of, own
from payments.records.refund_rows import request_refunds
from payments.records.status_changes import move_refund
from payments.refunds.refund_answers import drop_request, record_answer, refresh_refund, write_answer
from payments.sessions.ownership import require_foreign
from payments.sessions.settlement import is_of_another_program, payment_behind
from payments.states import RefundStatus
from reservations import locks as reservation_locks
from reservations.aftersale.outside_refunds import money_went_back
from reservations.locks import LockedSale

logger = structlog.get_logger(__name__)
REASON = "Made in {provider}'s dashboard"
LOST_REASON = "Made here before the database was restored: look at its tickets"
LONGEST_KEY = 32


def follow_refund(*, provider: str, provider_id: str) -> bool:
    """Look up a refund that a delivery named, and act on it: one of ours, or one from the dashboard. False when it is
    neither.

    Raises RowMissing for a refund of this installation that the database does not know.
    """
    if refresh_refund(provider=provider, provider_id=provider_id):
        return True
    try:
        answer = provider_named(provider).look_at_refund(provider_id)
    except errors.Refused as refusal:
        if refusal.is_missing:
            return False
        raise
    except errors.OtherCurrency as unread:
        if is_of_another_program(provider, unread):
            return False
        raise
    if _is_asked_here(provider, answer):
        return True
    require_foreign(answer.created)
    return _adopt_where_known(provider, answer)


def adopt_refund(*, provider: str, provider_id: str) -> bool:
    """Like follow_refund, but also adopt a refund that this installation asked for and whose row a restore has lost.

    The lost row named its tickets; now the rule of refunds from the dashboard decides, and staff get a mail.
    """
    if refresh_refund(provider=provider, provider_id=provider_id):
        return True
    answer = provider_named(provider).look_at_refund(provider_id)
    return _is_asked_here(provider, answer) or _adopt_where_known(provider, answer)


def _is_asked_here(provider: str, answer: RefundAnswer) -> bool:
    """Whether we asked for this refund; if so, its answer is recorded."""
    asked_here = Refund.objects.filter(provider=provider, key=answer.key).first() if answer.key else None
    if asked_here is None:
        return False
    record_answer(asked_here.pk, answer)
    return True


def _adopt_where_known(provider: str, answer: RefundAnswer) -> bool:
    payment = payment_behind(provider, answer.provider_payment_id or "", actor=provider)
    if payment is None:
        return False
    _adopt(payment, answer)
    return True


def _adopt(payment: Payment, answer: RefundAnswer) -> None:
    with transaction.atomic():
        locked = reservation_locks.whole_sale(payment.sale_id)
        payments = locks.payments_of(payment.sale_id)
        if Refund.objects.filter(provider=payment.provider, provider_id=answer.id).exists():
            return
        reason, key = (LOST_REASON, answer.key) if _is_ours(answer) else (_reason(payment), new_key())
        refund = Refund.objects.create(
            payment=payment,
            provider=payment.provider,
            amount=answer.amount,
            currency=answer.currency,
            reason=reason,
            key=key,
        )
        move_refund(refund, RefundStatus.SUBMITTED, actor=refund.provider, note=reason)
        write_answer(refund, answer)
        _drop_what_no_longer_fits(payment)
        _tell_the_sale(locked, balances_of(payments), actor=payment.provider)
        request_refunds(locked.sale, reason="Owed to the customer")
        alert_staff(
            locked.first,
            purpose=f"dashboard:{answer.id}",
            says=f"{refund} of {payment}: {reason[0].lower()}{reason[1:]}.",
        )


def _reason(payment: Payment) -> str:
    return REASON.format(provider=provider_named(payment.provider).display_name)


def _is_ours(answer: RefundAnswer) -> bool:
    return is_from_here(answer.created.metadata) and 0 < len(answer.key) <= LONGEST_KEY


def _drop_what_no_longer_fits(payment: Payment) -> None:
    """Drop our own unsent requests for the same money, which the provider would refuse."""
    account = balances_of([payment])[0]
    over = account.refunded + account.lost - payment.taken
    waiting = payment.refunds.filter(status=RefundStatus.REQUESTED).order_by("-pk")
    for request in waiting:
        if over > 0:
            drop_request(request)
            over -= request.amount


def _tell_the_sale(locked: LockedSale, accounts: list[PaymentBalance], *, actor: str) -> None:
    returned = sum((account.returned for account in own(accounts)), Decimal(0))
    if returned > locked.sale.refund_due:
        money_went_back(locked, returned - locked.sale.refund_due, actor=actor)
