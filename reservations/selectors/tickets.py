"""Finds the house of a ticket or of another thing with a secret code in its address."""

from reservations.models import Booking, Favorite, GroupBlock, Ticket, Transfer, WaitingEntry
from theaters.models import Showtime

_OF_THEATER = "auditorium__theater__house_id"
# Models with a secret column that stands in addresses, and the lookup from there to the house.
_SECRETS = (
    (Ticket, "code", f"booking__showtime__{_OF_THEATER}"),
    (Booking, "party_code", f"showtime__{_OF_THEATER}"),
    (Transfer, "code", f"ticket__booking__showtime__{_OF_THEATER}"),
    (GroupBlock, "code", f"showtime__{_OF_THEATER}"),
    (WaitingEntry, "code", f"showtime__{_OF_THEATER}"),
    (Favorite, "code", "house_id"),
    (Showtime, "access_code", _OF_THEATER),
)


def house_of_code(code: str) -> int | None:
    """The id of the house of a ticket, a party or another thing with a code in its address; None for an unknown code."""
    for model, column, house in _SECRETS:
        found: int | None = model.objects.filter(**{column: code}).values_list(house, flat=True).first()
        if found is not None:
            return found
    return None
