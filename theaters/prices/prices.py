"""The prices of tickets, for the map, the hold and the checkout alike."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import F

from core.money import in_coins
from theaters.early_ends import EarlyEnd
from theaters.models import PinnedPrice, PriceList, PriceVersion, TicketType
from theaters.prices.derived_prices import cells_of
from theaters.prices.pinned_price_rules import PinnedRule, knows_all, read
from theaters.prices.price_making import PriceStep, Pricing
from theaters.prices.ticket_rules import with_pinned_rules
from theaters.states import SalesChannel


@dataclass(frozen=True)
class PriceTable:
    """The ticket types on sale and their prices by seat category; all fees, taxes and price rules included."""

    types: tuple[TicketType, ...]
    amounts: dict[tuple[str, str], Decimal]
    tax_rate: Decimal = Decimal(0)
    booking_fee: Decimal = Decimal(0)
    price_rules: tuple[PinnedRule, ...] = ()
    until: EarlyEnd | None = None
    currency: str = ""
    list_amounts: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    # The business day of the showtime; None where only amounts are asked for.
    on: date | None = None

    def on_day(self, on: date) -> "PriceTable":
        """The table for a day: types that are not sold on that day are never the default."""
        return replace(self, on=on)

    def for_buyers_until(self, until: EarlyEnd | None) -> "PriceTable":
        """The prices for people who choose seats until this end of an early bird; None: after the last one."""
        if until == self.until:
            return self
        pricing, types = Pricing(self.price_rules, until, self.currency), {kind.code: kind for kind in self.types}
        listed = self.list_amounts.items()
        amounts = {cell: pricing.price(amount, types[cell[0]]) for cell, amount in listed}
        return replace(self, until=until, amounts=self.amounts | amounts)

    def types_for(self, category: str) -> tuple[TicketType, ...]:
        return tuple(kind for kind in self.types if (kind.code, category) in self.amounts)

    def amount(self, code: str, category: str) -> Decimal:
        """The price for all people of the ticket type. Raises KeyError when it is not sold on such seats."""
        return self.amounts[code, category]

    def ticket_price(self, kind: TicketType, category: str, *, nth: int, currency: str) -> Decimal:
        """The price of the nth ticket of this type in a booking, from 0.

        The shares of a family ticket add up to its price. Raises KeyError when the type is not sold on such seats.
        """
        return _share(self.amount(kind.code, category), nth=nth, people=kind.people, currency=currency)

    def ticket_steps(self, kind: TicketType, category: str, *, nth: int, currency: str) -> list[PriceStep]:
        """What the price rules changed in one ticket's price; a group price is split into shares."""
        listed = self.list_amounts.get((kind.code, category))
        if listed is None:
            return []
        steps = Pricing(self.price_rules, self.until, currency).steps(listed, kind)
        return [
            PriceStep(step.rule, _share(step.change, nth=nth, people=kind.people, currency=currency)) for step in steps
        ]

    def rules_that_apply(self) -> list[PinnedRule]:
        """The rules that change a price of this table, in their order."""
        pricing, types = (
            Pricing(self.price_rules, self.until, self.currency),
            {one.code: one for one in self.types},
        )
        listed = self.list_amounts.items()
        at_work = {step.rule for (code, _), amount in listed for step in pricing.steps(amount, types[code])}
        return [rule for rule in self.price_rules if rule in at_work]

    def default_type(self, category: str) -> TicketType:
        """The type a seat starts with: the usual one, else one for anybody, else one sold online.

        Raises LookupError when nothing is sold there.
        """
        offered = [kind for kind in self.types_for(category) if not kind.is_empty_place]
        usual = (kind for kind in offered if kind.is_default)
        online = [kind for kind in offered if self._is_sold_online(kind)]
        simple = (kind for kind in online if kind.people == 1 and not kind.channel and (kind.least or 1) == 1)
        return next(usual, None) or next(simple, None) or next(iter(online), None) or offered[0]

    def _is_sold_online(self, kind: TicketType) -> bool:
        """Whether anybody can buy the type online for the table's day."""
        is_of_day = self.on is None or (
            self.on.isoweekday() in (kind.weekdays or [self.on.isoweekday()]) and self.on <= (kind.last_on or self.on)
        )
        return is_of_day and not kind.needs_code and kind.channel in ("", SalesChannel.ONLINE)

    def shown_amount(self, category: str) -> Decimal | None:
        """The price on the map: that of the default ticket type."""
        offered = any(not kind.is_empty_place for kind in self.types_for(category))
        return self.amount(self.default_type(category).code, category) if offered else None

    def empty_place_amount(self, category: str) -> Decimal | None:
        """The price of a place of a sofa that stays empty; None when it is not sold."""
        amounts = [self.amount(kind.code, category) for kind in self.types_for(category) if kind.is_empty_place]
        return min(amounts, default=None)

    def type_as_pinned(self, kind: TicketType) -> TicketType:
        """The type with the rules that are stored with these prices."""
        return next((pinned for pinned in self.types if pinned.pk == kind.pk), kind)


def _share(amount: Decimal, *, nth: int, people: int, currency: str) -> Decimal:
    place = nth % people
    return in_coins(amount * (place + 1) / people, currency) - in_coins(amount * place / people, currency)


NOTHING_ON_SALE = PriceTable(types=(), amounts={})
# Ticket type, seat category, price, and the price of the list before the price rules.
Row = tuple[TicketType, str, Decimal, Decimal | None]


def pinned_prices(version_id: int | None) -> PriceTable:
    """The prices of a version, at which tickets are sold. They never change. One query."""
    return tables_of([] if version_id is None else [version_id]).get(version_id or 0, NOTHING_ON_SALE)


def tables_of(version_ids: Collection[int]) -> dict[int, PriceTable]:
    """Tables by version; one without prices, or with a price rule of the next release, is left out. One query."""
    found: dict[int, tuple[PriceVersion, str, list[Row]]] = {}
    prices = PinnedPrice.objects.filter(version_id__in=version_ids).select_related("ticket_type", "version")
    for price in prices.annotate(currency=F("version__price_list__theater__currency")) if version_ids else ():
        *_, rows = found.setdefault(price.version_id, (price.version, price.currency, []))
        kind = with_pinned_rules(price.ticket_type, price.version.rules)
        rows.append((kind, price.category, price.amount, price.list_amount))
    return {
        version_id: replace(
            _table(rows, tax_rate=version.tax_rate, booking_fee=version.booking_fee),
            price_rules=read(version.price_rules),
            until=version.early_end,
            currency=currency,
        )
        for version_id, (version, currency, rows) in found.items()
        if knows_all(version.price_rules)
    }


def list_prices(price_list_id: int) -> PriceTable:
    """The prices of a list as staff have it now, without price rules, because those depend on the showtime."""
    price_list = PriceList.objects.select_related("theater").get(pk=price_list_id)
    rows = [(kind, category, amount, None) for (_, category), (kind, amount) in cells_of(price_list).items()]
    return _table(rows, tax_rate=price_list.theater.tax_rate, booking_fee=price_list.theater.booking_fee)


def _table(rows: Iterable[Row], *, tax_rate: Decimal, booking_fee: Decimal) -> PriceTable:
    kinds, amounts, listed = {}, {}, {}
    for kind, category, amount, list_amount in rows:
        kinds[kind.code] = kind
        amounts[kind.code, category] = amount
        if list_amount is not None:
            listed[kind.code, category] = list_amount
    return PriceTable(
        types=tuple(sorted(kinds.values(), key=lambda kind: (kind.position, kind.code))),
        amounts=amounts,
        tax_rate=tax_rate,
        booking_fee=booking_fee,
        list_amounts=listed,
    )
