"""Makes ticket rows from the lines of a quote or of an agreed exchange; these columns never change."""

from decimal import Decimal
from typing import Any

from reservations.models import Booking, ExchangedTicket, Ticket
from reservations.selling.quotes import QuoteLine

FIXED = ("seat", "ticket_type", "price", "discount", "list_price", "price_changes", "tax", "fee")


def fixed_facts(line: QuoteLine | ExchangedTicket) -> dict[str, Any]:
    """Columns that a ticket and a line of an exchange have in common; they are never computed again."""
    return {name: getattr(line, name) for name in FIXED}


def new_ticket(booking: Booking, line: QuoteLine | ExchangedTicket, *, tax_rate: Decimal) -> Ticket:
    """Build a reserved ticket without saving it."""
    return Ticket(
        booking=booking,
        showtime_id=booking.showtime_id,
        type_name=line.ticket_type.name,
        is_empty_place=line.ticket_type.is_empty_place,
        tax_rate=tax_rate,
        currency=booking.currency,
        **fixed_facts(line),
    )
