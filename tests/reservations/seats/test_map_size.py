"""The seat map is most of what a phone loads before somebody can choose a seat."""

import random
import re
from decimal import Decimal
from string import ascii_letters, digits

import pytest

from core.web.compression import compressed
from reservations.seats.geometry import PlanSeat
from reservations.seats.map_markup import prepare_seats
from tests.factories import make_auditorium, make_showtime, make_theater
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
    """The order of the attributes matters: another order takes up to 100 bytes more."""
    chance = random.Random(1)
    partly_sold = "".join(chance.choice("fffs") for _ in range(300))
    assert len(compressed(map_of_300("f" * 300).encode())) <= 2780
    assert len(compressed(map_of_300(partly_sold).encode())) <= 2980


@pytest.mark.django_db
def test_the_page_around_it_is_as_small(client):
    """The count leaves out random bytes, and the digits that name versions of styles and scripts in production.

    The line that leads to the list without scripts, and the address of the facts of seats, are 70 bytes of it.
    """
    plan = "\n".join(f"{row} {'o' * 10}.{'o' * 10}" for row in ROWS)
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan))
    page = _with_fixed_signs(client.get(showtime.get_absolute_url()).content)
    assert page.count(b"data-seat=") == 300 and len(compressed(page)) <= 4900


def _with_fixed_signs(page):
    """Replace row numbers, which grow from test to test, and random characters, which compress more or less well."""
    page = re.sub(rb"(?<=/)\d+(?=[/.])|(?<=[ -])1\d{5}\b", b"100001", page)
    drawn = random.Random(1)
    for secret in sorted(set(re.findall(rb'csrfmiddlewaretoken" value="([^"]+)', page)), key=page.index):
        page = page.replace(secret, "".join(drawn.choices(ascii_letters + digits, k=len(secret))).encode())
    return page
