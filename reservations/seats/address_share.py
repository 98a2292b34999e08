"""How much of a showtime the customers of one internet address may hold, and when the first of it is free again.

The statements that take and read seats count it themselves (share_sql.py). Here it is read for the sentence of a refusal.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext, ngettext

from reservations.refusals.limits import NEAR_THE_LIMIT
from reservations.seats.share_sql import IS_TAKEN
from reservations.seats.state import house_seat_sql

LEAST_SEATS_PER_ADDRESS = 10
# The share of a network, relative to that of an address: with 25 % for an address it is 40 %. An IPv6 /48 has 256 of
# the /56 that count as one address, and is often one customer of a provider.
NETWORK_FACTOR = Decimal("1.6")
SHARE = f"""
WITH asking AS (SELECT address, network FROM reservations_hold WHERE id = %(hold)s AND network <> ''),
taken AS (
    SELECT owner.id, owner.address, owner.network, owner.has_paid, seat.held_until FROM reservations_showtimeseat AS seat
      LEFT JOIN reservations_booking AS booking ON booking.id = seat.booking_id
      JOIN reservations_hold AS owner ON owner.id = coalesce(seat.hold_id, booking.hold_id)
     WHERE seat.showtime_id = %(showtime)s AND owner.address <> '' AND {IS_TAKEN}),
paid AS (
    SELECT owner.address FROM asking
      JOIN reservations_hold AS owner ON owner.network = asking.network
      JOIN reservations_booking AS booking ON booking.hold_id = owner.id
      JOIN reservations_showtimeseat AS seat ON seat.booking_id = booking.id
     WHERE booking.showtime_id = %(showtime)s AND booking.status = 'CONFIRMED' AND booking.total > 0)
SELECT (SELECT count(*) FROM reservations_showtimeseat AS seat
         WHERE showtime_id = %(showtime)s AND NOT ({house_seat_sql("seat")})),
       count(*) FILTER (WHERE taken.address = asking.address), count(*) FILTER (WHERE taken.network = asking.network),
       (SELECT count(*) FROM paid WHERE paid.address = asking.address), (SELECT count(*) FROM paid),
       extract(epoch FROM min(held_until) FILTER (WHERE taken.address = asking.address AND taken.id <> %(hold)s)
                          - clock_timestamp())::float,
       extract(epoch FROM min(held_until) FILTER (WHERE taken.network = asking.network AND taken.id <> %(hold)s)
                          - clock_timestamp())::float,
       extract(epoch FROM min(held_until) FILTER (WHERE NOT has_paid AND taken.id <> %(hold)s) - clock_timestamp())::float
  FROM asking LEFT JOIN taken ON true GROUP BY asking.address, asking.network
"""
# Held and pending seats of the address at all showtimes, and when the first ends that another hold has.
AT_ALL_SHOWTIMES = f"""
SELECT count(*), extract(epoch FROM min(seat.held_until) FILTER (WHERE owner.id <> %(hold)s) - clock_timestamp())::float
  FROM reservations_hold AS owner
  LEFT JOIN reservations_booking AS booking ON booking.hold_id = owner.id AND booking.status = 'PENDING'
  JOIN reservations_showtimeseat AS seat ON seat.hold_id = owner.id OR seat.booking_id = booking.id
 WHERE owner.address = (SELECT address FROM reservations_hold WHERE id = %(hold)s) AND {IS_TAKEN}
"""


@dataclass(frozen=True)
class AddressShare:
    """Counts of seats of one showtime that are held or being paid for: of the asking hold's address and of its network.

    The seconds say when the first seat ends that somebody else holds: at the address, in the network, and of all browsers
    that never paid; None where there is none.
    """

    seats: int
    at_address: int
    in_network: int
    paid_at_address: int
    paid_in_network: int
    address_ends_in: float | None
    network_ends_in: float | None
    unpaid_ends_in: float | None

    @property
    def left_at_address(self) -> int:
        return self._most(_share()) + self.paid_at_address - self.at_address

    def is_over_with(self, more: int) -> bool:
        """Whether the address or its network would have more than its share."""
        if not _share():
            return False
        most_in_network = self._most(_network_share(_share())) + self.paid_in_network
        return more > self.left_at_address or self.in_network + more > most_in_network

    def ends_in(self, wanted: int) -> int | None:
        """Whole seconds until the first of the seats ends that stand in the way of `wanted` more."""
        seconds = self.address_ends_in if wanted > self.left_at_address else self.network_ends_in
        return whole(seconds)

    def _most(self, share: Decimal) -> int:
        return max(LEAST_SEATS_PER_ADDRESS, math.floor(share * self.seats))


def address_share(*, showtime_id: int, hold_id: int) -> AddressShare | None:
    """Count the seats that the asking address holds; None for one without a limit: counter, private, unknown."""
    with connection.cursor() as cursor:
        cursor.execute(SHARE, {"showtime": showtime_id, "hold": hold_id})
        row = cursor.fetchone()
    return AddressShare(*row) if row else None


def seats_at_address(*, hold_id: int) -> tuple[int, int | None]:
    """Seats that the hold's address has at all showtimes, and whole seconds until the first of somebody else's ends."""
    with connection.cursor() as cursor:
        cursor.execute(AT_ALL_SHOWTIMES, {"hold": hold_id})
        number, seconds = cursor.fetchone()
    return number, whole(seconds)


def _share() -> Decimal:
    return Decimal(str(settings.SHOWTIME_SHARE_PER_ADDRESS))


def _network_share(share: Decimal) -> Decimal:
    return min(share * NETWORK_FACTOR, Decimal(1))


def share_parameters(share: Decimal | None = None) -> dict[str, Any]:
    """Parameters of the statements in share_sql.py; the share is that of the settings unless given."""
    share = _share() if share is None else share
    return {
        "share": share,
        "network_share": _network_share(share),
        "least": LEAST_SEATS_PER_ADDRESS,
        "near": NEAR_THE_LIMIT,
    }


def whole(seconds: float | None) -> int | None:
    return None if seconds is None else max(1, math.ceil(seconds))


def share_in_words(left: int | None, *, near: int) -> str:
    """Tell in the seat panel how many seats the address can still take, if fewer than `near`."""
    if left is None or left >= near:
        return ""
    held = gettext("Many tickets are held for people on your internet connection.")
    if left == 0:
        more = gettext("So you can take no more for now.")
    else:
        sentence = ngettext(
            "So you can take %(number)s more for now.", "So you can take %(number)s more for now.", left
        )
        more = sentence % {"number": left}
    return f"{held} {more} {gettext('Tickets that are paid for no longer count.')}"
