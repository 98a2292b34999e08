"""Whether held seats leave a single seat over now: the rule of single_seats.py on the rows of a showtime."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q

from core.database.prepared_statements import prepared_cursor
from houses.models import Theater
from reservations.models import Hold
from reservations.seats.geometry import PlanSeat
from reservations.seats.house_seats import holds_seats_of_group
from reservations.seats.plan_seats import picture_of_plan, seats_of_plan
from reservations.seats.single_seats import LeftOver, Picture, SingleSeatRule, judge_choice
from reservations.seats.state import SeatState, state_sql
from theaters.seat_labels import is_place

FREE, LATER = "free", "later"

# The state of these seats (NULL: of all): free for this hold, or taken by a hold that began later. Others are left out.
STATES = f"""
SELECT seat.label,
       CASE WHEN seat.hold_id = %(hold)s::bigint OR {state_sql("seat", at="clock_timestamp()")} = '{SeatState.FREE}' THEN '{FREE}'
            WHEN taker.started_at > mine.started_at THEN '{LATER}' END
  FROM reservations_showtimeseat AS seat
  LEFT JOIN reservations_booking AS booking ON booking.id = seat.booking_id
  LEFT JOIN reservations_hold AS taker ON taker.id = coalesce(seat.hold_id, booking.hold_id)
  LEFT JOIN reservations_hold AS mine ON mine.id = %(hold)s::bigint
 WHERE seat.showtime_id = %(showtime)s AND seat.area_id IS NULL AND (%(labels)s::text[] IS NULL OR seat.label = ANY(%(labels)s))
"""


def rule_of(theater: Theater) -> SingleSeatRule:
    return SingleSeatRule(theater.avoids_single_seats, theater.single_seats_off_up_to)


def judge_held(
    *,
    showtime_id: int,
    plan_id: int,
    hold_id: int,
    labels: Sequence[str],
    rule: SingleSeatRule,
    freed: Collection[str] = (),
) -> LeftOver[PlanSeat] | None:
    """Judge the seats of a hold; None when it may be sold.

    `freed`: the seats that an exchange for the held ones gives up. One query in nearly all cases, none for one seat; others
    to find a better choice.
    """
    labels = [label for label in labels if not is_place(label)]
    if not rule.judges(chosen=len(labels), free=rule.off_up_to + 1):
        return None
    picture = picture_of_plan(plan_id)
    beside = _around(picture, labels)
    near = {*labels, *beside, *_around(picture, beside)}
    if not _with_states(picture, showtime_id, hold_id, list(near), freed=freed).left_over(labels):
        return None
    chosen = [seat for seat in seats_of_plan(plan_id) if seat.label in labels]
    picture = _with_states(picture, showtime_id, hold_id, None, freed=freed)
    left_over = judge_choice(replace(picture, not_offered=frozenset(freed)), chosen, rule=rule)
    return None if left_over is not None and _was_chosen_by_others(hold_id, labels) else left_over


def _was_chosen_by_others(hold_id: int, labels: Sequence[str]) -> bool:
    """Whether staff chose these seats for a group, an organizer for friends, or we for an entry of the waiting list."""
    chosen = Q(shared_block__isnull=False) | Q(seat_offer__labels__contains=labels, seat_offer__labels__len=len(labels))
    return Hold.objects.filter(chosen, pk=hold_id).exists() or holds_seats_of_group(Q(hold=hold_id))


def judge_swap(
    *, showtime_id: int, plan_id: int, freed: Collection[str], labels: Sequence[str], rule: SingleSeatRule
) -> LeftOver[PlanSeat] | None:
    """Judge the seats that sold ones are swapped for by staff, who may choose the `freed` ones again. One query."""
    if not rule.judges(chosen=len(labels), free=rule.off_up_to + 1):
        return None
    picture = _with_states(picture_of_plan(plan_id), showtime_id, None, None, freed=freed)
    return judge_choice(picture, [seat for seat in seats_of_plan(plan_id) if seat.label in labels], rule=rule)


def _around(picture: Picture[PlanSeat], labels: Iterable[str]) -> set[str]:
    return {beside for label in labels for beside in picture.neighbors.get(label, ()) if beside is not None}


def _with_states(
    picture: Picture[PlanSeat],
    showtime_id: int,
    hold_id: int | None,
    labels: list[str] | None,
    *,
    freed: Collection[str] = (),
) -> Picture[PlanSeat]:
    """Fill in the seats of these labels, None for all. `freed` seats are free although somebody has them."""
    wanted: dict[str, Any] = {"showtime": showtime_id, "hold": hold_id, "labels": labels}
    with prepared_cursor() as cursor:
        cursor.execute(STATES, wanted)
        states = dict(cursor.fetchall())
    free, later = (frozenset(label for label, state in states.items() if state == wished) for wished in (FREE, LATER))
    return replace(picture, free=free.union(freed), later=later)
