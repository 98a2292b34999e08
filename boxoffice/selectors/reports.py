"""Figures of a theater: one query adds up what was sold, by day, movie or whatever is asked; totals equal the ledger's.

A line is a ticket that was confirmed once. What came back for it is in its canceled line; comps are counted apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

from theaters.days import day_bounds
from theaters.models import Theater


class Basis(models.TextChoices):
    """Which day a ticket belongs to."""

    SHOW = "show", "day of the show"
    SALE = "sale", "day of the sale"


class Group(models.TextChoices):
    DAY = "day", "Day"
    MOVIE = "movie", "Movie"
    SHOWTIME = "showtime", "Showtime"
    AUDITORIUM = "auditorium", "Auditorium"
    TYPE = "type", "Ticket type"
    CHANNEL = "channel", "Channel"
    METHOD = "method", "Payment method"


MOMENT = {Basis.SHOW: "showtime.starts_at", Basis.SALE: "booking.confirmed_at"}
LOCAL_START = "showtime.starts_at AT TIME ZONE %(zone)s"
PAID_BY = (
    "CASE WHEN booking.comp_reason <> '' THEN 'Comp' WHEN booking.total = 0 THEN 'Nothing to pay' ELSE 'Stripe' END"
)
# The key sorts, the label is read. Constants alone: nothing a person typed goes in here.
KEYS: dict[str, tuple[str, str]] = {
    Group.DAY: ("({moment} AT TIME ZONE %(zone)s - %(day_starts)s::interval)::date::text", ""),
    Group.MOVIE: ("movie.title", ""),
    Group.SHOWTIME: (
        f"to_char({LOCAL_START}, 'YYYY-MM-DD HH24:MI') || ' ' || showtime.id",
        f"to_char({LOCAL_START}, 'Dy DD Mon, HH24:MI') || ' ' || movie.title || ', ' || auditorium.name",
    ),
    Group.AUDITORIUM: ("auditorium.name", ""),
    Group.TYPE: ("ticket.type_name", ""),
    Group.CHANNEL: ("CASE WHEN booking.comp_reason <> '' THEN 'Office' ELSE 'Web' END", ""),
    Group.METHOD: (PAID_BY, ""),
}
SALES = """
SELECT {key} AS key, min({label}) AS label,
       count(*) FILTER (WHERE NOT is_comp AND canceled.id IS NULL) AS admissions,
       count(*) FILTER (WHERE is_comp AND canceled.id IS NULL) AS comps,
       count(canceled.id) AS canceled,
       coalesce(sum(ticket.price), 0) AS gross,
       coalesce(sum(canceled.refunded), 0) AS refunded,
       coalesce(sum(canceled.kept), 0) AS fees,
       coalesce(sum(ticket.tax), 0) - coalesce(sum(canceled.refunded_tax), 0) AS tax
  FROM reservations_ticket AS ticket
  JOIN reservations_booking AS booking ON booking.id = ticket.booking_id
  CROSS JOIN LATERAL (SELECT booking.comp_reason <> '' AS is_comp) AS given
  JOIN theaters_showtime AS showtime ON showtime.id = ticket.showtime_id
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
  JOIN theaters_movie AS movie ON movie.id = showtime.movie_id
  LEFT JOIN reservations_canceledticket AS canceled ON canceled.ticket_id = ticket.id
 WHERE auditorium.theater_id = %(theater)s AND booking.confirmed_at IS NOT NULL
   AND {moment} >= %(start)s AND {moment} < %(end)s
 GROUP BY 1 ORDER BY 1
"""
LEDGER = """
WITH asked AS (
    SELECT booking.id, booking.refund_due, booking.goodwill FROM reservations_booking AS booking
      JOIN theaters_showtime AS showtime ON showtime.id = booking.showtime_id
      JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
     WHERE auditorium.theater_id = %(theater)s AND booking.confirmed_at IS NOT NULL
       AND {moment} >= %(start)s AND {moment} < %(end)s)
SELECT coalesce((SELECT sum(coalesce(payment.captured, payment.amount))
                   FROM payments_payment AS payment JOIN asked ON asked.id = payment.booking_id
                  WHERE payment.status IN ('SUCCEEDED', 'DISPUTED')
                    AND coalesce(nullif(payment.captured_currency, ''), payment.currency) = payment.currency), 0),
       coalesce((SELECT sum(refund_due) FROM asked), 0), coalesce((SELECT sum(goodwill) FROM asked), 0)
"""


@dataclass(frozen=True)
class Line:
    """One row of a report. Money in the theater's currency; `kept` is what stays: gross without what came back."""

    key: str
    label: str
    admissions: int
    comps: int
    canceled: int
    gross: Decimal
    refunded: Decimal
    fees: Decimal
    tax: Decimal

    @property
    def kept(self) -> Decimal:
        return self.gross - self.refunded

    @property
    def net(self) -> Decimal:
        return self.kept - self.tax


@dataclass(frozen=True)
class Ledger:
    """What payments say of the same bookings: captured, and owed back ever. Goodwill belongs to no ticket."""

    captured: Decimal
    owed_back: Decimal
    goodwill: Decimal

    @property
    def kept(self) -> Decimal:
        return self.captured - self.owed_back

    @property
    def before_goodwill(self) -> Decimal:
        """What the lines add up to: they know tickets alone."""
        return self.kept + self.goodwill


@dataclass(frozen=True)
class Span:
    """Business days of one theater, both included."""

    theater: Theater
    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return day_bounds(self.theater, self.first)[0], day_bounds(self.theater, self.last)[1]


def sales(*, span: Span, group: Group, basis: Basis) -> list[Line]:
    """One query."""
    key, label = KEYS[group]
    moment = MOMENT[basis]
    sql = SALES.format(key=key.format(moment=moment), label=(label or key).format(moment=moment), moment=moment)
    return [Line(*row) for row in _rows(sql, span)]


def total(lines: list[Line]) -> Line:
    sums: dict[str, Any] = {
        field.name: sum((getattr(line, field.name) for line in lines), Decimal(0)) for field in fields(Line)[2:]
    }
    return Line(key="", label="Total", **sums)


def ledger(*, span: Span, basis: Basis) -> Ledger:
    """The same bookings, as the payments tell it. One query."""
    (row,) = _rows(LEDGER.format(moment=MOMENT[basis]), span)
    return Ledger(*row)


def _rows(sql: str, span: Span) -> Iterator[tuple[Any, ...]]:
    start, end = span.bounds
    values: dict[str, Any] = {
        "theater": span.theater.pk,
        "zone": span.theater.timezone,
        "day_starts": f"{span.theater.business_day_starts_at:%H:%M}",
        "start": start,
        "end": end,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor.fetchall()
