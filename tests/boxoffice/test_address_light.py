"""The third status light in the office turns on when no customer's address is known, because TRUSTED_PROXY_COUNT is wrong."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client

from core.caches.process_cache import forget_everything
from reservations.models import Hold
from reservations.seats.taking import Browser
from tests.aging import unguarded
from tests.counter import make_seller, take
from tests.factories import hold_seats, make_showtime

pytestmark = pytest.mark.django_db
AT = datetime(2040, 1, 1, tzinfo=UTC)
PRIVATE = ["10.0.0.1", "unknown", "fd00::/64"]


@pytest.fixture(autouse=True)
def limited(settings):
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.25")


def lights(client):
    forget_everything()
    return re.findall(
        r'data-light="red" href="[^"]+">(TRUSTED_PROXY_COUNT[^<]+)', client.get("/admin/").content.decode()
    )


def held_from(showtime, *addresses):
    for number, address in enumerate(addresses, start=Hold.objects.count() + 1):
        hold_seats(showtime, Browser(holder=f"{number:064x}", address=address), f"A{number % 20 + 1}")


def test_it_reports_if_all_customers_have_private_or_unknown_addresses(office, showtime):
    held_from(showtime, *PRIVATE[:2])
    assert lights(office) == []
    held_from(showtime, PRIVATE[2])
    [told] = lights(office)
    assert "none is limited by address" in told


def test_it_reports_requests_through_a_proxy_that_is_not_counted(office, showtime):
    """The holds are made by real requests here."""
    for number in range(1, 4):
        client = Client(REMOTE_ADDR="172.18.0.5", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": f"A{number}"})
    assert len(lights(office)) == 1


def test_one_address_that_is_known_is_enough(office, showtime):
    held_from(showtime, *PRIVATE, "198.51.100.7")
    assert lights(office) == []


def all_from_one_public_address(showtime, browsers):
    for number in range(1, browsers + 1):
        facts = {"address": "198.51.100.7", "network": "198.51.100.7", "expires_at": AT, "cap_at": AT}
        Hold.objects.create(showtime=showtime, holder=f"{number:064x}", **facts)


def test_it_reports_many_browsers_if_all_have_one_public_address(office, showtime):
    all_from_one_public_address(showtime, 19)
    assert lights(office) == []
    Hold.objects.all().delete()
    all_from_one_public_address(showtime, 20)
    [told] = lights(office)
    assert "stop them together" in told
    held_from(showtime, "203.0.113.5")
    assert lights(office) == []


def test_the_counter_does_not_count(office, showtime):
    for number in range(1, 5):
        take(make_showtime(), make_seller(showtime, number=number), "A1")
    assert lights(office) == []


def test_a_mistake_of_yesterday_is_not_reported(office, showtime):
    held_from(showtime, *PRIVATE)
    with unguarded():
        Hold.objects.update(started_at=F("started_at") - timedelta(days=2))
    assert lights(office) == []


def test_without_limits_by_address_nothing_is_wrong(office, showtime, settings):
    held_from(showtime, *PRIVATE)
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal(0)
    assert lights(office) == []
