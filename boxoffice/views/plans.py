"""Pages of published plans: download, preview as customers see it, showtimes that have another version."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from boxoffice.forms.plans import MoveShowtimesForm
from boxoffice.selectors.plan_showtimes import showtimes_on_other_plans
from boxoffice.views.page_frame import page, theaters_for
from reservations.changes.bulk_plan_moves import move_showtimes_to_plan
from reservations.selectors.plan_preview import plan_preview
from staff.reauth import require_fresh_sign_in
from theaters.models import Auditorium, SeatingPlan
from theaters.plans.category_names import read_categories
from theaters.plans.plan_files import PlanDrawing, as_json, as_text, not_as_text, with_names
from theaters.plans.plans import as_seats, drawing_of
from theaters.states import PlanStatus

VIEW, DRAW, MOVE = "theaters.view_seatingplan", "theaters.add_seatingplan", "theaters.change_sold_showtime"
KINDS = {"txt": "text/plain; charset=utf-8", "json": "application/json"}


def plan_for(request: HttpRequest, permission: str, plan_id: int) -> SeatingPlan:
    """Find a published plan at a theater where this person has the right. Raises Http404."""
    theaters = theaters_for(request, permission)
    plans = SeatingPlan.objects.select_related("auditorium__theater").filter(auditorium__theater__in=theaters)
    plan = plans.filter(pk=plan_id, status=PlanStatus.PUBLISHED).first()
    if plan is None:
        raise Http404("There is no such plan.")
    return plan


@require_safe
def export(request: HttpRequest, plan_id: int, kind: str) -> HttpResponse:
    plan = plan_for(request, VIEW, plan_id)
    return as_file(plan.auditorium, f"plan-{plan.number}", drawing_of(plan), kind)


def as_file(auditorium: Auditorium, name: str, drawing: PlanDrawing, kind: str) -> HttpResponse:
    """Download a plan. If it cannot be expressed as text, the file says why, in comment lines."""
    if kind not in KINDS:
        raise Http404("A plan is text or JSON.")
    problems = not_as_text(drawing) if kind == "txt" else []
    notes = "".join(
        f"# {sentence}\n" for sentence in ["As text this plan cannot be written yet; as JSON it can.", *problems]
    )
    drawing = with_names(drawing, read_categories(auditorium.theater_id)) if kind == "json" else drawing
    body = notes if problems else as_text(drawing) if kind == "txt" else as_json(drawing)
    answer = HttpResponse(body, content_type=KINDS[kind])
    slug = f"{auditorium.theater.slug}-{auditorium.pk}-{name}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{slug}"'
    return answer


@require_safe
def preview(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan = plan_for(request, VIEW, plan_id)
    back = reverse("admin:theaters_seatingplan_change", args=[plan.pk])
    return previewed(request, plan.auditorium, f"Plan {plan.number}", drawing_of(plan), back)


def previewed(request: HttpRequest, auditorium: Auditorium, name: str, drawing: PlanDrawing, back: str) -> HttpResponse:
    """Show a plan on the customers' page, with nothing to buy."""
    seats = as_seats(drawing.seats)
    shown = plan_preview(seats, currency=auditorium.theater.currency, categories=read_categories(auditorium.theater_id))
    context = {
        "auditorium": auditorium,
        "name": name,
        "preview": shown,
        "total": len(seats),
        "back": back,
        "areas": drawing.areas,
    }
    return page(request, "boxoffice/plan_preview.html", context)


def preview_of_drawing(request: HttpRequest, auditorium: Auditorium, drawing: PlanDrawing) -> HttpResponse:
    back = reverse("admin:plan_editor", args=[auditorium.pk])
    return previewed(request, auditorium, "The next plan", drawing, back)


@require_http_methods(["GET", "POST"])
def showtimes(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Showtimes on other plans: the differences of a move, and the move."""
    plan = plan_for(request, MOVE, plan_id)
    now = timezone.now()
    found = showtimes_on_other_plans(plan, now=now)
    form = MoveShowtimesForm(request.POST or None)
    chosen = {int(pk) for pk in request.POST.getlist("showtime") if pk.isascii() and pk.isdigit() and len(pk) < 18}
    refusal = ""
    if request.method == "POST":
        require_fresh_sign_in(request)
        wanted = [one.showtime for one in found if one.showtime.pk in chosen]
        if not wanted:
            refusal = "Choose at least one showtime."
        elif form.is_valid():
            assert request.user.pk is not None
            reason = form.cleaned_data["reason"]
            for done in move_showtimes_to_plan(
                showtimes=wanted, plan=plan, reason=reason, user_id=request.user.pk, now=now
            ):
                say = messages.error if done.refusal else messages.success
                say(request, f"{done.showtime}: {done.refusal or f'it has plan {plan.number} now.'}")
            return redirect("admin:plan_showtimes", plan.pk)
    context = {
        "title": f"Showtimes with another plan: {plan}",
        "plan": plan,
        "found": found,
        # Computed once for all showtimes on the same version.
        "differences": {one.showtime.plan.number: one.difference.seats for one in found},
        "form": form,
        "chosen": chosen,
        "refusal": refusal,
        "zone": plan.auditorium.theater.timezone,
    }
    return page(request, "admin/plans/showtimes.html", context, status=422 if refusal else 200)
