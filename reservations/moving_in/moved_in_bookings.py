"""Writing the bookings of tickets that another system sold: a few statements for all of a showtime."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from core.clock import database_now
from core.live import seat_map_changes
from core.texts.languages import speaking
from core.texts.lazy_text import gettext_lazy as _
from core.texts.search_text import folded
from reservations.models import Booking, Hold, MovedInTicket, ShowtimeSeat, Ticket
from reservations.moving_in.old_ticket_reading import OldTicket
from reservations.records.status_changes import log_moves
from reservations.seats.owners import sell_seats_in_bulk
from reservations.states import BookingStatus, HoldEnd, TicketStatus
from sales.models import Contact, Sale
from sales.services.opening import Customer, languages_of
from sales.states import Channel
from theaters.models import Showtime

TERMS = _("These tickets were bought before we moved to our new box office. To change or cancel them, please ask us.")


@dataclass(frozen=True)
class _Order:
    """The tickets of one order of the other system, for one showtime."""

    tickets: list[OldTicket]

    @property
    def total(self) -> Decimal:
        return sum((ticket.price for ticket in self.tickets), Decimal(0))

    def first(self, name: str) -> str:
        """The first non-empty value of this column in the order's lines."""
        return next((str(getattr(ticket, name)) for ticket in self.tickets if getattr(ticket, name)), "")


def write_moved_in_bookings(
    showtime: Showtime, tickets: Iterable[OldTicket], rows: Mapping[str, ShowtimeSeat], *, actor: str
) -> list[Booking]:
    """Write confirmed bookings for these tickets, one for each old order. Their seat rows, by label, are locked and
    free.

    The caller writes the payments. No mail is sent.
    """
    orders = _orders(tickets)
    if not orders:
        return []
    now = database_now()
    sales = _write_sales(showtime, orders, now)
    bookings = _write_bookings(showtime, sales, now)
    written = _write_tickets(showtime, orders, bookings)
    pairs = [(rows[ticket.seat.label], ticket.booking) for ticket in written]
    sold = sell_seats_in_bulk(pairs)
    log_moves(
        "booking", [(booking.pk, BookingStatus.PENDING, BookingStatus.CONFIRMED) for booking in bookings], actor=actor,
        note="moved in",
    )  # fmt: skip
    log_moves(
        "ticket",
        [(ticket.pk, TicketStatus.RESERVED, TicketStatus.VALID) for ticket in written],
        actor=actor,
        note="moved in",
    )
    seat_map_changes.publish_on_commit(showtime.pk, sold)
    return bookings


def _orders(tickets: Iterable[OldTicket]) -> list[_Order]:
    orders: dict[str, _Order] = {}
    for ticket in tickets:
        orders.setdefault(ticket.booking_key, _Order([])).tickets.append(ticket)
    return list(orders.values())


def _write_sales(showtime: Showtime, orders: list[_Order], now: datetime) -> list[Sale]:
    theater = showtime.auditorium.theater
    languages = languages_of((order.first("email") for order in orders), house_id=theater.house_id)
    terms = {language: _terms_in(language) for language in set(languages.values())}
    contacts = Contact.objects.bulk_create(_contact(order) for order in orders)
    return Sale.objects.bulk_create(
        Sale(
            theater=theater,
            contact=contact,
            channel=Channel.MOVED_IN,
            currency=theater.currency,
            total=order.total,
            language=(language := languages[order.first("email")]),
            terms=terms[language],
            payable_until=now,
            held_until=now,
        )
        for order, contact in zip(orders, contacts, strict=True)
    )


def _terms_in(language: str) -> str:
    with speaking(language):
        return str(TERMS)


def _contact(order: _Order) -> Contact:
    email, name = order.first("email"), order.first("name")
    customer = Customer(email=email).key if email else ""
    return Contact(email=email, customer=customer, payer_name=name, payer_search=folded(name)[:400])


def _write_bookings(showtime: Showtime, sales: list[Sale], now: datetime) -> list[Booking]:
    # The hold of no browser: these bookings are opened by staff, and by their customer through the link in a mail.
    holds = Hold.objects.bulk_create(
        Hold(
            showtime=showtime,
            holder=sha256(secrets.token_bytes(16)).hexdigest(),
            started_at=now,
            expires_at=now,
            cap_at=now,
            ended_at=now,
            end=HoldEnd.PAID,
        )
        for _ in sales
    )
    return Booking.objects.bulk_create(
        Booking(
            sale=sale,
            showtime=showtime,
            hold=hold,
            holder=hold.holder,
            status=BookingStatus.CONFIRMED,
            total=sale.total,
            confirmed_at=now,
        )
        for sale, hold in zip(sales, holds, strict=True)
    )


def _write_tickets(showtime: Showtime, orders: list[_Order], bookings: list[Booking]) -> list[Ticket]:
    """The other system accounts for their tax: none is written here."""
    theater = showtime.auditorium.theater
    lines = [(booking, line) for booking, order in zip(bookings, orders, strict=True) for line in order.tickets]
    written = Ticket.objects.bulk_create(
        Ticket(
            booking=booking,
            showtime=showtime,
            seat=line.seat,
            ticket_type=line.ticket_type,
            type_name=line.type_name,
            price=line.price,
            discount=line.full_price - line.price,
            list_price=line.full_price,
            tax=0,
            tax_rate=0,
            currency=theater.currency,
            status=TicketStatus.VALID,
        )
        for booking, line in lines
    )
    MovedInTicket.objects.bulk_create(
        MovedInTicket(theater=theater, ticket=ticket, barcode=line.barcode, code=ticket.code, order_number=line.order)
        for ticket, (_, line) in zip(written, lines, strict=True)
    )
    return written
