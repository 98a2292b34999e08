"""The board in the foyer: the showtimes of this business day that people can still attend."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import in_zone
from core.texts.lazy_text import gettext_lazy as _
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from theaters.models import Showtime
from theaters.program_facts import shown_version
from theaters.selectors import FULLNESS_LABELS, fullness
from theaters.states import ShowtimeStatus

# Shown until this time after the start, because people still come in during the adverts.
SHOWN_AFTER_START = timedelta(minutes=20)
# The lines that fit on a screen of 1280 x 800 in two columns.
MOST_LINES = 12
WORDS = {"canceled": _("Canceled"), "begun": _("Has begun")}


@dataclass(frozen=True)
class BoardLine:
    """A line of the board. `state`: `free`, `filling`, `last`, `sold_out`, `begun` or `canceled`."""

    starts_at: datetime
    movie: str
    facts: str
    auditorium: str
    state: str
    words: str


@dataclass(frozen=True)
class Board:
    """`as_of` is the moment of the query. `more` is the number of later showtimes that do not fit; `following` is the
    first one after tonight.
    """

    theater: str
    as_of: datetime
    lines: tuple[BoardLine, ...]
    more: int
    following: BoardLine | None


def board_of(theater: Theater, *, now: datetime) -> Board:
    """The board in the theater's zone. One query, and another when nothing is left today."""
    _start, end = day_bounds(theater, business_day(theater, now))
    offered = (
        Showtime.objects.with_names()
        .exclude(status=ShowtimeStatus.DRAFT)
        .filter(auditorium__theater=theater, access_code="", starts_at__gt=now - SHOWN_AFTER_START)
        .order_by("starts_at", "auditorium__name", "pk")
    )
    tonight = [_line(showtime, theater, now) for showtime in offered.filter(starts_at__lt=end)]
    following = None if tonight else offered.published().filter(starts_at__gte=end).first()
    return Board(
        theater=theater.shown_name,
        as_of=in_zone(now, theater.zone),
        lines=tuple(tonight[:MOST_LINES]),
        more=max(0, len(tonight) - MOST_LINES),
        following=_line(following, theater, now) if following else None,
    )


def _line(showtime: Showtime, theater: Theater, now: datetime) -> BoardLine:
    state = _state(showtime, now)
    return BoardLine(
        starts_at=in_zone(showtime.starts_at, theater.zone),
        movie=showtime.shown_title,
        facts=", ".join(filter(None, (shown_version(showtime.movie, showtime.version), showtime.shown_note))),
        auditorium=showtime.auditorium.shown_name,
        state=state,
        words=WORDS.get(state) or FULLNESS_LABELS[state],
    )


def _state(showtime: Showtime, now: datetime) -> str:
    if showtime.status == ShowtimeStatus.CANCELED:
        return "canceled"
    full = fullness(showtime.seats_total, showtime.seats_taken)
    return "begun" if showtime.starts_at <= now and full != "sold_out" else full
