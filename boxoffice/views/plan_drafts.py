"""The next plan of an auditorium: drawn in the editor or typed as text, looked at, published once."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boxoffice.forms.plans import ImportForm, PublishForm
from boxoffice.selectors.plan_showtimes import notified_by_drawing
from boxoffice.views.page_frame import page, theaters_for
from boxoffice.views.plans import DRAW, as_file, preview_of_drawing
from core.refusals import Refusal, sentence_of
from core.web.posted_numbers import posted_number
from core.web.refusal_pages import answers_refusals, refusal_as_json
from reservations.opening.removed_seats import KeptBack, SeatAtShowtime, publish_and_keep_back, removed_seats
from staff.access import may, staff_actor
from theaters.models import Auditorium, PlanDraft, SeatingPlan
from theaters.plans.category_names import codes_by_word, read_categories
from theaters.plans.drawn_categories import DrawnCategory, drawn_categories
from theaters.plans.new_seat_categories import add_categories
from theaters.plans.plan_differences import seat_difference
from theaters.plans.plan_drafts import (
    begin_draft,
    discard_draft,
    draft_of,
    drawing_of_draft,
    publish_draft,
    restore_draft,
    save_areas,
    save_draft,
)
from theaters.plans.plan_files import (
    AreaDrawing,
    PlanUnreadable,
    as_rows,
    as_source,
    codes_of,
    new_categories,
    picture_of,
    problems_of_drawing,
    warnings_of,
    with_places,
)
from theaters.plans.plans import current_plan, drawing_of
from theaters.plans.typical_plans import BY_SLUG, PLANS
from theaters.seat_facts import UNKNOWN, SeatFacts, tidy_note

MOST_BYTES = 1_000_000
NO_NUMBER = -1
AREA_FIELDS = ("name", "capacity", "category", "steps", "hearing_loop", "note")
KEEP_BACK, ADD_CATEGORY = "reservations.keep_seats_back", "theaters.add_seatcategory"


def auditorium_for(request: HttpRequest, auditorium_id: int) -> Auditorium:
    """Find an auditorium where this person may draw plans. Raises Http404."""
    theaters = theaters_for(request, DRAW)
    auditorium = Auditorium.objects.select_related("theater").filter(theater__in=theaters, pk=auditorium_id).first()
    if auditorium is None:
        raise Http404("There is no such auditorium.")
    return auditorium


def who(request: HttpRequest) -> int:
    assert request.user.pk is not None
    return request.user.pk


def auditorium_and_draft(request: HttpRequest, auditorium_id: int) -> tuple[Auditorium, PlanDraft]:
    auditorium = auditorium_for(request, auditorium_id)
    draft = draft_of(auditorium)
    if draft is None:
        raise Http404("No plan is being drawn for this auditorium.")
    return auditorium, draft


@require_safe
def editor(request: HttpRequest, auditorium_id: int) -> HttpResponse:
    """The editor with the draft, or with the plan that a new draft would copy."""
    auditorium = auditorium_for(request, auditorium_id)
    draft, present = draft_of(auditorium), current_plan(auditorium)
    categories = read_categories(auditorium.theater_id)
    context: dict[str, Any] = {
        "title": f"Next plan: {auditorium.theater.name}, {auditorium.name}",
        "auditorium": auditorium,
        "present": present,
    }
    if draft is None:
        context["typical"] = () if present else PLANS
        context["picture"] = picture_of(drawing_of(present), categories)
        return page(request, "admin/plans/begin.html", context)
    drawing = drawing_of_draft(draft)
    drawn = drawn_categories(categories, codes_of(drawing))
    context |= {
        "draft": draft,
        "picture": picture_of(drawing, categories),
        "categories": drawn,
        "areas": drawing.areas,
        "earlier": draft.earlier.select_related("user"),
        "data": _for_the_editor(auditorium, draft, drawn),
        "is_behind": (present and present.pk) != draft.based_on_id,
    }
    return page(request, "admin/plans/editor.html", context)


def _for_the_editor(auditorium: Auditorium, draft: PlanDraft, drawn: list[DrawnCategory]) -> dict[str, Any]:
    # The plan in its normal form, without empty space at the left and before the first row.
    drawing = drawing_of_draft(draft)
    rows = as_rows(drawing.seats)
    save_url = reverse("admin:plan_save", args=[auditorium.pk])
    names = {one.code: one.name for one in drawn}
    return {
        "rows": rows, "revision": draft.revision, "save": save_url, "categories": names, "hasAreas": bool(drawing.areas),
    }  # fmt: skip


@require_POST
def begin(request: HttpRequest, auditorium_id: int) -> HttpResponse:
    """Begin the draft: a copy of the present plan; in an auditorium without one empty, or like a chosen ready-made plan."""
    like = BY_SLUG.get(request.POST.get("like", ""))
    text = like.text if like else ""
    begin_draft(auditorium=auditorium_for(request, auditorium_id), user_id=who(request), text=text)
    return redirect("admin:plan_editor", auditorium_id)


@require_POST
@answers_refusals(refusal_as_json)
def save(request: HttpRequest, auditorium_id: int) -> JsonResponse:
    """Save the whole plan, sent as JSON. Answers 409 if somebody else saved meanwhile, with the name; 422 with the
    errors of the plan.
    """
    auditorium = auditorium_for(request, auditorium_id)
    sent = _sent(request)
    if sent is None:
        raise PlanUnreadable(["What the editor sent cannot be read. Nothing was saved."])
    draft = save_draft(auditorium=auditorium, revision=sent[0], rows=sent[1], user_id=who(request))
    drawing = drawing_of_draft(draft)
    categories = read_categories(auditorium.theater_id)
    told = {"problems": problems_of_drawing(drawing, categories), "warnings": warnings_of(drawing.seats)}
    return JsonResponse({"revision": draft.revision, **told})


def _sent(request: HttpRequest) -> tuple[int, Any] | None:
    """The revision that the editor loaded, and its rows, unchecked."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or type(data.get("revision")) is not int or data["revision"] not in range(2**31):
        return None
    return data["revision"], data.get("rows")


def _back_to_the_editor(
    request: HttpRequest, auditorium_id: int, earlier: int = 0, *, refusal: Refusal
) -> HttpResponse:
    messages.error(request, refusal.sentence)
    return redirect("admin:plan_editor", auditorium_id)


@require_POST
@answers_refusals(_back_to_the_editor)
def restore(request: HttpRequest, auditorium_id: int, earlier: int) -> HttpResponse:
    auditorium = auditorium_for(request, auditorium_id)
    restore_draft(auditorium=auditorium, revision=_number(request, "revision"), earlier=earlier, user_id=who(request))
    messages.success(
        request, gettext("Save %(earlier)s is back. What it took the place of is kept below.") % {"earlier": earlier}
    )
    return redirect("admin:plan_editor", auditorium.pk)


@require_POST
@answers_refusals(_back_to_the_editor)
def areas(request: HttpRequest, auditorium_id: int) -> HttpResponse:
    """Save the areas of the draft, one per line of the form; a line without a name is dropped."""
    auditorium, draft = auditorium_and_draft(request, auditorium_id)
    columns = (request.POST.getlist(name) for name in AREA_FIELDS)
    lines = [dict(zip(AREA_FIELDS, cells, strict=True)) for cells in zip_longest(*columns, fillvalue="")]
    before = {area.name: area.facts for area in drawing_of_draft(draft).areas}
    found = [_area(line, before) for line in lines if line["name"].strip()]
    save_areas(auditorium=auditorium, revision=_number(request, "revision"), areas=found, user_id=who(request))
    messages.success(request, gettext("The areas of this draft are saved."))
    return redirect("admin:plan_editor", auditorium.pk)


def _area(line: Mapping[str, str], before: Mapping[str, SeatFacts]) -> AreaDrawing:
    """Read an area from the form; facts without a field are kept."""
    name, steps = " ".join(line["name"].split()), posted_number(line["steps"].strip())
    facts = replace(
        before.get(name, UNKNOWN),
        steps=NO_NUMBER if steps is None and line["steps"].strip() else steps,
        hearing_loop={"yes": True, "no": False}.get(line["hearing_loop"]),
        note=tidy_note(line["note"]),
    )
    return AreaDrawing(name, posted_number(line["capacity"]) or 0, line["category"], facts)


@require_http_methods(["GET", "POST"])
@answers_refusals(_back_to_the_editor)
def discard(request: HttpRequest, auditorium_id: int) -> HttpResponse:
    """Delete the draft, after a page that asks."""
    auditorium, draft = auditorium_and_draft(request, auditorium_id)
    if request.method == "POST":
        discard_draft(auditorium=auditorium, revision=_number(request, "revision"), user_id=who(request))
        messages.success(
            request,
            gettext("The draft of %(auditorium)s is gone; its published plans are as they were.")
            % {"auditorium": auditorium},
        )
        return redirect("admin:theaters_auditorium_change", auditorium.pk)
    context = {"title": f"Discard the next plan of {auditorium}", "auditorium": auditorium, "draft": draft}
    picture = picture_of(drawing_of_draft(draft), read_categories(auditorium.theater_id))
    return page(request, "admin/plans/discard.html", {**context, "picture": picture})


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else NO_NUMBER


@require_http_methods(["GET", "POST"])
@answers_refusals()
def publish(request: HttpRequest, auditorium_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    """The differences from the present plan, the problems, removed seats that are on sale, and the button that
    publishes.
    """
    auditorium, draft = auditorium_and_draft(request, auditorium_id)
    form = PublishForm(request.POST or None)
    now = timezone.now()
    if request.method == "POST" and refusal is None and form.is_valid():
        plan = _published(request, auditorium, form, now)
        return redirect("admin:theaters_seatingplan_change", plan.pk)
    present = current_plan(auditorium)
    drawing, before = drawing_of_draft(draft), drawing_of(present)
    seen = {"revision": draft.revision, "present": present.number if present else 0}
    categories = read_categories(auditorium.theater_id)
    removed = removed_seats(auditorium, with_places(drawing), now=now)
    context = {
        "title": f"Publish the next plan of {auditorium}",
        "auditorium": auditorium,
        "draft": draft,
        "present": present,
        "form": PublishForm(initial={**seen, "reason": form["reason"].value() if form.is_bound else ""}),
        "refusals": refusal.sentences if refusal else [],
        "problems": problems_of_drawing(drawing, categories),
        "warnings": warnings_of(drawing.seats),
        "difference": seat_difference(with_places(before), with_places(drawing)),
        "removed": removed,
        "told": notified_by_drawing(auditorium, drawing, now=now),
        "is_on_sale": any(seat.on_sale or seat.taken for seat in removed),
        "may_keep_back": may(request.user, KEEP_BACK, auditorium.theater_id),
        "zone": auditorium.theater.timezone,
        "picture": picture_of(drawing, categories),
    }
    return page(request, "admin/plans/publish.html", context)


def _published(request: HttpRequest, auditorium: Auditorium, form: PublishForm, now: datetime) -> SeatingPlan:
    """Publish the draft. Raises PlanRefused, DraftMoved, PlanMoved or PermissionDenied."""
    if "_keep_back" not in request.POST:
        plan = publish_draft(auditorium=auditorium, **form.cleaned_data, user_id=who(request), now=now)
        messages.success(
            request, gettext("%(plan)s is published: new showtimes get it, planned ones keep theirs.") % {"plan": plan}
        )
        return plan
    if not may(request.user, KEEP_BACK, auditorium.theater_id):
        raise PermissionDenied
    plan, kept = publish_and_keep_back(auditorium=auditorium, **form.cleaned_data, user_id=who(request), now=now)
    messages.success(
        request, gettext("%(plan)s is published: new showtimes get it, planned ones keep theirs.") % {"plan": plan}
    )
    _say_what_was_kept(request, auditorium, kept)
    return plan


def _say_what_was_kept(request: HttpRequest, auditorium: Auditorium, kept: KeptBack) -> None:
    if kept.showtimes:
        says = ngettext(
            "Kept back at %(n)s showtime: %(seats)s.", "Kept back at %(n)s showtimes: %(seats)s.", kept.showtimes
        )
        messages.success(request, says % {"n": kept.showtimes, "seats": ", ".join(kept.labels)})
    if kept.taken:
        places = _with_links(auditorium, kept.taken)
        words = format_html(
            gettext(
                "Somebody is choosing or paying for {} now. A seat that they leave is kept back then: look again later."
            ),
            places,
        )
        messages.warning(request, words)
    if kept.sold:
        words = format_html(
            gettext("Sold, so somebody has to be found another seat: {}."), _with_links(auditorium, kept.sold)
        )
        messages.warning(request, words)


def _with_links(auditorium: Auditorium, seats: tuple[SeatAtShowtime, ...]) -> SafeString:
    """Each removed seat once, with its number of showtimes and a link to the page that shows who has it."""
    counts = Counter(seat.label for seat in seats)
    page_of_seat = reverse("admin:schedule_seat")
    where = {"theater": str(auditorium.theater_id), "auditorium": str(auditorium.pk)}
    links = (
        (f"{page_of_seat}?{urlencode({**where, 'label': label})}", label, f" at {count} showtimes" if count > 1 else "")
        for label, count in counts.items()
    )
    return format_html_join(", ", '<a href="{}">{}</a>{}', links)


@require_http_methods(["GET", "POST"])
@answers_refusals()
def import_plan(request: HttpRequest, auditorium_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    """Replace the draft by text or JSON, after a page that shows the differences."""
    auditorium = auditorium_for(request, auditorium_id)
    draft = draft_of(auditorium)
    drawing = drawing_of_draft(draft) if draft else drawing_of(current_plan(auditorium))
    seen = {
        "revision": draft.revision if draft else 0,
        "source": as_source(drawing) if drawing.seats or drawing.areas else "",
    }
    words = codes_by_word(auditorium.theater_id)
    form = ImportForm(request.POST or None, request.FILES or None, initial=seen, codes_by_word=words)
    if not may(request.user, ADD_CATEGORY, auditorium.theater_id):
        del form.fields["adopt"]
    is_readable = request.method == "POST" and form.is_valid() and form.drawing is not None
    if is_readable and refusal is None and "_replace" in request.POST:
        return _replaced(request, auditorium, form)
    found = form.drawing if form.is_bound else None
    categories = read_categories(auditorium.theater_id)
    added = new_categories(found, categories) if found and form.cleaned_data.get("adopt") else {}
    with_new = categories.with_more(added)
    context = {
        "title": f"Import a plan for {auditorium}",
        "auditorium": auditorium,
        "draft": draft,
        "form": form,
        "refusal": sentence_of(refusal),
        "found": found,
        "problems": problems_of_drawing(found, with_new) if found else [],
        "added": list(added.values()),
        "warnings": [*found.remarks, *warnings_of(found.seats)] if found else [],
        "difference": seat_difference(with_places(drawing), with_places(found)) if found else None,
        "picture": picture_of(found, with_new) if found else None,
    }
    return page(request, "admin/plans/import.html", context)


def _replaced(request: HttpRequest, auditorium: Auditorium, form: ImportForm) -> HttpResponse:
    assert form.drawing is not None
    added = new_categories(form.drawing, read_categories(auditorium.theater_id))
    if form.cleaned_data.get("adopt") and added:
        add_categories(theater=auditorium.theater, names=added, actor=staff_actor(request.user))
    revision = form.cleaned_data["revision"]
    if revision == 0:
        revision = begin_draft(auditorium=auditorium, user_id=who(request)).revision
    rows, areas = as_rows(form.drawing.seats), form.drawing.areas
    save_draft(auditorium=auditorium, revision=revision, rows=rows, areas=areas, user_id=who(request))
    messages.success(
        request,
        gettext("The draft has %(number)s seats now. What it was before is kept.")
        % {"number": len(with_places(form.drawing))},
    )
    return redirect("admin:plan_editor", auditorium.pk)


@require_safe
def preview(request: HttpRequest, auditorium_id: int) -> HttpResponse:
    auditorium, draft = auditorium_and_draft(request, auditorium_id)
    return preview_of_drawing(request, auditorium, drawing_of_draft(draft))


@require_safe
def export(request: HttpRequest, auditorium_id: int, kind: str) -> HttpResponse:
    auditorium, draft = auditorium_and_draft(request, auditorium_id)
    return as_file(auditorium, f"next-plan-{draft.revision}", drawing_of_draft(draft), kind)
