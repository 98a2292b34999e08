"""The log of moves, read-only. It refers to rows of several apps, so it is limited to theaters here."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from boxoffice.models import RefundRequest
from payments.models import Dispute, Payment, Refund
from reservations.models import Booking, Move, OutgoingMail, Ticket
from staff.office import NOTHING, LedgerAdmin, link_to, state_chip, titled
from staff.scope import Keys
from theaters.models import Showtime

UTC = ZoneInfo("UTC")
# By kind of row, the lookup from it to its theater. Kinds that are missing here are shown only to people who may see
# every theater.
KINDS: dict[str, tuple[type[Model], str]] = {
    "showtime": (Showtime, "auditorium__theater"),
    "booking": (Booking, "showtime__auditorium__theater"),
    "ticket": (Ticket, "showtime__auditorium__theater"),
    "payment": (Payment, "sale__theater"),
    "refund": (Refund, "payment__sale__theater"),
    "retry": (Refund, "payment__sale__theater"),
    "request": (RefundRequest, "booking__showtime__auditorium__theater"),
    "mail": (OutgoingMail, "booking__showtime__auditorium__theater"),
    "message": (Booking, "showtime__auditorium__theater"),
    "address": (Booking, "showtime__auditorium__theater"),
    "goodwill": (Booking, "showtime__auditorium__theater"),
    "freeze": (Booking, "showtime__auditorium__theater"),
    "dispute": (Dispute, "payment__sale__theater"),
}


class StatusFilter(titled("status", admin.AllValuesFieldListFilter)):  # type: ignore[misc]
    """Filters by the statuses of all kinds of rows, in words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": in_words(str(choice["display"]))}


def in_words(status: str) -> str:
    return capfirst(status.replace("_", " ").lower())


@admin.register(Move)
class MoveAdmin(LedgerAdmin):
    """The log of moves: every change of a status, with who did it."""

    theater_path = "what_id"  # through KINDS

    list_display = ["at_utc", "what", "what_link", "was", "became", "actor", "note"]
    list_display_links = ["at_utc"]
    list_filter = ["what", ("to_status", StatusFilter)]
    search_fields = ["what_id__exact", "actor", "note"]
    search_help_text = "Reference of a booking, number of what moved, actor or note"
    ordering = ["-pk"]
    fields = ["at_utc", "what", "what_link", "was", "became", "actor", "note"]
    pages = {
        "booking": "reservations_booking",
        "ticket": "reservations_ticket",
        "payment": "payments_payment",
        "refund": "payments_refund",
        "retry": "payments_refund",
        "request": "boxoffice_refundrequest",
        "mail": "reservations_outgoingmail",
        "address": "reservations_booking",
        "goodwill": "reservations_booking",
        "freeze": "reservations_booking",
    }

    def narrow(self, rows: QuerySet[Move], theater_ids: Keys) -> QuerySet[Move]:
        if theater_ids is None:
            return rows
        mine = Q(pk__in=[])
        for what, (model, path) in KINDS.items():
            mine |= Q(what=what, what_id__in=model._default_manager.filter(**{f"{path}__in": theater_ids}).values("pk"))
        return rows.filter(mine)

    def belongs(self, obj: Move, theater_ids: frozenset[int]) -> bool:
        return self.narrow(Move.objects.filter(pk=obj.pk), theater_ids).exists()

    def theater_id_of(self, obj: Move) -> int | None:
        return None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Move], search_term: str
    ) -> tuple[QuerySet[Move], bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        bookings = Booking.objects.filter(sale__reference__iexact=words)
        matches = Q(actor__icontains=words) | Q(note__icontains=words)
        matches |= Q(what="booking", what_id__in=bookings.values("pk"))
        matches |= Q(what="ticket", what_id__in=Ticket.objects.filter(booking__in=bookings).values("pk"))
        if words.isascii() and words.isdigit() and len(words) < 18:
            matches |= Q(what_id=int(words))
        return queryset.filter(matches), False

    @admin.display(description="at", ordering="pk")
    def at_utc(self, move: Move) -> str:
        return f"{move.at.astimezone(UTC):%a %d %b %Y, %H:%M:%S %Z}"

    @admin.display(description="from", ordering="from_status")
    def was(self, move: Move) -> str:
        return in_words(move.from_status) or NOTHING

    @admin.display(description="to", ordering="to_status")
    def became(self, move: Move) -> SafeString:
        return state_chip(move.to_status, in_words(move.to_status))

    @admin.display(description="number", ordering="what_id")
    def what_link(self, move: Move) -> SafeString | int:
        page = self.pages.get(move.what)
        return link_to(page, move.what_id, move.what_id) if page else move.what_id
