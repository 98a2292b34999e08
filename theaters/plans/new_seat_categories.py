"""Creates the seat categories that an imported plan needs."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from houses.models import Theater
from staff.services.audit import record
from theaters.models import SeatCategory
from theaters.plans.category_names import forget_categories


def add_categories(*, theater: Theater, names: Mapping[str, str], actor: str) -> None:
    """Add those of `names`, by code, that the theater lacks, behind its others; another request may do the same."""
    with transaction.atomic():
        last = theater.seat_categories.aggregate(last=Max("position"))["last"] or 0
        rows = [
            SeatCategory(theater=theater, code=code, name=name, position=last + number)
            for number, (code, name) in enumerate(names.items(), start=1)
        ]
        SeatCategory.objects.bulk_create(rows, ignore_conflicts=True)
        for added in SeatCategory.objects.filter(theater=theater, code__in=names):
            record(actor=actor, action="add", thing=added, theater=theater, after={"name": added.name})
    forget_categories()
