"""What others ask about tickets."""

from reservations.models import Ticket


def house_of_ticket(code: str) -> int | None:
    """None for a code that there is not."""
    path = "booking__showtime__auditorium__theater__house_id"
    return Ticket.objects.filter(code=code).values_list(path, flat=True).first()
