"""What others ask about tickets."""

from reservations.models import Booking, Ticket


def house_of_ticket(code: str) -> int | None:
    """Also of the code of a party. None for a code that there is not."""
    path = "showtime__auditorium__theater__house_id"
    found = Ticket.objects.filter(code=code).values_list(f"booking__{path}", flat=True).first()
    return found or Booking.objects.filter(party_code=code).values_list(path, flat=True).first()
