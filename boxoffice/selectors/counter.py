"""The showtimes of one day at the counter, in the order of time. One query."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext

from core.clock import in_zone
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from theaters.models import Showtime
from theaters.program_facts import shown_version
from theaters.selectors import FULLNESS_LABELS, fullness
from theaters.states import ShowtimeStatus

DAYS_AHEAD = 7


@dataclass(frozen=True)
class CounterShowtime:
    """A showtime as the counter lists it: when, what, where, and how many seats are left."""

    url: str
    starts_at: datetime
    movie: str
    facts: str
    auditorium: str
    free: int
    seats: int
    taken: int
    fullness: str
    fullness_label: str
    state: str
    has_started: bool
    is_next: bool = False

    @property
    def is_past(self) -> bool:
        return self.state in {"over", "closed"} or (self.state == "canceled" and self.has_started)

    @property
    def can_be_opened(self) -> bool:
        """Whether the counter has a page for it: not when over or canceled."""
        return self.state in {"open", "closed"}

    @property
    def search(self) -> str:
        """The text in which the search looks: time with and without colon, movie, auditorium."""
        return f"{self.starts_at:%H%M} {self.starts_at:%H:%M} {self.movie} {self.auditorium} {self.facts}".lower()

    def answers(self, wanted: str) -> bool:
        words = self.search.split()
        return all(any(word.startswith(part) for word in words) for part in wanted.lower().split())


@dataclass(frozen=True)
class CounterDay:
    on: date
    is_chosen: bool
    name: str


@dataclass(frozen=True)
class CounterSchedule:
    day: date
    days: tuple[CounterDay, ...]
    previous: date
    following: date
    is_today: bool
    lines: tuple[CounterShowtime, ...]

    @property
    def past(self) -> list[CounterShowtime]:
        """The showtimes that are over or no longer sold at the counter."""
        return [line for line in self.lines if line.is_past]

    @property
    def present(self) -> list[CounterShowtime]:
        return [line for line in self.lines if not line.is_past]


def program(*, theater: Theater, day: date | None, wanted: str, now: datetime) -> CounterSchedule:
    """The showtimes of a day. `wanted` is the search text; the first not begun is marked as next."""
    today = business_day(theater, now)
    on = day or today
    lines = [line for line in _lines(theater, on, now) if line.answers(wanted)]
    return CounterSchedule(
        day=on,
        days=tuple(_days(today, on)),
        previous=on - timedelta(days=1),
        following=on + timedelta(days=1),
        is_today=on == today,
        lines=tuple(_with_next(lines)),
    )


def _days(today: date, chosen: date) -> Iterator[CounterDay]:
    names = {0: gettext("Today"), 1: gettext("Tomorrow")}
    for ahead in range(DAYS_AHEAD):
        on = today + timedelta(days=ahead)
        yield CounterDay(on, on == chosen, names.get(ahead, ""))


def _lines(theater: Theater, on: date, now: datetime) -> Iterator[CounterShowtime]:
    start, end = day_bounds(theater, on)
    showtimes = (
        Showtime.objects.with_names()
        .filter(auditorium__theater=theater, starts_at__gte=start, starts_at__lt=end)
        .exclude(status=ShowtimeStatus.DRAFT, closed_for="")
        .order_by("starts_at", "movie__title", "pk")
    )
    for showtime in showtimes:
        yield _line(showtime, theater, now)


def _line(showtime: Showtime, theater: Theater, now: datetime) -> CounterShowtime:
    level = fullness(showtime.seats_total, showtime.seats_taken)
    state = _state(showtime, now)
    return CounterShowtime(
        url=reverse("counter_map", args=[showtime.pk]),
        starts_at=in_zone(showtime.starts_at, theater.zone),
        movie=showtime.closed_for if state == "hire" else showtime.shown_title,
        facts=", ".join(filter(None, (shown_version(showtime.movie, showtime.version), showtime.shown_note))),
        auditorium=showtime.auditorium.shown_name,
        free=max(0, showtime.seats_total - showtime.seats_taken),
        seats=showtime.seats_total,
        taken=min(showtime.seats_taken, showtime.seats_total),
        fullness=level,
        fullness_label=FULLNESS_LABELS[level],
        state=state,
        has_started=showtime.starts_at <= now,
    )


def _state(showtime: Showtime, now: datetime) -> str:
    """`open`, `closed` for the counter's own close, `over`, `canceled`, or `hire` for a private hire."""
    if showtime.status == ShowtimeStatus.CANCELED:
        return "canceled"
    if showtime.ends_at <= now:
        return "over"
    if showtime.closed_for:
        return "hire"
    return "open" if now < showtime.counter_closes_at else "closed"


def _with_next(lines: list[CounterShowtime]) -> Iterator[CounterShowtime]:
    is_found = False
    for line in lines:
        is_next = not is_found and line.state == "open" and not line.has_started
        is_found = is_found or is_next
        yield replace(line, is_next=is_next)
