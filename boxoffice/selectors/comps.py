"""Figures of comps: by whom, why, and how many people came. They never count as sold."""

from dataclasses import dataclass

from django.db import models

from boxoffice.selectors.day_ranges import SHOWN_MOVIE, SHOWN_TITLE, DayRange, day_of, rows


class CompGroup(models.TextChoices):
    REASON = "reason", "Reason"
    PERSON = "person", "Given by"
    DAY = "day", "Day"
    MOVIE = "movie", "Movie"
    SHOWTIME = "showtime", "Showtime"


LOCAL_START = "to_char(showtime.starts_at AT TIME ZONE %(zone)s, 'Dy DD Mon, HH24:MI')"
KEYS: dict[str, tuple[str, str]] = {
    CompGroup.REASON: ("sale.comp_reason", "sale.comp_reason"),
    CompGroup.PERSON: ("coalesce(person.email, given.actor)", "coalesce(person.email, given.actor)"),
    CompGroup.DAY: (day_of("showtime.starts_at"), "''"),
    CompGroup.MOVIE: SHOWN_MOVIE,
    CompGroup.SHOWTIME: (
        "to_char(showtime.starts_at, 'YYYY-MM-DD HH24:MI') || ' ' || showtime.id",
        f"{LOCAL_START} || ' ' || {SHOWN_TITLE} || ', ' || auditorium.name",
    ),
}
GIVEN = """
SELECT {key}, min({label}), count(DISTINCT booking.id), count(*), count(*) FILTER (WHERE ticket.status = 'VOID'),
       count(*) FILTER (WHERE ticket.status = 'USED')
  FROM reservations_booking AS booking
  JOIN sales_sale AS sale ON sale.id = booking.sale_id
  JOIN reservations_ticket AS ticket ON ticket.booking_id = booking.id
  JOIN theaters_showtime AS showtime ON showtime.id = booking.showtime_id
  JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
  JOIN theaters_movie AS movie ON movie.id = showtime.movie_id
  LEFT JOIN reservations_move AS given
         ON given.what = 'booking' AND given.what_id = booking.id AND given.to_status = 'CONFIRMED'
  LEFT JOIN accounts_user AS person ON 'staff:' || person.id = split_part(given.actor, '@', 1)
 WHERE auditorium.theater_id = %(theater)s AND sale.channel = 'COMP' AND booking.confirmed_at IS NOT NULL
   AND showtime.starts_at >= %(start)s AND showtime.starts_at < %(end)s
 GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Comps:
    label: str
    bookings: int
    given: int
    taken_back: int
    came: int

    @property
    def stand(self) -> int:
        return self.given - self.taken_back


def comps(*, span: DayRange, group: CompGroup) -> list[Comps]:
    """Count comps for the showtimes of these days. One query."""
    key, label = KEYS[group]
    found = rows(GIVEN.format(key=key, label=label), span)
    return [
        Comps(span.days[int(key) - 1].isoformat() if group == CompGroup.DAY else label, *figures)
        for key, label, *figures in found
    ]
