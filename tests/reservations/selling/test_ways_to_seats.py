"""Every way to seats is judged by the limits of a browser and of an address: the map, an offer of the waiting list, seats
that somebody shares.

Seats count where they are, also while they are being paid for or are kept for friends.
"""

from decimal import Decimal

import pytest

from core.limits.addresses import origin_of
from reservations.groups.friends_seats import take_friends_seats
from reservations.models import Hold, SeatOffer, ShowtimeSeat, WaitingEntry
from reservations.refusals.limits import TooManyHere, TooManyHolds
from reservations.seats.taking import release_hold, take_seats
from reservations.waiting.waiting_offers import offer_seats, take_offer
from tests.aging import past_grace
from tests.factories import (
    begin_paying,
    hold_seats,
    make_browser,
    make_shared_block,
    make_showtime,
    make_waiting_entry,
)
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
ME, NEIGHBOR = make_browser(1), make_browser(251)


@pytest.fixture
def elsewhere(settings):
    """A browser may have seats of one showtime at a time; these are the others."""
    settings.LIVE_HOLDS_PER_HOLDER = 1
    return make_showtime()


def on_the_map(showtime):
    take_seats(showtime_id=showtime.pk, browser=ME, labels=["B1", "B2"])


def an_offer(showtime):
    entry = WaitingEntry.objects.filter(showtime=showtime).first()
    if entry is None:
        entry = make_waiting_entry(showtime)
        assert offer_seats(showtime_id=showtime.pk) == 1
    take_offer(code=entry.code, browser=ME)


def a_friend(showtime):
    block = showtime.shared_blocks.first() or make_shared_block(showtime, "B1", "B2")
    take_friends_seats(block=block, browser=ME, labels=["B1", "B2"], name="Ben")


WAYS = pytest.mark.parametrize("come_to_seats", [on_the_map, an_offer, a_friend])


def held_at(showtime, browser=ME):
    return ShowtimeSeat.objects.filter(showtime=showtime, hold__holder=browser.holder, hold__ended_at=None).count()


@WAYS
def test_a_browser_holds_seats_of_few_showtimes_whatever_the_way(showtime, elsewhere, come_to_seats):
    hold_seats(elsewhere, ME, "A1")
    with pytest.raises(TooManyHolds):
        come_to_seats(showtime)
    assert held_at(showtime) == 0
    release_hold(showtime_id=elsewhere.pk, browser=ME)
    come_to_seats(showtime)
    assert held_at(showtime) == 2


@WAYS
def test_pressing_pay_makes_no_room_for_another_showtime(sandbox, showtime, elsewhere, come_to_seats):
    paying = begin_paying(elsewhere, ME, "A1")
    with pytest.raises(TooManyHolds):
        come_to_seats(showtime)
    past_grace(paying)
    come_to_seats(showtime)
    assert held_at(showtime) == 2


@WAYS
def test_nor_does_sharing_seats_with_friends(showtime, elsewhere, come_to_seats):
    block = make_shared_block(elsewhere, "A1", "A2", number=1)
    with pytest.raises(TooManyHolds):
        come_to_seats(showtime)
    release_hold_of(block)
    come_to_seats(showtime)
    assert held_at(showtime) == 2


def release_hold_of(block):
    Hold.objects.filter(pk=block.hold_id).update(ended_at=block.made_at, end="RELEASED")


def test_others_and_what_is_held_at_the_same_showtime_do_not_count(showtime, elsewhere):
    hold_seats(elsewhere, NEIGHBOR, "A1")
    hold_seats(showtime, ME, "A1", "A2")
    an_offer(showtime)
    assert held_at(showtime) == 2, "the offer replaced what was held there"


def test_a_refused_offer_stays_open(showtime, elsewhere):
    hold_seats(elsewhere, ME, "A1")
    with pytest.raises(TooManyHolds):
        an_offer(showtime)
    offer = SeatOffer.objects.get()
    assert (offer.ended_at, offer.entry.status, offer.hold.ended_at) == (None, "OFFERED", None)


class TestAddressOverAllShowtimes:
    """LIVE_SEATS_PER_ADDRESS: three seats of all showtimes together; two are held in the next room."""

    @pytest.fixture(autouse=True)
    def two_are_held(self, settings):
        settings.LIVE_SEATS_PER_ADDRESS = 3
        settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal(0)
        self.elsewhere = make_showtime()
        hold_seats(self.elsewhere, NEIGHBOR, "A1", "A2")
        assert NEIGHBOR.address == ME.address

    @pytest.mark.parametrize("come_to_seats", [an_offer, a_friend])
    def test_an_offer_and_shared_seats_count_as_a_click_does(self, showtime, come_to_seats):
        with pytest.raises(TooManyHere) as refused:
            come_to_seats(showtime)
        assert held_at(showtime) == 0
        assert 470 <= refused.value.retry_after <= 480, "when the neighbor's seats end"
        release_hold(showtime_id=self.elsewhere.pk, browser=NEIGHBOR)
        come_to_seats(showtime)
        assert held_at(showtime) == 2

    def test_nothing_is_offered_beyond_it_and_the_entry_reads_why(self, showtime):
        origin = origin_of(ME.address)
        entry = make_waiting_entry(showtime, address=origin.address, network=origin.network)
        assert offer_seats(showtime_id=showtime.pk) == 0
        assert list(entry.skips.values_list("reason", flat=True)) == ["SHARE"]
        release_hold(showtime_id=self.elsewhere.pk, browser=NEIGHBOR)
        assert offer_seats(showtime_id=showtime.pk) == 1

    def test_an_offer_counts_from_then_on_and_is_not_judged_twice_at_its_address(self, showtime):
        release_hold(showtime_id=self.elsewhere.pk, browser=NEIGHBOR)
        origin = origin_of(ME.address)
        entry = make_waiting_entry(showtime, address=origin.address, network=origin.network)
        assert offer_seats(showtime_id=showtime.pk) == 1
        with nothing_changes(), pytest.raises(TooManyHere):
            hold_seats(self.elsewhere, NEIGHBOR, "A1", "A2")
        take_offer(code=entry.code, browser=ME)
        assert held_at(showtime) == 2
