"""Writes bookings again that a restore of the database lost, from what the payment provider knows.

They are compared with the showtime and its plan first, because in a restored database another row may have the old id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core.clock import ClockTimestamp
from core.texts.languages import speaking
from reservations.models import Booking, Hold, Ticket
from reservations.price_changes import PriceChange, written
from reservations.states import HoldEnd
from sales.services.opening import Customer, language_of, open_sale
from theaters.models import Seat, Showtime, TicketType
from theaters.prices.cancel_tiers import terms_in_words
from theaters.prices.pinned_price_rules import read


class CannotBeWritten(Exception):
    """A lost sale does not fit this database; the message says why."""


@dataclass(frozen=True)
class SoldSeat:
    """A ticket as it was sold: amounts in the currency of its booking."""

    label: str
    type_id: int
    type_name: str
    price: Decimal
    discount: Decimal
    tax: Decimal
    fee: Decimal
    # Before price rules and discount; None where the provider's object does not say it.
    list_price: Decimal | None = None
    changes: tuple[PriceChange, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether its parts, if they are known, are its price."""
        changed = sum((change.amount for change in self.changes), Decimal(0))
        return self.list_price is None or self.list_price + changed - self.discount == self.price


@dataclass(frozen=True)
class SoldBooking:
    """A booking as it was sold. `starts_at` (epoch seconds) and `movie` (slug) say which showtime is meant."""

    reference: str
    holder: str
    showtime_id: int
    starts_at: int
    movie: str
    currency: str
    total: Decimal
    tax_rate: Decimal
    seats: tuple[SoldSeat, ...]


def sold_booking(booking: Booking, tickets: Sequence[Ticket]) -> SoldBooking:
    """A booking at Pay, with its tickets and their seats."""
    return SoldBooking(
        reference=booking.reference,
        holder=booking.holder,
        showtime_id=booking.showtime_id,
        starts_at=int(booking.showtime.starts_at.timestamp()),
        movie=booking.showtime.movie.slug,
        currency=booking.currency,
        total=booking.total,
        tax_rate=tickets[0].tax_rate,
        seats=tuple(
            SoldSeat(
                label=ticket.seat.label,
                type_id=ticket.ticket_type_id,
                type_name=ticket.type_name,
                price=ticket.price,
                discount=ticket.discount,
                tax=ticket.tax,
                fee=ticket.fee,
                list_price=ticket.list_price,
                changes=tuple(replace(change, names=()) for change in ticket.changes),
            )
            for ticket in tickets
        ),
    )


def require_writable(sold: SoldBooking) -> None:
    """Check that a lost sale can be written. Raises CannotBeWritten."""
    showtime = _showtime_of(sold)
    _seats_of(sold, showtime)
    _types_of(sold, showtime)


def write_lost_booking(sold: SoldBooking, *, email: str, bought_at: datetime) -> Booking:
    """Write it as a pending booking whose time is over: its payment may then take its seats, as late money does.

    In the caller's transaction; a booking with this reference is returned as it is. Raises CannotBeWritten.
    """
    known = Booking.objects.filter(sale__reference=sold.reference).first()
    if known is not None:
        return known
    showtime = _showtime_of(sold)
    seats, types = _seats_of(sold, showtime), _types_of(sold, showtime)
    theater = showtime.auditorium.theater
    customer = Customer(email=email)
    language = language_of(customer, house_id=theater.house_id)
    with speaking(language):
        terms = terms_in_words(theater)
    sale = open_sale(
        customer,
        theater=theater,
        reference=sold.reference,
        currency=sold.currency,
        total=sold.total,
        language=language,
        terms=terms,
        cancel_tiers=theater.cancel_tiers,
        exchange_minutes=theater.exchange_minutes,
        created_at=bought_at,
        payable_until=bought_at,
        held_until=bought_at,
    )
    booking = Booking.objects.create(
        sale=sale,
        showtime=showtime,
        hold=_hold(sold, bought_at),
        holder=sold.holder,
        total=sold.total,
        created_at=bought_at,
    )
    _write_tickets(booking, sold, seats, types)
    return booking


def _write_tickets(
    booking: Booking, sold: SoldBooking, seats: Mapping[str, Seat], types: Mapping[int, TicketType]
) -> None:
    names = _names_of_rules(booking.showtime)
    Ticket.objects.bulk_create(
        Ticket(
            booking=booking,
            showtime=booking.showtime,
            seat=seats[sale.label],
            ticket_type=types[sale.type_id],
            type_name=sale.type_name,
            is_empty_place=types[sale.type_id].is_empty_place,
            price=sale.price,
            discount=sale.discount,
            list_price=sale.list_price,
            price_changes=written(
                replace(change, names=names.get((change.kind, change.name), ())) for change in sale.changes
            ),
            tax=sale.tax,
            fee=sale.fee,
            tax_rate=sold.tax_rate,
            currency=sold.currency,
        )
        for sale in sold.seats
    )


def _names_of_rules(showtime: Showtime) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Translations of price rules, as they are pinned with the showtime now: the object of the provider does not carry them."""
    version = showtime.price_version
    return {(rule.kind, rule.name): rule.names for rule in read(version.price_rules)} if version else {}


def _hold(sold: SoldBooking, bought_at: datetime) -> Hold:
    return Hold.objects.create(
        showtime_id=sold.showtime_id,
        holder=sold.holder,
        started_at=bought_at,
        expires_at=bought_at,
        cap_at=bought_at,
        ended_at=ClockTimestamp(),
        end=HoldEnd.PAID,
    )


def _showtime_of(sold: SoldBooking) -> Showtime:
    showtime = (
        Showtime.objects.select_related("movie", "auditorium__theater", "price_version")
        .filter(pk=sold.showtime_id)
        .first()
    )
    if showtime is None:
        raise CannotBeWritten(f"showtime {sold.showtime_id} is not here")
    if (showtime.movie.slug, int(showtime.starts_at.timestamp())) != (sold.movie, sold.starts_at):
        raise CannotBeWritten(f"showtime {sold.showtime_id} is another one now, or at another time")
    return showtime


def _seats_of(sold: SoldBooking, showtime: Showtime) -> dict[str, Seat]:
    labels = {sale.label for sale in sold.seats}
    seats = {seat.label: seat for seat in Seat.objects.filter(plan=showtime.plan_id, label__in=labels)}
    if missing := _listed(labels - seats.keys()):
        raise CannotBeWritten(f"showtime {showtime.pk} has no seat {missing}")
    return seats


def _types_of(sold: SoldBooking, showtime: Showtime) -> dict[int, TicketType]:
    """Match each sold type by name, and by number where several or none have the name."""
    here = list(TicketType.objects.filter(theater=showtime.auditorium.theater))
    found = {}
    for sale in sold.seats:
        same = [ticket_type for ticket_type in here if ticket_type.name == sale.type_name]
        by_number = [ticket_type for ticket_type in same or here if ticket_type.pk == sale.type_id]
        if not (by_number or same):
            raise CannotBeWritten(f"there is no ticket type {sale.type_name}")
        found[sale.type_id] = (by_number or same)[0]
    return found


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(sorted(labels))
