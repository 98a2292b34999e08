"""What a customer gets back for each ticket at this moment, and got back for tickets canceled before."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext

from core.clock import in_zone
from core.money import rounded, share
from reservations.models import Booking, Cancellation, Ticket
from reservations.selectors.bookings import TicketCard, ticket_card
from reservations.selectors.cancel_terms import CancelTerms, agreed_terms, cancel_terms
from reservations.selectors.cancelable_tickets import cancelable
from reservations.states import LIVE_TICKETS, BookingStatus, CancelCause, TicketStatus
from theaters.seat_labels import seats_said
from theaters.states import ShowtimeStatus


@dataclass(frozen=True)
class CancelLine:
    ticket_id: int
    card: TicketCard
    percent: int
    refund: Decimal
    kept: Decimal
    is_chosen: bool
    # The ticket for the first seat of the same sofa, with which this one is canceled; None for all others.
    goes_with: TicketCard | None = None


@dataclass(frozen=True)
class CancelOffer:
    """Which tickets can be canceled now, and what comes back for the chosen ones."""

    reference: str
    url: str
    booking_url: str
    currency: str
    until: datetime | None
    lines: tuple[CancelLine, ...]
    why_not: str
    terms: str
    # How the money comes back; '' means to the card that paid.
    counter: str = ""
    # All chosen tickets are void already, as when somebody pressed twice.
    is_done: bool = False

    @property
    def chosen(self) -> tuple[CancelLine, ...]:
        return tuple(line for line in self.lines if line.is_chosen)

    @property
    def refund(self) -> Decimal:
        return rounded(sum((line.refund for line in self.chosen), Decimal(0)), self.currency)

    @property
    def kept(self) -> Decimal:
        return rounded(sum((line.kept for line in self.chosen), Decimal(0)), self.currency)

    @property
    def amount_value(self) -> str:
        """The amount to give back, as the form posts it."""
        return str(self.refund)


def cancel_offer(booking: Booking, *, labels: Collection[str] | None, now: datetime) -> CancelOffer:
    """No query: the booking comes with its names and tickets. `labels` are the seats chosen; None chooses all.

    One query when its showtime was changed: until the deadline of that, all of the money comes back.
    """
    tickets = list(booking.tickets.all())
    valid = cancelable(tickets)
    terms = cancel_terms(booking, now=now)
    named = [ticket for ticket in tickets if labels is not None and ticket.seat.label in labels]
    return CancelOffer(
        reference=booking.reference,
        url=booking.address_of("cancel_tickets"),
        booking_url=booking.get_absolute_url(),
        currency=booking.currency,
        until=in_zone(terms.until, booking.showtime.auditorium.theater.zone) if terms.until else None,
        lines=_lines(booking, valid, terms, labels),
        why_not=_why_not(booking, valid, terms.percent),
        terms=agreed_terms(booking),
        counter=_counter(booking) if booking.sale.paid_with else "",
        is_done=bool(named) and all(ticket.status == TicketStatus.VOID for ticket in named),
    )


def _counter(booking: Booking) -> str:
    return gettext("the counter of %(theater)s") % {"theater": booking.showtime.auditorium.theater.shown_name}


def most_to_give_back(booking: Booking, tickets: Iterable[Ticket]) -> Decimal:
    """The most that canceling can give back: the price of the live tickets of the sale and its fees kept, less goodwill
    given before.
    """
    live = sum((ticket.price for ticket in tickets if ticket.status in LIVE_TICKETS), Decimal(0))
    if booking.sale.goodwill:
        others = Ticket.objects.live().filter(booking__sale=booking.sale_id).exclude(booking=booking)
        live += others.aggregate(price=Sum("price"))["price"] or 0
    return max(Decimal(0), live + booking.sale.fees_kept - booking.sale.goodwill)


def _lines(
    booking: Booking, valid: list[Ticket], terms: CancelTerms, labels: Collection[str] | None
) -> tuple[CancelLine, ...]:
    left = most_to_give_back(booking, booking.tickets.all())
    lines: list[CancelLine] = []
    first: dict[str, TicketCard] = {}
    sofas = {ticket.seat.unit for ticket in valid if labels is None or ticket.seat.label in labels} - {""}
    for ticket in valid:
        is_chosen = labels is None or ticket.seat.label in labels or ticket.seat.unit in sofas
        percent = terms.percent_of(ticket)
        refund = min(share(ticket.price, percent, ticket.currency), rounded(left, ticket.currency))
        left -= refund if is_chosen else 0
        kept = rounded(ticket.price - refund, ticket.currency)
        card = ticket_card(ticket)
        leader = first.setdefault(ticket.seat.unit, card) if ticket.seat.unit else card
        goes_with = None if leader is card else leader
        lines.append(CancelLine(ticket.pk, card, percent, refund, kept, is_chosen=is_chosen, goes_with=goes_with))
    return tuple(lines)


def _why_not(booking: Booking, valid: list[Ticket], percent: int | None) -> str:
    if booking.status != BookingStatus.CONFIRMED:
        return gettext("This booking has no tickets that you could cancel.")
    if booking.showtime.status == ShowtimeStatus.CANCELED:
        by_counter = gettext("This showtime was canceled. Please collect all of your money at the counter.")
        return (
            by_counter
            if booking.sale.paid_with
            else gettext("This showtime was canceled. You get all of your money back.")
        )
    if booking.sale.frozen_at is not None:
        return gettext(
            "The payment for these tickets is being disputed with the bank. You cannot cancel them until "
            "the bank has decided."
        )
    if not valid:
        return gettext("These tickets have already been used.")
    if percent is None:
        never = gettext("These tickets cannot be canceled online.")
        return gettext("It is too late to cancel these tickets.") if booking.sale.cancel_tiers else never
    return ""


@dataclass(frozen=True)
class CancellationFacts:
    """One cancellation as its mail tells it."""

    position: int
    at: datetime
    tickets: tuple[TicketCard, ...]
    refunded: Decimal
    kept: Decimal
    is_whole: bool
    # The customer got the money back at the counter in the same moment.
    is_paid_out: bool

    @property
    def seats_said(self) -> str:
        return seats_said(ticket.label for ticket in self.tickets)


def cancellation_facts(cancellation: Cancellation) -> CancellationFacts:
    booking = cancellation.booking
    lines = cancellation.lines.select_related("ticket__seat").order_by("ticket__seat_id")
    return CancellationFacts(
        position=Cancellation.objects.filter(booking__sale=booking.sale_id, pk__lte=cancellation.pk).count(),
        at=in_zone(cancellation.at, booking.showtime.auditorium.theater.zone),
        tickets=tuple(ticket_card(line.ticket) for line in lines),
        refunded=rounded(cancellation.refunded, cancellation.currency),
        kept=rounded(cancellation.kept, cancellation.currency),
        is_whole=booking.status == BookingStatus.CANCELED,
        is_paid_out=cancellation.cause == CancelCause.VOID,
    )
