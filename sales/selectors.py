"""What others ask about sales."""

from sales.models import Sale


def house_of_sale(reference: str) -> int | None:
    """None for a reference that there is not."""
    return Sale.objects.filter(reference=reference).values_list("theater__house_id", flat=True).first()
