"""A theater's day starts at five in the morning by its local time, also on days when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import in_zone
from houses.business_days import business_day, day_bounds, local_moment
from houses.models import Theater
from theaters.models import Auditorium, Movie, Showtime
from theaters.selectors import fullness

ZONES = ["Europe/London", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "America/Sao_Paulo"]


def theater(zone="Europe/London", starts=time(5), **fields):
    return Theater(timezone=zone, business_day_starts_at=starts, **fields)


def at(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ((2026, 11, 21, 20, 0), 21),
        ((2026, 11, 22, 0, 30), 21),
        ((2026, 11, 22, 4, 59), 21),
        ((2026, 11, 22, 5, 0), 22),
    ],
)
def test_half_past_midnight_belongs_to_the_evening_before(moment, day):
    assert business_day(theater(), at("Europe/London", *moment)) == date(2026, 11, day)


@pytest.mark.parametrize(
    ("zone", "on", "hours"),
    [
        ("Europe/London", date(2027, 3, 27), 23),
        ("Europe/London", date(2026, 10, 24), 25),
        ("America/New_York", date(2027, 3, 13), 23),
        ("Australia/Lord_Howe", date(2027, 4, 3), 24.5),
        ("Asia/Tokyo", date(2027, 3, 27), 24),
    ],
)
def test_a_day_has_23_to_25_hours(zone, on, hours):
    start, end = day_bounds(theater(zone), on)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize("on", [date(2027, 3, 28), date(2027, 10, 31)])
def test_a_day_that_begins_while_clocks_change_begins_once(on):
    """The day begins at 01:30, which London's clocks skip in March and show twice in October."""
    place = theater(starts=time(1, 30))
    for minutes in range(0, 180, 10):
        moment = datetime.combine(on, time(0), tzinfo=UTC) + timedelta(minutes=minutes)
        start, end = day_bounds(place, business_day(place, moment))
        assert start.astimezone(UTC) <= moment < end.astimezone(UTC)


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    starts=st.sampled_from([time(0), time(1, 30), time(5), time(6, 30)]),
)
def test_every_moment_lies_within_the_bounds_of_its_day(moment, zone, starts):
    place = theater(zone, starts)
    start, end = day_bounds(place, business_day(place, moment))
    assert start.astimezone(UTC) <= moment < end.astimezone(UTC)


def test_a_time_that_clocks_skip_is_read_as_if_they_had_not_changed_yet():
    skipped = local_moment(theater(), date(2027, 3, 28), time(1, 30))
    assert skipped.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_film_over_the_change_of_clocks_lasts_as_long_as_it_lasts():
    place = theater(sales_close_minutes=10, tax_rate=Decimal(0))
    room = Auditorium(theater=place, preroll_minutes=15, turnaround_minutes=20)
    starts_at = local_moment(place, date(2026, 10, 25), time(0, 30))
    showtime = Showtime(movie=Movie(running_minutes=100), auditorium=room, starts_at=starts_at)
    showtime.set_times()
    assert showtime.ends_at - starts_at.astimezone(UTC) == timedelta(minutes=115)
    assert in_zone(showtime.ends_at, place.zone).time() == time(1, 25)
    assert showtime.occupied_until - showtime.ends_at == timedelta(minutes=20)
    assert starts_at.astimezone(UTC) - showtime.sales_close_at == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("total", "taken", "label"),
    [
        (100, 0, "free"), (100, 59, "free"), (100, 60, "filling"), (100, 89, "filling"), (100, 90, "last"),
        (100, 100, "sold_out"), (24, 15, "filling"), (24, 16, "last"), (300, 292, "last"),
        (0, 0, "sold_out"), (10, 11, "sold_out"),
    ],
)  # fmt: skip
def test_how_full_it_is(total, taken, label):
    assert fullness(total, taken) == label
