"""Which tickets can be given back, on the page for canceling and after a change of the showtime."""

from collections.abc import Iterable

from reservations.models import Ticket
from reservations.states import TicketStatus


def cancelable(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Unused tickets; a sofa's tickets only if none of them is used, as a sofa is canceled as a whole."""
    tickets = list(tickets)
    in_use = {ticket.seat.unit for ticket in tickets if ticket.status == TicketStatus.USED} - {""}
    return [ticket for ticket in tickets if ticket.status == TicketStatus.VALID and ticket.seat.unit not in in_use]
