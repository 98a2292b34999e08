from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from theaters import locks
from theaters.models import Auditorium, Seat, SeatingPlan
from theaters.plan_text import parse_plan
from theaters.states import PlanStatus


def lay_out(*, auditorium: Auditorium, text: str, now: datetime) -> SeatingPlan:
    """Publish the drawing as the auditorium's next plan; older showtimes keep theirs. Raises PlanTextError."""
    drawing = parse_plan(text)
    with transaction.atomic():
        locks.auditorium_to_lay_out(auditorium.pk)
        newest = SeatingPlan.objects.filter(auditorium=auditorium).order_by("-number").first()
        plan = SeatingPlan.objects.create(
            auditorium=auditorium,
            number=1 if newest is None else newest.number + 1,
            status=PlanStatus.PUBLISHED,
            source=text,
            published_at=now,
        )
        Seat.objects.bulk_create(
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
            )
            for seat in drawing.seats
        )
    return plan


def current_plan(auditorium: Auditorium) -> SeatingPlan | None:
    """The plan that new showtimes get."""
    return auditorium.plans.published().order_by("-number").first()


def current_plans(auditoriums: Iterable[Auditorium]) -> dict[int, SeatingPlan]:
    """The same for many rooms, by auditorium, in one query."""
    plans = SeatingPlan.objects.published().filter(auditorium__in={room.pk for room in auditoriums})
    return {plan.auditorium_id: plan for plan in plans.order_by("number")}
