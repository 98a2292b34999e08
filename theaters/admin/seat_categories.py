"""Seat categories in the office: an open list per theater, in the order in which customers read it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _
from staff.access import staff_actor
from staff.office import NOTHING, OfficeAdmin, state_chip
from theaters.admin.movie_archive import ArchiveFilter
from theaters.forms import SeatCategoryForm
from theaters.forms.translations import translation_names
from theaters.models import SeatCategory
from theaters.plans.category_behavior import change_behavior
from theaters.plans.category_names import forget_categories
from theaters.seat_categories import STANDARD
from theaters.states import SeatBehavior

TRANSLATIONS = translation_names("name", "note")
BEHAVIOR_CHANGES = _(
    "Sold in another way, these seats get a new code, with the same prices. Plans and tickets that are there keep the old one; "
    "the next plans of the auditoriums are drawn with the new one, for you to look at and to publish."
)


@admin.register(SeatCategory)
class SeatCategoryAdmin(OfficeAdmin):
    """A category can be archived but not deleted, because plans, prices and tickets refer to it."""

    theater_path = "theater"
    form = SeatCategoryForm
    list_display = ["title", "code", "theater", "sold_as", "note", "look", "position", "state"]
    list_filter = [ArchiveFilter, "theater"]
    list_select_related = ["theater"]
    search_fields = ["name", "code", "theater__name"]
    search_help_text = "Name or code of the seat category, or its theater"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the form's own fields to editors only; others see just the columns."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        is_fixed = obj and (not may_write or obj.code == STANDARD)
        first = ["theater", "code", "sold_as" if is_fixed else "behavior"] if obj else ["theater", "behavior"]
        own = [*first, "name", "note", "position"]
        looks = (_("How it looks"), {"fields": ["sign", ("color_light", "color_dark")]})
        if not may_write:
            return [(None, {"fields": own}), looks]
        translations = {"fields": TRANSLATIONS, "description": _("Empty: the name and note above.")}
        facts = {"fields": [*own, "is_archived"], **({"description": BEHAVIOR_CHANGES} if obj and not is_fixed else {})}
        return [(None, facts), (_("In other languages"), translations), looks]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater", "code", "sold_as"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SeatCategory, form: SeatCategoryForm, change: bool) -> None:  # noqa: FBT001
        obj.archived_at = (obj.archived_at or timezone.now()) if form.cleaned_data.get("is_archived") else None
        if change:
            obj.save(update_fields=[*SeatCategoryForm.CHANGEABLE, "archived_at"])
        else:
            super().save_model(request, obj, form, change)
        forget_categories()
        if change and (behavior := form.new_behavior):
            self._change_behavior(request, obj, behavior)

    def _change_behavior(self, request: HttpRequest, category: SeatCategory, behavior: SeatBehavior) -> None:
        user_id = request.user.pk
        assert user_id is not None
        done = change_behavior(
            category=category, behavior=behavior, user_id=user_id, actor=staff_actor(request.user), now=timezone.now()
        )
        words = gettext("%(name)s has the code %(code)s from now on.")
        self.message_user(request, words % {"name": done.category, "code": done.category.code}, messages.SUCCESS)
        for auditorium in done.drawn:
            said = gettext("New showtimes have the old seats until you publish the next plan:")
            address = reverse("admin:plan_editor", args=[auditorium.pk])
            self.message_user(
                request, format_html('{} <a href="{}">{}</a>', said, address, auditorium), messages.WARNING
            )

    def response_change(self, request: HttpRequest, obj: SeatCategory) -> HttpResponse:
        """Go to the list after a change that archived this row, because another one took its place."""
        is_archived = obj.archived_at is not None
        return (
            redirect("admin:theaters_seatcategory_changelist") if is_archived else super().response_change(request, obj)
        )

    # Most categories have no name of their own, but the usual one of their code.
    @admin.display(description="name", ordering=Lower(Coalesce(NullIf("name", Value("")), "code")))
    def title(self, category: SeatCategory) -> str:
        return str(category)

    @admin.display(description="sold as")
    def sold_as(self, category: SeatCategory) -> str:
        return str(category.behavior.label).partition(":")[0]

    @admin.display(description="look")
    def look(self, category: SeatCategory) -> str:
        words = [category.sign, category.color_light and f"{category.color_light} / {category.color_dark}"]
        return ", ".join(filter(None, words)) or NOTHING

    @admin.display(description="state", ordering="archived_at")
    def state(self, category: SeatCategory) -> SafeString:
        if category.archived_at is not None:
            return state_chip("canceled", "Archived")
        return state_chip("published", "In use")
