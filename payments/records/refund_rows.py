"""Makes refund rows of the money that a sale owes back (refund_sending.py sends them)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core.clock import from_now
from core.rows import hints
from core.rows.sweeps import next_row_on_error
from payments import locks
from payments.models import Dispute, Payment, Refund
from payments.records.payment_balances import PaymentBalance, balances_of, own
from payments.states import CAPTURED_PAYMENTS, COUNTER, DisputeStatus, PaymentMethod, RefundStatus
from sales.locks import sale as sale_lock
from sales.models import Sale

PAUSE_AFTER_FAILURE_SECONDS = 3600
MOST_FAILURES = 5


def request_refunds(sale: Sale, *, reason: str) -> list[Refund]:
    """Write refund rows for what a locked sale owes back without a refund yet. Inside the caller's transaction."""
    accounts = balances_of(locks.payments_of(sale.pk))
    if any(account.is_disputed for account in accounts):
        # The bank may give the same money back, so nothing of the sale is refunded until it has decided.
        return []
    foreign = [(account.payment, account.left) for account in accounts if account.payment.is_foreign]
    shares = [*foreign, *shares_to_refund(own(accounts), owed=sale.refund_due)]
    return [_request(payment, amount, reason) for payment, amount in shares if amount > 0]


def shares_to_refund(balances: Iterable[PaymentBalance], *, owed: Decimal) -> list[tuple[Payment, Decimal]]:
    """By payment, what is still to be refunded when `owed` is the total ever owed.

    The newest payment goes back first, because a second success was never meant.
    """
    newest_first = sorted(
        balances, key=lambda balance: balance.payment.ended_at or balance.payment.created_at, reverse=True
    )
    missing = owed - sum((account.refunded + account.lost for account in newest_first), Decimal(0))
    shares = []
    for account in newest_first:
        amount = max(Decimal(0), min(missing, account.left))
        missing -= amount
        if amount:
            shares.append((account.payment, amount))
    return shares


def _request(payment: Payment, amount: Decimal, reason: str) -> Refund:
    refund = Refund.objects.create(
        payment=payment,
        # Payments that another system took are refunded by a person.
        provider=COUNTER if payment.method == PaymentMethod.MOVED_IN else payment.provider,
        method=payment.method,
        amount=amount,
        currency=payment.taken_currency,
        reason=reason,
    )
    if payment.is_online:
        hints.on_commit("payments.send_refund", refund_id=refund.pk)
    return refund


def request_missing_refunds(*, most: int = 50) -> int:
    """Request refunds for sales that owe more than their refunds; a failed refund is tried again as a new row. Called
    by the sweep.

    After some failures a person has to look: they stay in the metrics, the log and `check_invariants`.
    """
    waiting = _sales_owed().values_list("pk", flat=True)[:most]
    found = {*waiting, *_sales_with_foreign_money()[:most]}
    for sale_id in sorted(found):
        with next_row_on_error("refund_not_requested", sale=sale_id), transaction.atomic():
            request_refunds(sale_lock(sale_id), reason="Owed to the customer")
    return len(found)


def _sales_owed() -> QuerySet[Sale]:
    refunds = Refund.objects.filter(payment__sale=OuterRef("pk"), currency=OuterRef("currency")).order_by()
    failed = refunds.filter(status=RefundStatus.FAILED)
    disputes = Dispute.objects.filter(payment__sale=OuterRef("pk")).order_by()
    failures = failed.values("payment__sale").annotate(count=Count("pk")).values("count")
    given = _total(refunds.exclude(status=RefundStatus.FAILED))
    lost = _total(disputes.filter(status=DisputeStatus.LOST))
    return (
        Sale.objects.filter(refund_due__gt=0)
        .annotate(failures=Subquery(failures))
        .exclude(Exists(failed.filter(ended_at__gt=from_now(-PAUSE_AFTER_FAILURE_SECONDS))))
        .exclude(Exists(disputes.filter(status=DisputeStatus.OPEN)))
        .filter(Q(failures__lt=MOST_FAILURES) | Q(failures=None))
        .filter(refund_due__gt=Coalesce(Subquery(given), Decimal(0)) + Coalesce(Subquery(lost), Decimal(0)))
    )


def _sales_with_foreign_money() -> QuerySet[Payment, int]:
    """Sales with money in a foreign currency that is not yet completely on its way back."""
    refunds = Refund.objects.filter(payment=OuterRef("pk")).order_by()
    failed = refunds.filter(status=RefundStatus.FAILED)
    failures = failed.values("payment").annotate(count=Count("pk")).values("count")
    given = refunds.exclude(status=RefundStatus.FAILED).values("payment").annotate(total=Sum("amount")).values("total")
    return (
        Payment.objects.filter(status__in=CAPTURED_PAYMENTS)
        .annotate(failures=Subquery(failures))
        .filter(Q(failures__lt=MOST_FAILURES) | Q(failures=None))
        .filter(~Q(captured_currency=F("currency")), captured_currency__isnull=False)
        .exclude(Exists(failed.filter(ended_at__gt=from_now(-PAUSE_AFTER_FAILURE_SECONDS))))
        .filter(captured__gt=Coalesce(Subquery(given), Decimal(0)))
        .values_list("sale", flat=True)
    )


def _total(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values("payment__sale").annotate(total=Sum("amount")).values("total")
