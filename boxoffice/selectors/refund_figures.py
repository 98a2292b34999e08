"""Figures of refunds: decided ones (as in the sales book), and those that arrived (as in the money book)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from boxoffice.selectors.day_ranges import SHOWN_MOVIE, DayRange, day_of, rows
from payments.states import PaymentMethod, RefundStatus
from reservations.states import CancelCause


class ReturnGroup(models.TextChoices):
    DAY = "day", "Day"
    MOVIE = "movie", "Movie"
    CAUSE = "cause", "Cause"
    REASON = "reason", "Reason given"


KEYS: dict[str, tuple[str, str]] = {
    ReturnGroup.DAY: (day_of("canceled.at"), "''"),
    ReturnGroup.MOVIE: SHOWN_MOVIE,
    ReturnGroup.CAUSE: ("canceled.cause", "''"),
    ReturnGroup.REASON: ("canceled.cause || ' ' || canceled.reason", "canceled.reason"),
}
DECIDED = """
SELECT canceled.currency, {key}, min({label}), min(canceled.cause), count(*)::int,
       coalesce(sum(lines.tickets), 0)::int, sum(canceled.refunded), sum(canceled.kept)
  FROM reservations_cancellation AS canceled
  JOIN reservations_booking AS booking ON booking.id = canceled.booking_id
  JOIN sales_sale AS sale ON sale.id = booking.sale_id AND sale.channel <> 'COMP'
  JOIN theaters_showtime AS showtime ON showtime.id = booking.showtime_id
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
  JOIN theaters_movie AS movie ON movie.id = showtime.movie_id
  LEFT JOIN (SELECT cancellation_id, count(*) AS tickets FROM reservations_canceledticket GROUP BY 1) AS lines
         ON lines.cancellation_id = canceled.id
 WHERE auditorium.theater_id = %(theater)s AND canceled.at >= %(start)s AND canceled.at < %(end)s
 GROUP BY 1, 2 ORDER BY 1, 2
"""
OF_THEATER = """
  JOIN payments_payment AS payment ON payment.id = refund.payment_id
  JOIN sales_sale AS sale ON sale.id = payment.sale_id
 WHERE sale.theater_id = %(theater)s"""
# A refund counts on the day it arrived; if the bank sends it back, it is subtracted on that day.
ARRIVED = """
SELECT refund.currency, refund.method, count(*) FILTER (WHERE move.to_status = 'SUCCEEDED')::int,
       sum(CASE WHEN move.to_status = 'SUCCEEDED' THEN refund.amount ELSE 0 END),
       sum(CASE WHEN move.to_status = 'SUCCEEDED' THEN 0 ELSE refund.amount END)
  FROM reservations_move AS move JOIN payments_refund AS refund ON refund.id = move.what_id {of_theater}
   AND move.what = 'refund' AND move.at >= %(start)s AND move.at < %(end)s
   AND (move.to_status = 'SUCCEEDED' OR (move.to_status = 'FAILED' AND move.from_status = 'SUCCEEDED'))
 GROUP BY 1, 2 ORDER BY 1, 2"""
UNDER_WAY = """
SELECT refund.currency, refund.method, refund.status, count(*)::int, sum(refund.amount)
  FROM payments_refund AS refund {of_theater}
   AND refund.status NOT IN ('SUCCEEDED', 'FAILED') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


@dataclass(frozen=True)
class Decided:
    """Tickets canceled and goodwill given. `back` is what the customers get, `kept` what stays as a fee."""

    currency: str
    label: str
    times: int
    tickets: int
    back: Decimal
    kept: Decimal


@dataclass(frozen=True)
class Arrived:
    """Money that reached customers, less what banks sent back."""

    currency: str
    method: str
    refunds: int
    amount: Decimal
    returned: Decimal

    @property
    def stayed(self) -> Decimal:
        return self.amount - self.returned


@dataclass(frozen=True)
class UnderWay:
    """Refunds that have neither arrived nor failed yet."""

    currency: str
    method: str
    status: RefundStatus
    refunds: int
    amount: Decimal


def decided(*, span: DayRange, group: ReturnGroup) -> list[Decided]:
    """Amounts given up on these days, without comps, which refund nothing. One query."""
    key, label = KEYS[group]
    found = rows(DECIDED.format(key=key, label=label), span)
    return [
        Decided(currency, _label(span, group, key, label, CancelCause(cause)), *figures)
        for currency, key, label, cause, *figures in found
    ]


def _label(span: DayRange, group: ReturnGroup, key: str, label: str, cause: CancelCause) -> str:
    if group == ReturnGroup.DAY:
        return span.days[int(key) - 1].isoformat()
    if group == ReturnGroup.CAUSE or not label:
        return str(cause.label)
    return f"{cause.label}: {label}" if group == ReturnGroup.REASON else label


def arrived(span: DayRange) -> list[Arrived]:
    """Refunds that arrived, by method. One query."""
    found = rows(ARRIVED.format(of_theater=OF_THEATER), span)
    return [Arrived(currency, str(PaymentMethod(method).label), *figures) for currency, method, *figures in found]


def under_way(span: DayRange) -> list[UnderWay]:
    """The theater's refunds under way, of all days. One query."""
    return [
        UnderWay(currency, str(PaymentMethod(method).label), RefundStatus(status), count, amount)
        for currency, method, status, count, amount in rows(UNDER_WAY.format(of_theater=OF_THEATER), span)
    ]
