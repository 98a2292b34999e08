"""The effect of price rules on a theater's sales: list prices, each rule and discounts add up to the money kept.

Computed from the same facts as the sales figures. A canceled ticket subtracts all parts of its price; its kept fee is a
line of its own. Comps and moved-in tickets are left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from boxoffice.selectors.day_ranges import DayRange, rows
from boxoffice.selectors.sales_figures import Basis, facts_of
from theaters.states import PriceRuleKind


class PricePart(models.TextChoices):
    """The parts of a price in their order: price rules change the list price, then staff and promo codes take off."""

    UNKNOWN = "UNKNOWN", "Sold before parts were kept: the full price"
    LIST = "LIST", "Price of the list"
    DAY_RATE = PriceRuleKind.DAY_RATE.value, "Day rate"
    SURCHARGE = PriceRuleKind.SURCHARGE.value, "Surcharge"
    EARLY = PriceRuleKind.EARLY.value, "Early bird"
    DISCOUNT = "DISCOUNT", "Discount"
    FEES = "FEES", "Kept of canceled tickets"
    GOODWILL = "GOODWILL", "Goodwill"


PARTS = """{facts}, part AS (
    SELECT fact.currency, ticket.id AS ticket_id, fact.tickets, part.kind, part.name, part.amount
      FROM fact JOIN reservations_ticket AS ticket ON ticket.id = fact.ticket_id
     CROSS JOIN LATERAL (
          SELECT CASE WHEN ticket.list_price IS NULL THEN 'UNKNOWN' ELSE 'LIST' END AS kind, '' AS name,
                 coalesce(ticket.list_price, ticket.price + ticket.discount) AS amount
          UNION ALL
          SELECT change ->> 'kind', change ->> 'name', (change ->> 'amount')::numeric
            FROM jsonb_array_elements(ticket.price_changes) AS change
          UNION ALL
          SELECT 'DISCOUNT', '', -ticket.discount WHERE ticket.discount <> 0) AS part
     WHERE NOT fact.is_comp AND fact.method <> 'MOVED_IN'
    UNION ALL
    SELECT currency, ticket_id, canceled, 'FEES', '', fees FROM fact WHERE fees <> 0 AND method <> 'MOVED_IN'
    UNION ALL
    SELECT currency, booking_id, 1, 'GOODWILL', '', -goodwill FROM fact WHERE goodwill <> 0 AND method <> 'MOVED_IN')
SELECT currency, kind, name,
       count(DISTINCT ticket_id) FILTER (WHERE tickets > 0), coalesce(sum(amount) FILTER (WHERE tickets > 0), 0),
       count(DISTINCT ticket_id) FILTER (WHERE tickets < 0), coalesce(sum(amount) FILTER (WHERE tickets < 0), 0)
  FROM part GROUP BY 1, 2, 3"""


@dataclass(frozen=True)
class PricePartRow:
    """The sum of one rule, or of another part of the prices; amounts that make a ticket cheaper are negative."""

    currency: str
    part: PricePart
    name: str
    sold: int
    gross: Decimal
    canceled: int
    taken_back: Decimal

    @property
    def kept(self) -> Decimal:
        return self.gross - self.taken_back

    @property
    def label(self) -> str:
        return self.name or str(self.part.label)


def price_parts_sold(*, span: DayRange, basis: Basis) -> list[PricePartRow]:
    """Sales by currency and part of the price, in the order of a price. One query."""
    found = rows(PARTS.format(facts=facts_of(basis)), span)
    lines = [PricePartRow(currency, PricePart(kind), *rest) for currency, kind, *rest in found]
    order = list(PricePart)
    return sorted(lines, key=lambda line: (line.currency, order.index(line.part), line.name))


def kept_in_all(lines: Iterable[PricePartRow]) -> Decimal:
    """Sum up what was kept, as in the sales figures. Lines must have one currency."""
    return sum((line.kept for line in lines), Decimal(0))
