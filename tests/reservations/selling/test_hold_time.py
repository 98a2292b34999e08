"""How long seats are held is a setting of the theater; without one the installation's setting counts."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houses.models import Theater
from reservations.models import Hold
from reservations.seats.taking import extend_hold
from tests.aging import age_hold
from tests.factories import hold_seats, make_browser, make_showtime

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_values_stay_fresh")]


@pytest.fixture
def showtime():
    return make_showtime()


def lengths(hold) -> tuple[float, float]:
    return (hold.expires_at - hold.started_at).total_seconds(), (hold.cap_at - hold.started_at).total_seconds()


@pytest.mark.parametrize(
    ("policy", "wanted"), [(None, (480, 1200)), (900, (900, 1620)), (60, (60, 780)), (3600, (3600, 4320))]
)
def test_the_cap_leaves_the_same_time_after_the_hold(showtime, policy, wanted):
    Theater.objects.update(hold_seconds=policy)
    hold = hold_seats(showtime, make_browser(1), "A1")
    assert lengths(hold) == wanted
    assert showtime.seats.get(label="A1").held_until == hold.expires_at


def test_a_house_whose_cap_is_shorter_than_its_hold(showtime, settings):
    settings.HOLD_SECONDS, settings.HOLD_CAP_SECONDS = 600, 300
    assert lengths(hold_seats(showtime, make_browser(1), "A1")) == (300, 300)
    Theater.objects.update(hold_seconds=120)
    assert lengths(hold_seats(showtime, make_browser(2), "A2")) == (120, 120)


def test_who_is_choosing_already_keeps_their_time(showtime):
    before = hold_seats(showtime, make_browser(1), "A1")
    Theater.objects.update(hold_seconds=60)
    after = hold_seats(showtime, make_browser(1), "A2")
    assert (after.pk, lengths(after)) == (before.pk, lengths(before))


def test_the_extension_is_the_houses_and_stays_under_the_cap(showtime):
    Theater.objects.update(hold_seconds=60)
    hold = hold_seats(showtime, make_browser(1), "A1")
    age_hold(hold, 30)
    extend_hold(showtime_id=showtime.pk, browser=make_browser(1))
    hold = Hold.objects.get()
    assert lengths(hold) == (60 + settings.HOLD_EXTENSION_SECONDS, 780)


def test_it_costs_no_query(showtime):
    def queries(number):
        with CaptureQueriesContext(connection) as seen:
            hold_seats(showtime, make_browser(number), f"A{number}")
        return len(seen)

    queries(3)  # the plan is read only once
    without = queries(1)
    Theater.objects.update(hold_seconds=900)
    assert queries(2) == without
