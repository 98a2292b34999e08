"""Publishing a plan: its number is the next one of its auditorium, and from then on it never changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.refusals import ManyProblems
from theaters import locks
from theaters.models import Auditorium, Seat, SeatingPlan
from theaters.plans.category_names import read_categories
from theaters.plans.plan_areas import areas_in, places_of
from theaters.plans.plan_drawing import PlanDrawing, SeatDrawing, drawn
from theaters.plans.plan_files import picture_of, problems_of_drawing, read_plan
from theaters.seat_facts import FACT_NAMES
from theaters.states import PlanStatus


class PlanRefused(ManyProblems):
    """The plan breaks rules, with a sentence for each."""


def lay_out(*, auditorium: Auditorium, text: str, now: datetime) -> SeatingPlan:
    """Publish a text or JSON; older showtimes keep their plans. Raises PlanUnreadable, PlanRefused."""
    drawing = read_plan(text)
    with transaction.atomic():
        locks.auditorium_to_lay_out(auditorium.pk)
        return publish_drawing(auditorium=auditorium, drawing=drawing, source=text, now=now)


def publish_drawing(*, auditorium: Auditorium, drawing: PlanDrawing, source: str, now: datetime) -> SeatingPlan:
    """Store and publish a plan, with the auditorium locked by the caller. Raises PlanRefused."""
    if problems := problems_of_drawing(drawing, read_categories(auditorium.theater_id)):
        raise PlanRefused(problems)
    newest = SeatingPlan.objects.filter(auditorium=auditorium).order_by("-number").first()
    plan = SeatingPlan.objects.create(
        auditorium=auditorium, number=1 if newest is None else newest.number + 1, source=source
    )
    Seat.objects.bulk_create(as_seats([*drawing.seats, *places_of(drawing.areas)], plan))
    # The last step, because a trigger refuses changes of a published plan and its seats.
    plan.status, plan.published_at = PlanStatus.PUBLISHED, now
    plan.save(update_fields=["status", "published_at"])
    return plan


def as_seats(seats: Iterable[SeatDrawing], plan: SeatingPlan | None = None) -> list[Seat]:
    return [
        Seat(
            plan=plan,
            label=seat.label,
            row=seat.row,
            number=seat.number,
            section=seat.section,
            x=seat.x,
            y=seat.y,
            category=seat.category,
            unit=seat.unit or "",
            **{name: getattr(seat.facts, name) for name in FACT_NAMES},
        )
        for seat in seats
    ]


def drawing_of(plan: SeatingPlan | None) -> PlanDrawing:
    """Read a published plan as a drawing; an empty one when there is no plan."""
    seats: Iterable[Seat] = [] if plan is None else Seat.objects.filter(plan=plan).order_by("pk")
    found = areas_in(
        SeatDrawing(
            seat.label,
            seat.row,
            seat.number,
            seat.section,
            seat.x,
            seat.y,
            seat.category,
            seat.unit or None,
            seat.facts,
        )
        for seat in seats
    )
    return drawn(found.seats, found.areas)


def picture_of_plan(plan: SeatingPlan | None) -> dict[str, Any] | None:
    return None if plan is None else picture_of(drawing_of(plan), read_categories(plan.auditorium.theater_id))


def current_plan(auditorium: Auditorium) -> SeatingPlan | None:
    """The auditorium's newest published plan, which new showtimes get."""
    return auditorium.plans.published().order_by("-number").first()


def current_plans(auditoriums: Iterable[Auditorium]) -> dict[int, SeatingPlan]:
    """The newest published plans of these auditoriums, by auditorium, in one query."""
    plans = SeatingPlan.objects.published().filter(auditorium__in={auditorium.pk for auditorium in auditoriums})
    return {plan.auditorium_id: plan for plan in plans.order_by("number")}
