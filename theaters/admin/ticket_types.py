"""Ticket types in the office: an open list per theater, in the order in which customers read it."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from core.texts.lazy_text import gettext_lazy as _
from staff.office import NOTHING, OfficeAdmin, state_chip
from theaters.admin.movie_archive import ArchiveFilter
from theaters.forms import TicketTypeForm
from theaters.forms.translations import translation_names
from theaters.models import TicketType
from theaters.plans.category_names import categories_of
from theaters.states import Weekday

TRANSLATIONS = translation_names("name", "note")


@admin.register(TicketType)
class TicketTypeAdmin(OfficeAdmin):
    """A type can be archived but not deleted, because tickets were sold with it."""

    theater_path = "theater"
    form = TicketTypeForm
    empty_words = {"channel": _("Online and at the counter"), "derived_from": _("None: price lists say its price")}
    list_display = ["name", "code", "theater", "who", "where", "price", "position", "state"]
    list_filter = [ArchiveFilter, "theater"]
    list_select_related = ["theater", "derived_from"]
    search_fields = ["name", "code", "theater__name"]
    search_help_text = "Name or code of the ticket type, or its theater"
    fieldsets = [
        (None, {"fields": ["theater", "code", "name", "note", ("position", "is_default"), "is_archived"]}),
        (_("In other languages"), {"fields": TRANSLATIONS, "description": _("Empty: the name and note above.")}),
        (_("Who may have it"), {"fields": [("min_age", "max_age"), "is_adult", "needs_adult", "needs_wheelchair"]}),
        (_("Sofas"), {"fields": ["is_empty_place"]}),
        (_("How many"), {"fields": ["people", ("least", "most")]}),
        (_("Where and when"), {"fields": ["categories", "channel", "needs_code", "weekdays", "last_on"]}),
        (
            _("Price"),
            {
                "fields": ["derived_from", ("derived_percent", "derived_amount", "round_to")],
                "description": _("Empty: price lists say what it costs. A price on a list wins over a derived one."),
            },
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the form's own fields to editors only; others see just the columns."""
        found = super().get_fieldsets(request, obj)
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may_write:
            return found
        first, _translations, *others = found
        return [(first[0], {"fields": [name for name in first[1]["fields"] if name != "is_archived"]}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater", "code", "is_empty_place"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: TicketType, form: TicketTypeForm, change: bool) -> None:  # noqa: FBT001
        obj.archived_at = (obj.archived_at or timezone.now()) if form.cleaned_data.get("is_archived") else None
        super().save_model(request, obj, form, change)

    @admin.display(description="for")
    def who(self, kind: TicketType) -> str:
        words = {
            _ages(kind): kind.min_age is not None or kind.max_age is not None,
            "grown-up": kind.is_adult,
            "with a grown-up": kind.needs_adult,
            "with a wheelchair": kind.needs_wheelchair,
            "nobody: the place stays empty": kind.is_empty_place,
            f"{kind.people} people": kind.people > 1,
            f"from {kind.least}": kind.least is not None,
            f"up to {kind.most}": kind.most is not None,
        }
        return ", ".join(word for word, is_so in words.items() if is_so) or NOTHING

    @admin.display(description="sold")
    def where(self, kind: TicketType) -> str:
        words = [str(kind.get_channel_display()).lower()] if kind.channel else []
        words += ["with a code"] if kind.needs_code else []
        words += [", ".join(map(categories_of(kind.theater_id).name, kind.categories))] if kind.categories else []
        words += [", ".join(Weekday(day).label[:3] for day in sorted(kind.weekdays))] if kind.weekdays else []
        words += [f"until {kind.last_on:%d %b %Y}"] if kind.last_on else []
        return "; ".join(words) or "everywhere"

    @admin.display(description="price")
    def price(self, kind: TicketType) -> str:
        if kind.derived_from is None:
            return "on the lists"
        if kind.derived_percent is not None:
            return f"{kind.derived_percent.normalize():f}% of {kind.derived_from}"
        assert kind.derived_amount is not None
        return f"{kind.derived_from} {kind.derived_amount:+.2f}"

    @admin.display(
        description="state",
        ordering=Case(When(archived_at__isnull=False, then=2), When(is_default=True, then=0), default=1),
    )
    def state(self, kind: TicketType) -> SafeString:
        if kind.archived_at is not None:
            return state_chip("canceled", "Archived")
        return state_chip("published", "A seat starts with it" if kind.is_default else "In use")


def _ages(kind: TicketType) -> str:
    if kind.min_age is None:
        return f"up to {kind.max_age}"
    return f"from {kind.min_age}" if kind.max_age is None else f"{kind.min_age} to {kind.max_age}"
