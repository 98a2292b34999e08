"""Auditoriums of any size are added to a running system on request."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dev.demo.large_room import FEWEST, MOST, room_text
from reservations.models import ShowtimeSeat
from reservations.seats.state import HOUSE_SEATS
from theaters.models import PriceList, Showtime
from theaters.plans.plan_text import parse_plan

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seats", [FEWEST, 120, 301, 620, MOST])
def test_it_has_as_many_seats_as_asked_for(seats):
    drawn = parse_plan(room_text(seats)).seats
    assert len(drawn) == len({seat.label for seat in drawn}) == seats
    assert {seat.category for seat in drawn} >= {"STANDARD", "PREMIUM", "WHEELCHAIR", "COMPANION"}


@pytest.mark.parametrize("seats", [FEWEST - 1, MOST + 1])
def test_a_size_that_no_plan_may_have_is_refused(seats, showtime):
    with pytest.raises(CommandError, match="A room has"):
        add(showtime, seats)


def add(showtime, seats: int) -> str:
    out = StringIO()
    call_command("add_large_room", "--seats", str(seats), "--theater", showtime.auditorium.theater.slug, stdout=out)
    return out.getvalue().strip()


def test_the_large_room_is_on_sale_tomorrow_evening_and_is_made_once(showtime):
    PriceList.objects.update(name="Evening")
    address = add(showtime, 120)
    opened = Showtime.objects.latest("pk")
    assert address == f"/showtimes/{opened.pk}/" == add(showtime, 120)
    rows = ShowtimeSeat.objects.filter(showtime=opened)
    assert (rows.count(), rows.filter(HOUSE_SEATS).count()) == (120, 36)


def test_a_theater_that_is_not_there(db):
    with pytest.raises(CommandError, match="no such theater"):
        call_command("add_large_room", "--theater", "nowhere")
