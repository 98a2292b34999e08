"""How full auditoriums are: by showtime, by seat, and by how early people buy."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connection

from boxoffice.selectors.day_ranges import DayRange, rows
from reservations.seats.state import state_sql
from theaters.models import Auditorium, Seat, Showtime

SHOWN = """
SELECT showtime.id, showtime.starts_at, coalesce(nullif(showtime.program_title, ''), movie.title),
       auditorium.id, auditorium.name, showtime.seats_total,
       coalesce(had.paid, 0), coalesce(had.given, 0), coalesce(had.came, 0)
  FROM theaters_showtime AS showtime
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
  JOIN theaters_movie AS movie ON movie.id = showtime.movie_id
  LEFT JOIN (
      SELECT ticket.showtime_id, count(*) FILTER (WHERE sale.channel <> 'COMP') AS paid,
             count(*) FILTER (WHERE sale.channel = 'COMP') AS given,
             count(*) FILTER (WHERE ticket.status = 'USED') AS came
        FROM reservations_ticket AS ticket JOIN reservations_booking AS booking ON booking.id = ticket.booking_id
        JOIN sales_sale AS sale ON sale.id = booking.sale_id
       WHERE ticket.status IN ('VALID', 'USED') AND ticket.showtime_id IN (
             SELECT showtime.id FROM theaters_showtime AS showtime
               JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
              WHERE auditorium.theater_id = %(theater)s AND showtime.starts_at >= %(start)s AND showtime.starts_at < %(end)s)
       GROUP BY ticket.showtime_id) AS had ON had.showtime_id = showtime.id
 WHERE auditorium.theater_id = %(theater)s AND showtime.status = 'PUBLISHED'
   AND showtime.starts_at >= %(start)s AND showtime.starts_at < %(end)s
 ORDER BY showtime.starts_at, showtime.id
"""
SEATS = """
SELECT seat.section, seat."row", seat.number, count(*) FROM reservations_ticket AS ticket
  JOIN theaters_seat AS seat ON seat.id = ticket.seat_id
  JOIN theaters_showtime AS showtime ON showtime.id = ticket.showtime_id
 WHERE showtime.auditorium_id = %(auditorium)s AND ticket.status IN ('VALID', 'USED')
   AND showtime.status = 'PUBLISHED' AND showtime.starts_at >= %(start)s AND showtime.starts_at < %(end)s
 GROUP BY 1, 2, 3
"""
# Whole days before the start; sales after the start count as the last hour.
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
STATES = f"""
SELECT seat.label, seat.x, seat.y,
       CASE WHEN ticket.status = 'USED' THEN 'came' WHEN sale.channel = 'COMP' THEN 'given'
            WHEN ticket.id IS NOT NULL THEN 'sold'
            WHEN {state_sql("claim", at="clock_timestamp()")} = 'house' THEN 'house' ELSE 'free' END
  FROM theaters_seat AS seat
  LEFT JOIN reservations_showtimeseat AS claim ON claim.showtime_id = %(showtime)s AND claim.seat_id = seat.id
  LEFT JOIN reservations_ticket AS ticket
         ON ticket.showtime_id = %(showtime)s AND ticket.seat_id = seat.id AND ticket.status IN ('VALID', 'USED')
  LEFT JOIN reservations_booking AS booking ON booking.id = ticket.booking_id
  LEFT JOIN sales_sale AS sale ON sale.id = booking.sale_id
 WHERE seat.plan_id = %(plan)s ORDER BY seat.id
"""


@dataclass(frozen=True)
class ShowtimeOccupancy:
    """How full a showtime was. Comps fill seats, but do not count as paid occupancy."""

    showtime_id: int
    starts_at: datetime
    movie: str
    auditorium_id: int
    auditorium: str
    seats: int
    paid: int
    comps: int
    came: int

    @property
    def percent(self) -> int:
        return round(100 * self.paid / self.seats) if self.seats else 0


@dataclass(frozen=True)
class AuditoriumFigures:
    """The occupancy of an auditorium over some days."""

    auditorium_id: int
    name: str
    showtimes: int
    seats: int
    paid: int
    comps: int
    came: int

    @property
    def percent(self) -> int:
        return round(100 * self.paid / self.seats) if self.seats else 0


@dataclass(frozen=True)
class HeatMapSeat:
    """A seat and how often it was sold, in steps of ten percent."""

    label: str
    x: int
    y: int
    sold: int
    step: int


@dataclass(frozen=True)
class HeatMap:
    auditorium: Auditorium
    showtimes: int
    seats: tuple[HeatMapSeat, ...]


@dataclass(frozen=True)
class SeatUse:
    """A seat at one showtime: sold, given (away), came, house, or free."""

    label: str
    x: int
    y: int
    state: str


@dataclass(frozen=True)
class CurvePoint:
    """How many of the tickets had been bought by a number of days before the start."""

    days_before: int
    tickets: int
    percent: int


def occupancy_by_showtime(span: DayRange) -> list[ShowtimeOccupancy]:
    """The published showtimes of these days, oldest first. One query."""
    return [ShowtimeOccupancy(*row) for row in rows(SHOWN, span)]


def by_auditorium(shown: Iterable[ShowtimeOccupancy]) -> list[AuditoriumFigures]:
    by_auditorium = sorted(shown, key=lambda showtime: (showtime.auditorium, showtime.auditorium_id))
    return [_figures(list(same)) for _, same in groupby(by_auditorium, key=lambda showtime: showtime.auditorium_id)]


def _figures(same: list[ShowtimeOccupancy]) -> AuditoriumFigures:
    sums = {name: sum(getattr(showtime, name) for showtime in same) for name in ("seats", "paid", "comps", "came")}
    return AuditoriumFigures(same[0].auditorium_id, same[0].auditorium, len(same), **sums)


def heat_map_of(span: DayRange, figures: AuditoriumFigures) -> HeatMap:
    """How often each seat of the newest plan was sold, in this plan and in older ones. Three queries."""
    auditorium = Auditorium.objects.get(pk=figures.auditorium_id)
    newest = auditorium.plans.published().order_by("-number").values("pk")[:1]
    seats = list(Seat.objects.numbered().filter(plan__in=newest).order_by("pk"))
    sold = _sold(seats, rows(SEATS, span, auditorium=figures.auditorium_id))
    return HeatMap(
        auditorium=auditorium,
        showtimes=figures.showtimes,
        seats=tuple(
            HeatMapSeat(
                seat.label, seat.x, seat.y, sold[seat.pk], min(10, -(-10 * sold[seat.pk] // max(1, figures.showtimes)))
            )
            for seat in seats
        ),
    )


def _sold(seats: list[Seat], counted: Iterable[tuple[str, str, int, int]]) -> Counter[int]:
    """Tickets sold by seat.

    If an older plan names the section differently, row and number find the seat when they are unique.
    """
    exact = {(seat.section, seat.row, seat.number): seat.pk for seat in seats}
    named: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for seat in seats:
        named[seat.row, seat.number].append(seat.pk)
    sold: Counter[int] = Counter()
    for section, row, number, times in counted:
        same = exact.get((section, row, number))
        for pk in [same] if same else named[row, number] if len(named[row, number]) == 1 else []:
            sold[pk] += times
    return sold


def seat_states(showtime: Showtime) -> list[SeatUse]:
    """The use of each seat and unreserved place of a showtime, in the plan's order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(STATES, {"showtime": showtime.pk, "plan": showtime.plan_id})
        return [SeatUse(*row) for row in cursor.fetchall()]


def sales_curve(span: DayRange) -> list[CurvePoint]:
    """Cumulated sales for each day from two weeks before the start. One query."""
    bought: dict[int, int] = defaultdict(int, rows(CURVE, span))
    everything = sum(bought.values())
    points, so_far = [], 0
    for days in range(CURVE_DAYS, -1, -1):
        so_far += bought[days]
        points.append(CurvePoint(days, so_far, round(100 * so_far / everything) if everything else 0))
    return points
