"""Seat categories in the office: an open list per theater, in the order in which customers read it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from core.lazy_text import gettext_lazy as _
from staff.office import NOTHING, OfficeAdmin, state_chip
from theaters.admin.movie_archive import ArchiveFilter
from theaters.forms import SeatCategoryForm
from theaters.forms.translations import translation_names
from theaters.models import SeatCategory
from theaters.services.category_names import forget_categories

TRANSLATIONS = translation_names("name", "note")
SOLD_AS_STAYS = _(
    "How these seats are sold stays as it is: plans, prices and tickets go by it. To sell such seats in another way, give this "
    "category another name, archive it, add one with the old name, and draw the next plan of the auditorium with it."
)


@admin.register(SeatCategory)
class SeatCategoryAdmin(OfficeAdmin):
    """A category is archived, never deleted: plans, prices and tickets name it."""

    theater_path = "theater"
    form = SeatCategoryForm
    list_display = ["title", "code", "theater", "sold_as", "note", "look", "position", "state"]
    list_filter = [ArchiveFilter, "theater"]
    list_select_related = ["theater"]
    search_fields = ["name", "code", "theater__name"]
    search_help_text = "Name or code of the seat category, or its theater"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only looks sees the columns; what only the form knows is left out."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        first = ["theater", "code", "sold_as"] if obj else ["theater", "behavior"]
        own = [*first, "name", "note", "position"]
        looks = (_("How it looks"), {"fields": ["sign", ("color_light", "color_dark")]})
        if not may_write:
            return [(None, {"fields": own}), looks]
        translations = {"fields": TRANSLATIONS, "description": _("Empty: the name and note above.")}
        facts = {"fields": [*own, "is_archived"], **({"description": SOLD_AS_STAYS} if obj else {})}
        return [(None, facts), (_("In other languages"), translations), looks]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater", "code", "sold_as"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SeatCategory, form: SeatCategoryForm, change: bool) -> None:  # noqa: FBT001
        obj.archived_at = (obj.archived_at or timezone.now()) if form.cleaned_data.get("is_archived") else None
        super().save_model(request, obj, form, change)
        forget_categories()

    @admin.display(description="name", ordering="name")
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
