"""Ticket allowances: people who may have more tickets of a showtime than the limit, and why."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from boxoffice.forms.ticket_allowances import TicketAllowanceForm
from core.texts.lazy_text import gettext_lazy as _
from reservations.models import TicketAllowance
from staff.office import OfficeAdmin, moment_text
from theaters.states import ShowtimeStatus


@admin.register(TicketAllowance)
class TicketAllowanceAdmin(OfficeAdmin):
    """Given and taken back, never edited: each step is in the audit log with its reason."""

    theater_path = "showtime__auditorium__theater"
    nothing_here = _("Nobody has more tickets than the usual limit.")
    form = TicketAllowanceForm
    fields = ["showtime", "email", "most", "reason"]
    list_display = ["email", "most", "showtime", "starts", "reason"]
    list_select_related = ["showtime__movie", "showtime__auditorium__theater"]
    search_fields = ["email", "reason"]
    search_help_text = "E-mail or reason"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "showtime":
            open_ones = field.queryset.filter(status=ShowtimeStatus.PUBLISHED, sales_close_at__gt=timezone.now())
            field.queryset = open_ones.select_related("movie", "auditorium__theater").order_by("starts_at")
        return field

    @admin.display(description="starts", ordering="showtime__starts_at")
    def starts(self, allowance: TicketAllowance) -> str:
        showtime = allowance.showtime
        return moment_text(showtime.starts_at, showtime.auditorium.theater.zone)
