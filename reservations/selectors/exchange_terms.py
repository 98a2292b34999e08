"""Which tickets a customer may exchange by the terms of the sale, and what canceling them instead would give back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext

from reservations.models import Booking, Ticket
from reservations.selectors.cancel_terms import ALL, cancel_terms
from reservations.states import BookingStatus, TicketStatus
from sales.models import Sale
from sales.states import Channel
from theaters.seat_labels import labels_in_words
from theaters.states import ShowtimeStatus


def exchangeable(booking: Booking) -> list[Ticket]:
    """Tickets that nobody used or gave away; of a sofa none of whose seats is. No query: the booking comes with its tickets."""
    tickets = list(booking.tickets.all())
    in_use = {ticket.seat.unit for ticket in tickets if ticket.status == TicketStatus.USED} - {""}
    mine = [ticket for ticket in tickets if ticket.status == TicketStatus.VALID and ticket.given_at is None]
    given = {ticket.seat.unit for ticket in tickets if ticket.given_at is not None} - {""}
    return [ticket for ticket in mine if ticket.seat.unit not in in_use | given]


def least_percent(booking: Booking, tickets: Iterable[Ticket], *, now: datetime) -> int:
    """The lowest refund share of these tickets now, which counts for all that are exchanged together."""
    terms = cancel_terms(booking, now=now)
    return min((terms.percent_of(ticket) for ticket in tickets), default=ALL)


def what_canceling_gives(booking: Booking, *, now: datetime) -> str:
    """The sentence, before seats are chosen, about what canceling gives back instead; '' while that is the full price."""
    tickets, terms = exchangeable(booking), cancel_terms(booking, now=now)
    least = least_percent(booking, tickets, now=now)
    if least == ALL:
        return ""
    seats = [ticket.seat.label for ticket in tickets if terms.percent_of(ticket) == least]
    facts = {"seats": labels_in_words(seats), "percent": least}
    if not least:
        sentence = gettext(
            "%(seats)s: canceling gives no money back now, so an exchange gives none back either. Choose tickets that cost at "
            "least as much. Canceling the new tickets will give no money back."
        )
    else:
        sentence = gettext(
            "%(seats)s: canceling gives back %(percent)s%% of the price now, so an exchange gives no money back. Choose "
            "tickets that cost at least as much. Canceling the new tickets will give back %(percent)s%% at most."
        )
    alone = gettext("Exchange your other tickets by themselves.") if len(seats) < len(tickets) else ""
    return f"{sentence % facts} {alone}".strip()


def exchange_until(booking: Booking) -> datetime:
    return booking.showtime.starts_at - timedelta(minutes=_agreed_minutes(booking))


def _agreed_minutes(booking: Booking) -> int:
    """The minutes before the start until which exchanges were agreed; 0 for never, the theater's for old sales."""
    agreed = booking.sale.exchange_minutes
    return booking.showtime.auditorium.theater.exchange_minutes if agreed is None else agreed


def may_exchange(booking: Booking, *, now: datetime) -> bool:
    return not why_no_exchange(booking, now=now)


def why_no_exchange(booking: Booking, *, now: datetime) -> str:
    """Return why tickets of this booking cannot be exchanged now; '' when they can. No query."""
    if not _agreed_minutes(booking):
        return gettext("This theater does not exchange tickets online.")
    if booking.status != BookingStatus.CONFIRMED or booking.showtime.status == ShowtimeStatus.CANCELED:
        return gettext("This booking has no tickets that you could exchange.")
    if not exchangeable(booking):
        return gettext("These tickets have already been used.")
    if exchange_until(booking) <= now:
        return gettext("It is too late to exchange these tickets.")
    return _why_not_by_money(booking.sale)


def why_never_exchange(booking: Booking, *, now: datetime) -> str:
    """Why the counter cannot exchange these tickets either, whatever the terms say; '' when it can. No query."""
    if booking.status != BookingStatus.CONFIRMED or booking.showtime.status == ShowtimeStatus.CANCELED:
        return gettext("This booking has no tickets that could be exchanged.")
    if booking.showtime.ends_at <= now:
        return gettext("This showtime is over.")
    if not exchangeable(booking):
        return gettext("These tickets have already been used.")
    return _why_never_by_money(booking.sale)


def _why_never_by_money(sale: Sale) -> str:
    if sale.frozen_at is not None:
        return gettext("The customer's bank is deciding about this payment: the tickets wait until it has.")
    if sale.channel == Channel.MOVED_IN:
        return gettext("These tickets were sold by another system, which has their money: give them back there.")
    if not sale.total:
        return gettext("These tickets cost nothing. Give them back, and give others away with a reason.")
    if sale.goodwill:
        return gettext("Money of this sale was given back as goodwill. Cancel the tickets and sell others.")
    return ""


def terms_against_exchange(booking: Booking, *, now: datetime) -> str:
    """Why the terms of the sale give customers no exchange now, which the counter may overrule; '' when they do."""
    if not _agreed_minutes(booking):
        return gettext("By the terms of this sale its tickets are not exchanged.")
    if exchange_until(booking) <= now:
        return gettext("By the terms of this sale it is too late to exchange its tickets.")
    return ""


def _why_not_by_money(sale: Sale) -> str:
    """Why the money of this sale cannot pay for other tickets: disputed, not paid online, or partly given back as
    goodwill; '' when it can.
    """
    if sale.frozen_at is not None:
        return gettext(
            "The payment for these tickets is being disputed with the bank. You cannot exchange them until the bank has decided."
        )
    if sale.channel != Channel.ONLINE or not sale.total or sale.goodwill:
        return gettext("Please ask our box office: these tickets cannot be exchanged online.")
    return ""
