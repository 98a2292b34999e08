"""Sales that Stripe knows nothing of: those at the counter and those that cost nothing. Counted by day, outside the database.

After a restore Stripe's ledger tells which online sales were lost. Of these only the file beside the database can tell, and
only how many there were (core/restore_marker.py).
"""

from datetime import UTC, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from core.clock import database_now
from core.restore_marker import Marker
from reservations.models import Booking, PaperCounter

# A restore that goes back further is told without numbers for the days before.
DAYS = 8
COUNTS = {"counter": Q(operator__isnull=False), "free": Q(operator__isnull=True, total=0)}
Sold = dict[str, dict[str, int]]


def count_by_day() -> Sold:
    """Confirmed bookings of the last days, by the day in UTC; under `papers` all receipts and credit notes ever numbered."""
    since = (database_now() - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    days: Any = (
        Booking.objects.filter(confirmed_at__gte=since)
        .order_by()
        .values(day=TruncDate("confirmed_at", tzinfo=UTC))
        .annotate(**{name: Count("pk", filter=which) for name, which in COUNTS.items()})
    )
    sold = {f"{row['day']:%Y-%m-%d}": {name: row[name] for name in COUNTS} for row in days}
    papers = PaperCounter.objects.aggregate(total=Sum("last"))["total"] or 0
    return {**sold, "papers": {"papers": papers}}


def lost_without_stripe(marker: Marker | None) -> dict[str, Any]:
    """How many of them the file knows and the database does not, and when the file was written; empty without a file."""
    if marker is None or not marker.sold:
        return {}
    here = count_by_day()
    lost = dict.fromkeys([*COUNTS, "papers"], 0)
    for day, counts in marker.sold.items():
        for name, count in counts.items():
            lost[name] = lost.get(name, 0) + max(0, count - here.get(day, {}).get(name, 0))
    return {**lost, "counted_at": marker.written_at.astimezone(UTC).isoformat()}
