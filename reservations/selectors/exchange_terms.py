"""Which tickets a customer may exchange, by the terms that were agreed at the sale. No query."""

from datetime import datetime, timedelta

from django.utils.translation import gettext

from reservations.models import Booking, Ticket
from reservations.states import BookingStatus, TicketStatus
from sales.models import Sale
from sales.states import Channel
from theaters.states import ShowtimeStatus


def exchangeable(booking: Booking) -> list[Ticket]:
    """Tickets that nobody used or gave away; of a sofa none of whose seats is. No query: the booking comes with its tickets."""
    tickets = list(booking.tickets.all())
    in_use = {ticket.seat.unit for ticket in tickets if ticket.status == TicketStatus.USED} - {""}
    mine = [ticket for ticket in tickets if ticket.status == TicketStatus.VALID and ticket.given_at is None]
    given = {ticket.seat.unit for ticket in tickets if ticket.given_at is not None} - {""}
    return [ticket for ticket in mine if ticket.seat.unit not in in_use | given]


def exchange_until(booking: Booking) -> datetime:
    return booking.showtime.starts_at - timedelta(minutes=_agreed_minutes(booking))


def _agreed_minutes(booking: Booking) -> int:
    """Before the start; 0 is never. Sales that are older than the column go by what the theater says now."""
    agreed = booking.sale.exchange_minutes
    return booking.showtime.auditorium.theater.exchange_minutes if agreed is None else agreed


def may_exchange(booking: Booking, *, now: datetime) -> bool:
    return not why_no_exchange(booking, now=now)


def why_no_exchange(booking: Booking, *, now: datetime) -> str:
    """'' when tickets of this booking can be exchanged now, by the terms of its sale. No query."""
    if not _agreed_minutes(booking):
        return gettext("This theater does not exchange tickets online.")
    if booking.status != BookingStatus.CONFIRMED or booking.showtime.status == ShowtimeStatus.CANCELED:
        return gettext("This booking has no tickets that you could exchange.")
    if not exchangeable(booking):
        return gettext("These tickets have already been used.")
    if exchange_until(booking) <= now:
        return gettext("It is too late to exchange these tickets.")
    return _why_not_by_money(booking.sale)


def _why_not_by_money(sale: Sale) -> str:
    """Only what was paid online, and of which nothing went back as goodwill, pays for other tickets."""
    if sale.frozen_at is not None:
        return gettext(
            "The payment for these tickets is being disputed with the bank. You cannot exchange them until the bank has decided."
        )
    if sale.channel != Channel.ONLINE or not sale.total or sale.goodwill:
        return gettext("Please ask our box office: these tickets cannot be exchanged online.")
    return ""
