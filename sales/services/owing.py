"""What a sale owes its customer: amounts that only grow. The caller has locked the sale; payments finds what is owed."""

from decimal import Decimal
from typing import Any

from core.clock import ClockTimestamp
from sales.models import Sale


def owe(sale: Sale, amount: Decimal, *, fees_kept: Decimal = Decimal(0), goodwill: Decimal = Decimal(0)) -> None:
    """Add to what is owed back, to what is kept of canceled tickets, and to what is given without canceling."""
    change_sale(
        sale,
        refund_due=sale.refund_due + amount,
        fees_kept=sale.fees_kept + fees_kept,
        goodwill=sale.goodwill + goodwill,
    )


def note_paid_out(sale: Sale, amount: Decimal) -> None:
    """Record that the counter paid this part of what is owed to the customer."""
    change_sale(sale, paid_out=sale.paid_out + amount)


def change_sale(sale: Sale, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(sale, name, value)
    sale.changed_at = ClockTimestamp()
    sale.save(update_fields=[*columns, "changed_at"])
