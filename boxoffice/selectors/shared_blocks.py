"""Shared blocks: seats that customers hold for friends who pay alone."""

from dataclasses import dataclass
from datetime import datetime

from reservations.models import SharedBlock
from reservations.selectors.shared_blocks import SharedPage, shared_page
from theaters.models import Showtime


@dataclass(frozen=True)
class SharedSeats:
    """A shared block for staff: its free, taken and paid seats."""

    page: SharedPage

    @property
    def block(self) -> SharedBlock:
        return self.page.block

    @property
    def organizer(self) -> str:
        """The organizer's first name, and the e-mail address in its normalized form."""
        return " · ".join(words for words in (self.block.name, self.block.customer) if words)


def shared_blocks_at(showtime: Showtime, *, now: datetime) -> list[SharedSeats]:
    """The open shared blocks of a showtime, first to end first. One query when there are none."""
    blocks = (
        SharedBlock.objects.open().filter(showtime=showtime).select_related("hold").order_by("hold__expires_at", "pk")
    )
    return [SharedSeats(shared_page(block, holder="", now=now)) for block in blocks]
