"""The money of a sale by payment: taken, given back, lost to a bank, and what is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from payments.models import Dispute, Payment, Refund
from payments.states import CAPTURED_PAYMENTS, DisputeStatus, RefundStatus


@dataclass(frozen=True)
class PaymentBalance:
    """One captured payment. `refunded` counts refunds that have not failed, `lost` what banks took for good."""

    payment: Payment
    refunded: Decimal
    lost: Decimal
    is_disputed: bool

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), self.payment.taken - self.refunded - self.lost)

    @property
    def returned(self) -> Decimal:
        """The amount that was given back, at most the amount paid, because the provider refunds no more."""
        return min(self.payment.taken, self.refunded + self.lost)


def balances_of(payments: Iterable[Payment]) -> list[PaymentBalance]:
    """Compute the balance of each payment that brought money, for the locked payments of a sale."""
    captured = [payment for payment in payments if payment.status in CAPTURED_PAYMENTS]
    refunds = Refund.objects.filter(payment__in=captured).exclude(status=RefundStatus.FAILED)
    refunded = _sums(refunds.values_list("payment").annotate(Sum("amount")).order_by())
    disputes = Dispute.objects.filter(payment__in=captured)
    lost = _sums(disputes.lost().values_list("payment").annotate(Sum("amount")).order_by())
    disputed = set(disputes.filter(status=DisputeStatus.OPEN).values_list("payment", flat=True))
    return [
        PaymentBalance(
            payment, refunded.get(payment.pk, Decimal(0)), lost.get(payment.pk, Decimal(0)), payment.pk in disputed
        )
        for payment in captured
    ]


def captured_of(payments: Iterable[Payment]) -> Decimal:
    """The money that these payments brought, in the sale's currency."""
    captured = [payment for payment in payments if payment.status in CAPTURED_PAYMENTS and not payment.is_foreign]
    return sum((payment.taken for payment in captured), Decimal(0))


def own(accounts: Iterable[PaymentBalance]) -> list[PaymentBalance]:
    """Keep the balances in the booking's currency; other currencies are never added up with them."""
    return [account for account in accounts if not account.payment.is_foreign]


def _sums(rows: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    return dict(rows)
