"""The owner of a ticket after it was given to somebody else."""

from django.urls import reverse

from reservations.models import Ticket, Transfer


def open_link(ticket: Ticket) -> str:
    """The path of the link by which somebody else takes the ticket; '' when there is none."""
    found = ticket.transfers.filter(withdrawn_at=None, accepted_at=None).first()
    return reverse("take_transfer", args=[found.code]) if found else ""


def was_taken_by(ticket: Ticket, *, holder: str) -> bool:
    """Whether this browser was the last that took the ticket. No query for one that was never given."""
    last = last_transfer(ticket)
    return bool(holder) and last is not None and last.holder == holder


def last_transfer(ticket: Ticket) -> Transfer | None:
    """The transfer by which its owner took the ticket. No query for one that was never given."""
    if ticket.given_at is None:
        return None
    return ticket.transfers.exclude(accepted_at=None).order_by("accepted_at", "pk").last()
