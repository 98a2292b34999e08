"""What the chosen seats cost with the chosen ticket types: shown by checkout, charged by Pay, computed here alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from core.money import PriceParts, price_parts, rounded, tax_included
from core.refusals import BadChoice
from reservations.services.discounts import Promotion
from reservations.services.party_rules import (
    PartyObjection,
    PartySeat,
    declares_wheelchair,
    final_objection,
    objections,
)
from theaters.models import AgeRule, Seat, Showtime, TicketType
from theaters.services.prices import PriceTable


@dataclass(frozen=True)
class TypeOption:
    code: str
    name: str
    note: str
    price: Decimal
    is_chosen: bool
    why_not: str = ""

    @property
    def is_impossible(self) -> bool:
        return bool(self.why_not)


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
    objections: tuple[PartyObjection, ...] = ()

    @property
    def discount(self) -> Decimal:
        return sum((line.discount for line in self.lines), Decimal(0))

    @property
    def full_total(self) -> Decimal:
        return self.total + self.discount

    @property
    def in_the_way(self) -> list[str]:
        """What Pay would refuse, each sentence once."""
        return list(dict.fromkeys(one.sentence for one in self.objections))

    @property
    def places(self) -> list[PartySeat]:
        return [PartySeat(line.label, line.seat.category) for line in self.lines]

    @property
    def declares_wheelchair(self) -> bool:
        return declares_wheelchair(self.places)

    @property
    def impossible(self) -> list[str]:
        """Why some ticket types cannot be had here, each reason once."""
        return list(dict.fromkeys(kind.why_not for line in self.lines for kind in line.types if kind.why_not))

    @property
    def tax(self) -> Decimal:
        return self.parts.tax

    @property
    def total_value(self) -> str:
        """The total as the form posts it back."""
        return str(self.total)


@dataclass(frozen=True)
class _QuoteBasis:
    """What all lines of a quote have in common."""

    prices: PriceTable
    currency: str
    party: tuple[PartySeat, ...]
    ages: AgeRule

    def amount(self, kind: TicketType, category: str) -> Decimal:
        return rounded(self.prices.amount(kind.code, category), self.currency)


def make_quote(
    *,
    showtime: Showtime,
    seats: Sequence[Seat],
    choices: Mapping[str, str],
    prices: PriceTable,
    promotion: Promotion | None = None,
) -> Quote:
    """`choices` maps seat labels to ticket type codes; a seat without one gets the default.

    A party that cannot be is quoted too, with what stands in its way; Pay refuses it.
    Raises BadChoice, and PromoRefused when the promotion makes none of the tickets cheaper.
    """
    currency = showtime.auditorium.theater.currency
    party = tuple(
        PartySeat(seat.label, seat.category, _chosen(seat, choices.get(seat.label), prices)) for seat in seats
    )
    basis = _QuoteBasis(prices, currency, party, showtime.age_rule)
    lines = tuple(_line(seat, place, basis) for seat, place in zip(seats, party, strict=True))
    if promotion is not None:
        lines = _discounted(lines, promotion, basis)
    nothing = rounded(Decimal(0), currency)
    empty = PriceParts(nothing, nothing, nothing)
    quote = Quote(
        lines=(), total=nothing, parts=empty, fee=nothing, tax_rate=prices.tax_rate, currency=currency,
        promotion=promotion, objections=tuple(objections(places=party, ages=basis.ages, showtime_id=showtime.pk)),
    )  # fmt: skip
    return _summed(lines, quote)


def _discounted(lines: tuple[QuoteLine, ...], promotion: Promotion, basis: _QuoteBasis) -> tuple[QuoteLine, ...]:
    """The parts are those of what is paid: tax is of that alone, and the fee gives way when less is paid than it."""
    discounts = promotion.discounts([(line.ticket_type.code, line.price) for line in lines])
    return tuple(
        replace(line, discount=discount, **_paid(line.price - discount, basis.prices, basis.currency))
        for line, discount in zip(lines, discounts, strict=True)
    )


def _paid(price: Decimal, prices: PriceTable, currency: str) -> dict[str, Any]:
    """A price with what is inside it."""
    rate = prices.tax_rate
    # What costs less than the fee has no more of it inside than it costs.
    fee = min(rounded(prices.booking_fee, currency), price)
    tax = tax_included(price, rate, currency)
    parts = price_parts(price, tax=tax, rate=rate, fee=fee, currency=currency)
    return {"price": price, "fee": fee, "parts": parts}


def with_prices(quote: Quote, changed: Mapping[str, Decimal], prices: PriceTable) -> Quote:
    """The quote with these prices (by label) instead of the list's; what is less is a discount. Raises BadChoice."""
    lines = tuple(_repriced(line, changed.get(line.label), prices, quote.currency) for line in quote.lines)
    return _summed(lines, quote)


def _repriced(line: QuoteLine, price: Decimal | None, prices: PriceTable, currency: str) -> QuoteLine:
    if price is None:
        return line
    if not 0 <= price <= line.price or rounded(price, currency) != price:
        raise BadChoice(
            f"price-{line.label}",
            gettext("Seat %(label)s: a price from nothing to the one of the list.") % {"label": line.label},
        )
    return replace(line, discount=line.full_price - price, **_paid(price, prices, currency))


def for_nothing(quote: Quote, prices: PriceTable) -> Quote:
    """Given away: nothing is paid, and nothing was taken off a price either."""
    free = _paid(rounded(Decimal(0), quote.currency), prices, quote.currency)
    return _summed(tuple(replace(line, discount=Decimal(0), **free) for line in quote.lines), quote)


def _summed(lines: tuple[QuoteLine, ...], quote: Quote) -> Quote:
    nothing = rounded(Decimal(0), quote.currency)
    return replace(
        quote,
        lines=lines,
        total=sum((line.price for line in lines), nothing),
        parts=sum((line.parts for line in lines), PriceParts(nothing, nothing, nothing)),
        fee=sum((line.fee for line in lines), nothing),
    )


def _chosen(seat: Seat, code: str | None, prices: PriceTable) -> TicketType:
    offered = prices.types_for(seat.category)
    if not offered:
        raise BadChoice(f"type-{seat.label}", gettext("Seat %(label)s is not sold online.") % {"label": seat.label})
    if code is None:
        return prices.default_type(seat.category)
    for kind in offered:
        if kind.code == code:
            return kind
    raise BadChoice(f"type-{seat.label}", gettext("Choose a ticket type for seat %(label)s.") % {"label": seat.label})


def _line(seat: Seat, place: PartySeat, basis: _QuoteBasis) -> QuoteLine:
    assert place.kind is not None
    return QuoteLine(
        seat=seat,
        ticket_type=place.kind,
        types=tuple(_option(kind, place, basis) for kind in basis.prices.types_for(seat.category)),
        **_paid(basis.amount(place.kind, seat.category), basis.prices, basis.currency),
    )


def _option(kind: TicketType, place: PartySeat, basis: _QuoteBasis) -> TypeOption:
    return TypeOption(
        code=kind.code,
        name=kind.name,
        note=kind.note,
        price=basis.amount(kind, place.category),
        is_chosen=kind == place.kind,
        why_not=final_objection(places=basis.party, label=place.label, kind=kind, ages=basis.ages),
    )
