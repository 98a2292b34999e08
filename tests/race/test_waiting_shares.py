"""Somebody at an address takes seats while people there are offered some by the waiting list: together they get no more
than its share.
"""

from decimal import Decimal
from functools import partial

import pytest

from core.limits.addresses import origin_of
from reservations.models import ShowtimeSeat
from reservations.seats import address_limits
from reservations.seats.taking import Browser, take_seats
from reservations.waiting import waiting_offers
from reservations.waiting.waiting_offers import offer_seats
from tests.factories import make_auditorium, make_showtime, make_theater, make_waiting_entry
from tests.race.racing import start, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADDRESS = "198.51.100.7"
ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCD")


@pytest.fixture
def showtime(settings):
    """A showtime with 40 seats, of which an address may have ten. It holds eight, and two people there wait for two more."""
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.25")
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    showtime = make_showtime(auditorium=make_auditorium(theater, ROOM))
    held = [f"A{number}" for number in range(1, 9)]
    take_seats(showtime_id=showtime.pk, browser=Browser("a" * 64, ADDRESS), labels=held)
    origin = origin_of(ADDRESS)
    make_waiting_entry(showtime, address=origin.address, network=origin.network)
    return showtime


def offer_while_somebody_takes_two(showtime, monkeypatch, begin):
    """Let them click at the moment when the offer has counted the seats of the address."""
    take = partial(take_seats, showtime_id=showtime.pk, browser=Browser("b" * 64, ADDRESS), labels=["D9", "D10"])
    count, clicks = address_limits.address_share, []

    def count_and_let_click(**of):
        share = count(**of)
        clicks.append(begin(take))
        return share

    monkeypatch.setattr(address_limits, "address_share", count_and_let_click)
    offered = offer_seats(showtime_id=showtime.pk)
    return offered, clicks[0].outcome(), ShowtimeSeat.objects.filter(showtime=showtime, hold__address=ADDRESS).count()


def test_an_offer_and_a_click_are_counted_one_after_the_other(showtime, monkeypatch):
    assert offer_while_somebody_takes_two(showtime, monkeypatch, start_and_block) == (1, "TooManyHere", 10)


def test_without_the_turn_of_the_network_the_address_gets_more_than_its_share(showtime, monkeypatch):
    monkeypatch.setattr(waiting_offers.locks, "turn_of_network", lambda **of: None)

    def begin_and_end(take):
        racer = start(take)
        racer.outcome()
        return racer

    _, _, held = offer_while_somebody_takes_two(showtime, monkeypatch, begin_and_end)
    assert held == 12
