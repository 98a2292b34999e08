"""What each operator took and paid out at the counter on one business day: read from the log, as the ledger's export is."""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import User
from houses.business_days import day_bounds
from houses.models import Theater

NONE = Decimal(0)
# A booking is counted for who sold it, money for who had it in hand: that may be two people.
TAKINGS = """
WITH move AS MATERIALIZED (
    SELECT what, what_id, from_status FROM reservations_move WHERE at >= %(start)s AND at < %(end)s
       AND ((what IN ('payment', 'refund') AND to_status = 'SUCCEEDED') OR (what = 'booking' AND to_status = 'CONFIRMED'))),
happened AS (
    SELECT payment.operator_id, payment.sale_id, 'in ' || payment.method AS what, payment.amount, 0 AS tickets
      FROM move JOIN payments_payment AS payment ON payment.id = move.what_id
     WHERE move.what = 'payment' AND payment.method IN ('CASH', 'TERMINAL')
    UNION ALL
    SELECT refund.operator_id, payment.sale_id, 'out ' || refund.method, refund.amount, 0
      FROM move JOIN payments_refund AS refund ON refund.id = move.what_id
      JOIN payments_payment AS payment ON payment.id = refund.payment_id
     WHERE move.what = 'refund' AND refund.method IN ('CASH', 'TERMINAL')
    UNION ALL
    SELECT sale.operator_id, sale.id, CASE WHEN sale.channel <> 'COMP' THEN 'sold' ELSE 'comp' END, 0,
           (SELECT count(*) FROM reservations_ticket AS ticket WHERE ticket.booking_id = booking.id)
      FROM move JOIN reservations_booking AS booking ON booking.id = move.what_id
      JOIN sales_sale AS sale ON sale.id = booking.sale_id
     WHERE move.what = 'booking' AND sale.operator_id IS NOT NULL)
SELECT happened.operator_id, happened.what, sum(happened.amount), count(*), sum(happened.tickets)
  FROM happened JOIN sales_sale AS sale ON sale.id = happened.sale_id
 WHERE sale.theater_id = %(theater)s GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Taking:
    """One operator's day, or all of them together. Money in the theater's currency."""

    operator: User | None
    cash_in: Decimal = NONE
    cash_out: Decimal = NONE
    terminal_in: Decimal = NONE
    terminal_out: Decimal = NONE
    bookings: int = 0
    tickets: int = 0
    comps: int = 0

    @property
    def cash(self) -> Decimal:
        """What should be in the drawer beside the float."""
        return self.cash_in - self.cash_out

    @property
    def terminal(self) -> Decimal:
        return self.terminal_in - self.terminal_out


@dataclass(frozen=True)
class Takings:
    theater: Theater
    day: date
    operators: tuple[Taking, ...]
    total: Taking


def takings_of(theater: Theater, business_day: date) -> Takings:
    """Two queries. Comps are tickets given away at the counter; they are no tickets sold."""
    start, end = day_bounds(theater, business_day)
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(TAKINGS, {"theater": theater.pk, "start": start, "end": end})
        for operator_id, what, amount, count, tickets in cursor.fetchall():
            found[operator_id] |= _facts(what, amount, count, int(tickets))
    people = User.objects.in_bulk(found)
    operators = [Taking(people[pk], **found[pk]) for pk in sorted(found, key=lambda pk: people[pk].email)]
    return Takings(theater=theater, day=business_day, operators=tuple(operators), total=_total(operators))


def _facts(what: str, amount: Decimal, count: int, tickets: int) -> dict[str, Any]:
    if what == "sold":
        return {"bookings": count, "tickets": tickets}
    if what == "comp":
        return {"comps": tickets}
    way, method = what.lower().split()
    return {f"{method}_{way}": amount}


def _total(operators: list[Taking]) -> Taking:
    sums: dict[str, Any] = {}
    for field in fields(Taking)[1:]:
        nothing: Any = field.default
        sums[field.name] = sum((getattr(one, field.name) for one in operators), nothing)
    return Taking(operator=None, **sums)
