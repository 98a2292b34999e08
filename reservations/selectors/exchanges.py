"""The tickets that a customer may exchange, the showtimes to choose from, and the last exchange."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import from_now, in_zone
from reservations.models import Booking, Exchange
from reservations.selectors.bookings import TicketCard, ticket_card
from reservations.selectors.exchange_terms import (
    exchange_until,
    exchangeable,
    what_canceling_gives,
    why_no_exchange,
)
from reservations.states import BookingStatus, ExchangeStatus
from theaters.models import Showtime

MOST_SHOWTIMES = 60
HOUR = 3600


@dataclass(frozen=True)
class ExchangeLine:
    """A ticket to exchange. `goes_with`: the ticket for the first seat of the same sofa, which is exchanged as a whole."""

    card: TicketCard
    is_chosen: bool
    goes_with: TicketCard | None = None


@dataclass(frozen=True)
class NewShowtime:
    id: int
    title: str
    starts_at: datetime
    auditorium: str
    is_same: bool


@dataclass(frozen=True)
class ExchangeOffer:
    reference: str
    url: str
    booking_url: str
    currency: str
    until: datetime
    lines: tuple[ExchangeLine, ...]
    showtimes: tuple[NewShowtime, ...]
    why_not: str
    # What canceling would give back; '' while canceling, and so an exchange, gives back the full price.
    no_money_back: str


def exchange_offer(booking: Booking, *, labels: list[str] | None, now: datetime) -> ExchangeOffer:
    """The booking comes with its names and tickets. `labels` are the seats that were chosen; None chooses all."""
    theater = booking.showtime.auditorium.theater
    why_not = why_no_exchange(booking, now=now)
    return ExchangeOffer(
        reference=booking.reference,
        url=booking.address_of("exchange"),
        booking_url=booking.get_absolute_url(),
        currency=booking.currency,
        until=in_zone(exchange_until(booking), theater.zone),
        lines=() if why_not else tuple(exchange_lines(booking, labels)),
        showtimes=() if why_not else tuple(_new_showtimes(booking, now)),
        why_not=why_not,
        no_money_back="" if why_not else what_canceling_gives(booking, now=now),
    )


def exchange_lines(booking: Booking, labels: list[str] | None) -> list[ExchangeLine]:
    """The tickets that may be exchanged; `labels` are the seats that were chosen, None chooses all."""
    lines: list[ExchangeLine] = []
    first: dict[str, TicketCard] = {}
    for ticket in exchangeable(booking):
        card = ticket_card(ticket)
        leader = first.setdefault(ticket.seat.unit, card) if ticket.seat.unit else card
        is_chosen = labels is None or card.label in labels
        lines.append(ExchangeLine(card, is_chosen=is_chosen, goes_with=None if leader is card else leader))
    return lines


def _new_showtimes(booking: Booking, now: datetime) -> list[NewShowtime]:
    zone = booking.showtime.auditorium.theater.zone
    return [
        NewShowtime(
            id=showtime.pk,
            title=showtime.shown_title,
            starts_at=in_zone(showtime.starts_at, zone),
            auditorium=showtime.auditorium.shown_name,
            is_same=showtime.pk == booking.showtime_id,
        )
        for showtime in showtimes_to_choose(booking, now=now)
    ]


def showtimes_to_choose(booking: Booking, *, now: datetime) -> list[Showtime]:
    """Showtimes on sale at the theater, its own first, then the same movie; without those this sale has left before."""
    left = Booking.objects.filter(sale=booking.sale_id).exclude(status=BookingStatus.CONFIRMED)
    on_sale = (
        Showtime.objects.listed()
        .filter(auditorium__theater=booking.sale.theater_id, sales_close_at__gt=now, price_version__isnull=False)
        .exclude(pk__in=left.order_by().values("showtime"))
        .with_names()
        .order_by("starts_at", "pk")
    )
    is_same_movie = {"movie": booking.showtime.movie_id}
    own = Showtime.objects.published().filter(pk=booking.showtime_id, sales_close_at__gt=now).with_names()
    same = on_sale.filter(**is_same_movie).exclude(pk=booking.showtime_id)[:MOST_SHOWTIMES]
    others = on_sale.exclude(**is_same_movie)[:MOST_SHOWTIMES]
    return [*own, *same, *others]


def showtimes_at_counter(booking: Booking, *, now: datetime) -> list[Showtime]:
    """Other showtimes that the theater sells at the counter, the same movie first; without those this sale has left before."""
    left = Booking.objects.filter(sale=booking.sale_id).exclude(status=BookingStatus.CONFIRMED)
    found = (
        Showtime.objects.published()
        .filter(auditorium__theater=booking.sale.theater_id, ends_at__gt=now, price_version__isnull=False)
        .exclude(pk__in=left.order_by().values("showtime"))
        .exclude(pk=booking.showtime_id)
        .with_names()
        .order_by("starts_at", "pk")
    )
    of_movie = {"movie": booking.showtime.movie_id}
    shown = [*found.filter(**of_movie)[:MOST_SHOWTIMES], *found.exclude(**of_movie)[:MOST_SHOWTIMES]]
    return [showtime for showtime in shown if showtime.counter_closes_at > now]


def exchange_being_paid(booking: Booking) -> Exchange | None:
    paying = booking.exchanges.filter(status=ExchangeStatus.PAYING).select_related("showtime__movie")
    return paying.select_related("showtime__auditorium__theater", "booking__sale", "hold").first()


def last_exchange_of(*, booking_id: int, holder: str) -> Exchange | None:
    """Find the exchange that a form of this browser was about, if it was done within the hour: the last one that the browser
    began, else the last one of the booking, which another browser may have begun.
    """
    of_booking = Exchange.objects.filter(booking=booking_id).order_by("-pk")
    own = of_booking.filter(holder=holder).first()
    done = of_booking.filter(status=ExchangeStatus.DONE, ended_at__gt=from_now(-HOUR))
    return (done.filter(pk=own.pk) if own else done).first()
