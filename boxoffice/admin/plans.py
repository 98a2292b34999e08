"""Seating plans. The next one is drawn in the editor or typed as text; published plans are read-only."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from boxoffice.forms.plans import DrawingForm
from boxoffice.selectors.plan_showtimes import NotifiedBookings, notified_by_drawing
from boxoffice.views import plan_drafts, plans
from staff.access import may, theaters_of
from staff.office import OfficeAdmin, moment_text, state_chip
from theaters.models import Auditorium, SeatingPlan
from theaters.plans.category_names import read_categories
from theaters.plans.plan_drafts import draft_of
from theaters.plans.plan_files import picture_of
from theaters.plans.plans import current_plan, lay_out, picture_of_plan


def plan_urls(site: AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("draft/<int:auditorium_id>/", view(plan_drafts.editor), name="plan_editor"),
        path("draft/<int:auditorium_id>/begin/", view(plan_drafts.begin), name="plan_begin"),
        path("draft/<int:auditorium_id>/save/", view(plan_drafts.save), name="plan_save"),
        path("draft/<int:auditorium_id>/areas/", view(plan_drafts.areas), name="plan_areas"),
        path("draft/<int:auditorium_id>/restore/<int:earlier>/", view(plan_drafts.restore), name="plan_restore"),
        path("draft/<int:auditorium_id>/discard/", view(plan_drafts.discard), name="plan_discard"),
        path("draft/<int:auditorium_id>/publish/", view(plan_drafts.publish), name="plan_publish"),
        path("draft/<int:auditorium_id>/import/", view(plan_drafts.import_plan), name="plan_import"),
        path("draft/<int:auditorium_id>/preview/", view(plan_drafts.preview), name="plan_draft_preview"),
        path("draft/<int:auditorium_id>/plan.<str:kind>", view(plan_drafts.export), name="plan_draft_export"),
        path("<int:plan_id>/plan.<str:kind>", view(plans.export), name="plan_export"),
        path("<int:plan_id>/preview/", view(plans.preview), name="plan_preview"),
        path("<int:plan_id>/showtimes/", view(plans.showtimes), name="plan_showtimes"),
    ]


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

    def get_urls(self) -> list[Any]:
        return [*plan_urls(self.admin_site), *super().get_urls()]

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
        plan = self.get_object(request, object_id)
        extra = {
            "picture": picture_of_plan(plan),
            "draft": draft_of(plan.auditorium) if plan else None,
            "may_move": plan is not None and may(request.user, plans.MOVE, plan.auditorium.theater_id),
            "may_draw": plan is not None and may(request.user, plans.DRAW, plan.auditorium.theater_id),
        }
        return super().change_view(request, object_id, form_url, {**extra, **(extra_context or {})})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Choose an auditorium for the editor, or type its next plan: previewed as often as you like, published once."""
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
            "picture": _picture(form) if form.drawing and form.is_valid() else None,
            "told": _told(form) if form.drawing and form.is_valid() else None,
            "auditoriums": mine.select_related("theater", "plan_draft").order_by("theater__name", "name"),
        }
        return TemplateResponse(request, "admin/theaters/seatingplan/draw.html", context)

    def _publish(self, request: HttpRequest, form: DrawingForm) -> HttpResponse:
        auditorium, text = form.cleaned_data["auditorium"], form.cleaned_data["source"]
        plan = lay_out(auditorium=auditorium, text=text, now=timezone.now())
        self.log_addition(request, plan, f"plan {plan.number} published")
        self.message_user(
            request,
            gettext("Plan %(number)s of %(auditorium)s is published: new showtimes get it, planned ones keep theirs.")
            % {"number": plan.number, "auditorium": auditorium},
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


def _begun(request: HttpRequest, auditoriums: QuerySet[Auditorium]) -> dict[str, Any]:
    """Return the form's initial values: the auditorium and the text of its present plan."""
    number = request.GET.get("auditorium", "")
    auditorium = (
        auditoriums.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 18 else None
    )
    plan = current_plan(auditorium) if auditorium else None
    return {"auditorium": auditorium, "source": plan.source if plan else ""}


def _told(form: DrawingForm) -> NotifiedBookings:
    assert form.drawing is not None
    return notified_by_drawing(form.cleaned_data["auditorium"], form.drawing, now=timezone.now())


def _picture(form: DrawingForm) -> dict[str, Any] | None:
    assert form.drawing is not None
    return picture_of(form.drawing, read_categories(form.cleaned_data["auditorium"].theater_id))
