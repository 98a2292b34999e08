"""Finds the group by whose link the seats of a hold were taken, so that lapsed seats can be taken again there."""

from django.urls import reverse

from core.clock import ClockTimestamp
from reservations.models import GroupBlock, Hold
from reservations.seats.map_reads import own_seats


def group_of_hold(hold_id: int | None) -> GroupBlock | None:
    """Find the group, if its block is still open; None for no hold, a hold of no group, or when the group's time is
    over.
    """
    if hold_id is None:
        return None
    named = Hold.objects.filter(pk=hold_id, group_block__isnull=False).values("group_block")
    return GroupBlock.objects.filter(pk__in=named, until__gt=ClockTimestamp()).first()


def group_page_of(hold_id: int | None) -> str:
    block = group_of_hold(hold_id)
    return reverse("group", args=[block.code]) if block else ""


def page_of_seats(*, showtime_id: int, holder: str) -> str:
    """Where this browser chooses its seats: on the page of its group, or on the map."""
    last = own_seats(showtime_id=showtime_id, holder=holder)
    return group_page_of(last.hold_id) or reverse("seat_map", args=[showtime_id])
