"""What voiding a sale gave back, for the page of the sale."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Sum

from core.clock import in_zone
from core.money import rounded
from payments.models import Refund
from payments.states import COUNTER_METHODS, PaymentMethod, RefundStatus
from reservations.models import Cancellation
from reservations.states import CancelCause
from sales.models import Sale


@dataclass(frozen=True)
class VoidedSale:
    """When and why a sale was voided, and how much went back by which method."""

    at: datetime
    reason: str
    cash: Decimal
    terminal: Decimal


def voided_sale(sale: Sale) -> VoidedSale | None:
    """Describe how a sale was voided; None for a sale that was not. Two queries."""
    first = Cancellation.objects.filter(booking__sale=sale, cause=CancelCause.VOID).order_by("pk").first()
    if first is None:
        return None
    # A void gives back everything, so it is always the last cancellation.
    refunds = Refund.objects.filter(payment__sale=sale, status=RefundStatus.SUCCEEDED, method__in=COUNTER_METHODS)
    sums = (
        refunds.filter(created_at__gte=first.at)
        .order_by()
        .values_list("method")
        .annotate(back=Sum(F("amount") + F("rounding")))
    )
    money = {method: rounded(amount, sale.currency) for method, amount in sums}
    return VoidedSale(
        at=in_zone(first.at, sale.theater.zone),
        reason=first.reason,
        cash=money.get(PaymentMethod.CASH, Decimal(0)),
        terminal=money.get(PaymentMethod.TERMINAL, Decimal(0)),
    )
