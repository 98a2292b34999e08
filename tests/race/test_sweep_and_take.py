"""The sweep frees seats while people take some: it frees nothing that belongs to somebody, and there is no deadlock."""

from functools import partial

import pytest
from django.db import transaction

from reservations import locks
from reservations.models import Hold, ShowtimeSeat
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.taking import release_hold, release_seats, swap_seats, take_seats
from tests.aging import lapse
from tests.factories import hold_seats, make_browser
from tests.race.own_take import release_without_a_second_look
from tests.race.racing import as_word, broken_invariants, run_all, seats_locked, start, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA, BOB, EVE = make_browser(1), make_browser(2), make_browser(3)


def take(showtime, browser, *labels):
    return as_word(partial(take_seats, showtime_id=showtime.pk, browser=browser, labels=list(labels)), "held")


def holder_of(label):
    return ShowtimeSeat.objects.values_list("hold__holder", flat=True).get(label=label)


@pytest.mark.parametrize(("way", "owner"), [(locks.release_seats, BOB.holder), (release_without_a_second_look, None)])
def test_the_sweeper_does_not_free_a_seat_that_was_taken_over(showtime, monkeypatch, way, owner):
    lapse(hold_seats(showtime, ADA, "A1"))
    monkeypatch.setattr(locks, "release_seats", way)
    monkeypatch.setattr(locks, "lock_seats_of_holds", set)
    with transaction.atomic():
        take(showtime, BOB, "A1")()
        sweeper = start_and_block(end_lapsed_holds)
    assert sweeper.outcome() == 1
    assert holder_of("A1") == owner


@pytest.mark.parametrize("give_back", [partial(release_seats, labels=["A1"]), release_hold])
def test_an_old_owner_does_not_free_a_seat_that_was_taken_over(showtime, give_back):
    lapse(hold_seats(showtime, ADA, "A1"))
    with transaction.atomic():
        take(showtime, BOB, "A1")()
        ada = start_and_block(partial(give_back, showtime_id=showtime.pk, browser=ADA))
    ada.outcome()
    assert holder_of("A1") == BOB.holder


def test_sweepers_and_takers_of_lapsed_seats_end_with_every_seat_taken_once(showtime):
    for browser, label in [(ADA, "A1"), (BOB, "A2"), (EVE, "A3")]:
        lapse(hold_seats(showtime, browser, label))
    takers = [take(showtime, make_browser(10 + n), f"A{n}") for n in (1, 2, 3)]
    ends = run_all(*takers, end_lapsed_holds, end_lapsed_holds)
    assert ends[:3] == ["held"] * 3
    # A hold with a seat that was just being taken waits for the next sweep.
    assert ends[3] + ends[4] + end_lapsed_holds() == 3
    assert Hold.objects.live().filter(seats__label__in=["A1", "A2", "A3"]).count() == 3
    assert broken_invariants() == set()


def test_the_sweeper_waits_for_no_seat_that_somebody_is_taking(showtime):
    lapse(hold_seats(showtime, ADA, "B1"))
    lapse(hold_seats(showtime, EVE, "A1"))
    with seats_locked(showtime, "A2"):
        bob = start_and_block(take(showtime, BOB, "A1", "A2"))
        assert start(end_lapsed_holds).outcome() == 1  # Ada's hold; a seat of Eve's is locked
        assert not Hold.objects.filter(holder=ADA.holder, ended_at=None).exists()
    assert bob.outcome() == "held"
    assert end_lapsed_holds() == 1 and holder_of("A1") == BOB.holder


@pytest.mark.parametrize("other", ["an own lapsed hold", "swap"])
def test_giving_back_and_taking_lock_seats_in_one_order(showtime, other):
    lapse(hold_seats(showtime, ADA, "B1"))
    ada = {"showtime_id": showtime.pk, "browser": ADA}
    acts = {
        "an own lapsed hold": take(showtime, ADA, "A1"),
        "swap": partial(swap_seats, **ada, take=["A1"], release=["B1"]),
    }
    lapse(hold_seats(showtime, EVE, "A1"))
    with seats_locked(showtime, "A2"):
        bob = start_and_block(take(showtime, BOB, "A1", "A2", "B1"))
        second = start_and_block(acts[other])
    assert bob.outcome() == "held"
    assert second.outcome() == "SeatGone"
    assert Hold.objects.get(holder=BOB.holder).seats.count() == 3
