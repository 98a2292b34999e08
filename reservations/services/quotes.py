"""What the chosen seats cost with the chosen ticket types: shown by checkout, charged by Pay, computed here alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.money import PriceParts, price_parts, rounded
from reservations.refusals import BadChoice
from reservations.services.discounts import Promotion
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
    fee: Decimal
    parts: PriceParts
    discount: Decimal = Decimal(0)

    @property
    def full_price(self) -> Decimal:
        return self.price + self.discount

    @property
    def tax(self) -> Decimal:
        return self.parts.tax

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
    parts: PriceParts
    fee: Decimal
    tax_rate: Decimal
    currency: str
    promotion: Promotion | None = None

    @property
    def discount(self) -> Decimal:
        return sum((line.discount for line in self.lines), Decimal(0))

    @property
    def full_total(self) -> Decimal:
        return self.total + self.discount

    @property
    def tax(self) -> Decimal:
        return self.parts.tax

    @property
    def total_value(self) -> str:
        """The total as the form posts it back."""
        return str(self.total)

    @property
    def tax_percent(self) -> str:
        return f"{(self.tax_rate * 100).normalize():f}"


def make_quote(
    *,
    showtime: Showtime,
    seats: Sequence[Seat],
    choices: Mapping[str, str],
    prices: PriceTable,
    promotion: Promotion | None = None,
) -> Quote:
    """`choices` maps seat labels to ticket type codes; a seat without one gets the default.

    Raises BadChoice, and PromoRefused when the promotion makes none of the tickets cheaper.
    """
    currency = showtime.auditorium.theater.currency
    lines = tuple(_line(seat, choices.get(seat.label), prices, currency) for seat in seats)
    if promotion is not None:
        lines = _discounted(lines, promotion, prices)
    nothing = rounded(Decimal(0), currency)
    return Quote(
        lines=lines,
        total=sum((line.price for line in lines), nothing),
        parts=sum((line.parts for line in lines), PriceParts(nothing, nothing, nothing)),
        fee=sum((line.fee for line in lines), nothing),
        tax_rate=prices.tax_rate,
        currency=currency,
        promotion=promotion,
    )


def _discounted(lines: tuple[QuoteLine, ...], promotion: Promotion, prices: PriceTable) -> tuple[QuoteLine, ...]:
    """The parts are those of what is paid: tax is of that alone, and the fee gives way when less is paid than it."""
    discounts = promotion.discounts([(line.ticket_type.code, line.price) for line in lines])
    return tuple(
        _paid(line, discount, promotion.currency, prices) for line, discount in zip(lines, discounts, strict=True)
    )


def _paid(line: QuoteLine, discount: Decimal, currency: str, prices: PriceTable) -> QuoteLine:
    price = line.price - discount
    fee = min(line.fee, price)
    parts = price_parts(price, rate=prices.tax_rate, fee=fee, currency=currency)
    return replace(line, price=price, discount=discount, fee=fee, parts=parts)


def _line(seat: Seat, code: str | None, prices: PriceTable, currency: str) -> QuoteLine:
    offered = prices.types_for(seat.category)
    if not offered:
        raise BadChoice(f"type-{seat.label}", f"Seat {seat.label} is not sold online.")
    chosen = prices.default_type(seat.category) if code is None else _chosen(seat, code, offered)
    price = rounded(prices.amount(chosen.code, seat.category), currency)
    fee = min(rounded(prices.booking_fee, currency), price)
    return QuoteLine(
        seat=seat,
        ticket_type=chosen,
        types=tuple(_option(kind, seat, prices, currency, is_chosen=kind == chosen) for kind in offered),
        price=price,
        fee=fee,
        parts=price_parts(price, rate=prices.tax_rate, fee=fee, currency=currency),
    )


def _option(kind: TicketType, seat: Seat, prices: PriceTable, currency: str, *, is_chosen: bool) -> TypeOption:
    return TypeOption(
        kind.code, kind.name, kind.note, rounded(prices.amount(kind.code, seat.category), currency), is_chosen
    )


def _chosen(seat: Seat, code: str, offered: tuple[TicketType, ...]) -> TicketType:
    for kind in offered:
        if kind.code == code:
            return kind
    raise BadChoice(f"type-{seat.label}", f"Choose a ticket type for seat {seat.label}.")
