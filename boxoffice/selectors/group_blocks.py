"""The groups with seats at a showtime. One query when there are none."""

from dataclasses import dataclass, field

from django.urls import reverse

from core.clock import database_now
from core.house_facts import current_house
from reservations.groups.group_mails import is_address
from reservations.models import GroupBlock, ShowtimeSeat
from reservations.seats.state import SeatState, state_of
from theaters.models import Showtime


@dataclass(frozen=True)
class GroupSeats:
    """`taken`: sold or held by the counter; they return to the group when they are given up before its end."""

    block: GroupBlock
    kept: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    @property
    def link(self) -> str:
        """The address where the group pays."""
        return current_house().address_of(reverse("group", args=[self.block.code]))

    @property
    def has_address(self) -> bool:
        return is_address(self.block.contact)


def groups_at(showtime: Showtime) -> list[GroupSeats]:
    """The groups of a showtime, in the order in which their blocks end."""
    blocks = GroupBlock.objects.filter(showtime=showtime).order_by("until", "pk")
    groups = {block.pk: GroupSeats(block) for block in blocks}
    if not groups:
        return []
    now = database_now()
    for row in ShowtimeSeat.objects.filter(showtime=showtime, group_block__in=groups).order_by("seat_id"):
        assert row.group_block_id is not None
        group = groups[row.group_block_id]
        (group.kept if state_of(row, now) == SeatState.HOUSE else group.taken).append(row.label)
    return list(groups.values())
