"""Bookings: found by reference, e-mail or seat; one page shows its whole history, and staff act through services."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from boxoffice.admin.actions import StaffAction, action_view
from boxoffice.admin.actions.booking_mails import ChangeEmail, Resend
from boxoffice.admin.actions.comps import GiveComp
from boxoffice.admin.actions.payments import AskProvider
from boxoffice.admin.actions.payouts import PayOut
from boxoffice.admin.actions.refunds import GiveGoodwill, RefundTickets, Retry
from boxoffice.admin.actions.swaps import SwapSeats
from boxoffice.admin.filters import ShowDayFilter, ShowTheaterFilter, ShowtimeFilter
from boxoffice.admin.reports import report_urls
from boxoffice.selectors.booking_page import BookingDetails, booking_details, bookings_needing_a_person, seats_text
from boxoffice.selectors.counter_sales import staff_papers
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from reservations.links.booking_search import HELP, bookings_matching
from reservations.models import Booking, Ticket
from reservations.seats.plan_seats import has_numbers
from reservations.states import BookingStatus
from sales.states import Channel
from staff.office import NOTHING, LedgerAdmin, link_to, moment_text, state_chip
from theaters.models import Showtime
from theaters.states import ShowtimeStatus

PRIMARY_KEY = re.compile(r"[0-9]{1,17}")


# Fields that have another name where nothing has a number.
PLACES = {"seats": "places"}


class MoneyFilter(admin.SimpleListFilter):
    """Filters bookings by what happened to their money."""

    title = "money"
    parameter_name = "money"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("person", "Needs a person"),
            ("back", "Goes back, in whole or in part"),
            ("late", "Came late"),
            ("counter", "Sold at the counter"),
            ("free", "Free of charge"),
            ("comp", "Given away"),
            ("moved_in", "Moved in"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        return {
            "person": queryset.filter(pk__in=bookings_needing_a_person()),
            "back": queryset.filter(sale__refund_due__gt=0),
            "late": queryset.filter(is_late=True),
            "counter": queryset.filter(sale__operator__isnull=False),
            "free": queryset.filter(total=0).exclude(sale__channel=Channel.COMP),
            "comp": queryset.filter(sale__channel=Channel.COMP),
            "moved_in": queryset.filter(sale__channel=Channel.MOVED_IN),
        }.get(self.value() or "", queryset)


@admin.register(Booking)
class BookingAdmin(LedgerAdmin):
    theater_path = "showtime__auditorium__theater"
    nothing_here = _("No bookings yet. They appear when a customer presses Pay.")
    # No link to the site: the booking's page there opens for its buyer alone.
    view_on_site = False
    list_display = ["reference", "customer", "showtime_link", "theater", "seats", "total_amount", "state", "created"]
    list_filter = [ShowtimeFilter, "status", ShowTheaterFilter, ShowDayFilter, MoneyFilter]
    list_select_related = ["showtime__movie", "showtime__auditorium__theater"]
    search_fields = ["sale__reference"]
    search_help_text = f"{HELP}. Many showtimes have a C7: choose the showtime first."
    fieldsets = [
        (None, {"fields": [
            ("reference", "state"), ("showtime_link", "theater", "seats"), ("customer", "account"),
            ("total_amount", "refund_amount", "late"), ("sold", "promo"),
            ("created", "time_to_pay", "held", "confirmed", "ended"),
        ]}),
        (_("Terms as shown before payment"), {"fields": ["terms"], "classes": ["collapse"]}),
    ]  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if obj and not has_numbers(obj.showtime.plan_id):
            (name, first), *others = shown
            fields = [
                tuple(PLACES.get(field, field) for field in line) if isinstance(line, tuple) else line
                for line in first["fields"]
            ]
            shown = [(name, {**first, "fields": fields}), *others]
        return [("Given away", {"fields": ["comp_reason"]}), *shown] if obj and obj.sale.comp_reason else shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        seats = Ticket.objects.filter(booking=OuterRef("pk")).order_by("seat__pk").values(label=F("seat__label"))
        found = super().get_queryset(request).select_related(*self.list_select_related)  # BookingManager joins the sale
        return found.annotate(labels=ArraySubquery(seats))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Booking], search_term: str
    ) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=bookings_matching(search_term).values("pk")), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Offer to give free seats away when the list shows the bookings of one showtime."""
        chosen = request.GET.get("showtime", "")
        showtime = Showtime.objects.with_names().filter(pk=chosen).first() if PRIMARY_KEY.fullmatch(chosen) else None
        extra: dict[str, Any] = {**(extra_context or {})}
        if showtime is not None and showtime.status == ShowtimeStatus.PUBLISHED and GiveComp.is_for(request, showtime):
            extra |= {"give_url": reverse("admin:reservations_booking_give", args=[showtime.pk])}
        return super().changelist_view(request, extra)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        booking = self.get_object(request, object_id)
        extra: dict[str, Any] = {**(extra_context or {})}
        if booking is not None and self.has_view_permission(request, booking):
            details = booking_details(booking, now=timezone.now())
            extra |= {"details": details, "zone": booking.showtime.auditorium.theater.timezone}
            extra |= {"papers": staff_papers(booking), "has_numbers": has_numbers(booking.showtime.plan_id)}
            extra |= {"acts": self._acts(request, booking, details), "may_retry": Retry.is_for(request, booking)}
            extra |= {"may_ask": AskProvider.is_for(request, booking), "may_pay_out": PayOut.is_for(request, booking)}
        return super().change_view(request, object_id, form_url, extra)

    def get_urls(self) -> list[Any]:
        pages: list[tuple[str, type[StaffAction], str]] = [
            ("<int:pk>/refund/", RefundTickets, "refund"),
            ("<int:pk>/goodwill/", GiveGoodwill, "goodwill"),
            ("<int:pk>/swap/", SwapSeats, "swap"),
            ("<int:pk>/resend/", Resend, "resend"),
            ("<int:pk>/email/", ChangeEmail, "email"),
            ("<int:pk>/retry/<int:refund_pk>/", Retry, "retry"),
            ("<int:pk>/pay-out/<int:refund_pk>/", PayOut, "pay_out"),
            ("<int:pk>/ask/<int:payment_pk>/", AskProvider, "ask"),
            ("give/<int:showtime_pk>/", GiveComp, "give"),
        ]
        acts = [
            path(route, action_view(action, self), name=f"reservations_booking_{name}") for route, action, name in pages
        ]
        return [*report_urls(self.admin_site), *acts, *super().get_urls()]

    def _acts(self, request: HttpRequest, booking: Booking, details: BookingDetails) -> list[tuple[str, str]]:
        """The buttons of the actions that this person may do and that are possible now."""
        is_confirmed = booking.status == BookingStatus.CONFIRMED
        offered = [
            ("refund", RefundTickets, is_confirmed and not details.is_locked),
            ("goodwill", GiveGoodwill, details.may_give and not details.is_locked),
            ("swap", SwapSeats, is_confirmed and SwapSeats.is_useful(booking)),
            ("resend", Resend, is_confirmed),
            ("email", ChangeEmail, True),
        ]
        return [
            (action.title, reverse(f"admin:reservations_booking_{name}", args=[booking.pk]))
            for name, action, is_useful in offered
            if is_useful and action.is_for(request, booking)
        ]

    @admin.display(description="reference", ordering="sale__reference")
    def reference(self, booking: Booking) -> str:
        return booking.reference

    @admin.display(description="terms")
    def terms(self, booking: Booking) -> str:
        return booking.sale.terms

    @admin.display(description="reason")
    def comp_reason(self, booking: Booking) -> str:
        return booking.sale.comp_reason

    @admin.display(description="showtime", ordering="showtime__starts_at")
    def showtime_link(self, booking: Booking) -> SafeString:
        return link_to("theaters_showtime", booking.showtime_id, booking.showtime)

    @admin.display(description="theater", ordering="showtime__auditorium__theater__name")
    def theater(self, booking: Booking) -> str:
        return booking.showtime.auditorium.theater.name

    @admin.display(description="e-mail", ordering="sale__contact__email")
    def customer(self, booking: Booking) -> str:
        return booking.email or NOTHING

    @admin.display(description="sold")
    def sold(self, booking: Booking) -> str:
        sale = booking.sale
        if sale.channel == Channel.MOVED_IN:
            return gettext("Moved in")
        if sale.operator is None:
            return gettext("Given away") if sale.comp_reason else gettext("Online")
        facts = [gettext("At the counter by %(operator)s") % {"operator": sale.operator}]
        if sale.paid_with:
            facts.append(sale.get_paid_with_display().lower())
        if sale.override_reason:
            facts.append(gettext("against a rule: %(reason)s") % {"reason": sale.override_reason})
        return ", ".join(facts)

    @admin.display(description="seats or places")
    def seats(self, booking: Any) -> str:
        return seats_text(booking.labels) or NOTHING

    @admin.display(description="places")
    def places(self, booking: Any) -> str:
        return self.seats(booking)

    @admin.display(description="total", ordering="total")
    def total_amount(self, booking: Booking) -> str:
        return format_money(booking.total, booking.currency)

    @admin.display(description=_("promo code"))
    def promo(self, booking: Booking) -> SafeString | str:
        if booking.promo_code is None:
            return NOTHING
        code = link_to("reservations_promocode", booking.promo_code.pk, booking.promo_code)
        discount = sum((ticket.discount for ticket in booking.tickets.all()), Decimal(0))
        return format_html("{} took off {}", code, format_money(discount, booking.currency))

    @admin.display(description=_("goes back"), ordering="sale__refund_due")
    def refund_amount(self, booking: Booking) -> str:
        return format_money(booking.sale.refund_due, booking.currency) if booking.sale.refund_due else NOTHING

    @admin.display(description="status", ordering="status")
    def state(self, booking: Booking) -> SafeString:
        return state_chip(booking.status, booking.get_status_display())

    @admin.display(description="account")
    def account(self, booking: Booking) -> str:
        return booking.sale.user.email if booking.sale.user else "Guest"

    @admin.display(description="created", ordering="created_at")
    def created(self, booking: Booking) -> str:
        return _moment(booking.created_at, booking)

    @admin.display(description=_("time to pay until"))
    def time_to_pay(self, booking: Booking) -> str:
        return _moment(booking.sale.payable_until, booking)

    @admin.display(description=_("kept until"))
    def held(self, booking: Booking) -> str:
        return _moment(booking.sale.held_until, booking)

    @admin.display(description="confirmed")
    def confirmed(self, booking: Booking) -> str:
        return _moment(booking.confirmed_at, booking)

    @admin.display(description="ended")
    def ended(self, booking: Booking) -> str:
        return _moment(booking.ended_at, booking)

    @admin.display(description=_("paid late"))
    def late(self, booking: Booking) -> str:
        return gettext("Yes, after its time") if booking.is_late else "No"


def _moment(moment: datetime | None, booking: Booking) -> str:
    return moment_text(moment, booking.showtime.auditorium.theater.zone)
