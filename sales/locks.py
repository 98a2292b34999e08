"""The only row locks of sales: before bookings and payments (reservations/locks, payments/locks.py)."""

from sales.models import Sale


def sale(sale_id: int) -> Sale:
    """Lock a sale, then read it with its contact, so that a contact that was emptied meanwhile is read as empty. Raises
    Sale.DoesNotExist.
    """
    Sale.objects.select_for_update(no_key=True).values_list("pk").get(pk=sale_id)
    return Sale.objects.select_related("contact").get(pk=sale_id)
