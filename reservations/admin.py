"""Read-only admin pages of seats, holds, mails and waiting lists. The admin page of a booking is in boxoffice."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from reservations.links.booking_search import HELP, bookings_matching
from reservations.models import Booking, OutgoingMail, SharedBlock, Ticket, WaitingEntry
from reservations.selectors.shared_blocks import SharedPage, shared_page
from reservations.selectors.waiting import skip_in_words, wish_in_words
from staff.access import may
from staff.office import NOTHING, LedgerAdmin, link_to, moment_text, state_chip, titled
from staff.outbox_pages import MailStateFilter, mail_state
from theaters.seat_labels import is_place, labels_in_words


def zone_of(booking: Booking) -> ZoneInfo:
    return booking.showtime.auditorium.theater.zone


class OfBookingAdmin(LedgerAdmin):
    """Rows that belong to a booking: the search looks for their booking, to which `booking_path` leads."""

    booking_path = "booking"
    search_fields = ["booking__sale__reference"]
    search_help_text = HELP

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(self.matching(search_term)), False

    def matching(self, words: str) -> Q:
        return Q(**{f"{self.booking_path}__in": bookings_matching(words).values("pk")})


@admin.register(Ticket)
class TicketAdmin(OfBookingAdmin):
    theater_path = "showtime__auditorium__theater"
    nothing_here = _("No tickets yet. They appear when a customer presses Pay.")
    list_display = ["seat_label", "showtime_text", "kind", "price_amount", "state", "booking_link"]
    list_filter = ["status", "showtime__auditorium__theater", ("ticket_type__code", titled("type"))]
    list_select_related = ["seat", "showtime__movie", "showtime__auditorium__theater", "booking__sale__contact"]
    fields = [
        "seat_label", "showtime_text", "booking_link", "kind", "price_amount", "price_made", "discount_amount", "parts",
        "state", "page",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A place without a number is not called a seat."""
        shown = super().get_fields(request, obj)
        return ["place", *shown[1:]] if obj and is_place(obj.seat.label) else shown

    @admin.display(description="seat or place", ordering="seat__label")
    def seat_label(self, ticket: Ticket) -> str:
        return ticket.seat.label

    @admin.display(description="place")
    def place(self, ticket: Ticket) -> str:
        return labels_in_words([ticket.seat.label])

    @admin.display(description="showtime", ordering="showtime__starts_at")
    def showtime_text(self, ticket: Ticket) -> str:
        return str(ticket.showtime)

    @admin.display(description="type", ordering="type_name")
    def kind(self, ticket: Ticket) -> str:
        return ticket.type_name

    @admin.display(description="price", ordering="price")
    def price_amount(self, ticket: Ticket) -> str:
        return format_money(ticket.price, ticket.currency)

    @admin.display(description=_("how it came about"))
    def price_made(self, ticket: Ticket) -> str:
        return ticket.price_text or (NOTHING if ticket.list_price is None else str(_("The price of the list")))

    @admin.display(description=_("taken off by a promo code"))
    def discount_amount(self, ticket: Ticket) -> str:
        return format_money(ticket.discount, ticket.currency) if ticket.discount else NOTHING

    @admin.display(description=_("in it"))
    def parts(self, ticket: Ticket) -> str:
        inside, rate = ticket.parts, f"{(ticket.tax_rate * 100).normalize():f}%"
        fee = f"booking fee {format_money(inside.fee, ticket.currency)}, " if inside.fee else ""
        net, tax = format_money(inside.net, ticket.currency), format_money(inside.tax, ticket.currency)
        return f"ticket {net}, {fee}tax {tax} ({rate})"

    @admin.display(description="status", ordering="status")
    def state(self, ticket: Ticket) -> SafeString:
        return state_chip(ticket.status, ticket.get_status_display())

    @admin.display(description="booking", ordering="booking__sale__reference")
    def booking_link(self, ticket: Ticket) -> SafeString:
        return link_to("reservations_booking", ticket.booking_id, ticket.booking)

    @admin.display(description=_("as the customer sees it"))
    def page(self, ticket: Ticket) -> SafeString:
        return format_html('<a href="{}">The ticket</a>', reverse("ticket", args=[ticket.code]))


@admin.register(OutgoingMail)
class OutgoingMailAdmin(OfBookingAdmin):
    theater_path = "booking__showtime__auditorium__theater"
    nothing_here = _("No mail has been written yet.")
    list_display = ["created", "kind", "sent_to", "booking_link", "state", "attempts_count", "last_error"]
    list_filter = [MailStateFilter, "kind"]
    list_select_related = ["contact", "booking__sale__contact", "booking__showtime__auditorium__theater"]
    ordering = ["-pk"]
    fields = [
        "kind",
        "sent_to",
        "booking_link",
        "state",
        "created",
        "next_try",
        "sent",
        "gave_up",
        "attempts_count",
        "last_error",
    ]

    @admin.display(description=_("to"))
    def sent_to(self, mail: OutgoingMail) -> str:
        return mail.recipient or NOTHING

    @admin.display(description="booking", ordering="booking__sale__reference")
    def booking_link(self, mail: OutgoingMail) -> SafeString:
        return link_to("reservations_booking", mail.booking_id, mail.booking)

    @admin.display(description="state")
    def state(self, mail: OutgoingMail) -> SafeString:
        return mail_state(mail)

    @admin.display(description="attempts", ordering="attempts")
    def attempts_count(self, mail: OutgoingMail) -> int:
        return mail.attempts

    @admin.display(description="written", ordering="pk")
    def created(self, mail: OutgoingMail) -> str:
        return moment_text(mail.created_at, zone_of(mail.booking))

    @admin.display(description=_("next try"))
    def next_try(self, mail: OutgoingMail) -> str:
        return NOTHING if mail.sent_at or mail.gave_up_at else moment_text(mail.try_at, zone_of(mail.booking))

    @admin.display(description="sent")
    def sent(self, mail: OutgoingMail) -> str:
        return moment_text(mail.sent_at, zone_of(mail.booking))

    @admin.display(description=_("given up"))
    def gave_up(self, mail: OutgoingMail) -> str:
        return moment_text(mail.gave_up_at, zone_of(mail.booking))


@admin.register(WaitingEntry)
class WaitingEntryAdmin(LedgerAdmin):
    """The waiting list in order; the page of an entry says why it was passed over."""

    theater_path = "showtime__auditorium__theater"
    nothing_here = _("Nobody is waiting. People can join the waiting list of a full showtime on its seat map.")
    list_display = ["joined", "showtime_text", "people", "sent_to", "state", "wait_until"]
    list_filter = ["status", "showtime__auditorium__theater"]
    list_select_related = ["contact", "showtime__movie", "showtime__auditorium__theater"]
    ordering = ["showtime", "joined_at", "pk"]
    fields = ["showtime_text", "sent_to", "people", "state", "joined", "wait_until", "offered_seats", "passed_over"]

    @admin.display(description="showtime", ordering="showtime__starts_at")
    def showtime_text(self, entry: WaitingEntry) -> str:
        return str(entry.showtime)

    @admin.display(description=_("to"))
    def sent_to(self, entry: WaitingEntry) -> str:
        return entry.contact.email or NOTHING

    @admin.display(description=_("wish"))
    def people(self, entry: WaitingEntry) -> str:
        return ", ".join(words for words in (str(entry.count), wish_in_words(entry)) if words)

    @admin.display(description="status", ordering="status")
    def state(self, entry: WaitingEntry) -> SafeString:
        return state_chip(entry.status, entry.get_status_display())

    @admin.display(description=_("waits since"), ordering="joined_at")
    def joined(self, entry: WaitingEntry) -> str:
        return moment_text(entry.joined_at, self._zone(entry))

    @admin.display(description=_("waits until"), ordering="until")
    def wait_until(self, entry: WaitingEntry) -> str:
        return moment_text(entry.until, self._zone(entry))

    @admin.display(description=_("offered"))
    def offered_seats(self, entry: WaitingEntry) -> str:
        offers = [
            f"{labels_in_words(offer.labels)} ({offer.get_end_display() or gettext('open')})"
            for offer in entry.offers.all()
        ]
        return "; ".join(offers) or NOTHING

    @admin.display(description=_("passed over"))
    def passed_over(self, entry: WaitingEntry) -> str:
        skips = [f"{moment_text(skip.at, self._zone(entry))}: {skip_in_words(skip)}" for skip in entry.skips.all()]
        return " ".join(skips) or NOTHING

    def _zone(self, entry: WaitingEntry) -> ZoneInfo:
        return entry.showtime.auditorium.theater.zone


@admin.register(SharedBlock)
class SharedBlockAdmin(LedgerAdmin):
    """Seats that customers hold for friends who pay alone; ended on the page of the showtime's house seats."""

    theater_path = "showtime__auditorium__theater"
    nothing_here = _("Nobody holds seats for friends. Customers do it on the seat map: “Sit together, pay apart”.")
    list_display = ["started", "showtime_text", "organizer", "seats_text", "state", "held_until"]
    list_filter = ["showtime__auditorium__theater"]
    list_select_related = ["hold", "showtime__movie", "showtime__auditorium__theater"]
    ordering = ["-pk"]
    fields = ["showtime_text", "organizer", "state", "started", "held_until", "free", "taken", "paid", "why"]

    def get_fields(self, request: HttpRequest, obj: SharedBlock | None = None) -> Any:
        """Add the button that ends the block, for staff who may end it."""
        may_end = obj is not None and may(request.user, "reservations.keep_seats_back", obj.showtime.auditorium.theater)
        return [*self.fields, *(["end_it"] if may_end else [])]

    @admin.display(description="showtime", ordering="showtime__starts_at")
    def showtime_text(self, block: SharedBlock) -> str:
        return str(block.showtime)

    @admin.display(description=_("organizer"), ordering="name")
    def organizer(self, block: SharedBlock) -> str:
        return " · ".join(words for words in (block.name, block.customer) if words)

    @admin.display(description=_("seats at the start"))
    def seats_text(self, block: SharedBlock) -> str:
        return labels_in_words(block.labels)

    @admin.display(description="state")
    def state(self, block: SharedBlock) -> SafeString:
        is_open = block.hold.ended_at is None and block.hold.expires_at > timezone.now()
        return state_chip("OPEN", gettext("open")) if is_open else state_chip("OVER", gettext("over"))

    @admin.display(description=_("since"), ordering="made_at")
    def started(self, block: SharedBlock) -> str:
        return moment_text(block.made_at, self._zone(block))

    @admin.display(description=_("held until"), ordering="hold__expires_at")
    def held_until(self, block: SharedBlock) -> str:
        return moment_text(block.hold.expires_at, self._zone(block))

    @admin.display(description=_("nobody took yet"))
    def free(self, block: SharedBlock) -> str:
        return labels_in_words(self._page(block).left) or NOTHING

    @admin.display(description=_("taken, not paid"))
    def taken(self, block: SharedBlock) -> str:
        return labels_in_words(self._page(block).unpaid) or NOTHING

    @admin.display(description=_("paid"))
    def paid(self, block: SharedBlock) -> str:
        return labels_in_words(self._page(block).paid) or NOTHING

    @admin.display(description=_("why staff ended it"))
    def why(self, block: SharedBlock) -> str:
        return block.ended_because or NOTHING

    @admin.display(description=_("end it"))
    def end_it(self, block: SharedBlock) -> SafeString:
        address = reverse("admin:schedule_house_seats", args=[block.showtime_id])
        return format_html('<a href="{}">{}</a>', address, gettext("House seats of the showtime"))

    def _page(self, block: SharedBlock) -> SharedPage:
        return shared_page(block, holder="", now=timezone.now())

    def _zone(self, block: SharedBlock) -> ZoneInfo:
        return block.showtime.auditorium.theater.zone
