"""Figures of people who had a ticket and did not come. Showtimes at which nobody was scanned are counted apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db import models
from django.utils.translation import gettext

from boxoffice.selectors.day_ranges import DayRange, rows
from houses.business_days import business_day

SHOWN = """
SELECT showtime.id, showtime.starts_at, coalesce(nullif(showtime.program_title, ''), movie.title),
       auditorium.name, had.tickets, had.comps, had.came, had.comps_came
  FROM theaters_showtime AS showtime
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
  JOIN theaters_movie AS movie ON movie.id = showtime.movie_id
  JOIN (SELECT ticket.showtime_id, count(*) AS tickets, count(*) FILTER (WHERE sale.channel = 'COMP') AS comps,
               count(*) FILTER (WHERE ticket.status = 'USED') AS came,
               count(*) FILTER (WHERE ticket.status = 'USED' AND sale.channel = 'COMP') AS comps_came
          FROM reservations_ticket AS ticket JOIN reservations_booking AS booking ON booking.id = ticket.booking_id
          JOIN sales_sale AS sale ON sale.id = booking.sale_id
         WHERE ticket.status IN ('VALID', 'USED') AND ticket.showtime_id IN (
               SELECT showtime.id FROM theaters_showtime AS showtime
                 JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
                WHERE auditorium.theater_id = %(theater)s AND showtime.status = 'PUBLISHED'
                  AND showtime.starts_at >= %(start)s AND showtime.starts_at < %(end)s
                  AND showtime.ends_at < clock_timestamp())
         GROUP BY ticket.showtime_id) AS had ON had.showtime_id = showtime.id
 ORDER BY showtime.starts_at, showtime.id
"""


class NoShowGroup(models.TextChoices):
    DAY = "day", "Day"
    MOVIE = "movie", "Movie"
    SHOWTIME = "showtime", "Showtime"


@dataclass(frozen=True)
class Attendance:
    """A showtime that is over: how many had a ticket and how many came. Comps are included, and also counted apart."""

    showtime_id: int
    starts_at: datetime
    movie: str
    auditorium: str
    tickets: int
    comps: int
    came: int
    comps_came: int

    @property
    def was_scanned(self) -> bool:
        return self.came > 0


@dataclass(frozen=True)
class NoShows:
    label: str
    showtime_id: int | None
    showtimes: int
    tickets: int
    came: int
    of_them_comps: int

    @property
    def stayed_away(self) -> int:
        return self.tickets - self.came

    @property
    def percent(self) -> int:
        return round(100 * self.stayed_away / self.tickets) if self.tickets else 0


def attendance(span: DayRange) -> list[Attendance]:
    """The showtimes of these days that are over and had tickets, oldest first. One query."""
    return [Attendance(*row) for row in rows(SHOWN, span)]


def no_shows(shown: Iterable[Attendance], *, span: DayRange, group: NoShowGroup) -> list[NoShows]:
    """Count no-shows of the showtimes at which tickets were scanned."""
    scanned = sorted(
        (showtime for showtime in shown if showtime.was_scanned), key=lambda showtime: _key(showtime, span, group)
    )
    return [
        _summed(list(same), span, group)
        for _, same in groupby(scanned, key=lambda showtime: _key(showtime, span, group))
    ]


def everybody(lines: Iterable[NoShows]) -> NoShows:
    counted = list(lines)
    names = ("showtimes", "tickets", "came", "of_them_comps")
    return NoShows(
        label=gettext("Total"),
        showtime_id=None,
        **{name: sum(getattr(group, name) for group in counted) for name in names},
    )


def title_of(one: Attendance, span: DayRange) -> str:
    return f"{one.starts_at.astimezone(span.theater.zone):%a %d %b, %H:%M} {one.movie}, {one.auditorium}"


def _key(one: Attendance, span: DayRange, group: NoShowGroup) -> tuple[date | str | datetime, int]:
    if group == NoShowGroup.DAY:
        return business_day(span.theater, one.starts_at), 0
    return (one.movie, 0) if group == NoShowGroup.MOVIE else (one.starts_at, one.showtime_id)


def _summed(same: list[Attendance], span: DayRange, group: NoShowGroup) -> NoShows:
    first = same[0]
    labels = {
        NoShowGroup.DAY: business_day(span.theater, first.starts_at).isoformat(),
        NoShowGroup.MOVIE: first.movie,
        NoShowGroup.SHOWTIME: title_of(first, span),
    }
    return NoShows(
        label=labels[group],
        showtime_id=first.showtime_id if group == NoShowGroup.SHOWTIME else None,
        showtimes=len(same),
        tickets=sum(showtime.tickets for showtime in same),
        came=sum(showtime.came for showtime in same),
        of_them_comps=sum(showtime.comps - showtime.comps_came for showtime in same),
    )
