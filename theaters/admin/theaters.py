from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from core.office import ITSELF, OfficeAdmin, OfficeInline, moment_text
from theaters.forms import STEP_FIELDS, TheaterForm
from theaters.models import Auditorium, Showtime, Theater

STEPS_EXPLAINED = (
    "Each step says until how many hours before the printed start a customer gets back how much. Without steps customers "
    "cannot cancel online. Bookings keep the steps they were sold with; a showtime that the theater cancels or moves "
    "gives back everything whatever stands here."
)


class AuditoriumInline(OfficeInline):
    theater_path = ITSELF
    model = Auditorium
    extra = 0
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Theater)
class TheaterAdmin(OfficeAdmin):
    theater_path = ITSELF
    form = TheaterForm
    inlines = [AuditoriumInline]
    list_display = ["name", "city", "country", "timezone", "local_time", "currency", "tax"]
    search_fields = ["name", "city"]
    search_help_text = "Name or city"
    readonly_fields = ["local_time"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "about"]}),
        ("Where", {"fields": ["street", ("postal_code", "city"), "country", "directions", "access_information"]}),
        (
            "Clock and money",
            {"fields": ["timezone", "local_time", "business_day_starts_at", "currency", "tax_rate", "booking_fee"]},
        ),
        ("Receipts", {"fields": ["company", "tax_number"]}),
        ("Policies", {"fields": ["sales_close_minutes", "counter_close_minutes", "refund_limit"]}),
        (
            "When customers cancel tickets",
            {"fields": [*STEP_FIELDS, "cancellation_terms"], "description": STEPS_EXPLAINED},
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return list(self.readonly_fields)
        # What was planned and sold there means these; a theater does not move or change its coins.
        fixed = ["timezone", "currency"] if Showtime.objects.filter(auditorium__theater=obj).exists() else []
        return [*self.readonly_fields, "slug", *fixed]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    @admin.display(description="time there now")
    def local_time(self, theater: Theater) -> SafeString | str | None:
        return moment_text(timezone.now(), theater.zone) if theater.pk else None

    @admin.display(description="tax", ordering="tax_rate")
    def tax(self, theater: Theater) -> str:
        return f"{(theater.tax_rate * 100).normalize():f} %"
