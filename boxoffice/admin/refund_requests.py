"""Requests for refunds above one person's limit, and who approved or declined them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from boxoffice.admin.actions import StaffAction, action_view
from boxoffice.admin.actions.refunds import Approve, Decline, refusal_to_approve
from boxoffice.models import RefundRequest
from boxoffice.selectors.booking_page import seats_text
from boxoffice.states import RequestStatus
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from reservations.models import Ticket
from staff.office import NOTHING, LedgerAdmin, link_to, moment_text, state_chip


@admin.register(RefundRequest)
class RefundRequestAdmin(LedgerAdmin):
    theater_path = "booking__showtime__auditorium__theater"
    nothing_here = _("No requests yet. They are made on the page of a booking; those above the limit wait here.")
    list_display = [
        "asked",
        "booking_link",
        "amount_text",
        "percent_text",
        "state",
        "who_asked",
        "who_decided",
        "reason",
    ]
    list_display_links = ["asked"]
    list_filter = ["status", "booking__showtime__auditorium__theater"]
    list_select_related = ["booking__showtime__auditorium__theater", "asked_by", "decided_by"]
    search_fields = ["booking__sale__reference", "asked_by__email"]
    search_help_text = "Reference of the booking, or e-mail of who asked"
    fields = [
        "booking_link", "seats", ("amount_text", "percent_text"), "reason", "state", ("asked", "who_asked"),
        ("decided", "who_decided"), "answer",
    ]  # fmt: skip
    change_form_template = "admin/boxoffice/refundrequest/change_form.html"

    def get_urls(self) -> list[Any]:
        pages: list[tuple[str, type[StaffAction]]] = [("approve", Approve), ("decline", Decline)]
        acts = [
            path(f"<int:pk>/{name}/", action_view(action, self), name=f"boxoffice_refundrequest_{name}")
            for name, action in pages
        ]
        return [*acts, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        found = self.get_object(request, object_id)
        extra: dict[str, Any] = {**(extra_context or {})}
        if found is not None and found.status == RequestStatus.WAITING and self.has_view_permission(request, found):
            assert request.user.pk is not None
            refusal = refusal_to_approve(found, user_id=request.user.pk, now=timezone.now())
            may_decide = Approve.is_for(request, found)
            is_own = found.asked_by_id == request.user.pk
            extra |= {"waits": True, "refusal": refusal, "may_approve": may_decide and not refusal}
            extra |= {"may_decline": may_decide or is_own, "is_own": is_own}
        return super().change_view(request, object_id, form_url, extra)

    @admin.display(description="asked", ordering="pk")
    def asked(self, request: RefundRequest) -> str:
        return moment_text(request.asked_at, request.booking.showtime.auditorium.theater.zone)

    @admin.display(description="decided")
    def decided(self, request: RefundRequest) -> str:
        return moment_text(request.decided_at, request.booking.showtime.auditorium.theater.zone)

    @admin.display(description=_("asked by"), ordering="asked_by__email")
    def who_asked(self, request: RefundRequest) -> SafeString:
        return link_to("accounts_user", request.asked_by_id, request.asked_by)

    @admin.display(description=_("decided by"), ordering="decided_by__email")
    def who_decided(self, request: RefundRequest) -> SafeString | str:
        return link_to("accounts_user", request.decided_by.pk, request.decided_by) if request.decided_by else NOTHING

    @admin.display(description="booking")
    def booking_link(self, request: RefundRequest) -> SafeString:
        return link_to("reservations_booking", request.booking_id, request.booking)

    @admin.display(description="seats")
    def seats(self, request: RefundRequest) -> str:
        tickets = Ticket.objects.filter(pk__in=request.tickets).order_by("seat_id")
        return seats_text(list(tickets.values_list("seat__label", flat=True))) or NOTHING

    @admin.display(description="amount", ordering="amount")
    def amount_text(self, request: RefundRequest) -> str:
        return format_money(request.amount, request.currency)

    @admin.display(description=_("part of the price"))
    def percent_text(self, request: RefundRequest) -> str:
        return gettext("Goodwill: no ticket becomes void") if request.is_goodwill else f"{request.percent}%"

    @admin.display(description="status", ordering="status")
    def state(self, request: RefundRequest) -> SafeString:
        return state_chip(request.status, request.get_status_display())
