"""Files for staff: all valid tickets of a booking, and its numbered papers."""

from collections.abc import Callable
from datetime import datetime

from reservations.models import Booking, Paper
from reservations.paper_pdf import paper_pdf
from reservations.selectors.bookings import ticket_card
from reservations.states import BookingStatus
from reservations.ticket_pdf import TicketPage, tickets_pdf
from theaters.selectors import showtime_facts


def tickets_file(booking: Booking, *, address_of: Callable[[str], str], now: datetime) -> bytes | None:
    """A PDF with a page for each ticket that opens the door; None when there is none. `address_of`: of a path on the site."""
    if booking.status != BookingStatus.CONFIRMED:
        return None
    cards = [card for card in map(ticket_card, booking.tickets.all()) if card.is_valid]
    facts = showtime_facts(booking.showtime, now=now)
    return tickets_pdf([TicketPage(card, facts, address_of(card.url)) for card in cards]) if cards else None


def paper_file(paper: Paper) -> bytes:
    return paper_pdf(paper)
