"""When a price list is valid: by business day and the theater's local time. A showtime gets one list, or a sentence."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houses.models import Theater
from tests.factories import make_auditorium, make_movie, make_price_list, make_theater
from theaters.models import PriceList
from theaters.schedule.price_list_choice import NoSingleList, choose_list, is_valid
from theaters.schedule.scheduling import SchedulingRefused, schedule
from theaters.schedule.showtime_days import ShowtimeStart
from theaters.schedule.showtime_drafts import DraftValues, change_draft, move_draft

FIVE = time(5)
FRIDAY, SATURDAY = date(2027, 3, 12), date(2027, 3, 13)
LONDON = Theater(name="London", timezone="Europe/London", business_day_starts_at=FIVE)


def valid(on=FRIDAY, at=time(20), day_starts=FIVE, **validity):
    return is_valid(PriceList(**validity), ShowtimeStart(on, at, day_starts))


clocks = st.times().map(lambda clock: clock.replace(microsecond=0))


@given(on=st.dates(), at=clocks)
def test_a_list_that_leaves_everything_open_fits_always(on, at):
    assert valid(on, at)


@given(on=st.dates(), at=clocks, border=clocks)
def test_before_and_from_one_time_share_every_day_between_them(on, at, border):
    assert valid(on, at, until_time=border) + valid(on, at, from_time=border) == (1 if border != FIVE else 2)


@pytest.mark.parametrize(
    ("at", "evening"),
    [("16:59", False), ("17:00", True), ("23:59", True), ("00:30", True), ("04:59", True), ("05:00", False)],
)
def test_the_late_show_is_the_evenings(at, evening):
    clock = time.fromisoformat(at)
    assert (valid(at=clock, from_time=time(17)), valid(at=clock, until_time=time(17))) == (evening, not evening)


def test_a_late_list_may_begin_after_midnight():
    late = {"from_time": time(0), "until_time": time(3)}
    assert [valid(at=time(hour), **late) for hour in (0, 2, 3, 23)] == [True, True, False, False]


@pytest.mark.parametrize(("weekdays", "fits"), [([5], True), ([6, 7], False), ([], True)])
def test_weekdays_are_those_of_the_business_day(weekdays, fits):
    assert valid(weekdays=weekdays) is fits


@pytest.mark.parametrize(("first", "last"), [(FRIDAY, None), (None, FRIDAY), (FRIDAY, FRIDAY), (None, None)])
def test_both_days_of_a_span_count(first, last):
    span = {"first_on": first, "last_on": last}
    day = timedelta(days=1)
    assert valid(**span)
    assert (valid(on=FRIDAY - day, **span), valid(on=FRIDAY + day, **span)) == (first is None, last is None)


def test_a_list_that_is_only_chosen_by_hand_is_never_found():
    assert not valid(is_by_hand=True)


# One list


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def found(starts_at, *lists):
    return choose_list(lists, theater=LONDON, starts_at=at(starts_at)).name


EVENING, MATINEE = PriceList(name="Evening", from_time=time(17)), PriceList(name="Matinee", until_time=time(17))
WEEKEND = PriceList(name="Weekend", weekdays=[5, 6], from_time=time(17), rank=10)
GALA = PriceList(name="Gala", first_on=SATURDAY, last_on=SATURDAY, rank=20)


@pytest.mark.parametrize(
    ("starts_at", "name"),
    [
        ("2027-03-11T14:00", "Matinee"),
        ("2027-03-11T20:00", "Evening"),
        ("2027-03-12T20:00", "Weekend"),
        ("2027-03-13T00:30", "Weekend"),
        ("2027-03-13T05:00", "Gala"),
        ("2027-03-14T00:30", "Gala"),
        ("2027-03-14T20:00", "Evening"),
    ],
)
def test_the_highest_rank_wins(starts_at, name):
    assert found(starts_at, EVENING, MATINEE, WEEKEND, GALA) == name


def test_two_price_lists_of_one_rank_are_refused_by_name():
    with pytest.raises(NoSingleList) as refusal:
        found("2027-03-13T00:30", EVENING, MATINEE, PriceList(name="Late", from_time=time(0)))
    assert str(refusal.value) == (
        "Several price lists are valid on Friday 12 March 2027, 00:30, with the same rank: Evening and Late. "
        "Give one of them a higher rank, or choose one by hand."
    )


def test_a_time_without_a_price_list_is_refused_with_theater_and_time():
    with pytest.raises(NoSingleList, match="No price list of London is valid on Friday 12 March 2027, 20:00"):
        found("2027-03-12T20:00", MATINEE)


@pytest.mark.parametrize("starts_at", ["2027-10-31T01:30", "2027-03-28T14:00"])
def test_the_clock_on_the_wall_decides_on_nights_that_clocks_change(starts_at):
    assert found(starts_at, EVENING, MATINEE) == ("Evening" if "T01" in starts_at else "Matinee")


# Drafts


@pytest.fixture
def room(db):
    theater = make_theater()
    for name, validity in (("Evening", {"from_time": time(17)}), ("Matinee", {"until_time": time(17)})):
        PriceList.objects.filter(pk=make_price_list(theater).pk).update(name=name, **validity)
    return make_auditorium(theater)


AFTERNOON, NIGHT = at("2030-03-12T14:00"), at("2030-03-12T20:00")


def plan(room, starts_at=AFTERNOON, **fields):
    return schedule(movie=make_movie(), auditorium=room, starts_at=starts_at, **fields)


def test_a_draft_finds_its_list_and_another_when_it_moves(room):
    draft = plan(room)
    assert (draft.price_list.name, draft.is_list_by_hand) == ("Matinee", False)
    assert move_draft(showtime_id=draft.pk, starts_at=NIGHT, now=AFTERNOON).price_list.name == "Evening"


def test_a_list_chosen_by_hand_stays_when_the_draft_moves(room):
    draft = plan(room, price_list=PriceList.objects.get(name="Evening"))
    assert (draft.price_list.name, draft.is_list_by_hand) == ("Evening", True)
    moved = move_draft(showtime_id=draft.pk, starts_at=AFTERNOON + timedelta(hours=1), now=AFTERNOON)
    assert moved.price_list.name == "Evening"


def test_a_draft_without_a_single_list_is_refused_and_not_written(room):
    PriceList.objects.update(from_time=None, until_time=None)
    with pytest.raises(SchedulingRefused, match="same rank: Evening and Matinee"):
        plan(room)
    assert not room.showtimes.exists()


def test_changing_a_draft_finds_the_list_again(room):
    draft = plan(room, price_list=PriceList.objects.get(name="Evening"))
    values = DraftValues(movie=draft.movie, auditorium=room, price_list=None, starts_at=AFTERNOON)
    assert change_draft(showtime_id=draft.pk, values=values).price_list.name == "Matinee"
