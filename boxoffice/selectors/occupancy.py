"""How rooms fill: by showtime, by seat, and how early people buy."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection

from boxoffice.selectors.reports import Span
from theaters.models import Auditorium, Seat

ROOMS = """
SELECT auditorium.id, auditorium.name, count(*), sum(showtime.seats_total), sum(sold.paid), sum(sold.given), sum(sold.used),
       sum(CASE WHEN showtime.ends_at < clock_timestamp() THEN sold.paid + sold.given - sold.used ELSE 0 END)
  FROM theaters_showtime AS showtime
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
  CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE booking.comp_reason = '') AS paid,
             count(*) FILTER (WHERE booking.comp_reason <> '') AS given,
             count(*) FILTER (WHERE ticket.status = 'USED') AS used
        FROM reservations_ticket AS ticket JOIN reservations_booking AS booking ON booking.id = ticket.booking_id
       WHERE ticket.showtime_id = showtime.id AND ticket.status IN ('VALID', 'USED')) AS sold
 WHERE auditorium.theater_id = %(theater)s AND showtime.status = 'PUBLISHED'
   AND showtime.starts_at >= %(start)s AND showtime.starts_at < %(end)s
 GROUP BY auditorium.id, auditorium.name ORDER BY auditorium.name
"""
SEATS = """
SELECT seat.label, count(*) FROM reservations_ticket AS ticket
  JOIN theaters_seat AS seat ON seat.id = ticket.seat_id
  JOIN theaters_showtime AS showtime ON showtime.id = ticket.showtime_id
 WHERE showtime.auditorium_id = %(auditorium)s AND ticket.status IN ('VALID', 'USED')
   AND showtime.status = 'PUBLISHED' AND showtime.starts_at >= %(start)s AND showtime.starts_at < %(end)s
 GROUP BY seat.label
"""
# Whole days before the start; what is bought later than the start counts as the last hour.
CURVE = """
SELECT least(14, greatest(0, floor(extract(epoch FROM showtime.starts_at - booking.confirmed_at) / 86400)))::int, count(*)
  FROM reservations_ticket AS ticket JOIN reservations_booking AS booking ON booking.id = ticket.booking_id
  JOIN theaters_showtime AS showtime ON showtime.id = ticket.showtime_id
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
 WHERE auditorium.theater_id = %(theater)s AND ticket.status IN ('VALID', 'USED')
   AND showtime.starts_at >= %(start)s AND showtime.starts_at < %(end)s
 GROUP BY 1
"""
CURVE_DAYS = 14


@dataclass(frozen=True)
class Room:
    """An auditorium over the showtimes of some days. Comps fill seats, but not the paid occupancy."""

    auditorium_id: int
    name: str
    showtimes: int
    seats: int
    paid: int
    comps: int
    came: int
    no_shows: int

    @property
    def percent(self) -> int:
        return round(100 * self.paid / self.seats) if self.seats else 0


@dataclass(frozen=True)
class HeatSeat:
    """A seat and how often it was sold, in steps of ten percent."""

    label: str
    x: int
    y: int
    sold: int
    step: int


@dataclass(frozen=True)
class Heat:
    auditorium: Auditorium
    showtimes: int
    seats: tuple[HeatSeat, ...]


@dataclass(frozen=True)
class CurvePoint:
    """How many of the tickets were bought by so many days before the start."""

    days_before: int
    tickets: int
    percent: int


def rooms(span: Span) -> list[Room]:
    """One query."""
    return [Room(*row) for row in _rows(ROOMS, span, theater=span.theater.pk)]


def heat(span: Span, room: Room) -> Heat:
    """How often each seat of the newest plan was sold; seats of older plans count by their label. Three queries."""
    auditorium = Auditorium.objects.get(pk=room.auditorium_id)
    sold = dict(_rows(SEATS, span, auditorium=room.auditorium_id))
    newest = auditorium.plans.published().order_by("-number").values("pk")[:1]
    seats = Seat.objects.filter(plan__in=newest).order_by("pk").values_list("label", "x", "y")
    return Heat(
        auditorium=auditorium,
        showtimes=room.showtimes,
        seats=tuple(
            HeatSeat(label, x, y, sold.get(label, 0), min(10, -(-10 * sold.get(label, 0) // max(1, room.showtimes))))
            for label, x, y in seats
        ),
    )


def sales_curve(span: Span) -> list[CurvePoint]:
    """From two weeks before the start to the start, adding up. One query."""
    bought: dict[int, int] = defaultdict(int, _rows(CURVE, span, theater=span.theater.pk))
    everything = sum(bought.values())
    points, so_far = [], 0
    for days in range(CURVE_DAYS, -1, -1):
        so_far += bought[days]
        points.append(CurvePoint(days, so_far, round(100 * so_far / everything) if everything else 0))
    return points


def _rows(sql: str, span: Span, **values: Any) -> list[Any]:
    start, end = span.bounds
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": start, "end": end, **values})
        return cursor.fetchall()
