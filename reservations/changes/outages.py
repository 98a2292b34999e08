"""Something for access is out of order, such as a lift: finds the showtimes and bookings that this concerns. Others are
not notified.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.selectors import accounts_that_need
from accounts.states import Need
from core.clock import ClockTimestamp
from reservations.models import Ticket, Transfer
from reservations.states import LIVE_TICKETS, OutOfOrder, TicketStatus
from theaters.models import Showtime, ShowtimeQuerySet
from theaters.seat_categories import with_behavior
from theaters.states import SeatBehavior

ON_WHEELS = (Need.WHEELCHAIR, Need.TRANSFER)
# The needs of people whom it concerns when something is out of order.
OUTAGES: dict[OutOfOrder, tuple[Need, ...]] = {
    OutOfOrder.LIFT: (*ON_WHEELS, Need.STEP_FREE),
    OutOfOrder.STEP_FREE: (*ON_WHEELS, Need.STEP_FREE),
    OutOfOrder.WHEELCHAIR: ON_WHEELS,
    OutOfOrder.TOILET: ON_WHEELS,
    OutOfOrder.HEARING_LOOP: (Need.HEARING_LOOP,),
    OutOfOrder.AUDIO_DESCRIPTION: (Need.AUDIO_DESCRIPTION,),
    OutOfOrder.CAPTIONS: (Need.CAPTIONS,),
    OutOfOrder.EXIT: (Need.NEAR_EXIT,),
}
SPACES = with_behavior(SeatBehavior.WHEELCHAIR, SeatBehavior.COMPANION, field="seat__category")


@dataclass(frozen=True)
class Outage:
    """`until`: showtimes that start before it; `is_everywhere`: in all auditoriums of the theater."""

    feature: OutOfOrder
    until: datetime
    is_everywhere: bool = False

    def as_json(self) -> dict[str, object]:
        words = f"{self.feature.label}: out of order"
        return {
            "value": self.feature.value,
            "text": words,
            "outage_until": self.until.isoformat(),
            "everywhere": self.is_everywhere,
        }


def read_outage(after: dict[str, Any]) -> Outage:
    """Read an outage from the values that a change stores."""
    until = datetime.fromisoformat(after["outage_until"])
    return Outage(OutOfOrder(after["value"]), until, after["everywhere"])


def showtimes_with_outage(showtime: Showtime, outage: Outage) -> ShowtimeQuerySet:
    """The other showtimes on sale, in the future, that the outage concerns."""
    theater = showtime.auditorium.theater_id
    here = {"auditorium__theater": theater} if outage.is_everywhere else {"auditorium": showtime.auditorium_id}
    others = Showtime.objects.published().with_names().exclude(pk=showtime.pk)
    return others.filter(**here, starts_at__lt=outage.until, ends_at__gt=ClockTimestamp())


def told_needs(needs: Collection[Need]) -> Q:
    """A filter for bookings of people who told staff one of these needs: with their account, with the sale, or with a
    ticket of it that they took.
    """
    wanted = [need.value for need in needs]
    with_sale = Q(sale__contact__told_needs__overlap=wanted)
    taken = Transfer.objects.filter(ticket__booking=OuterRef("pk"), ticket__status__in=LIVE_TICKETS)
    with_ticket = Q(Exists(taken.filter(told_needs__overlap=wanted)))
    told = Q(sale__user_id__in=accounts_that_need(needs)) | with_sale | with_ticket
    return told & Q(sale__contact__emptied_at=None)


def bookings_in_need(outage: Outage) -> Q:
    """A filter for bookings that the outage concerns: with a seat for wheelchair users, or of people who told staff the
    need.
    """
    needs = OUTAGES[outage.feature]
    told = told_needs(needs)
    if Need.WHEELCHAIR not in needs:
        return told
    taken = Ticket.objects.filter(booking=OuterRef("pk"), status__in=[*LIVE_TICKETS, TicketStatus.RESERVED])
    return told | Q(Exists(taken.filter(SPACES)))
