"""Every page on which somebody has to pay in time says how much of it is left, until it is over (WCAG 2.2.1)."""

import re
from hashlib import sha256

import pytest

from reservations.seats.taking import Browser
from tests.aging import past_time_to_pay
from tests.factories import begin_paying

pytestmark = pytest.mark.django_db
COOKIE = "a-cookie-of-128-random-bits"


@pytest.fixture
def booking(showtime, sandbox, client):
    client.cookies["holder"] = COOKIE
    return begin_paying(showtime, Browser(sha256(COOKIE.encode()).hexdigest(), "127.0.0.1"), "A1", "A2")


def seconds_left(page: str) -> int | None:
    found = re.search(r'data-seconds-left="(\d+)"\s*>\s*<progress', page)
    return int(found[1]) if found else None


@pytest.mark.parametrize("name", ["/showtimes/{showtime}/", "/checkout/{showtime}/", "/bookings/{reference}/"])
def test_the_pages_of_a_booking_that_waits_for_its_payment(booking, client, name):
    address = name.format(showtime=booking.showtime_id, reference=booking.reference)
    page = client.get(address).content.decode()
    assert re.search(r"js/(countdown|seats)\.", page) and 590 <= seconds_left(page) <= 600
    assert "data-extend" not in page, "its payment page closes then"
    past_time_to_pay(booking)
    page = client.get(address).content.decode()
    assert seconds_left(page) is None


def test_the_status_that_is_asked_for_again_has_it_too_and_is_not_read_aloud_each_second(booking, client):
    part = client.get(f"/bookings/{booking.reference}/", headers={"HX-Request": "true"}).content.decode()
    assert 590 <= seconds_left(part) <= 600 and '<div aria-live="off">' in part
