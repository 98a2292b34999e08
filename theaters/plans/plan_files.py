"""Plans as text and JSON files, in and out, and as a picture for staff."""

from dataclasses import replace
from typing import Any

from core.refusals import ManyProblems
from theaters.plans.plan_areas import problems_of_areas, with_places
from theaters.plans.plan_drawing import AreaDrawing, PlanDrawing, SeatDrawing
from theaters.plans.plan_foreign import FileCategories, ForeignPlanError, is_csv, is_pretix, read_csv, read_pretix
from theaters.plans.plan_json import PlanJsonError, as_rows, parse_json, read_rows, render_json
from theaters.plans.plan_picture import category_counts, plan_picture
from theaters.plans.plan_rules import problems_of, warnings_of
from theaters.plans.plan_text import PlanTextError, parse_plan
from theaters.plans.plan_writing import LETTER_OF, render_plan
from theaters.seat_categories import Categories

__all__ = [
    "AreaDrawing", "FileCategories", "PlanDrawing", "PlanUnreadable", "SeatDrawing", "as_json", "as_rows", "as_source",
    "as_text", "codes_of", "new_categories", "not_as_text", "picture_of", "problems_of",
    "problems_of_drawing", "read_plan", "read_saved", "warnings_of", "with_names", "with_places"
]  # fmt: skip


class PlanUnreadable(ManyProblems):
    """The file is not a plan, with a sentence for each problem."""


def read_plan(text: str, categories: FileCategories | None = None) -> PlanDrawing:
    """Read a plan from our text or JSON, pretix's JSON or CSV; only our text must keep the rules.

    Raises PlanUnreadable. `categories` say which category of a theater the words of other programs mean.
    """
    try:
        if is_pretix(text):
            return read_pretix(text, categories)
        if is_csv(text):
            return read_csv(text, categories)
        return parse_json(text) if text.lstrip("\ufeff \r\n").startswith(("{", '"')) else parse_plan(text)
    except PlanTextError as slip:
        raise PlanUnreadable([str(slip)]) from None
    except (PlanJsonError, ForeignPlanError) as slip:
        raise PlanUnreadable(slip.sentences) from None


def read_saved(rows: Any) -> tuple[SeatDrawing, ...]:
    """Read rows from the editor. Raises PlanUnreadable."""
    try:
        return read_rows(rows)
    except PlanJsonError as slip:
        raise PlanUnreadable(slip.sentences) from None


def as_text(drawing: PlanDrawing) -> str:
    """Write a plan as text. It must keep the rules."""
    return render_plan(drawing)


def as_json(drawing: PlanDrawing) -> str:
    return render_json(drawing)


def with_names(drawing: PlanDrawing, categories: Categories) -> PlanDrawing:
    """Add the theater's own names of categories to a drawing, for a file that leaves the theater."""
    there = categories.in_order(codes_of(drawing))
    return replace(drawing, names=tuple((one.code, one.own_name) for one in there if one.own_name))


def new_categories(drawing: PlanDrawing, categories: Categories) -> dict[str, str]:
    """The category names by code that the plan has and the theater lacks."""
    unknown, names = {code for code in codes_of(drawing) if code not in categories}, dict(drawing.names)
    return {code: names.get(code, code) for code in sorted(unknown)}


def as_source(drawing: PlanDrawing) -> str:
    """Write a plan as text, or as JSON when text cannot express it."""
    return as_json(drawing) if not_as_text(drawing) else as_text(drawing)


def not_as_text(drawing: PlanDrawing) -> list[str]:
    """Why a plan cannot be drawn as text: the rules that it breaks, and the theater's own categories."""
    own = sorted(codes_of(drawing) - LETTER_OF.keys())
    return [*_broken_rules(drawing), *(f"Seats of the category {code} have no letter." for code in own)]


def codes_of(drawing: PlanDrawing) -> set[str]:
    return {seat.category for seat in drawing.seats} | {area.category for area in drawing.areas}


def problems_of_drawing(drawing: PlanDrawing, categories: Categories) -> list[str]:
    """Why this cannot be published: rules of seats and areas, and categories that are not for new plans of the theater."""
    usable = {one.code for one in categories.in_use()}
    there = categories.in_order(codes_of(drawing) - usable)
    archived = [
        f"The seat category {one.name} is archived: give its seats another one." for one in there if one.is_archived
    ]
    unknown = [f"There is no seat category {one.code} here. Add it first, or give its seats another one."
               for one in there if not one.is_archived]  # fmt: skip
    return [*_broken_rules(drawing), *unknown, *archived]


def _broken_rules(drawing: PlanDrawing) -> list[str]:
    """List the broken rules; a plan may consist of areas only."""
    seats = problems_of(drawing.seats) if drawing.seats or not drawing.areas else []
    return [*seats, *problems_of_areas(drawing)]


def picture_of(plan: PlanDrawing, categories: Categories) -> dict[str, Any] | None:
    """The template context to draw it: the picture of the seats, and areas with their number of places."""
    if not plan.seats and not plan.areas:
        return None
    return {
        "svg": plan_picture(plan.seats, categories) if plan.seats else "",
        "counts": category_counts(plan.seats, categories),
        "total": len(plan.seats),
        "areas": plan.areas,
        "css_url": categories.css_url,
    }
