from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.texts.languages import language_name
from core.texts.lazy_text import gettext_lazy as _
from houses.business_days import business_day
from houses.models import House, Theater, TheaterPhoto
from houses.selectors import forget_houses, house_facts
from staff.access import forget_roles, staff_actor, theater_ids_of
from staff.office import ITSELF, OfficeAdmin, OfficeInline, moment_text
from theaters.forms import STEP_FIELDS, TEXT_FIELDS, TheaterForm, translated_languages
from theaters.forms.described_pictures import description_names
from theaters.forms.photos import PhotoForm
from theaters.menu import forget_menu
from theaters.models import Auditorium, Price, Showtime
from theaters.opening.first_steps import steps_to_first_sale
from theaters.opening.new_theaters import found_theater, houses_to_join
from theaters.schedule.public_holidays import is_known, next_holidays

MOST_PHOTOS = 12
CLOCK_AND_MONEY = "Clock and money"
FIXED_BECAUSE = {
    (
        "timezone",
        "currency",
    ): "Time zone and currency stay: showtimes are planned by that clock and sold in that money.",
    ("currency",): "The currency stays: there are prices in it. The time zone stays too, once a showtime is planned.",
    (): "Time zone and currency can change until the first showtime is planned, the currency until the first price.",
}
ON_OTHER_SITES = _(
    "Two lines show what is on within another page, in its letters and colors; every time leads here. The people who run the "
    "system name the sites that may in WIDGET_ORIGINS. The same as a calendar, a feed and data: the theater's page with "
    "showtimes.ics, showtimes.atom and showtimes.json behind it."
)
SNIPPET = """<script src="%(site)s/widget.js" async></script>
<marquee-showtimes theater="%(slug)s"><a href="%(site)s%(page)s">%(name)s</a></marquee-showtimes>"""
STEPS_EXPLAINED = (
    "Each step says until how many hours before the printed start a customer gets back how much. Without steps customers "
    "cannot cancel online. Bookings keep the steps they were sold with; a showtime that the theater cancels or moves "
    "gives back everything whatever stands here."
)


HOUSE_EXPLAINED = _("The house under which it trades. It can be changed until the first showtime is planned.")


class AuditoriumInline(OfficeInline):
    theater_path = ITSELF
    model = Auditorium
    extra = 0
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PhotoInline(OfficeInline):
    theater_path = ITSELF
    model = TheaterPhoto
    form = PhotoForm
    readonly_fields = ["thumbnail"]
    extra = 1
    max_num = MOST_PHOTOS
    verbose_name_plural = _("more photos, below the opening photo")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["thumbnail", "place", "photo", *description_names(), "credit"]

    @admin.display(description=_("as shown"))
    def thumbnail(self, photo: TheaterPhoto) -> SafeString | str:
        return _picture(photo.photo_small, photo.alt, (photo.width, photo.height), wide=120) if photo.pk else ""


def _picture(file: FieldFile, alt: str, size: tuple[int, int], *, wide: int) -> SafeString:
    return format_html(
        '<img class="photo" src="{}" alt="{}" width="{}" height="{}">',
        file.url,
        alt,
        wide,
        round(wide * size[1] / size[0]),
    )


@admin.register(Theater)
class TheaterAdmin(OfficeAdmin):
    theater_path = ITSELF
    form = TheaterForm
    address_help = _("The last part of /theaters/…/, made from the name. It stays as it is: people keep links to it.")
    inlines = [AuditoriumInline, PhotoInline]
    list_display = ["name", "city", "country", "timezone", "local_time", "currency", "tax", "closes_on"]
    search_fields = ["name", "city"]
    search_help_text = "Name or city"
    readonly_fields = ["local_time", "next_holidays", "as_shown", "on_other_sites"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "about"]}),
        (
            _("Where"),
            {
                "fields": [
                    "street",
                    ("postal_code", "city"),
                    ("country", "holiday_region"),
                    "next_holidays",
                    "map_url",
                    "directions",
                ]
            },
        ),
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
            {"fields": [*STEP_FIELDS, "exchange_minutes", "cancellation_terms"], "description": STEPS_EXPLAINED},
        ),
        (_("Closing"), {"fields": ["closes_on"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return list(self.readonly_fields)
        return [*self.readonly_fields, "slug", *self._fixed(obj)]

    def _fixed(self, theater: Theater) -> list[str]:
        """Fields that cannot change once showtimes were planned or prices set, because these depend on them."""
        if Showtime.objects.filter(auditorium__theater=theater).exists():
            return ["timezone", "currency"]
        return ["currency"] if Price.objects.filter(price_list__theater=theater).exists() else []

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        words = FIXED_BECAUSE.get(tuple(self._fixed(obj)) if obj else (), "")
        own = [
            (name, {**options, "description": words} if name == CLOCK_AND_MONEY else options)
            for name, options in super().get_fieldsets(request, obj)
        ]
        if self._may_choose_house(request, obj):
            own.insert(0, (None, {"fields": ["house"], "description": HOUSE_EXPLAINED}))
        if obj is not None:
            own.append((_("On other sites"), {"fields": ["on_other_sites"], "description": ON_OTHER_SITES}))
        return [*own, *self._fieldsets_of_languages(obj)]

    def _may_choose_house(self, request: HttpRequest, theater: Theater | None) -> bool:
        """A theater stays in the house under which its first showtime was planned; one in the wrong house is moved before."""
        houses = self._houses(request)
        if len(houses) < 2 or (theater and Showtime.objects.filter(auditorium__theater=theater).exists()):
            return False
        return theater is None or (theater.house in houses and self.has_change_permission(request, theater))

    def _houses(self, request: HttpRequest) -> list[House]:
        return houses_to_join(theater_ids_of(request.user, "houses.add_theater"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "house":
            kwargs["queryset"] = House.objects.filter(pk__in=[house.pk for house in self._houses(request)])
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _fieldsets_of_languages(self, theater: Theater | None) -> list[tuple[str, dict[str, Any]]]:
        """One for each language that the house offers besides its first, in which the fields above are written."""
        return [
            (
                gettext("In %(language)s") % {"language": language_name(code)},
                {"fields": list(TEXT_FIELDS[code].values())},
            )
            for code in translated_languages(theater)
        ]

    # The owner of a theater may found another, which belongs to this owner alone.

    def belongs(self, obj: Any, theater_ids: frozenset[int]) -> bool:
        return obj.pk is None or super().belongs(obj, theater_ids)

    def save_model(self, request: HttpRequest, obj: Theater, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            found_theater(theater=obj, actor=staff_actor(request.user), house=form.cleaned_data.get("house"))
            forget_roles(request.user)
            return
        old = Theater.objects.get(pk=obj.pk)
        super().save_model(request, obj, form, change)
        forget_menu()
        if obj.house_id != old.house_id:
            forget_houses()
        for picture in (old.photo, old.photo_small):
            if picture.name and "photo" in form.changed_data:
                transaction.on_commit(partial(picture.storage.delete, picture.name))

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Leave out the photos until the theater exists."""
        return [inline for inline in self.inlines if obj is not None or inline is not PhotoInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        """Delete the files of replaced and removed photos once the change is stored."""
        before = list(TheaterPhoto.objects.filter(theater=form.instance)) if formset.model is TheaterPhoto else []
        super().save_formset(request, form, formset, change)
        kept = {file.name for photo in TheaterPhoto.objects.filter(theater=form.instance) for file in photo.files}
        files = [file for photo in before for file in photo.files]
        gone = {file.name: file.storage for file in files if file.name and file.name not in kept}
        for name, storage in gone.items():
            transaction.on_commit(partial(storage.delete, name))

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
        size = (theater.photo_width or 1, theater.photo_height or 0)
        return _picture(theater.photo_small, theater.photo_alt, size, wide=320)

    @admin.display(description=_("to be pasted"))
    def on_other_sites(self, theater: Theater) -> SafeString:
        """HTML that shows the theater's program on other sites, which WIDGET_ORIGINS must allow."""
        site = house_facts(theater.house_id).site_url
        allowed = ", ".join(settings.WIDGET_ORIGINS) or gettext("None yet.")
        return format_html(
            '<pre class="json">{}</pre><p>{} {}</p>',
            SNIPPET
            % {"site": site, "slug": theater.slug, "page": theater.get_absolute_url(), "name": escape(theater.name)},
            gettext("Sites that may show them:"),
            allowed,
        )

    @admin.display(description=_("next public holidays"))
    def next_holidays(self, theater: Theater) -> str:
        if not theater.pk:
            return gettext("Choose the region once the theater is there.")
        if not is_known(theater.country):
            return gettext("The public holidays of this country are not known here.")
        days = next_holidays(theater, after=business_day(theater, timezone.now()))
        return "; ".join(f"{day.on:%a %d %b %Y} {day.name}" for day in days)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    @admin.display(description=_("time there now"))
    def local_time(self, theater: Theater) -> SafeString | str | None:
        return moment_text(timezone.now(), theater.zone) if theater.pk else None

    @admin.display(description="tax", ordering="tax_rate")
    def tax(self, theater: Theater) -> str:
        return f"{(theater.tax_rate * 100).normalize():f}%"
