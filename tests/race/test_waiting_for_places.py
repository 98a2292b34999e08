"""Places of an area are given back while many people ask for some: they go to the people who wait for them, once."""

from collections import Counter
from functools import partial

import pytest
from django.conf import settings
from django.db import OperationalError

from core.clock import from_now
from reservations.aftersale import cancellation
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import SeatOffer, ShowtimeSeat
from reservations.seats.places import PlacesWanted
from reservations.seats.taking import change_places
from reservations.states import CancelCause
from reservations.waiting import waiting_offers
from reservations.waiting.waiting_offers import offer_seats
from tests.aging import age_hold
from tests.factories import buy, make_auditorium, make_browser, make_showtime, make_theater, make_waiting_entry
from tests.race.racing import Racer, as_word, broken_invariants, run_all, start, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLICKS = 40
TWO = PlacesWanted("Hall", 2)


def full_hall(sandbox, entries=1):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "[Hall]\nunreserved 2\n"))
    booking = buy(sandbox, showtime, make_browser(50), "Hall 0001", "Hall 0002")
    for number in range(entries):
        make_waiting_entry(showtime, email=f"guest{number}@example.com")
    return showtime, booking


def give_back(booking):
    origin = CancellationOrigin(CancelCause.CUSTOMER, "guest")
    cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)


def give_back_and_offer(booking):
    give_back(booking)
    offer_seats(showtime_id=booking.showtime_id)
    return "given back"


def ask_until_held(showtime, number):
    ask = as_word(partial(change_places, showtime_id=showtime.pk, browser=make_browser(number), wanted=TWO), "held")
    return lambda: "held" if "held" in {ask() for _ in range(CLICKS)} else "FewerPlaces"


def test_nobody_who_asks_is_faster_than_who_waits(sandbox):
    showtime, booking = full_hall(sandbox)
    buyers = [ask_until_held(showtime, number) for number in range(1, 9)]
    outcomes = Counter(run_all(partial(give_back_and_offer, booking), *buyers))
    assert outcomes == {"given back": 1, "FewerPlaces": 8}
    assert sorted(SeatOffer.objects.get().labels) == ["Hall 0001", "Hall 0002"]
    assert broken_invariants() == set()


def test_control_places_that_are_simply_free_are_gone_before_a_worker_looks(monkeypatch, sandbox):
    monkeypatch.setattr(cancellation, "keep_for_waiting_list", lambda showtime_id, rows: rows)
    showtime, booking = full_hall(sandbox)
    give_back(booking)
    assert Racer(ask_until_held(showtime, 1)).job() == "held"
    assert offer_seats(showtime_id=showtime.pk) == 0


def test_many_workers_offer_the_places_once(sandbox):
    showtime, booking = full_hall(sandbox, entries=4)
    give_back(booking)
    run_all(*(partial(offer_seats, showtime_id=showtime.pk) for _ in range(6)))
    offer = SeatOffer.objects.get()
    assert offer.entry.contact.email == "guest0@example.com"
    assert ShowtimeSeat.objects.filter(showtime=showtime, hold=offer.hold).count() == 2


def worker_while_a_buyer_asks(monkeypatch, sandbox):
    """The hold of an offer has run out as well, so its places are free by time. The buyer asks once the worker has
    released them.
    """
    showtime, booking = full_hall(sandbox, entries=2)
    give_back(booking)
    offer_seats(showtime_id=showtime.pk)
    age_hold(SeatOffer.objects.get().hold, 2 * settings.WAITING_OFFER_SECONDS)
    SeatOffer.objects.update(until=from_now(-1))
    ask = partial(change_places, showtime_id=showtime.pk, browser=make_browser(7), wanted=TWO)
    buyers, end = [], waiting_offers._end_unless_ended

    def end_and_let_a_buyer_ask(hold, how):
        end(hold, how)
        buyers.append(start_and_block(as_word(ask, "held")))

    monkeypatch.setattr(waiting_offers, "_end_unless_ended", end_and_let_a_buyer_ask)
    worker = start(partial(offer_seats, showtime_id=showtime.pk))
    return worker.outcome(), buyers[0].outcome()


def test_a_worker_that_passes_places_on_and_a_buyer_never_wait_for_each_other(monkeypatch, sandbox):
    assert worker_while_a_buyer_asks(monkeypatch, sandbox) == (1, "FewerPlaces")


def test_control_without_the_areas_locked_first_they_do(monkeypatch, sandbox):
    monkeypatch.setattr(waiting_offers.locks, "lock_areas", lambda showtime_id: None)
    with pytest.raises(OperationalError, match="deadlock"):
        worker_while_a_buyer_asks(monkeypatch, sandbox)
