from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.lazy_text import gettext_lazy as _
from houses.models import Theater
from staff.access import forget_roles, staff_actor
from staff.office import ITSELF, OfficeAdmin, OfficeInline, moment_text
from theaters.forms import STEP_FIELDS, TEXT_FIELDS, TheaterForm, translated_languages
from theaters.menu import forget_menu
from theaters.models import Auditorium, Price, Showtime
from theaters.services.first_steps import steps_to_first_sale
from theaters.services.new_theaters import found

CLOCK_AND_MONEY = "Clock and money"
FIXED_BECAUSE = {
    (
        "timezone",
        "currency",
    ): "Time zone and currency stay: showtimes are planned by that clock and sold in that money.",
    ("currency",): "The currency stays: there are prices in it. The time zone stays too, once a showtime is planned.",
    (): "Time zone and currency can change until the first showtime is planned, the currency until the first price.",
}
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
    readonly_fields = ["local_time", "as_shown"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "about"]}),
        (_("Where"), {"fields": ["street", ("postal_code", "city"), "country", "map_url", "directions"]}),
        (_("For guests"), {"fields": ["phone", "email", "opening_hours", "reply_to"]}),
        (_("Opening photo"), {"fields": ["as_shown", "photo", "photo_alt", "photo_credit"]}),
        (_("Access"), {"fields": ["access_features", "access_information", "access_contact"]}),
        (
            CLOCK_AND_MONEY,
            {"fields": ["timezone", "local_time", "business_day_starts_at", "currency", "tax_rate", "booking_fee"]},
        ),
        (_("Receipts"), {"fields": ["company", "tax_number"]}),
        (
            _("Policies"),
            {
                "fields": [
                    "hold_minutes",
                    "sales_close_minutes",
                    "counter_close_minutes",
                    "refund_limit",
                    ("avoids_single_seats", "single_seats_off_up_to"),
                ]
            },
        ),
        (
            _("When customers cancel tickets"),
            {"fields": [*STEP_FIELDS, "cancellation_terms"], "description": STEPS_EXPLAINED},
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return list(self.readonly_fields)
        return [*self.readonly_fields, "slug", *self._fixed(obj)]

    def _fixed(self, theater: Theater) -> list[str]:
        """What was planned and priced there means these; a theater does not move or change its coins."""
        if Showtime.objects.filter(auditorium__theater=theater).exists():
            return ["timezone", "currency"]
        return ["currency"] if Price.objects.filter(price_list__theater=theater).exists() else []

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        words = FIXED_BECAUSE.get(tuple(self._fixed(obj)) if obj else (), "")
        own = [
            (name, {**options, "description": words} if name == CLOCK_AND_MONEY else options)
            for name, options in super().get_fieldsets(request, obj)
        ]
        return [*own, *self._fieldsets_of_languages(obj)]

    def _fieldsets_of_languages(self, theater: Theater | None) -> list[tuple[str, dict[str, Any]]]:
        """One for each language that the house offers besides its first, in which the fields above are written."""
        names = dict(settings.LANGUAGES)
        return [
            (gettext("In %(language)s") % {"language": names[code]}, {"fields": list(TEXT_FIELDS[code].values())})
            for code in translated_languages(theater)
        ]

    # The owner of a theater may found another, which belongs to this owner alone.

    def belongs(self, obj: Any, theater_ids: frozenset[int]) -> bool:
        return obj.pk is None or super().belongs(obj, theater_ids)

    def save_model(self, request: HttpRequest, obj: Theater, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            found(theater=obj, actor=staff_actor(request.user))
            forget_roles(request.user)
            return
        old = Theater.objects.get(pk=obj.pk)
        super().save_model(request, obj, form, change)
        forget_menu()
        for picture in (old.photo, old.photo_small):
            if picture.name and "photo" in form.changed_data:
                transaction.on_commit(partial(picture.storage.delete, picture.name))

    def response_add(self, request: HttpRequest, obj: Theater, post_url_continue: Any = None) -> HttpResponse:
        self.message_user(
            request,
            gettext("%(name)s is there. Below stands what it needs before it can sell.") % {"name": obj},
            messages.SUCCESS,
        )
        return redirect("admin:houses_theater_change", obj.pk)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if (theater := kwargs.get("obj")) is not None:
            context |= {"steps": steps_to_first_sale(theater, now=timezone.now())}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("as shown"))
    def as_shown(self, theater: Theater) -> SafeString | str:
        if not theater.photo_small:
            return gettext("No photo yet: the page opens with the name alone.")
        return format_html(
            '<img class="photo" src="{}" alt="{}" width="320" height="{}">',
            theater.photo_small.url,
            theater.photo_alt,
            round(320 * (theater.photo_height or 0) / (theater.photo_width or 1)),
        )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    @admin.display(description=_("time there now"))
    def local_time(self, theater: Theater) -> SafeString | str | None:
        return moment_text(timezone.now(), theater.zone) if theater.pk else None

    @admin.display(description="tax", ordering="tax_rate")
    def tax(self, theater: Theater) -> str:
        return f"{(theater.tax_rate * 100).normalize():f} %"
