"""The only row locks of sales: before bookings and payments (reservations/locks, payments/locks.py)."""

from sales.models import Sale


def sale(sale_id: int) -> Sale:
    """Lock a sale. Raises Sale.DoesNotExist."""
    return Sale.objects.select_related("contact").select_for_update(no_key=True, of=("self",)).get(pk=sale_id)
