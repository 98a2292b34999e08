"""Rooms and their seats. A plan is drawn as text, looked at, published, and never changed: the next one takes its place."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.office import OfficeAdmin, moment_text, state_chip
from theaters.access import theaters_of
from theaters.forms import DrawingForm
from theaters.models import Auditorium, Seat, SeatingPlan
from theaters.plan_picture import category_counts, plan_picture
from theaters.services.plans import current_plan, lay_out


def picture_of(plan: SeatingPlan | None) -> dict[str, Any] | None:
    """What the templates need to show a plan."""
    if plan is None:
        return None
    seats = list(plan.seats.order_by("pk"))
    return {"svg": plan_picture(seats), "counts": category_counts(seats), "total": len(seats)}


@admin.register(Auditorium)
class AuditoriumAdmin(OfficeAdmin):
    theater_path = "theater"
    list_display = ["name", "theater", "seats_count", "plan_number", "preroll_minutes", "turnaround_minutes"]
    list_filter = ["theater"]
    list_select_related = ["theater"]
    search_fields = ["name", "theater__name"]
    search_help_text = "Name of the auditorium or its theater"
    fields = ["theater", "name", "preroll_minutes", "turnaround_minutes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Auditorium]:
        newest = SeatingPlan.objects.published().filter(auditorium=OuterRef("pk")).order_by("-number")
        size = Seat.objects.filter(plan=OuterRef("newest")).order_by().values("plan").annotate(size=Count("pk"))
        rooms = super().get_queryset(request).order_by("theater__name", "name")
        return rooms.annotate(newest=newest.values("pk")[:1], newest_number=newest.values("number")[:1]).annotate(
            size=Subquery(size.values("size"))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater"] if obj else []

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        room = self.get_object(request, object_id)
        plan = current_plan(room) if room else None
        plans = room.plans.annotate(size=Count("seats")).order_by("-number") if room else []
        extra = {"plan": plan, "plans": plans, "picture": picture_of(plan), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    @admin.display(description="seats", ordering="size")
    def seats_count(self, room: Any) -> int | None:
        return room.size

    @admin.display(description="plan", ordering="newest_number")
    def plan_number(self, room: Any) -> int | None:
        return room.newest_number


@admin.register(SeatingPlan)
class SeatingPlanAdmin(OfficeAdmin):
    theater_path = "auditorium__theater"
    actions = None
    list_display = ["name", "theater", "seats_count", "state", "published"]
    list_filter = ["auditorium__theater"]
    list_select_related = ["auditorium__theater"]
    search_fields = ["auditorium__name", "auditorium__theater__name"]
    search_help_text = "Name of the auditorium or its theater"
    fields = ["theater", "auditorium", "number", "state", "published", "drawing"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SeatingPlan]:
        plans = super().get_queryset(request).annotate(size=Count("seats"))
        return plans.order_by("auditorium__theater__name", "auditorium__name", "-number")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        extra = {"picture": picture_of(self.get_object(request, object_id)), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Draw the next plan: look at it as often as you like, publish it once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        mine = Auditorium.objects.filter(theater__in=theaters_of(request.user, "theaters.add_seatingplan"))
        form = DrawingForm(request.POST or None, initial=_begun(request, mine))
        form.fields["auditorium"].queryset = mine.select_related("theater")  # type: ignore[attr-defined]
        if request.method == "POST" and form.is_valid() and "_publish" in request.POST:
            return self._publish(request, form)
        context = {
            **self.admin_site.each_context(request),
            "title": "New seating plan",
            "opts": self.opts,
            "form": form,
            "media": self.media,
            "picture": _drawn(form),
        }
        return TemplateResponse(request, "admin/theaters/seatingplan/draw.html", context)

    def _publish(self, request: HttpRequest, form: DrawingForm) -> HttpResponse:
        room, text = form.cleaned_data["auditorium"], form.cleaned_data["source"]
        plan = lay_out(auditorium=room, text=text, now=timezone.now())
        self.log_addition(request, plan, f"plan {plan.number} published")
        self.message_user(
            request,
            f"Plan {plan.number} of {room} is published: new showtimes get it, planned ones keep theirs.",
            messages.SUCCESS,
        )
        return redirect("admin:theaters_seatingplan_change", plan.pk)

    @admin.display(description="plan", ordering="auditorium__name")
    def name(self, plan: SeatingPlan) -> str:
        return str(plan)

    @admin.display(description="theater", ordering="auditorium__theater__name")
    def theater(self, plan: SeatingPlan) -> str:
        return plan.auditorium.theater.name

    @admin.display(description="seats", ordering="size")
    def seats_count(self, plan: Any) -> int:
        return plan.size

    @admin.display(description="status", ordering="status")
    def state(self, plan: SeatingPlan) -> SafeString:
        return state_chip(plan.status, plan.get_status_display())

    @admin.display(description="published", ordering="published_at")
    def published(self, plan: SeatingPlan) -> str:
        return moment_text(plan.published_at, plan.auditorium.theater.zone)

    @admin.display(description="drawing")
    def drawing(self, plan: SeatingPlan) -> SafeString:
        return format_html('<pre class="drawing">{}</pre>', plan.source)


def _begun(request: HttpRequest, rooms: QuerySet[Auditorium]) -> dict[str, Any]:
    """A room's next plan begins with its present drawing."""
    number = request.GET.get("auditorium", "")
    room = rooms.filter(pk=number).first() if number.isdigit() else None
    plan = current_plan(room) if room else None
    return {"auditorium": room, "source": plan.source if plan else ""}


def _drawn(form: DrawingForm) -> dict[str, Any] | None:
    if form.drawing is None:
        return None
    seats = form.drawing.seats
    return {"svg": plan_picture(seats), "counts": category_counts(seats), "total": len(seats)}
