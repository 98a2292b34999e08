"""The state of a seat row at one moment. Nobody else judges the columns of ShowtimeSeat (tests/reservations/seats).

The rule stands twice: as the SQL function `seat_state_v1` (reservations/migrations) and as `state_of` and `in_state` here.
tests/reservations/seats/test_state.py compares them over every mix of the columns. A changed rule gets a new function with
the next number, beside the old one: the release before it still runs during a deployment.
"""

from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Protocol

from django.db.models import Q
from django.db.models.expressions import Combinable


class SeatState(StrEnum):
    """The first that fits. A house seat that somebody has is held, pending or sold until it is left."""

    SOLD = "sold"
    HELD = "held"
    PENDING = "pending"
    HOUSE = "house"
    FREE = "free"


# Somebody has the seat.
TAKEN = frozenset({SeatState.SOLD, SeatState.HELD, SeatState.PENDING})
# States of seats that are taken but not paid.
UNPAID = frozenset({SeatState.HELD, SeatState.PENDING})
# Rows that are kept back from sale, also while somebody has them: when that ends, they are house seats again.
HOUSE_SEATS = ~Q(house_reason="")


class SeatColumns(Protocol):
    """The columns that the rule reads, as in ShowtimeSeat."""

    @property
    def hold_id(self) -> int | None: ...
    @property
    def booking_id(self) -> int | None: ...
    @property
    def held_until(self) -> datetime | None: ...
    @property
    def house_reason(self) -> str: ...


def state_of(row: SeatColumns, now: datetime) -> SeatState:
    """The state of a row, locked or only read; `now` is the database's clock, read after the lock."""
    if row.booking_id is not None and row.held_until is None:
        return SeatState.SOLD
    # A hold without an end cannot be stored; if it could, its seat would not be free.
    if row.hold_id is not None if row.held_until is None else row.held_until > now:
        return SeatState.HELD if row.booking_id is None else SeatState.PENDING
    return SeatState.HOUSE if row.house_reason else SeatState.FREE


def in_state(*states: SeatState, at: datetime | Combinable) -> Q:
    """The rows that are in one of the states at a moment: `ShowtimeSeat.objects.filter(in_state(SeatState.FREE, at=…))`."""
    has_booking, has_end = Q(booking__isnull=False), Q(held_until__isnull=False)
    is_sold = has_booking & ~has_end
    is_waiting = Q(held_until__gt=at) | (Q(hold__isnull=False) & ~has_booking & ~has_end)
    is_left = Q(held_until__lte=at) | Q(hold__isnull=True, booking__isnull=True, held_until__isnull=True)
    conditions = {
        SeatState.SOLD: is_sold,
        SeatState.HELD: is_waiting & ~has_booking,
        SeatState.PENDING: is_waiting & has_booking,
        SeatState.HOUSE: is_left & HOUSE_SEATS,
        SeatState.FREE: is_left & ~HOUSE_SEATS,
    }
    return reduce(or_, (conditions[state] for state in states))


def state_sql(seat: str, *, at: str) -> str:
    """The state in SQL. `seat` is the name of the row in the statement, `at` the moment.

    PostgreSQL writes the function's body into the statement (it stays so while `at` stands once in it), so it costs as
    much as the conditions themselves.
    """
    return f"seat_state_v1({seat}.hold_id, {seat}.booking_id, {seat}.held_until, {seat}.house_reason, {at})"


def unpaid_sql(seat: str, *, at: str) -> str:
    """SQL for in_state(*UNPAID). Rows without an end are neither held nor pending: the state of those is not worked out,
    since most rows of a large auditorium have none and every click counts them all.
    """
    return (
        f"({seat}.held_until IS NOT NULL AND {state_sql(seat, at=at)} IN ('{SeatState.HELD}', '{SeatState.PENDING}'))"
    )


def is_house_seat(row: SeatColumns) -> bool:
    """Whether a row is one of HOUSE_SEATS."""
    return bool(row.house_reason)


def house_seat_sql(seat: str) -> str:
    """SQL for is_house_seat."""
    return f"{seat}.house_reason <> ''"


def shown_to_others(state: SeatState) -> str:
    """The state as the seat map and live changes show it to others: `held` also for pending, so nobody sees who is
    paying.
    """
    return SeatState.HELD.value if state == SeatState.PENDING else state.value
