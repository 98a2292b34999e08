"""Sales without a provider: those at the counter and those that cost nothing. They are counted outside the database.

They are counted by theater and business day, as the theater's own papers are. After a restore the provider's ledger
tells which online sales were lost. Of these only the file beside the database can tell, and only how many there were
(core/database/restore_marker.py).
"""

from datetime import UTC, date, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Q, Sum, Value

from core.clock import database_now
from core.database.restore_marker import RestoreMarker
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from reservations.models import Booking, PaperCounter

# For a restore that goes back further there are no numbers for earlier days.
DAYS = 8
COUNTS = {"counter": Q(sale__operator__isnull=False), "free": Q(sale__operator__isnull=True, sale__total=0)}
PAPERS = "papers"
Sold = dict[str, dict[str, int]]


def count_by_day(*, first: date | None = None) -> Sold:
    """Confirmed bookings by theater and business day ("lantern 2027-03-14"), from `first` on; without it of the last days.

    Under `papers` all receipts and credit notes ever numbered.
    """
    sold: Sold = {}
    for theater in Theater.objects.order_by("pk"):
        today = business_day(theater, database_now())
        sold |= _count_at(theater, first or today - timedelta(days=DAYS), today)
    return {**sold, PAPERS: {PAPERS: PaperCounter.objects.aggregate(total=Sum("last"))["total"] or 0}}


def _count_at(theater: Theater, first: date, last: date) -> Sold:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begins: Any = Value([day_bounds(theater, day)[0] for day in days], output_field=ArrayField(DateTimeField()))
    number = Func(F("confirmed_at"), begins, function="width_bucket", output_field=IntegerField())
    rows: Any = (
        Booking.objects.filter(showtime__auditorium__theater=theater, confirmed_at__gte=day_bounds(theater, first)[0])
        .order_by()
        .values(number=number)
        .annotate(**{name: Count("pk", filter=which) for name, which in COUNTS.items()})
    )
    return {f"{theater.slug} {days[row['number'] - 1]}": {name: row[name] for name in COUNTS} for row in rows}


def lost_without_provider(marker: RestoreMarker | None) -> dict[str, Any]:
    """How many of them the file knows and the database does not, and when the file was written; empty without a file.

    `days` has those of them that belong to a theater and a business day.
    """
    if marker is None or not marker.sold:
        return {}
    here = count_by_day(first=min(filter(None, map(_day_of, marker.sold)), default=None))
    lost: dict[str, Any] = dict.fromkeys([*COUNTS, PAPERS], 0)
    days: Sold = {}
    for name, counts in marker.sold.items():
        missing = {kind: count - here.get(name, {}).get(kind, 0) for kind, count in counts.items()}
        missing = {kind: count for kind, count in missing.items() if count > 0}
        for kind, count in missing.items():
            lost[kind] = lost.get(kind, 0) + count
        if missing and name != PAPERS:
            days[name] = missing
    return {**lost, "days": days, "counted_at": marker.written_at.astimezone(UTC).isoformat()}


def _day_of(name: str) -> date | None:
    try:
        return date.fromisoformat(name.rpartition(" ")[2])
    except ValueError:
        return None
