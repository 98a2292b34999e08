"""The limits of an internet address for seats that somebody comes to without a click on the map."""

from django.conf import settings

from reservations.locks.taking import SEATS_NEVER_REFUSED
from reservations.models import Hold
from reservations.refusals.limits import TooManyHere
from reservations.seats.address_share import address_share, seats_at_address


def require_seats_left_at_address(hold: Hold, *, more: int = 0) -> None:
    """Check the limits of the hold's address with all that is held, paid for and offered there, and `more` seats.

    The first two seats at a showtime are never refused for its share. Needs the turn of the hold's network. Raises
    TooManyHere.
    """
    share = address_share(showtime_id=hold.showtime_id, hold_id=hold.pk)
    if share is None:
        return
    if settings.LIVE_SEATS_PER_ADDRESS:
        seats, ends_in = seats_at_address(hold_id=hold.pk)
        if seats + more > settings.LIVE_SEATS_PER_ADDRESS:
            raise TooManyHere(ends_in)
    if share.at_address + more > SEATS_NEVER_REFUSED and share.is_over_with(more):
        raise TooManyHere(share.ends_in(more))
