"""The money that each operator put into and took out of each drawer on one business day, read from the log, like the
export.

Until there are shifts a drawer is a device. Money of people who signed in with their account is a drawer of its own.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import User
from houses.business_days import day_bounds
from houses.models import Theater
from staff.models import Device

NONE = Decimal(0)
# Tickets count for the person who sold them, money for the person who took or paid it: these may be two people and two
# drawers.
TAKINGS = """
WITH move AS MATERIALIZED (
    SELECT what, what_id, from_status FROM reservations_move WHERE at >= %(start)s AND at < %(end)s
       AND ((what IN ('payment', 'refund') AND to_status = 'SUCCEEDED') OR (what = 'booking' AND to_status = 'CONFIRMED'))),
happened AS (
    SELECT payment.device_id, payment.operator_id, payment.sale_id, 'in ' || payment.method AS what, payment.amount, 0 AS tickets
      FROM move JOIN payments_payment AS payment ON payment.id = move.what_id
     WHERE move.what = 'payment' AND payment.method IN ('CASH', 'TERMINAL')
    UNION ALL
    SELECT refund.device_id, refund.operator_id, payment.sale_id, 'out ' || refund.method, refund.amount, 0
      FROM move JOIN payments_refund AS refund ON refund.id = move.what_id
      JOIN payments_payment AS payment ON payment.id = refund.payment_id
     WHERE move.what = 'refund' AND refund.method IN ('CASH', 'TERMINAL')
    UNION ALL
    SELECT payment.device_id, payment.operator_id, payment.sale_id, 'rounding', payment.rounding, 0
      FROM move JOIN payments_payment AS payment ON payment.id = move.what_id
     WHERE move.what = 'payment' AND payment.rounding <> 0
    UNION ALL
    SELECT refund.device_id, refund.operator_id, payment.sale_id, 'rounding', -refund.rounding, 0
      FROM move JOIN payments_refund AS refund ON refund.id = move.what_id
      JOIN payments_payment AS payment ON payment.id = refund.payment_id
     WHERE move.what = 'refund' AND refund.rounding <> 0
    UNION ALL
    SELECT sale.device_id, sale.operator_id, sale.id, CASE WHEN sale.channel <> 'COMP' THEN 'sold' ELSE 'comp' END, 0,
           (SELECT count(*) FROM reservations_ticket AS ticket WHERE ticket.booking_id = booking.id)
      FROM move JOIN reservations_booking AS booking ON booking.id = move.what_id
      JOIN sales_sale AS sale ON sale.id = booking.sale_id
     WHERE move.what = 'booking' AND sale.operator_id IS NOT NULL)
SELECT happened.device_id, happened.operator_id, happened.what, sum(happened.amount), count(*), sum(happened.tickets)
  FROM happened JOIN sales_sale AS sale ON sale.id = happened.sale_id
 WHERE sale.theater_id = %(theater)s GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Taking:
    """One operator's day (at one drawer, or at all of them), or several operators together. In the theater's currency.

    `rounding`: what the country's coins added to the cash of this day, or took off it.
    """

    operator: User | None
    cash_in: Decimal = NONE
    cash_out: Decimal = NONE
    rounding: Decimal = NONE
    terminal_in: Decimal = NONE
    terminal_out: Decimal = NONE
    bookings: int = 0
    tickets: int = 0
    comps: int = 0

    @property
    def cash(self) -> Decimal:
        """The cash that should be in the drawer, without the float."""
        return self.cash_in - self.cash_out + self.rounding

    @property
    def terminal(self) -> Decimal:
        return self.terminal_in - self.terminal_out


@dataclass(frozen=True)
class Drawer:
    """What each operator took and paid out at one device, and all of them together. `device` is None for accounts."""

    device: Device | None
    operators: tuple[Taking, ...]
    total: Taking


@dataclass(frozen=True)
class Takings:
    """A day at one theater: by drawer with the operators beside it, by operator over all drawers, and as a whole."""

    theater: Theater
    day: date
    drawers: tuple[Drawer, ...]
    operators: tuple[Taking, ...]
    total: Taking

    def of_operator(self, operator_id: int) -> "Takings":
        """The takings of one operator, at each of their drawers."""
        found = {
            drawer.device: [taking for taking in drawer.operators if _is_of(taking, operator_id)]
            for drawer in self.drawers
        }
        return _takings(self.theater, self.day, {device: rows for device, rows in found.items() if rows})


def takings_of(theater: Theater, business_day: date) -> Takings:
    """The takings of a day. Comps are counted separately from tickets sold. Three queries."""
    start, end = day_bounds(theater, business_day)
    found: dict[tuple[int | None, int], dict[str, Any]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(TAKINGS, {"theater": theater.pk, "start": start, "end": end})
        for device_id, operator_id, what, amount, count, tickets in cursor.fetchall():
            found[device_id, operator_id] |= _facts(what, amount, count, int(tickets))
    people = User.objects.in_bulk({operator_id for _, operator_id in found})
    devices = Device.objects.in_bulk({device_id for device_id, _ in found if device_id is not None})
    by_drawer: dict[Device | None, list[Taking]] = defaultdict(list)
    for (device_id, operator_id), facts in found.items():
        by_drawer[devices[device_id] if device_id else None].append(Taking(people[operator_id], **facts))
    return _takings(theater, business_day, by_drawer)


def _takings(theater: Theater, day: date, by_drawer: dict[Device | None, list[Taking]]) -> Takings:
    drawers = tuple(
        Drawer(device=device, operators=_by_name(by_drawer[device]), total=_together(by_drawer[device]))
        for device in sorted(by_drawer, key=_drawer_order)
    )
    rows = [taking for drawer in drawers for taking in drawer.operators]
    people = {taking.operator.pk: taking.operator for taking in rows if taking.operator}
    operators = [_together((row for row in rows if _is_of(row, pk)), operator=people[pk]) for pk in people]
    return Takings(
        theater=theater, day=day, drawers=drawers, operators=_by_name(operators), total=_together(rows)
    )  # fmt: skip


def _drawer_order(device: Device | None) -> tuple[bool, str, int]:
    """Sort drawers by name; the one for people signed in with an account comes last."""
    return (True, "", 0) if device is None else (False, device.name.casefold(), device.pk)


def _by_name(takings: Iterable[Taking]) -> tuple[Taking, ...]:
    return tuple(sorted(takings, key=lambda taking: taking.operator.email if taking.operator else ""))


def _is_of(taking: Taking, operator_id: int) -> bool:
    return taking.operator is not None and taking.operator.pk == operator_id


def _facts(what: str, amount: Decimal, count: int, tickets: int) -> dict[str, Any]:
    if what == "sold":
        return {"bookings": count, "tickets": tickets}
    if what == "comp":
        return {"comps": tickets}
    if what == "rounding":
        return {"rounding": amount}
    way, method = what.lower().split()
    return {f"{method}_{way}": amount}


def _together(takings: Iterable[Taking], *, operator: User | None = None) -> Taking:
    rows = list(takings)
    sums: dict[str, Any] = {}
    for field in fields(Taking)[1:]:
        nothing: Any = field.default
        sums[field.name] = sum((getattr(taking, field.name) for taking in rows), nothing)
    return Taking(operator=operator, **sums)
