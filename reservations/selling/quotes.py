"""Computes what the chosen seats cost with the chosen ticket types: shown by the checkout, charged by Pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.utils.translation import gettext

from core.money import PriceParts, format_money, in_coins, price_parts, rounded, tax_included
from core.refusals import BadChoice
from houses.business_days import business_day
from reservations.price_changes import PriceChange, summed, written
from reservations.selling.discounts import Promotion
from reservations.selling.party_rules import (
    PartyObjection,
    PartySeat,
    declares_wheelchair,
    final_objection,
    objections,
)
from reservations.selling.type_offers import TypeOffer, is_offered, why_not_offered
from theaters.models import AgeRule, Seat, Showtime, TicketType
from theaters.plans.category_names import categories_of
from theaters.prices.price_making import PriceStep
from theaters.prices.prices import PriceTable
from theaters.seat_labels import label_in_words
from theaters.states import SalesChannel


@dataclass(frozen=True)
class TypeOption:
    """A ticket type that a seat can have. `together`: what a type for several people costs for all of them."""

    code: str
    name: str
    note: str
    price: Decimal
    is_chosen: bool
    together: str = ""
    why_not: str = ""
    is_for_carers: bool = False
    needs_more_seats: bool = False
    """The booking has fewer seats than the type is for: the option says so itself."""

    @property
    def is_impossible(self) -> bool:
        return self.needs_more_seats or bool(self.why_not)


@dataclass(frozen=True)
class QuoteLine:
    seat: Seat
    ticket_type: TicketType
    types: tuple[TypeOption, ...]
    price: Decimal
    fee: Decimal
    parts: PriceParts
    discount: Decimal = Decimal(0)
    steps: tuple[PriceStep, ...] = ()
    """What price rules changed in the price of the list; the full price has them."""

    @property
    def full_price(self) -> Decimal:
        return self.price + self.discount

    @property
    def changes(self) -> tuple[PriceChange, ...]:
        return tuple(PriceChange(step.rule.kind, step.rule.name, step.change, step.rule.names) for step in self.steps)

    @property
    def list_price(self) -> Decimal:
        """The full price before price rules."""
        return self.full_price - sum((step.change for step in self.steps), Decimal(0))

    @property
    def price_changes(self) -> list[dict[str, Any]]:
        """The price changes as JSON, as a ticket stores them."""
        return written(self.changes)

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
        return categories_of(self.ticket_type.theater_id).name(self.seat.category)


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
    def code_discount(self) -> Decimal:
        """The discount by the promo code; 0 without one."""
        return self.discount if self.promotion else Decimal(0)

    @property
    def redeemed(self) -> Promotion | None:
        """The promotion, if it takes something off or opens a type that was chosen."""
        opened = self.promotion is not None and any(
            line.ticket_type.needs_code and line.ticket_type.code in self.promotion.types for line in self.lines
        )
        return self.promotion if opened or self.discount else None

    @property
    def full_total(self) -> Decimal:
        return self.total + self.discount

    @property
    def price_changes(self) -> list[PriceChange]:
        """The changes by price rule, in their order. Added to the list price they give the full price."""
        return summed(change for line in self.lines for change in line.changes)

    @property
    def list_total(self) -> Decimal:
        """The sum of the full prices before price rules."""
        return sum((line.list_price for line in self.lines), Decimal(0))

    @property
    def in_the_way(self) -> list[str]:
        """The sentences with which Pay would refuse, each once."""
        return list(dict.fromkeys(one.sentence for one in self.objections))

    @property
    def places(self) -> list[PartySeat]:
        return [PartySeat(line.label, line.seat.category, unit=line.seat.unit) for line in self.lines]

    @property
    def declares_wheelchair(self) -> bool:
        return declares_wheelchair(self.places)

    @property
    def impossible(self) -> list[str]:
        """Why some ticket types are not possible here, each reason once."""
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
    """The facts that all lines of a quote share."""

    prices: PriceTable
    currency: str
    party: tuple[PartySeat, ...]
    ages: AgeRule
    offer: TypeOffer

    def price(self, kind: TicketType, place: PartySeat) -> Decimal:
        """The price of a ticket of this type on that seat, given the chosen other tickets."""
        nth = self._nth(kind, place)
        return self.prices.ticket_price(kind, place.category, nth=nth, currency=self.currency)

    def steps(self, kind: TicketType, place: PartySeat) -> tuple[PriceStep, ...]:
        nth = self._nth(kind, place)
        return tuple(self.prices.ticket_steps(kind, place.category, nth=nth, currency=self.currency))

    def _nth(self, kind: TicketType, place: PartySeat) -> int:
        before = takewhile(lambda other: other.label != place.label, self.party)
        return sum(other.kind is not None and other.kind.code == kind.code for other in before)

    def together(self, kind: TicketType, category: str) -> str:
        if kind.people == 1:
            return ""
        amount = format_money(self.prices.amount(kind.code, category), self.currency)
        return gettext("%(people)s people, %(amount)s together") % {"people": kind.people, "amount": amount}


def make_quote(
    *,
    showtime: Showtime,
    seats: Sequence[Seat],
    choices: Mapping[str, str],
    prices: PriceTable,
    promotion: Promotion | None = None,
    channel: SalesChannel = SalesChannel.ONLINE,
) -> Quote:
    """`choices` maps seat labels to ticket type codes; a seat without one gets the default.

    An impossible party is quoted too, with the objections; Pay refuses it. Raises BadChoice, and PromoRefused when the
    promotion makes none of the tickets cheaper.
    """
    theater = showtime.auditorium.theater
    currency = theater.currency
    opened = promotion.types if promotion else frozenset()
    offer = TypeOffer(channel, business_day(theater, showtime.starts_at), opened)
    party = tuple(
        PartySeat(seat.label, seat.category, _chosen(seat, choices.get(seat.label), prices, offer), seat.unit)
        for seat in seats
    )
    basis = _QuoteBasis(prices, currency, party, showtime.age_rule, offer)
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
    """The line after a discount: tax and parts are those of the amount that is paid, and the fee is at most that
    amount.
    """
    tickets = [(line.ticket_type.code, line.price) for line in lines]
    opens = any(kind.needs_code and kind.code in promotion.types for kind in basis.prices.types)
    discounts = promotion.discounts(tickets, opens_types=opens)
    return tuple(
        replace(line, discount=discount, **_paid(line.price - discount, basis.prices, basis.currency))
        for line, discount in zip(lines, discounts, strict=True)
    )


def _paid(price: Decimal, prices: PriceTable, currency: str) -> dict[str, Any]:
    """A line of the quote with the parts of its price."""
    rate = prices.tax_rate
    # The fee inside a price is at most the price.
    fee = min(rounded(prices.booking_fee, currency), price)
    tax = tax_included(price, rate, currency)
    parts = price_parts(price, tax=tax, rate=rate, fee=fee, currency=currency)
    return {"price": price, "fee": fee, "parts": parts}


def with_prices(quote: Quote, changed: Mapping[str, Decimal], prices: PriceTable) -> Quote:
    """The quote with these lower prices (by label) instead of the list's; the difference is a discount. Raises
    BadChoice.
    """
    lines = tuple(_repriced(line, changed.get(line.label), prices, quote.currency) for line in quote.lines)
    return _summed(lines, quote)


def _repriced(line: QuoteLine, price: Decimal | None, prices: PriceTable, currency: str) -> QuoteLine:
    if price is None:
        return line
    if not 0 <= price <= line.price or in_coins(price, currency) != price:
        raise BadChoice(
            f"price-{line.label}",
            gettext("Seat %(label)s: a price from nothing to the one of the list.")
            % {"label": label_in_words(line.label)},
        )
    return replace(line, discount=line.full_price - price, **_paid(price, prices, currency))


def comp_quote(quote: Quote, prices: PriceTable) -> Quote:
    """The quote of a comp: all prices are 0, without a discount."""
    free = _paid(rounded(Decimal(0), quote.currency), prices, quote.currency)
    return _summed(tuple(replace(line, discount=Decimal(0), steps=(), **free) for line in quote.lines), quote)


def _summed(lines: tuple[QuoteLine, ...], quote: Quote) -> Quote:
    nothing = rounded(Decimal(0), quote.currency)
    return replace(
        quote,
        lines=lines,
        total=sum((line.price for line in lines), nothing),
        parts=sum((line.parts for line in lines), PriceParts(nothing, nothing, nothing)),
        fee=sum((line.fee for line in lines), nothing),
    )


def _chosen(seat: Seat, code: str | None, prices: PriceTable, offer: TypeOffer) -> TicketType:
    sold = _types_on(seat, prices)
    people = [kind for kind in sold if not kind.is_empty_place and is_offered(kind, offer)]
    if not people:
        raise BadChoice(
            f"type-{seat.label}", gettext("Seat %(label)s is not sold online.") % {"label": label_in_words(seat.label)}
        )
    if code is None:
        usual = prices.on_day(offer.on).default_type(seat.category)
        return usual if is_offered(usual, offer) else people[0]
    for kind in sold:
        if kind.code == code:
            if why_not := why_not_offered(kind, offer):
                raise BadChoice(f"type-{seat.label}", why_not)
            return kind
    if any(kind.code == code and kind.is_empty_place for kind in prices.types):
        raise BadChoice(
            f"type-{seat.label}",
            gettext("Seat %(label)s: only a place of a sofa can stay empty. Choose a ticket for it, or another sofa.")
            % {"label": label_in_words(seat.label)},
        )
    raise BadChoice(
        f"type-{seat.label}",
        gettext("Choose a ticket type for seat %(label)s.") % {"label": label_in_words(seat.label)},
    )


def _types_on(seat: Seat, prices: PriceTable) -> list[TicketType]:
    """The ticket types for a seat; only a place of a sofa may stay empty."""
    return [kind for kind in prices.types_for(seat.category) if seat.unit or not kind.is_empty_place]


def _line(seat: Seat, place: PartySeat, basis: _QuoteBasis) -> QuoteLine:
    assert place.kind is not None
    return QuoteLine(
        seat=seat,
        ticket_type=place.kind,
        types=tuple(
            _option(kind, place, basis) for kind in _types_on(seat, basis.prices) if is_offered(kind, basis.offer)
        ),
        steps=basis.steps(place.kind, place),
        **_paid(basis.price(place.kind, place), basis.prices, basis.currency),
    )


def _option(kind: TicketType, place: PartySeat, basis: _QuoteBasis) -> TypeOption:
    return TypeOption(
        code=kind.code,
        name=kind.shown_name,
        note=kind.shown_note,
        price=basis.price(kind, place),
        is_chosen=kind == place.kind,
        together=basis.together(kind, place.category),
        why_not=final_objection(places=basis.party, label=place.label, kind=kind, ages=basis.ages),
        needs_more_seats=kind.people > len(basis.party),
        is_for_carers=kind.needs_wheelchair,
    )
