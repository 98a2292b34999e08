"""A plan as a text or a JSON file, in and out, and as a picture for people who plan."""

from collections.abc import Sequence
from typing import Any

from core.refusals import ManyProblems
from theaters.models import SeatingPlan
from theaters.plan_areas import problems_of_areas, with_places
from theaters.plan_drawing import AreaDrawing, PlanDrawing, SeatDrawing
from theaters.plan_foreign import ForeignPlanError, is_csv, is_pretix, read_csv, read_pretix
from theaters.plan_json import PlanJsonError, as_rows, parse_json, read_rows, render_json
from theaters.plan_picture import Chair, category_counts, plan_picture
from theaters.plan_rules import problems_of, warnings_of
from theaters.plan_text import PlanTextError, parse_plan
from theaters.plan_writing import render_plan

__all__ = [
    "AreaDrawing", "PlanDrawing", "PlanUnreadable", "SeatDrawing", "as_json", "as_rows", "as_source", "as_text", "picture_of",
    "picture_of_plan", "problems_of", "problems_of_drawing", "read_plan", "read_saved", "warnings_of",
    "with_places",
]  # fmt: skip


class PlanUnreadable(ManyProblems):
    """What is no plan, with a sentence for each thing that is wrong."""


def read_plan(text: str) -> PlanDrawing:
    """Our text or JSON, pretix's JSON, or CSV, whichever it is; all but our text may break rules. Raises PlanUnreadable."""
    try:
        if is_pretix(text):
            return read_pretix(text)
        if is_csv(text):
            return read_csv(text)
        return parse_json(text) if text.lstrip("\ufeff \r\n").startswith(("{", '"')) else parse_plan(text)
    except PlanTextError as slip:
        raise PlanUnreadable([str(slip)]) from None
    except (PlanJsonError, ForeignPlanError) as slip:
        raise PlanUnreadable(slip.sentences) from None


def read_saved(rows: Any) -> tuple[SeatDrawing, ...]:
    """The rows of an editor. Raises PlanUnreadable."""
    try:
        return read_rows(rows)
    except PlanJsonError as slip:
        raise PlanUnreadable(slip.sentences) from None


def as_text(drawing: PlanDrawing) -> str:
    """For a plan that keeps the rules."""
    return render_plan(drawing)


def as_json(drawing: PlanDrawing) -> str:
    return render_json(drawing)


def as_source(drawing: PlanDrawing) -> str:
    """As text; what breaks rules cannot be drawn so, and is JSON."""
    return as_json(drawing) if problems_of_drawing(drawing) else as_text(drawing)


def problems_of_drawing(drawing: PlanDrawing) -> list[str]:
    """Why this cannot be published: the rules of seats and those of areas. A plan may consist of areas alone."""
    seats = problems_of(drawing.seats) if drawing.seats or not drawing.areas else []
    return [*seats, *problems_of_areas(drawing)]


def picture_of(seats: Sequence[Chair]) -> dict[str, Any] | None:
    """What the templates need to show it."""
    return {"svg": plan_picture(seats), "counts": category_counts(seats), "total": len(seats)} if seats else None


def picture_of_plan(plan: SeatingPlan | None) -> dict[str, Any] | None:
    return None if plan is None else picture_of(list(plan.seats.numbered().order_by("pk")))
