"""Moves showtimes to another version of their auditorium's plan, one by one. A showtime that would lose a taken seat
keeps its plan.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.actors import staff_actor_name
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.plan_moves import plan_difference
from reservations.changes.showtime_changes import apply_change, plan_change
from staff.services.audit import record
from theaters.models import SeatingPlan, Showtime
from theaters.schedule.scheduling import SchedulingRefused
from theaters.schedule.showtime_drafts import replan_draft
from theaters.states import ChangeKind, ShowtimeStatus


@dataclass(frozen=True)
class Replanned:
    showtime: Showtime
    refusal: str


def move_showtimes_to_plan(
    *, showtimes: list[Showtime], plan: SeatingPlan, reason: str, user_id: int, now: datetime
) -> list[Replanned]:
    """Move each showtime in its own transaction, so that one refusal does not stop the others."""
    done = []
    for showtime in showtimes:
        move = _move_draft if showtime.status == ShowtimeStatus.DRAFT else _move_on_sale
        try:
            move(showtime, plan, reason=reason, user_id=user_id, now=now)
        except SchedulingRefused as refusal:
            done.append(Replanned(showtime, str(refusal)))
        else:
            done.append(Replanned(showtime, ""))
    return done


def _move_draft(showtime: Showtime, plan: SeatingPlan, *, reason: str, user_id: int, now: datetime) -> None:
    before, difference = showtime.plan, plan_difference(showtime, plan)
    with transaction.atomic():
        replan_draft(showtime_id=showtime.pk, plan=plan)
        record(
            actor=staff_actor_name(user_id),
            action=ChangeKind.PLAN.label.lower(),
            thing=showtime,
            theater=showtime.auditorium.theater_id,
            before={"value": f"plan {before.number}"},
            after={"value": f"plan {plan.number}", "seats": difference.as_json()},
            reason=reason,
        )


def _move_on_sale(showtime: Showtime, plan: SeatingPlan, *, reason: str, user_id: int, now: datetime) -> None:
    request = ChangeRequest(ChangeKind.PLAN, plan=plan)
    with transaction.atomic():
        change = plan_change(showtime=showtime, request=request, user_id=user_id, now=now)
        apply_change(change_id=change.pk, reason=reason, user_id=user_id, now=now)
