"""What the customer of a sale agreed to tell the staff: kept with the contact, and emptied with it."""

from collections.abc import Iterable

from django.db import transaction

from accounts.states import Need
from sales import locks
from sales.models import Contact


def tell_needs(*, sale_id: int, needs: Iterable[Need]) -> None:
    """Keep these in place of what was told before; none takes it back. An erased contact stays empty."""
    with transaction.atomic():
        sale = locks.sale(sale_id)
        told = [need.value for need in needs]
        Contact.objects.filter(pk=sale.contact_id, emptied_at=None).update(told_needs=told)
