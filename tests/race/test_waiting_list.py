"""Tickets are given back while many people click seats: the seats go to the people who wait for them, once."""

import threading
from collections import Counter
from functools import partial

import pytest

from core.clock import ClockTimestamp
from reservations.aftersale import cancellation
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import SeatOffer, ShowtimeSeat, WaitingEntry
from reservations.seats.taking import take_seats
from reservations.states import CancelCause
from reservations.waiting import waiting_offers
from reservations.waiting.waiting_list import leave
from reservations.waiting.waiting_offers import offer_seats, take_offer
from tests.factories import buy, make_auditorium, make_browser, make_showtime, make_theater, make_waiting_entry
from tests.race.racing import PATIENCE, Racer, as_word, run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLICKS = 60


def full_house(sandbox, entries=1):
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    showtime = make_showtime(auditorium=make_auditorium(theater, "A oo"))
    booking = buy(sandbox, showtime, make_browser(50), "A1", "A2")
    for number in range(entries):
        make_waiting_entry(showtime, email=f"guest{number}@example.com")
    return showtime, booking


def click_until_taken(showtime, number):
    take = partial(take_seats, showtime_id=showtime.pk, browser=make_browser(number), labels=["A1", "A2"])
    return lambda: "held" if "held" in {as_word(take, "held")() for _ in range(CLICKS)} else "SeatGone"


def cancel_and_offer(booking):
    def give_back():
        origin = CancellationOrigin(CancelCause.CUSTOMER, "guest")
        cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)
        offer_seats(showtime_id=booking.showtime_id)
        return "given back"

    return give_back


def race_of_clicks(sandbox):
    showtime, booking = full_house(sandbox)
    return Counter(run_all(cancel_and_offer(booking), *(click_until_taken(showtime, number) for number in range(1, 9))))


def test_nobody_who_clicks_is_faster_than_who_waits(sandbox):
    assert race_of_clicks(sandbox) == {"given back": 1, "SeatGone": 8}
    assert WaitingEntry.objects.get().status == "OFFERED"


def test_seats_that_are_simply_free_are_gone_before_a_worker_looks(monkeypatch, sandbox):
    """Somebody holds them between the cancellation and the offer."""
    monkeypatch.setattr(cancellation, "keep_for_waiting_list", lambda showtime_id, rows: rows)
    showtime, booking = full_house(sandbox)
    origin = CancellationOrigin(CancelCause.CUSTOMER, "guest")
    cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)
    assert Racer(click_until_taken(showtime, 1)).job() == "held"
    assert offer_seats(showtime_id=showtime.pk) == 0


def offers_of_many_workers(sandbox):
    showtime, booking = full_house(sandbox, entries=4)
    origin = CancellationOrigin(CancelCause.CUSTOMER, "guest")
    cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)
    run_all(*(partial(offer_seats, showtime_id=showtime.pk) for _ in range(6)))
    return showtime


def test_many_workers_make_one_offer(sandbox):
    showtime = offers_of_many_workers(sandbox)
    assert SeatOffer.objects.get().entry == WaitingEntry.objects.order_by("pk").first()
    assert ShowtimeSeat.objects.filter(showtime=showtime, hold=SeatOffer.objects.get().hold).count() == 2


def take_or_leave(sandbox, leaves=1):
    showtime, booking = full_house(sandbox, entries=2)
    origin = CancellationOrigin(CancelCause.CUSTOMER, "guest")
    cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)
    offer_seats(showtime_id=showtime.pk)
    code = WaitingEntry.objects.order_by("pk")[0].code
    jobs = [as_word(partial(take_offer, code=code, browser=make_browser(number)), "taken") for number in (1, 2, 3)]
    jobs += [as_word(partial(leave, code=code), "left")] * leaves
    return showtime, Counter(run_all(*jobs))


def test_an_offer_is_taken_once_or_left(sandbox):
    showtime, outcomes = take_or_leave(sandbox)
    assert outcomes["taken"] <= 1 and outcomes["left"] == 1
    holders = set(ShowtimeSeat.objects.filter(showtime=showtime).values_list("hold_id", flat=True))
    assert len(holders) == 1


def test_without_its_locks_an_offer_is_taken_twice(monkeypatch, sandbox):
    """All of them have read the open offer before the first one takes it."""
    monkeypatch.setattr(waiting_offers.locks, "turn_for_best_seats", lambda **of: None)
    all_have_read = threading.Barrier(3)

    def end_after_all_have_read(entry, end):
        offer = entry.offers.filter(ended_at=None).select_related("hold").get()
        all_have_read.wait(PATIENCE)
        SeatOffer.objects.filter(pk=offer.pk).update(ended_at=ClockTimestamp(), end=end)
        return offer.hold

    monkeypatch.setattr(waiting_offers.locks, "waiting_entry_by_code", lambda code: WaitingEntry.objects.get(code=code))
    monkeypatch.setattr(waiting_offers, "_end_offer", end_after_all_have_read)
    assert take_or_leave(sandbox, leaves=0)[1]["taken"] > 1
