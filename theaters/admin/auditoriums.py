"""Auditoriums; the pages of their seating plans are the box office's (boxoffice/admin/plans.py)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _
from staff.access import may
from staff.office import OfficeAdmin
from theaters.forms.translations import translation_fields, translation_names
from theaters.models import Auditorium, Seat, SeatingPlan
from theaters.plans.plans import current_plan, picture_of_plan

AuditoriumTranslations: Any = translation_fields(Auditorium, "name")


class AuditoriumForm(forms.ModelForm, AuditoriumTranslations):
    class Meta:
        model = Auditorium
        fields = "__all__"  # noqa: DJ007  (the admin page names them)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.show_translations(self.instance.translations)

    def clean(self) -> dict[str, Any]:
        self.instance.translations = self.translations()
        return super().clean() or {}


@admin.register(Auditorium)
class AuditoriumAdmin(OfficeAdmin):
    theater_path = "theater"
    form = AuditoriumForm
    list_display = ["name", "theater", "seats_count", "plan_number", "preroll_minutes", "turnaround_minutes"]
    list_filter = ["theater"]
    list_select_related = ["theater"]
    search_fields = ["name", "theater__name"]
    search_help_text = "Name of the auditorium or its theater"
    fieldsets = [
        (None, {"fields": ["theater", "name", "preroll_minutes", "turnaround_minutes"]}),
        (
            "Measures",
            {
                "fields": [
                    ("screen_width_cm", "screen_height_cm"),
                    ("first_row_cm", "row_pitch_cm", "row_rise_cm"),
                    "exit_rows",
                ],
                "description": "From them customers read how far the screen is from a seat and how wide it looks.",
            },
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the form's own fields to editors only; others see just the columns."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        own, *others = super().get_fieldsets(request, obj)
        translations = {"fields": translation_names("name"), "description": _("Empty: the name above.")}
        return [own, *([(_("In other languages"), translations)] if may_write else []), *others]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Auditorium]:
        newest = SeatingPlan.objects.published().filter(auditorium=OuterRef("pk")).order_by("-number")
        size = Seat.objects.filter(plan=OuterRef("newest")).order_by().values("plan").annotate(size=Count("pk"))
        auditoriums = super().get_queryset(request).order_by("theater__name", "name")
        return auditoriums.annotate(newest=newest.values("pk")[:1], newest_number=newest.values("number")[:1]).annotate(
            size=Subquery(size.values("size"))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater"] if obj else []

    def response_add(self, request: HttpRequest, obj: Auditorium, post_url_continue: Any = None) -> HttpResponse:
        """Go on to the page of the plan, if the person may draw, because an auditorium needs seats."""
        usual = {"_popup", "_addanother", "_continue"} & request.POST.keys()
        if usual or not may(request.user, "theaters.add_seatingplan", obj.theater_id):
            return super().response_add(request, obj, post_url_continue)
        said = gettext("%(name)s is there. Now draw its seats: then showtimes can be planned in it.") % {"name": obj}
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:plan_editor", obj.pk)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        auditorium = self.get_object(request, object_id)
        plan = current_plan(auditorium) if auditorium else None
        plans = auditorium.plans.annotate(size=Count("seats")).order_by("-number") if auditorium else []
        may_draw = auditorium is not None and may(request.user, "theaters.add_seatingplan", auditorium.theater_id)
        extra = {
            "may_draw": may_draw,
            "plan": plan,
            "plans": plans,
            "picture": picture_of_plan(plan),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    @admin.display(description="holds", ordering="size")
    def seats_count(self, auditorium: Any) -> int | None:
        return auditorium.size

    @admin.display(description="plan", ordering="newest_number")
    def plan_number(self, auditorium: Any) -> int | None:
        return auditorium.newest_number
