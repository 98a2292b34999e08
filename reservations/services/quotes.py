"""What the chosen seats cost with the chosen ticket types: shown by checkout, charged by Pay, computed here alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import rounded, tax_included
from reservations.refusals import BadChoice
from theaters.models import Seat, Showtime, TicketType
from theaters.services.prices import PriceTable


@dataclass(frozen=True)
class TypeOption:
    code: str
    name: str
    note: str
    price: Decimal
    is_chosen: bool


@dataclass(frozen=True)
class QuoteLine:
    seat: Seat
    ticket_type: TicketType
    types: tuple[TypeOption, ...]
    price: Decimal
    tax: Decimal

    @property
    def label(self) -> str:
        return self.seat.label

    @property
    def row(self) -> str:
        return self.seat.row

    @property
    def number(self) -> int:
        return self.seat.number

    @property
    def section(self) -> str:
        return self.seat.section

    @property
    def category_label(self) -> str:
        return self.seat.get_category_display()


@dataclass(frozen=True)
class Quote:
    lines: tuple[QuoteLine, ...]
    total: Decimal
    tax: Decimal
    tax_rate: Decimal
    currency: str

    @property
    def total_value(self) -> str:
        """The total as the form posts it back."""
        return str(self.total)

    @property
    def tax_percent(self) -> str:
        return f"{(self.tax_rate * 100).normalize():f}"


def make_quote(*, showtime: Showtime, seats: Sequence[Seat], choices: Mapping[str, str], prices: PriceTable) -> Quote:
    """`choices` maps seat labels to ticket type codes; a seat without one gets the default. Raises BadChoice."""
    theater = showtime.auditorium.theater
    lines = tuple(_line(seat, choices.get(seat.label), prices, theater.tax_rate, theater.currency) for seat in seats)
    return Quote(
        lines=lines,
        total=sum((line.price for line in lines), rounded(Decimal(0), theater.currency)),
        tax=sum((line.tax for line in lines), rounded(Decimal(0), theater.currency)),
        tax_rate=theater.tax_rate,
        currency=theater.currency,
    )


def _line(seat: Seat, code: str | None, prices: PriceTable, tax_rate: Decimal, currency: str) -> QuoteLine:
    offered = prices.types_for(seat.category)
    if not offered:
        raise BadChoice(f"type-{seat.label}", f"Seat {seat.label} is not sold online.")
    chosen = prices.default_type(seat.category) if code is None else _chosen(seat, code, offered)
    price = rounded(prices.amount(chosen.code, seat.category), currency)
    return QuoteLine(
        seat=seat,
        ticket_type=chosen,
        types=tuple(
            TypeOption(
                kind.code,
                kind.name,
                kind.note,
                rounded(prices.amount(kind.code, seat.category), currency),
                kind == chosen,
            )
            for kind in offered
        ),
        price=price,
        tax=tax_included(price, tax_rate, currency),
    )


def _chosen(seat: Seat, code: str, offered: tuple[TicketType, ...]) -> TicketType:
    for kind in offered:
        if kind.code == code:
            return kind
    raise BadChoice(f"type-{seat.label}", f"Choose a ticket type for seat {seat.label}.")
