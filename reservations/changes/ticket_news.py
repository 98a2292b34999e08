"""What changed at the showtime of a ticket that somebody took from a friend. Mails about it go to the person who bought it,
since nobody asks who takes a ticket for an address; so the page of the ticket says it.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.states import Need
from core.clock import database_now, in_zone
from core.rows.known_values import known
from core.texts.lazy_text import gettext_lazy as _
from reservations.changes.outages import OUTAGES
from reservations.models import ChangeNotice, Ticket
from reservations.selectors.change_offers import SAYS, side_text
from reservations.selectors.transfers import last_transfer
from reservations.states import LIVE_TICKETS, OutOfOrder
from theaters.models import ShowtimeChange
from theaters.seat_categories import is_for_some
from theaters.states import ChangeKind


@dataclass(frozen=True)
class TicketNews:
    """`until`: how long the person who bought the ticket can have all of the money back; None when that is over."""

    says: str
    now: str
    reason: str
    until: datetime | None


def news_of_ticket(ticket: Ticket) -> TicketNews | None:
    """The newest change that concerns a ticket from a friend. No query where nothing was changed, or it was never given."""
    if ticket.given_at is None or ticket.status not in LIVE_TICKETS or not ticket.showtime.times_changed:
        return None
    notices = ChangeNotice.objects.filter(booking=ticket.booking_id).select_related("change").order_by("-pk")
    change = next((notice.change for notice in notices if _concerns(notice.change, ticket)), None)
    if change is None:
        return None
    zone = ticket.showtime.auditorium.theater.zone
    is_open = change.offer_until is not None and change.offer_until > database_now()
    return TicketNews(
        says=SAYS.get(change.kind, _("Something about your showtime has changed")),
        # The facts of seats are those of the whole party.
        now="" if change.kind == ChangeKind.FACTS else side_text(change.kind, change.after, zone),
        reason=change.reason,
        until=in_zone(change.offer_until, zone) if change.offer_until is not None and is_open else None,
    )


def _concerns(change: ShowtimeChange, ticket: Ticket) -> bool:
    """Whether it says nothing that only others of the party told the staff about themselves."""
    if change.kind != ChangeKind.OUTAGE:
        return True
    feature = known(OutOfOrder, change.after["value"])
    needs = OUTAGES[feature] if feature else ()
    taken = last_transfer(ticket)
    has_told = taken is not None and not set(taken.told_needs).isdisjoint(needs)
    return has_told or (Need.WHEELCHAIR in needs and is_for_some(ticket.seat.category))
