"""Opening a showtime for sale makes its seat rows; an unsold one can be taken back."""

from django.db import connection, transaction
from django.utils.translation import gettext

from core.live import seat_map_changes
from core.pauses import WhenPaused
from reservations import locks
from reservations.models import Booking, GroupBlock, Hold, SharedBlock, ShowtimeArea, ShowtimeSeat
from reservations.records.status_changes import move_showtime
from reservations.seats.house_seats import keep_broken_seats_back
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.units import with_mates
from theaters import locks as theater_locks
from theaters.models import Showtime
from theaters.prices.price_check import missing_prices
from theaters.prices.price_versions import pin_prices
from theaters.schedule.scheduling import SchedulingRefused, renew_price_list
from theaters.states import ShowtimeStatus

MAKE_AREAS = """
INSERT INTO reservations_showtimearea (showtime_id, name)
SELECT %(showtime)s, section FROM theaters_seat WHERE plan_id = %(plan)s AND "row" = '' GROUP BY section ORDER BY min(id)
ON CONFLICT (showtime_id, name) DO NOTHING
"""
MAKE_SEATS = """
INSERT INTO reservations_showtimeseat (showtime_id, seat_id, label, unit, area_id)
SELECT %(showtime)s, seat.id, label, unit, area.id FROM theaters_seat AS seat
  LEFT JOIN reservations_showtimearea AS area
         ON area.showtime_id = %(showtime)s AND area.name = seat.section AND seat."row" = ''
 WHERE plan_id = %(plan)s ORDER BY seat.id
ON CONFLICT (showtime_id, label) DO NOTHING
"""


def open_all(*, showtime_ids: list[int], actor: str) -> list[Showtime]:
    """Publish drafts together, or none of them. Raises SchedulingRefused naming the one that stands in the way."""
    if not showtime_ids:
        raise SchedulingRefused(gettext("Nothing is chosen."))
    opened = []
    with transaction.atomic():
        for showtime_id in sorted(set(showtime_ids)):
            try:
                opened.append(open_for_sale(showtime_id=showtime_id, actor=actor))
            except SchedulingRefused as refusal:
                named = Showtime.objects.with_names().get(pk=showtime_id)
                raise SchedulingRefused(
                    gettext("Nothing was published. %(named)s: %(refusal)s") % {"named": named, "refusal": refusal}
                ) from None
    return opened


def open_for_sale(*, showtime_id: int, actor: str) -> Showtime:
    """Publish a draft. Raises SchedulingRefused with the sentence for the manager."""
    with transaction.atomic():
        showtime = move_showtime(showtime_id=showtime_id, to=ShowtimeStatus.PUBLISHED, actor=actor)
        renew_price_list(showtime)
        pin_prices(showtime)
        _require_prices(showtime)
        make_seats(showtime_id=showtime.pk, plan_id=showtime.plan_id)
        labels = set(ShowtimeSeat.objects.filter(showtime=showtime).values_list("label", flat=True))
        keep_broken_seats_back(showtime, labels)
        showtime.seats_total = len(labels)
        showtime.save(update_fields=["seats_total"])
    return showtime


def make_seats(*, showtime_id: int, plan_id: int) -> None:
    """A free row for each seat of the plan, and the areas of its places; those that are there already stay."""
    theater_locks.theater_to_sell_in(plan_id)
    with connection.cursor() as cursor:
        cursor.execute(MAKE_AREAS, {"showtime": showtime_id, "plan": plan_id})
        cursor.execute(MAKE_SEATS, {"showtime": showtime_id, "plan": plan_id})


def take_back(*, showtime_id: int, actor: str) -> Showtime:
    """Make an unsold showtime a draft again. Raises SchedulingRefused when anybody ever held or bought there."""
    with transaction.atomic():
        showtime = move_showtime(showtime_id=showtime_id, to=ShowtimeStatus.DRAFT, actor=actor)
        # Holds are locked before seats, as everywhere.
        locks.holds_of_showtime(showtime_id)
        if Booking.objects.filter(showtime=showtime).exists():
            raise SchedulingRefused(gettext("This showtime has bookings: it can only be canceled."))
        if Hold.objects.live().filter(showtime=showtime).exists():
            raise SchedulingRefused(
                gettext("Somebody is choosing seats for this showtime right now. Try again in a few minutes.")
            )
        if GroupBlock.objects.filter(showtime=showtime).exists():
            raise SchedulingRefused(
                gettext("Seats are kept for a group at this showtime: put them on sale again first, under House seats.")
            )
        SharedBlock.objects.filter(showtime=showtime).delete()
        ShowtimeSeat.objects.filter(showtime=showtime).delete()
        ShowtimeArea.objects.filter(showtime=showtime).delete()
        Hold.objects.filter(showtime=showtime).delete()
        showtime.seats_total = showtime.seats_taken = 0
        showtime.price_version = None
        showtime.save(update_fields=["seats_total", "seats_taken", "price_version"])
    return showtime


def keep_back(
    *,
    showtime_id: int,
    labels: list[str],
    reason: str,
    release_minutes: int | None = None,
    broken_seat_id: int | None = None,
    group_block_id: int | None = None,
) -> list[str]:
    """Make free seats house seats, sofas whole; returns those that were not free and stay as they are.

    With `release_minutes` they go on sale by themselves that long before the start, also if the start moves.
    """
    with transaction.atomic():
        gate = locks.showtime_gate(showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
        assert gate is not None
        labels = with_mates(mates_of_plan(gate.plan_id), labels)
        kept = locks.keep_back(
            showtime_id=showtime_id,
            labels=labels,
            reason=reason,
            release_minutes=release_minutes,
            broken_seat_id=broken_seat_id,
            group_block_id=group_block_id,
        )
        seat_map_changes.publish_on_commit(showtime_id, dict.fromkeys(kept, "house"))
    return sorted(set(labels) - set(kept))


def _require_prices(showtime: Showtime) -> None:
    if missing := missing_prices(price_list=showtime.price_list, plan=showtime.plan):
        raise SchedulingRefused(missing)
