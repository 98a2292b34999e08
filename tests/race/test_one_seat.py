"""Many buyers want one seat: one gets it, the others are told, nothing else changes."""

import re
import threading
from collections import Counter
from functools import partial

import pytest
from django.test import Client

from reservations import locks
from reservations.models import Hold, ShowtimeSeat
from reservations.seats.taking import take_seats
from tests.factories import make_browser
from tests.race.racing import as_word, broken_invariants, run_all, taken

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BUYERS = 16


def rush(showtime, labels, buyers=BUYERS):
    """Count the outcomes of buyers who all want these seats at the same time."""
    takes = [
        partial(take_seats, showtime_id=showtime.pk, browser=make_browser(n), labels=labels) for n in range(buyers)
    ]
    return Counter(run_all(*(as_word(take, "held") for take in takes)))


@pytest.mark.parametrize("label", ["A1", "A6", "B3"])
def test_one_of_many_buyers_has_the_seat_and_the_others_leave_no_trace(showtime, label):
    assert rush(showtime, [label]) == {"held": 1, "SeatGone": BUYERS - 1}
    hold = Hold.objects.get()
    held = ShowtimeSeat.objects.exclude(hold=None, booking=None, held_until=None)
    assert [(seat.label, seat.hold_id, seat.held_until) for seat in held] == [(label, hold.pk, hold.expires_at)]
    assert broken_invariants() == set()


def test_through_the_site_one_is_redirected_and_the_others_get_the_fresh_map(showtime):
    def click():
        answer = Client().post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
        return answer.status_code, bool(re.search(rb'data-seat="A1"[^>]* data-state="held"', answer.content))

    assert Counter(run_all(*[click] * 8)) == {(302, False): 1, (409, True): 7}
    assert ShowtimeSeat.objects.exclude(hold=None).count() == Hold.objects.count() == 1


def test_control_looking_first_and_writing_then_gives_one_seat_to_everybody(showtime, monkeypatch):
    everybody_looked = threading.Barrier(4)

    def look_then_write(*, showtime_id, hold, labels, **_):
        seats = ShowtimeSeat.objects.filter(showtime_id=showtime_id, label__in=labels)
        are_free = not seats.exclude(hold=None, booking=None).exists()
        everybody_looked.wait(10)
        seats.update(hold=hold.id, held_until=hold.expires_at)
        return taken(are_free)

    monkeypatch.setattr(locks, "take_seats", look_then_write)
    assert rush(showtime, ["A1"], buyers=4) == {"held": 4}
