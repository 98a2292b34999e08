"""Where the law demands certified equipment, our counter takes no money without it."""

import pytest

from reservations.models import Booking
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.factories import make_showtime, make_theater
from theaters.counter_law import NEEDS_ADAPTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def german(db):
    return make_showtime(theater=make_theater(country="DE", currency="EUR", timezone_name="Europe/Berlin"))


@pytest.mark.parametrize("method", ["cash", "card"])
def test_the_counter_takes_no_money_and_says_why(german, method):
    clerk = seller(german.auditorium.theater)
    hold(clerk, german, "A1")
    answer = clerk.post(at(german), sale("A1", method=method))
    assert answer.status_code == 403 and not Booking.objects.exists()
    assert "In Germany a counter that takes money has to record each sale" in answer.content.decode()


def test_it_is_said_before_anything_is_taken(german, settings):
    clerk = seller(german.auditorium.theater)
    assert "The counter takes no money here." in clerk.get("/counter/").content.decode()
    settings.COUNTER_WITHOUT_ADAPTER = ["DE"]
    assert "The counter takes no money here." not in clerk.get("/counter/").content.decode()


def test_with_equipment_of_the_operators_own_it_sells(german, settings):
    settings.COUNTER_WITHOUT_ADAPTER = ["AT", "DE"]
    clerk = seller(german.auditorium.theater)
    hold(clerk, german, "A1")
    assert clerk.post(at(german), sale("A1")).status_code == 303
    assert Booking.objects.get().status == "CONFIRMED"


def test_free_tickets_are_given_everywhere(german):
    boss = seller(german.auditorium.theater, "MANAGER")
    hold(boss, german, "A1")
    boss.post(at(german), sale("A1", total="0.00", method="comp", comp_reason="press"))
    assert Booking.objects.get().status == "CONFIRMED"


def test_where_no_law_is_known_it_sells():
    assert {"GB", "US", "JP"}.isdisjoint(NEEDS_ADAPTER) and {"DE", "IT", "FR", "AT"} <= NEEDS_ADAPTER
