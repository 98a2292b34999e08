"""The seat map is most of what a phone fetches before somebody can choose a seat."""

import gzip
import random
from decimal import Decimal

from reservations.seats.geometry import PlanSeat
from reservations.seats.map_markup import prepare_seats
from theaters.seat_categories import Categories
from theaters.states import UsualCategory

ROWS, SEATS = "ABCDEFGHJKLMNOP", range(1, 21)
PRICES = dict.fromkeys(UsualCategory.values, Decimal("14.50"))


def map_of_300(states):
    seats = [
        PlanSeat(f"{row}{number}", row, number, "", "STANDARD", "", x=2 * number + 2 * (number > 10), y=y)
        for y, row in enumerate(ROWS)
        for number in SEATS
    ]
    return str(prepare_seats(seats, currency="GBP", prices=PRICES, categories=Categories()).render(states))


def test_a_map_of_300_seats_stays_small_when_it_is_compressed():
    """The order of the attributes decides: the same ones in another order take up to 170 bytes more."""
    chance = random.Random(1)
    partly_sold = "".join(chance.choice("fffs") for _ in range(300))
    assert len(gzip.compress(map_of_300("f" * 300).encode(), 6)) <= 2980
    assert len(gzip.compress(map_of_300(partly_sold).encode(), 6)) <= 3300
