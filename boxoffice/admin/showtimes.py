"""Showtimes in the office: planned as drafts and published by a service. What is on sale changes only by a showtime change."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from boxoffice.admin.actions import action_view
from boxoffice.admin.actions.holder_mails import WriteToHolders, html_preview
from boxoffice.admin.filters import AuditoriumFilter, DayFilter, MovieFilter, TheaterFilter
from boxoffice.admin.schedule import schedule_urls
from boxoffice.forms.showtime_drafts import DescriptionForm, DraftForm, InTheater
from core.house_facts import current_house
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import and_list
from houses.business_days import business_day
from houses.selectors import languages_to_translate
from reservations.opening.showtime_opening import open_for_sale, take_back
from reservations.seats.plan_seats import areas_of_plan, has_numbers
from staff import access as theater_access
from staff.access import staff_actor
from staff.office import NOTHING, OfficeAdmin, link_to, opens, state_chip, viewer
from theaters.forms.translations import translation_name
from theaters.models import Auditorium, PriceList, Showtime
from theaters.models.showtimes import TRANSLATED_TEXTS
from theaters.prices.pinned_price_rules import read
from theaters.program_facts import is_without_version
from theaters.schedule.scheduling import SchedulingRefused, schedule
from theaters.schedule.showtime_drafts import change_draft, delete_draft, describe
from theaters.states import ShowtimeStatus

VIEW_REPORTS = "boxoffice.view_reports"
ABOUT = ["note", "series"]
CLOSED = ["is_closed", "closed_for", "hire_minutes"]
FIXED = ["movie", "version_text", "place", "prices", "plan_link", "starts"]
FACTS = ["program_parts", "ends", "sales_close", "state", "sold", "closed_link", "links"]


@admin.register(Showtime)
class ShowtimeAdmin(OfficeAdmin):
    theater_path = "auditorium__theater"
    nothing_here = _("Nothing is planned from today on.")
    empty_words = {"series": _("No series")}
    list_display = [
        "starts",
        "movie_title",
        "version_text",
        "theater",
        "auditorium_name",
        "state",
        "sold",
        "price_list_name",
    ]
    list_display_links = ["starts", "movie_title"]
    list_filter = [DayFilter, TheaterFilter, AuditoriumFilter, "status", MovieFilter, "picture"]
    list_select_related = ["movie", "auditorium__theater", "price_list"]
    search_fields = ["movie__title", "movie__original_title"]
    search_help_text = "Title of the movie"
    ordering = ["starts_at", "pk"]
    actions = ["publish", "take_back"]
    readonly_fields = [*FIXED, *FACTS]

    # The pages

    def get_queryset(self, request: HttpRequest) -> QuerySet[Showtime]:
        return super().get_queryset(request).select_related("movie", "auditorium__theater", "price_list", "plan")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [
                (None, {"fields": ["shown", "auditorium", "price_list", ("on", "at"), "which"]}),
                ("About", {"fields": [*ABOUT, *CLOSED]}),
                *_in_other_languages(obj),
            ]
        if obj.status == ShowtimeStatus.DRAFT:
            plan = ["shown", "auditorium", "price_list", "plan_link", ("on", "at"), "which"]
            return [
                (None, {"fields": plan}),
                ("About", {"fields": [*ABOUT, *CLOSED]}),
                *_in_other_languages(obj),
                ("As it stands", {"fields": FACTS}),
            ]
        return [
            ("As it stands", {"fields": [*FIXED, *FACTS]}),
            ("About", {"fields": ABOUT}),
            *_in_other_languages(obj),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        draft = obj is None or obj.status == ShowtimeStatus.DRAFT
        return ["plan_link", *FACTS] if draft else [*FIXED, *FACTS]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        draft = obj is None or obj.status == ShowtimeStatus.DRAFT
        form: Any = super().get_form(request, obj, change, **kwargs, form=DraftForm if draft else DescriptionForm)
        form.now = timezone.now()
        for field in form.base_fields.values():
            if isinstance(field.widget, RelatedFieldWidgetWrapper):
                # Without links to add, change or delete movies and auditoriums.
                field.widget.can_add_related = field.widget.can_change_related = False
                field.widget.can_delete_related = field.widget.can_view_related = False
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        models: dict[str, Any] = {"auditorium": Auditorium, "price_list": PriceList}
        if db_field.name in models:
            rows = models[db_field.name].objects.select_related("theater").order_by("theater__name", "name")
            kwargs |= {"form_class": InTheater, "queryset": rows}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        may_move_in = theater_access.may_somewhere(request.user, "reservations.move_tickets_in")
        return super().changelist_view(request, {"may_move_in": may_move_in, **(extra_context or {})})

    def view_on_site(self, obj: Showtime) -> str | None:
        is_sold = obj.status == ShowtimeStatus.PUBLISHED and obj.ends_at > timezone.now()
        return obj.get_absolute_url() if is_sold else None

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        showtime = kwargs.get("obj")
        status = showtime.status if showtime else ShowtimeStatus.DRAFT
        may = self.has_add_permission(request) if showtime is None else self.has_change_permission(request, showtime)
        context |= {
            "may_publish": may and status == ShowtimeStatus.DRAFT and not (showtime and showtime.closed_for),
            "may_take_back": may and status == ShowtimeStatus.PUBLISHED,
            "day_url": _day_url(showtime),
            "may_alter": _may(request, "theaters.change_sold_showtime", showtime),
            "may_write": showtime is not None and WriteToHolders.is_for(request, showtime),
            "may_change_program": showtime is not None and may,
            "has_numbers": showtime is None or showtime.plan_id is None or has_numbers(showtime.plan_id),
            "may_keep_back": _may(request, "reservations.keep_seats_back", showtime),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        write = path("<int:pk>/write/", action_view(WriteToHolders, self), name="theaters_showtime_write")
        preview = path("<int:pk>/write/preview/", html_preview(self), name="theaters_showtime_write_html")
        return [write, preview, *schedule_urls(self.admin_site), *super().get_urls()]

    # Permissions

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        ended = obj is not None and obj.status == ShowtimeStatus.CANCELED
        return not ended and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        kept = obj is not None and obj.status != ShowtimeStatus.DRAFT
        return not kept and super().has_delete_permission(request, obj)

    def get_actions(
        self, request: HttpRequest, action_location: admin.ActionLocation = admin.ActionLocation.CHANGE_LIST
    ) -> Any:
        found = super().get_actions(request, action_location=action_location)
        # Django's action checks no permission of single showtimes and deletes without the service.
        found.pop("delete_selected", None)
        return found

    # Writing: services alone

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except SchedulingRefused:
            # Another showtime was saved after the form was validated: now validation names it.
            pass
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except SchedulingRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Showtime, form: Any, change: bool) -> None:  # noqa: FBT001
        if isinstance(form, DescriptionForm):
            describe(showtime_id=obj.pk, note=obj.note, series=obj.series, translations=obj.translations)
            return
        values = form.values()
        saved = change_draft(showtime_id=obj.pk, values=values) if change else schedule(**vars(values))
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Showtime) -> None:
        delete_draft(showtime_id=obj.pk)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except SchedulingRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:theaters_showtime_change", object_id)

    def response_add(self, request: HttpRequest, obj: Showtime, post_url_continue: str | None = None) -> HttpResponse:
        return self._pressed(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Showtime) -> HttpResponse:
        return self._pressed(request, obj) or super().response_change(request, obj)

    def _pressed(self, request: HttpRequest, showtime: Showtime) -> HttpResponse | None:
        """Handle the buttons beside Save."""
        if "_publish" in request.POST and showtime.closed_for:
            says = gettext("%(showtime)s is planned. A private hire is not put on sale.") % {"showtime": showtime}
            self.message_user(request, says, messages.SUCCESS)
            return redirect("admin:theaters_showtime_change", showtime.pk)
        for name, move in (("_publish", self._publish), ("_take_back", self._take_back)):
            if name in request.POST:
                self._try(request, [showtime], move)
                return redirect("admin:theaters_showtime_change", showtime.pk)
        return None

    @admin.action(description=_("Publish: open the sale"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Showtime]) -> None:
        self._try(request, list(queryset), self._publish)

    @admin.action(description=_("Take off sale: make unsold ones drafts again"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Showtime]) -> None:
        self._try(request, list(queryset), self._take_back)

    def _try(self, request: HttpRequest, showtimes: list[Showtime], move: Callable[[int, str], str]) -> None:
        """Run the action for each showtime; a refusal is shown and the others continue."""
        for showtime in showtimes:
            try:
                done = move(showtime.pk, staff_actor(request.user))
            except SchedulingRefused as refusal:
                self.message_user(request, f"{showtime}: {refusal}", messages.ERROR)
            else:
                self.log_change(request, showtime, done)
                self.message_user(request, f"{showtime}: {done}", messages.SUCCESS)

    def _publish(self, showtime_id: int, actor: str) -> str:
        showtime = open_for_sale(showtime_id=showtime_id, actor=actor)
        assert showtime.plan_id is not None, "what is on sale has a plan"
        if not has_numbers(showtime.plan_id):
            says = gettext("on sale with %(number)s unreserved places.")
        elif areas_of_plan(showtime.plan_id):
            says = gettext("on sale with %(number)s seats and unreserved places.")
        else:
            says = gettext("on sale with %(number)s seats.")
        return says % {"number": showtime.seats_total}

    def _take_back(self, showtime_id: int, actor: str) -> str:
        take_back(showtime_id=showtime_id, actor=actor)
        return gettext("taken back; it is a draft again.")

    # What the columns say

    @admin.display(description="starts", ordering="starts_at")
    def starts(self, showtime: Showtime) -> str:
        starts = _local(showtime, "starts_at")
        year = "" if starts.year == timezone.now().year else f" {starts.year}"
        # With the zone in the hour that clocks show twice.
        twice = starts.utcoffset() != starts.replace(fold=1 - starts.fold).utcoffset()
        return f"{starts:%a %d %b}{year}, {starts:%H:%M}" + (f" {starts:%Z}" if twice else "")

    @admin.display(description="movie", ordering="movie__title")
    def movie_title(self, showtime: Showtime) -> str:
        return showtime.title

    @admin.display(description="version", ordering="picture")
    def version_text(self, showtime: Showtime) -> str:
        return "" if is_without_version(showtime.movie, showtime.version) else showtime.version.text

    @admin.display(description="theater", ordering="auditorium__theater__name")
    def theater(self, showtime: Showtime) -> str:
        return showtime.auditorium.theater.name

    @admin.display(description="auditorium", ordering="auditorium__name")
    def auditorium_name(self, showtime: Showtime) -> str:
        return showtime.auditorium.name

    @admin.display(description="auditorium")
    def place(self, showtime: Showtime) -> str:
        return f"{showtime.auditorium.theater.name} · {showtime.auditorium.name}"

    @admin.display(description="status", ordering="status")
    def state(self, showtime: Showtime) -> SafeString:
        return state_chip(showtime.status, showtime.get_status_display())

    @admin.display(description="sold", ordering="seats_taken")
    def sold(self, showtime: Showtime) -> SafeString | str:
        """Seats sold, as a number and a bar; counts may be some seconds old."""
        if not showtime.seats_total:
            return NOTHING
        return format_html(
            '<span class="sold">{0} / {1} <meter min="0" max="{1}" value="{0}">{0} of {1}</meter></span>',
            showtime.seats_taken,
            showtime.seats_total,
        )

    @admin.display(description="prices")
    def prices(self, showtime: Showtime) -> SafeString:
        """The price list, the version on sale, and the price rules in it."""
        pinned = showtime.price_version
        version = f", version {pinned.number}" if pinned else ""
        if pinned and pinned.price_rules:
            version += f", with {and_list(rule.name for rule in read(pinned.price_rules))}"
        return format_html("{}{}", link_to("theaters_pricelist", showtime.price_list_id, showtime.price_list), version)

    @admin.display(description=_("price list"), ordering="price_list__name")
    def price_list_name(self, showtime: Showtime) -> str:
        return showtime.price_list.name

    @admin.display(description=_("seating plan"))
    def plan_link(self, showtime: Showtime) -> SafeString:
        return link_to("theaters_seatingplan", showtime.plan_id, showtime.plan)

    @admin.display(description=_("program"))
    def program_parts(self, showtime: Showtime) -> str:
        return "; ".join(map(str, showtime.program)) or NOTHING

    @admin.display(description="ends")
    def ends(self, showtime: Showtime) -> str:
        ends, free = _local(showtime, "ends_at"), _local(showtime, "occupied_until")
        return gettext("%(ends)s; the auditorium is clean and free at %(free)s") % {
            "ends": f"{ends:%H:%M}",
            "free": f"{free:%H:%M}",
        }

    @admin.display(description=_("online sales close"))
    def sales_close(self, showtime: Showtime) -> str:
        return f"{_local(showtime, 'sales_close_at'):%a %d %b %Y, %H:%M %Z}"

    @admin.display(description=_("its link"))
    def closed_link(self, showtime: Showtime) -> SafeString | str:
        """The link and code of a closed showtime."""
        if not showtime.is_closed:
            return NOTHING
        address = current_house().site_url + reverse("open_closed_show", args=[showtime.access_code])
        return format_html('{} <span class="quiet">{} {}</span>', address, gettext("Code:"), showtime.access_code)

    @admin.display(description=_("see also"))
    def links(self, showtime: Showtime) -> SafeString:
        """Links to the showtime's bookings and figures, also after its end."""
        ways = []
        if opens("reservations_booking"):
            bookings = reverse("admin:reservations_booking_changelist")
            ways.append((f"{bookings}?showtime={showtime.pk}", "Bookings of this showtime"))
        if theater_access.may(viewer.get(), VIEW_REPORTS, showtime.auditorium.theater_id):
            ways.append((reverse("admin:report_showtime", args=[showtime.pk]), "Figures of this showtime"))
        return format_html_join(" · ", '<a href="{}">{}</a>', ways) or format_html("{}", NOTHING)


def _may(request: HttpRequest, permission: str, showtime: Showtime | None) -> bool:
    """Whether the showtime is on sale and not over, and this person has the right at its theater."""
    if showtime is None or showtime.status != ShowtimeStatus.PUBLISHED or showtime.ends_at <= timezone.now():
        return False
    return theater_access.may(request.user, permission, showtime.auditorium.theater_id)


def _in_other_languages(showtime: Showtime | None) -> list[tuple[str, dict[str, Any]]]:
    texts = TRANSLATED_TEXTS if showtime and showtime.program_title else ("note",)
    names = [translation_name(code, text) for code in languages_to_translate() for text in texts]
    return [(gettext("In other languages"), {"fields": names})] if names else []


def _day_url(showtime: Showtime | None) -> str:
    """The address of the timeline of this showtime's day."""
    page = reverse("admin:schedule_day")
    if showtime is None:
        return page
    theater = showtime.auditorium.theater
    return f"{page}?theater={theater.pk}&day={business_day(theater, showtime.starts_at)}#showtime-{showtime.pk}"


def _local(showtime: Showtime, name: str) -> Any:
    return getattr(showtime, name).astimezone(showtime.auditorium.theater.zone)
