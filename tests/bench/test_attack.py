"""A smaller version of the simulation of `make attack`: beside hoarders, honest buyers still find a pair and a school gets in."""

import pytest

from bench.crowd import Crowd, Hoarder, attack, limits_of_production, school
from tests.factories import make_auditorium, make_showtime, make_theater

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCDEFGH")


@pytest.fixture
def crowd():
    """A crowd for a showtime with 80 seats, of which one address may have 20."""
    return Crowd(make_showtime(auditorium=make_auditorium(make_theater(), ROOM)))


def attacked(crowd):
    hoarder = Hoarder(crowd, ["198.51.100.7"], cookies=10, fresh_cookies=True)
    return attack(crowd, [hoarder], seconds=900, tick=60, honest_every=180)


def test_honest_buyers_find_a_pair_beside_one_hoarding_address(crowd):
    with limits_of_production():
        figures = attacked(crowd)
    assert (figures.tries, figures.found, figures.most_hoarded) == (5, 5, 20)
    assert figures.attacker_refused > 0


def test_without_the_shares_they_would_not(crowd):
    off = {"SHOWTIME_SHARE_PER_ADDRESS": 0, "SHOWTIME_SHARE_UNPAID": 0, "UNPAID_HOLD_PAUSE_SECONDS": 0}
    with limits_of_production(**off):
        figures = attacked(crowd)
    assert figures.found < figures.tries and figures.most_hoarded == 80


def test_a_school_at_one_address_gets_in(crowd):
    with limits_of_production():
        figures = school(crowd, pupils=20, tick=60, address="198.51.100.20")
    assert figures.found == 20
