"""Drawing the next plan: begun as a copy of the present one, saved as often as you like, published once.

A save names the save that it was based on. When two people edit one draft, the second is told; replaced saves are kept.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeIs

from django.db import transaction

from core.actors import staff_actor_name
from core.clock import database_now
from core.refusals import Refusal
from staff.services.audit import record
from theaters import locks
from theaters.models import Auditorium, EarlierDraft, PlanDraft, SeatingPlan
from theaters.plans.plan_areas import problems_of_areas
from theaters.plans.plan_drawing import AreaDrawing, PlanDrawing, drawn
from theaters.plans.plan_files import as_source, read_plan, read_saved
from theaters.plans.plan_json import as_areas, as_rows, read_areas
from theaters.plans.plans import PlanRefused, current_plan, drawing_of, publish_drawing

MOST_EARLIER = 30


class DraftMoved(Refusal):
    """Refused: somebody else saved, published or discarded the draft meanwhile."""

    def __init__(self, draft: PlanDraft | None) -> None:
        self.draft = draft
        if draft is None:
            super().__init__("This draft is gone: it was published or discarded meanwhile. Nothing was saved.")
        else:
            who = draft.user or "Somebody"
            super().__init__(f"{who} saved this draft while you were drawing. Nothing of yours was saved yet.")

    def facts_for_scripts(self) -> dict[str, object]:
        return {"revision": self.draft.revision if self.draft else None}


class SeenDraftMoved(DraftMoved):
    """Refused: the draft to publish is not the one that was shown."""

    def __init__(self, draft: PlanDraft | None) -> None:
        super().__init__(draft)
        self.sentence = PlanMoved.sentence


class PlanMoved(Refusal):
    """Refused: another plan was published after the differences were shown."""

    sentence = "The draft or the present plan was changed meanwhile. This is how it is now; look at it again."


class NotKept(Refusal):
    status = 404
    is_hidden = True
    sentence = "This save is not kept any more."


def draft_of(auditorium: Auditorium) -> PlanDraft | None:
    return PlanDraft.objects.filter(auditorium=auditorium).select_related("user", "based_on").first()


def drawing_of_draft(draft: PlanDraft) -> PlanDrawing:
    """Read a draft as a drawing, which may still break rules."""
    rows, areas = _told_apart(draft.rows)
    return drawn(read_saved(rows), areas)


def _told_apart(stored: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], tuple[AreaDrawing, ...]]:
    """Split a draft's stored list into rows and areas, which come last."""
    rows = [row for row in stored if "capacity" not in row]
    return rows, read_areas([row for row in stored if "capacity" in row])


def begin_draft(*, auditorium: Auditorium, user_id: int, text: str = "") -> PlanDraft:
    """The draft there is, or a new one: a copy of the present plan. In an auditorium without one it begins with `text`, which
    may be empty.
    """
    with transaction.atomic():
        locks.auditorium_to_lay_out(auditorium.pk)
        if draft := draft_of(auditorium):
            return draft
        plan = current_plan(auditorium)
        drawing = read_plan(text) if text and plan is None else drawing_of(plan)
        rows = [*as_rows(drawing.seats), *as_areas(drawing.areas)]
        draft = PlanDraft.objects.create(auditorium=auditorium, based_on=plan, rows=rows, user_id=user_id)
        _record(auditorium, user_id, "begin plan", {"from": f"plan {plan.number}" if plan else "nothing"})
    return draft


def save_draft(
    *, auditorium: Auditorium, revision: int, rows: Any, user_id: int, areas: Iterable[AreaDrawing] | None = None
) -> PlanDraft:
    """Save the draft; without `areas` they stay.

    The same save asked again, because its answer was lost, changes nothing more. Raises PlanUnreadable, or DraftMoved when it
    was changed since it was seen.
    """
    drawing = drawn(read_saved(rows))
    with transaction.atomic():
        try:
            draft = _locked(auditorium, revision)
        except DraftMoved as moved:
            if areas is None and _is_this_save(moved.draft, drawing, revision=revision, user_id=user_id):
                return moved.draft
            raise
        EarlierDraft.objects.create(
            draft=draft, revision=draft.revision, rows=draft.rows, user_id=draft.user_id, saved_at=draft.saved_at
        )
        _forget_oldest(draft)
        kept = _told_apart(draft.rows)[1] if areas is None else areas
        draft.rows = [*as_rows(drawing.seats), *as_areas(kept)]
        draft.revision, draft.user_id = draft.revision + 1, user_id
        draft.saved_at = database_now()
        draft.save(update_fields=["rows", "revision", "user", "saved_at"])
    return draft


def restore_draft(*, auditorium: Auditorium, revision: int, earlier: int, user_id: int) -> PlanDraft:
    """Save the draft again as it was before save number `earlier`. Raises DraftMoved, NotKept."""
    kept = EarlierDraft.objects.filter(draft__auditorium=auditorium, revision=earlier).first()
    if kept is None:
        raise NotKept
    rows, areas = _told_apart(kept.rows)
    return save_draft(auditorium=auditorium, revision=revision, rows=rows, user_id=user_id, areas=areas)


def save_areas(*, auditorium: Auditorium, revision: int, areas: Iterable[AreaDrawing], user_id: int) -> PlanDraft:
    """Replace the areas of the draft; its seats stay. Raises DraftMoved, PlanRefused with what is wrong with an area."""
    draft = draft_of(auditorium)
    if draft is None:
        raise DraftMoved(None)
    rows, _ = _told_apart(draft.rows)
    drawing = drawn(read_saved(rows), areas)
    if problems := problems_of_areas(drawing):
        raise PlanRefused(problems)
    return save_draft(auditorium=auditorium, revision=revision, rows=rows, user_id=user_id, areas=drawing.areas)


def discard_draft(*, auditorium: Auditorium, revision: int, user_id: int) -> None:
    """Delete the draft. Raises DraftMoved."""
    with transaction.atomic():
        draft = _locked(auditorium, revision)
        seats = len(drawing_of_draft(draft).seats)
        draft.delete()
        _record(auditorium, user_id, "discard plan", {"seats": seats, "saves": revision})


def publish_draft(
    *, auditorium: Auditorium, revision: int, present: int, reason: str, user_id: int, now: datetime
) -> SeatingPlan:
    """The draft becomes the auditorium's next plan; `present` is the number of the plan it was compared with, or 0.

    Raises PlanRefused with every problem, DraftMoved, PlanMoved.
    """
    with transaction.atomic():
        draft = _locked(auditorium, revision, refusal=SeenDraftMoved)
        before = current_plan(auditorium)
        if (before.number if before else 0) != present:
            raise PlanMoved
        drawing = drawing_of_draft(draft)
        plan = publish_drawing(auditorium=auditorium, drawing=drawing, source=as_source(drawing), now=now)
        draft.delete()
        record(
            actor=staff_actor_name(user_id),
            action="publish plan",
            thing=plan,
            theater=auditorium.theater_id,
            before={"plan": present, "seats": before.seats.count() if before else 0},
            after={"plan": plan.number, "seats": len(drawing.seats)},
            reason=reason,
        )
    return plan


def _locked(auditorium: Auditorium, revision: int, *, refusal: type[DraftMoved] = DraftMoved) -> PlanDraft:
    locks.auditorium_to_lay_out(auditorium.pk)
    draft = draft_of(auditorium)
    if draft is None or draft.revision != revision:
        raise refusal(draft)
    return draft


def _is_this_save(draft: PlanDraft | None, drawing: PlanDrawing, *, revision: int, user_id: int) -> TypeIs[PlanDraft]:
    """Whether the draft is the result of this very save, of `drawing` over `revision`."""
    if draft is None or (draft.revision, draft.user_id) != (revision + 1, user_id):
        return False
    return draft.rows == [*as_rows(drawing.seats), *as_areas(_told_apart(draft.rows)[1])]


def _forget_oldest(draft: PlanDraft) -> None:
    kept = draft.earlier.order_by("-revision").values("pk")[:MOST_EARLIER]
    draft.earlier.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _record(auditorium: Auditorium, user_id: int, action: str, after: dict[str, Any]) -> None:
    actor = staff_actor_name(user_id)
    record(actor=actor, action=action, thing=auditorium, theater=auditorium.theater_id, after=after)
