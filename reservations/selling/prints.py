"""Logs prints of the counter: the first is the original, every later one says that it is a copy.

Tickets sold at the counter are handed over at once, so of those every later print is a copy.
"""

from reservations.models import Booking, Paper
from staff.models import AuditEntry
from staff.services.audit import record

PRINT, PRINT_AGAIN = "print", "print again"
TICKETS = "tickets"


def note_tickets_printed(booking: Booking, *, actor: str) -> bool:
    """Log that all tickets of a booking are printed; True when it is a copy."""
    before = AuditEntry.objects.about(booking).filter(action__in=(PRINT, PRINT_AGAIN))
    is_copy = booking.sale.operator_id is not None or before.exists()
    return _note(booking, booking, TICKETS, actor=actor, is_copy=is_copy)


def note_paper_printed(paper: Paper, booking: Booking, *, actor: str) -> bool:
    """Log that a receipt or credit note is printed; True when it is a copy."""
    was_handed_over = booking.sale.operator_id is not None and paper.cancellation_id is None
    is_copy = was_handed_over or AuditEntry.objects.about(paper).exists()
    return _note(paper, booking, paper.name, actor=actor, is_copy=is_copy)


def _note(thing: Booking | Paper, booking: Booking, what: str, *, actor: str, is_copy: bool) -> bool:
    after = {"booking": booking.reference, "printed": what}
    action = PRINT_AGAIN if is_copy else PRINT
    record(actor=actor, action=action, thing=thing, theater=booking.sale.theater_id, after=after)
    return is_copy
