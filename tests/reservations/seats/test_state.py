"""The state of a seat's row: the SQL function, its Python twin and its Q twin agree on every combination of the columns."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from reservations.models import Booking, Hold, ShowtimeSeat
from reservations.seats.state import (
    TAKEN,
    UNPAID,
    SeatState,
    in_state,
    is_house_seat,
    shown_to_others,
    state_of,
    state_sql,
    unpaid_sql,
)
from tests.factories import make_auditorium, make_sale, make_showtime, make_theater

AT = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
# Just before, at and just after the moment, and far away from it.
MOMENTS = [None, *(AT + timedelta(microseconds=step) for step in (-(10**12), -1, 0, 1, 10**12))]


@dataclass(frozen=True)
class Columns:
    hold_id: int | None
    booking_id: int | None
    held_until: datetime | None
    house_reason: str


EVERY_MIX = [Columns(*mix) for mix in product((None, 1), (None, 1), MOMENTS, ("", "Broken"))]


def judged_in_sql(rows, rule=state_sql):
    with connection.cursor() as cursor:
        values = ", ".join(["(%s, %s::bigint, %s::bigint, %s::timestamptz, %s::text)"] * len(rows))
        columns = [(row.hold_id, row.booking_id, row.held_until, row.house_reason) for row in rows]
        flat = [value for number, mix in enumerate(columns) for value in (number, *mix)]
        cursor.execute(
            f"SELECT {rule('seat', at='%s::timestamptz')}"
            f" FROM (VALUES {values}) AS seat (number, hold_id, booking_id, held_until, house_reason) ORDER BY number",
            [AT, *flat],
        )
        return [judgment for (judgment,) in cursor.fetchall()]


@pytest.mark.django_db
def test_sql_and_python_judge_every_mix_of_the_columns_alike():
    assert len(EVERY_MIX) == 48
    assert judged_in_sql(EVERY_MIX) == [state_of(row, AT) for row in EVERY_MIX]


@pytest.mark.django_db
def test_rows_that_can_be_stored_are_unpaid_as_the_state_says():
    stored = [row for row in EVERY_MIX if row.hold_id is None or (row.booking_id is None and row.held_until)]
    assert judged_in_sql(stored, unpaid_sql) == [state_of(row, AT) in UNPAID for row in stored]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (Columns(None, None, None, ""), "free"),
        (Columns(None, None, None, "Broken"), "house"),
        (Columns(1, None, MOMENTS[3], ""), "free"),  # it ends at exactly this moment
        (Columns(1, None, MOMENTS[4], ""), "held"),
        (Columns(1, None, MOMENTS[3], "Broken"), "house"),
        (Columns(1, None, MOMENTS[4], "Broken"), "held"),
        (Columns(None, 1, MOMENTS[4], ""), "pending"),
        (Columns(None, 1, MOMENTS[2], ""), "free"),
        (Columns(None, 1, MOMENTS[2], "Broken"), "house"),
        (Columns(None, 1, None, ""), "sold"),
        (Columns(None, 1, None, "Broken"), "sold"),
        (Columns(1, None, None, ""), "held"),  # the constraint forbids this row; the twins still agree
    ],
)
def test_the_first_state_that_fits(row, state):
    assert state_of(row, AT) == state


def test_what_the_state_means():
    assert [state for state in SeatState if state not in TAKEN] == ["house", "free"]
    assert TAKEN - {SeatState.SOLD} == UNPAID
    assert [shown_to_others(state) for state in SeatState] == ["sold", "held", "held", "house", "free"]
    assert [is_house_seat(row) for row in EVERY_MIX] == [row.house_reason != "" for row in EVERY_MIX]


def store_every_mix(showtime):
    """Write each combination as a row of the showtime, also those that the constraint forbids."""
    hold = Hold.objects.create(showtime=showtime, holder="x", started_at=AT, expires_at=AT, cap_at=AT)
    booking = Booking.objects.create(sale=make_sale(showtime), showtime=showtime, hold=hold, holder="x", total=1)
    rows = list(ShowtimeSeat.objects.filter(showtime=showtime).order_by("pk"))
    for row, mix in zip(rows, EVERY_MIX, strict=True):
        row.hold_id, row.booking_id = mix.hold_id and hold.pk, mix.booking_id and booking.pk
        row.held_until, row.house_reason = mix.held_until, mix.house_reason
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reservations_showtimeseat DROP CONSTRAINT seat_is_in_one_state")
    ShowtimeSeat.objects.bulk_update(rows, ["hold", "booking", "held_until", "house_reason"])


@pytest.mark.django_db
def test_rows_are_found_by_the_state_that_the_function_says():
    showtime = make_showtime(
        auditorium=make_auditorium(make_theater(), "\n".join(f"{row} oooooo" for row in "ABCDEFGH"))
    )
    store_every_mix(showtime)
    rows = ShowtimeSeat.objects.filter(showtime=showtime)
    found = {state: set(rows.filter(in_state(state, at=AT)).values_list("pk", flat=True)) for state in SeatState}
    judged = {state: {row.pk for row in rows if state_of(row, AT) == state} for state in SeatState}
    free_or_house = set(rows.filter(in_state(SeatState.FREE, SeatState.HOUSE, at=AT)).values_list("pk", flat=True))
    assert found == judged
    assert all(found.values()) and sum(map(len, found.values())) == len(EVERY_MIX)
    assert free_or_house == found[SeatState.FREE] | found[SeatState.HOUSE]


@given(
    st.builds(
        Columns,
        st.sampled_from([None, 1]),
        st.sampled_from([None, 1]),
        st.none() | st.integers(-3, 3).map(lambda step: AT + timedelta(microseconds=step)),
        st.sampled_from(["", " ", "0", "Broken"]),
    ),
    st.integers(-3, 3).map(lambda step: AT + timedelta(microseconds=step)),
)
def test_a_seat_that_somebody_left_is_never_taken_again_by_time_alone(row, later):
    """As time passes, a state only changes from held or pending to what it is without the hold."""
    before, after = sorted([AT, later])
    old, new = state_of(row, before), state_of(row, after)
    left = SeatState.HOUSE if is_house_seat(row) else SeatState.FREE
    assert new == old or (old in UNPAID and new == left)


@pytest.mark.django_db
def test_postgresql_writes_the_function_into_the_statement(showtime):
    """A function call in the plan would cost time for each seat: the body must allow inlining, and use the moment once."""
    with connection.cursor() as cursor:
        state = state_sql("seat", at="clock_timestamp()")
        cursor.execute(
            f"EXPLAIN (VERBOSE) SELECT {state} FROM reservations_showtimeseat AS seat WHERE {state} = 'free'"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "CASE WHEN" in plan and "seat_state_v1" not in plan
