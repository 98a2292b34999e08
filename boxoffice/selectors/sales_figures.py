"""Figures of a theater: one query adds up sales by day, movie or another grouping; totals equal the ledger's.

The rows are facts: a ticket was sold, a ticket was canceled, or money was given back while the tickets stayed. Each
counts on one day: that of the show, that of the sale, or its own, as in the books for accounting. Comps are counted
apart. Tickets that were moved in from another system count as sold, and their money as nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext

from boxoffice.selectors.day_ranges import PLACES, SHOWN_MOVIE, SHOWN_TITLE, DayRange, day_of, rows
from payments.states import PaymentMethod
from theaters.seat_categories import usual_name


class Basis(models.TextChoices):
    """The day by which figures count: of the show, of the sale, or in the books."""

    SHOW = "show", "day of the show"
    SALE = "sale", "day of the sale"
    BOOK = "book", "day in the books"


class SalesGroup(models.TextChoices):
    DAY = "day", "Day"
    MOVIE = "movie", "Movie"
    VERSION = "version", "Version of a movie"
    SHOWTIME = "showtime", "Showtime"
    AUDITORIUM = "auditorium", "Auditorium"
    TYPE = "type", "Ticket type"
    CATEGORY = "category", "Seat category"
    CHANNEL = "channel", "Channel"
    METHOD = "method", "Payment method"


NOTHING = Decimal(0)
AMOUNTS = ("gross", "refunded", "goodwill", "fees", "tax")
MOMENT = {Basis.SHOW: "showtime.starts_at", Basis.SALE: "booking.confirmed_at"}
LOCAL_START = "showtime.starts_at AT TIME ZONE %(zone)s"
DUBBED, SUBTITLED = (
    "'dubbed in ' || nullif(showtime.dubbed_in, '')",
    "nullif(showtime.subtitles_in, '') || ' subtitles'",
)
# SQL of sort key and label. Constants only: no input may go into them.
KEYS: dict[str, tuple[str, str]] = {
    SalesGroup.DAY: (day_of("fact.at"), "''"),
    SalesGroup.MOVIE: SHOWN_MOVIE,
    # The same words as Version.text.
    SalesGroup.VERSION: (
        f"concat_ws(', ', {SHOWN_TITLE}, showtime.picture, {DUBBED}, {SUBTITLED})",
        "''",
    ),
    SalesGroup.SHOWTIME: (
        "to_char(showtime.starts_at, 'YYYY-MM-DD HH24:MI') || ' ' || showtime.id",
        f"to_char({LOCAL_START}, 'Dy DD Mon, HH24:MI') || ' ' || {SHOWN_TITLE} || ', ' || auditorium.name",
    ),
    SalesGroup.AUDITORIUM: ("auditorium.name", "auditorium.name"),
    SalesGroup.TYPE: ("fact.kind", "fact.kind"),
    # The category's name when it was sold: the theater's own word, else the code of a usual category.
    SalesGroup.CATEGORY: (
        (
            "coalesce((SELECT coalesce(nullif(ticket.category_name, ''), seat.category) FROM reservations_ticket AS ticket"
            " JOIN theaters_seat AS seat ON seat.id = ticket.seat_id WHERE ticket.id = fact.ticket_id), fact.kind)"
        ),
        "''",
    ),
    SalesGroup.CHANNEL: (
        (
            "CASE WHEN fact.is_comp THEN 'Given away' WHEN fact.method = 'MOVED_IN' THEN 'Moved in'"
            " WHEN fact.operator_id IS NULL THEN 'Online' ELSE 'Counter' END"
        ),
        "''",
    ),
    SalesGroup.METHOD: ("fact.method", "''"),
}
OF_THEATER = """
  JOIN theaters_showtime AS showtime ON showtime.id = booking.showtime_id
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
 WHERE auditorium.theater_id = %(theater)s AND {moment} >= %(start)s AND {moment} < %(end)s"""
# Free tickets have no method.
METHOD = (
    "CASE WHEN sale.channel = 'MOVED_IN' THEN 'MOVED_IN' WHEN booking.total = 0 THEN ''"
    " ELSE coalesce(nullif(sale.paid_with, ''), 'ONLINE') END"
)
# Moved-in sales count as tickets without money, which is in the books of the other system.
OURS = "(fact.method <> 'MOVED_IN')::int"
# Bookings sold and cancellations made on these days. In the books each has its own day.
SOLD = """
SELECT booking.id AS booking_id, booking.showtime_id, sale.currency, sale.channel = 'COMP' AS is_comp,
       sale.operator_id, {method} AS method, {moment} AS at FROM reservations_booking AS booking
  JOIN sales_sale AS sale ON sale.id = booking.sale_id {of_theater}
   AND booking.confirmed_at IS NOT NULL"""
GIVEN_UP = """
SELECT canceled.id, canceled.cause, canceled.refunded, sold.*
  FROM sold JOIN reservations_cancellation AS canceled ON canceled.booking_id = sold.booking_id"""
SOLD_IN_BOOKS = """
SELECT booking.id AS booking_id, booking.showtime_id, sale.currency, sale.channel = 'COMP' AS is_comp,
       sale.operator_id, {method} AS method, move.at FROM reservations_move AS move
  JOIN reservations_booking AS booking ON booking.id = move.what_id
  JOIN sales_sale AS sale ON sale.id = booking.sale_id {of_theater}
   AND move.what = 'booking' AND move.to_status = 'CONFIRMED'"""
GIVEN_UP_IN_BOOKS = """
SELECT canceled.id, canceled.cause, canceled.refunded, booking.id AS booking_id, booking.showtime_id, sale.currency,
       sale.channel = 'COMP' AS is_comp, sale.operator_id, {method} AS method, canceled.at
  FROM reservations_cancellation AS canceled
  JOIN reservations_booking AS booking ON booking.id = canceled.booking_id
  JOIN sales_sale AS sale ON sale.id = booking.sale_id {of_theater}"""
FACTS = """
WITH sold AS MATERIALIZED ({sold}), given_up AS MATERIALIZED ({given_up}), fact AS (
    SELECT sold.booking_id, sold.showtime_id, sold.currency, sold.is_comp, sold.operator_id, sold.method, sold.at,
           ticket.type_name AS kind, 1 AS tickets, 0 AS canceled, ticket.price AS gross, 0.0 AS refunded, 0.0 AS goodwill,
           0.0 AS fees, ticket.tax, ticket.id AS ticket_id
      FROM sold JOIN reservations_ticket AS ticket ON ticket.booking_id = sold.booking_id {sold_then}
    UNION ALL
    SELECT gone.booking_id, gone.showtime_id, gone.currency, gone.is_comp, gone.operator_id, gone.method, gone.at,
           ticket.type_name, -1, 1, 0, line.refunded, 0, line.kept, -line.refunded_tax, ticket.id
      FROM given_up AS gone JOIN reservations_canceledticket AS line ON line.cancellation_id = gone.id
      JOIN reservations_ticket AS ticket ON ticket.id = line.ticket_id
    UNION ALL
    SELECT gone.booking_id, gone.showtime_id, gone.currency, gone.is_comp, gone.operator_id, gone.method, gone.at,
           'Goodwill', 0, 0, 0, 0, gone.refunded, 0,
           round(gone.refunded / (1 + of_one.tax_rate), {places})
           - gone.refunded, NULL
      FROM given_up AS gone CROSS JOIN LATERAL (
          SELECT ticket.tax_rate FROM reservations_ticket AS ticket WHERE ticket.booking_id = gone.booking_id LIMIT 1
      ) AS of_one
     WHERE gone.cause = 'GOODWILL' {sold_later})"""
# In the books a ticket that came by an exchange was sold on the day of that exchange; but for a booking that it made,
# which has the same day.
CAME_LATER = """EXISTS (
    SELECT FROM reservations_exchangedticket AS line JOIN reservations_exchange AS exchange ON exchange.id = line.exchange_id
     WHERE line.new_ticket_id = ticket.id AND exchange.made_booking_id IS DISTINCT FROM ticket.booking_id)"""
EXCHANGED_IN_BOOKS = """
    UNION ALL
    SELECT booking.id, booking.showtime_id, sale.currency, false, sale.operator_id, {method}, exchange.ended_at,
           ticket.type_name, 1, 0, ticket.price, 0, 0, 0, ticket.tax, ticket.id
      FROM reservations_exchange AS exchange JOIN reservations_exchangedticket AS line ON line.exchange_id = exchange.id
      JOIN reservations_ticket AS ticket ON ticket.id = line.new_ticket_id
      JOIN reservations_booking AS booking ON booking.id = ticket.booking_id
      JOIN sales_sale AS sale ON sale.id = booking.sale_id {of_theater}
       AND exchange.made_booking_id IS DISTINCT FROM ticket.booking_id"""
SALES = """{facts}
SELECT fact.currency, {key}, min({label}),
       coalesce(sum(fact.tickets) FILTER (WHERE NOT fact.is_comp), 0),
       coalesce(sum(fact.tickets) FILTER (WHERE fact.is_comp), 0),
       sum(fact.canceled), sum(fact.gross * {ours}), sum(fact.refunded * {ours}), sum(fact.goodwill * {ours}),
       sum(fact.fees * {ours}), sum(fact.tax * {ours})
  FROM fact
  JOIN theaters_showtime AS showtime ON showtime.id = fact.showtime_id
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
  JOIN theaters_movie AS movie ON movie.id = showtime.movie_id
 GROUP BY 1, 2 ORDER BY 1, 2"""
LEDGER = """
WITH asked AS (
    SELECT DISTINCT sale.id, sale.currency, sale.refund_due FROM reservations_booking AS booking
      JOIN sales_sale AS sale ON sale.id = booking.sale_id {of_theater}
       AND booking.confirmed_at IS NOT NULL AND sale.channel <> 'MOVED_IN'), captured AS (
    SELECT payment.sale_id, sum(coalesce(payment.captured, payment.amount)) AS amount
      FROM payments_payment AS payment JOIN asked ON asked.id = payment.sale_id
     WHERE payment.status IN ('SUCCEEDED', 'DISPUTED')
       AND coalesce(nullif(payment.captured_currency, ''), payment.currency) = payment.currency GROUP BY 1), elsewhere AS (
    -- An exchange takes money of a sale to a booking that may not be asked for.
    SELECT booking.sale_id, sum((SELECT coalesce(sum(price), 0) FROM reservations_ticket WHERE booking_id = booking.id)
               - (SELECT coalesce(sum(refunded), 0) FROM reservations_cancellation WHERE booking_id = booking.id)) AS amount
      FROM asked JOIN reservations_booking AS booking ON booking.sale_id = asked.id AND booking.confirmed_at IS NOT NULL
      JOIN theaters_showtime AS showtime ON showtime.id = booking.showtime_id
     WHERE NOT ({moment} >= %(start)s AND {moment} < %(end)s) GROUP BY 1)
SELECT asked.currency, coalesce(sum(captured.amount), 0) - coalesce(sum(elsewhere.amount), 0), sum(asked.refund_due)
  FROM asked LEFT JOIN captured ON captured.sale_id = asked.id LEFT JOIN elsewhere ON elsewhere.sale_id = asked.id
 GROUP BY 1 ORDER BY 1"""


@dataclass(frozen=True)
class SalesRow:
    """One row of a report. Amounts in its currency; `kept` is gross less what was given back."""

    currency: str
    key: str | int
    label: str
    sold: int
    comps: int
    canceled: int
    gross: Decimal
    refunded: Decimal
    goodwill: Decimal
    fees: Decimal
    tax: Decimal

    @property
    def admissions(self) -> int:
        """Tickets for admission: sold and given away."""
        return self.sold + self.comps

    @property
    def kept(self) -> Decimal:
        return self.gross - self.refunded - self.goodwill

    @property
    def net(self) -> Decimal:
        return self.kept - self.tax


@dataclass(frozen=True)
class LedgerTotals:
    """Totals of the same bookings' payments: captured, and owed back in all."""

    currency: str
    captured: Decimal
    owed_back: Decimal

    @classmethod
    def nothing(cls, currency: str) -> "LedgerTotals":
        return cls(currency, NOTHING, NOTHING)

    @property
    def kept(self) -> Decimal:
        return self.captured - self.owed_back


def sales(*, span: DayRange, group: SalesGroup, basis: Basis) -> list[SalesRow]:
    """The sales by group and currency; different currencies are never added. One query."""
    key, label = KEYS[group]
    sql = SALES.format(facts=facts_of(basis), key=key, label=label, ours=OURS)
    return [_with_label(SalesRow(*row), span, group) for row in rows(sql, span)]


def facts_of(basis: Basis) -> str:
    """SQL for the table `fact`: what was sold, canceled and refunded in a range of days."""
    if basis == Basis.BOOK:
        sold, given_up = _at(SOLD_IN_BOOKS, "move.at"), _at(GIVEN_UP_IN_BOOKS, "canceled.at")
        then, later = f"AND NOT {CAME_LATER}", _at(EXCHANGED_IN_BOOKS, "exchange.ended_at")
    else:
        sold, given_up, then, later = _at(SOLD, MOMENT[basis]), GIVEN_UP, "", ""
    return FACTS.format(
        sold=sold, given_up=given_up, sold_then=then, sold_later=later, places=PLACES.format("gone.currency")
    )


def _at(sql: str, moment: str) -> str:
    return sql.format(moment=moment, method=METHOD, of_theater=OF_THEATER.format(moment=moment))


def _with_label(line: SalesRow, span: DayRange, group: SalesGroup) -> SalesRow:
    if group == SalesGroup.DAY:
        return replace(line, label=span.days[int(line.key) - 1].isoformat())
    if group == SalesGroup.METHOD:
        return replace(line, label=str(PaymentMethod(str(line.key)).label) if line.key else gettext("Free"))
    if group == SalesGroup.CATEGORY:
        return replace(line, label=usual_name(str(line.key)))
    return replace(line, label=line.label or str(line.key))


def total(lines: Iterable[SalesRow]) -> SalesRow:
    """Sum up lines of one currency."""
    counted = list(lines)
    (currency,) = {line.currency for line in counted} or {""}
    counts: dict[str, Any] = {
        name: sum(getattr(line, name) for line in counted) for name in ("sold", "comps", "canceled")
    }
    amounts: dict[str, Any] = {name: sum((getattr(line, name) for line in counted), NOTHING) for name in AMOUNTS}
    return SalesRow(currency=currency, key="", label=gettext("Total"), **counts, **amounts)


def ledger(*, span: DayRange, basis: Basis) -> dict[str, LedgerTotals]:
    """The totals of the same bookings' payments, by currency. The basis "day in the books" has no bookings. One query."""
    found = [LedgerTotals(*row) for row in rows(_at(LEDGER, MOMENT[basis]), span)]
    return {totals.currency: totals for totals in found}
