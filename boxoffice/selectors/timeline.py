"""The timeline of a theater's day: a row of bars for each auditorium. Four queries for any number of showtimes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext

from houses.business_days import business_day, day_bounds
from houses.models import Theater
from theaters.models import Auditorium, Showtime
from theaters.states import ShowtimeStatus

# The width of a class in static/css/timeline-grid.css.
SLOT_MINUTES = 5
SLOTS_AN_HOUR = 60 // SLOT_MINUTES
FEWEST_HOURS = 10
SHORTEST_GAP = timedelta(minutes=15)
EMPTY_DAY_STARTS, HOUR = 10, timedelta(hours=1)


@dataclass(frozen=True)
class Bar:
    """A showtime as a bar: its position in slots from the left, and its words."""

    showtime: Showtime
    at: int
    length: int
    cleaning: int
    starts: datetime
    ends: datetime
    until: datetime
    gap_minutes: int | None
    conflict: str

    @property
    def is_draft(self) -> bool:
        return self.showtime.status == ShowtimeStatus.DRAFT

    @property
    def is_hire(self) -> bool:
        """Whether it is a private hire, which is never on sale."""
        return self.is_draft and bool(self.showtime.closed_for)

    @property
    def is_canceled(self) -> bool:
        return self.showtime.status == ShowtimeStatus.CANCELED

    @property
    def twice(self) -> str:
        """The zone's name, in the hour that occurs twice when clocks change."""
        other = self.starts.replace(fold=1 - self.starts.fold)
        return "" if other.utcoffset() == self.starts.utcoffset() else f"{self.starts:%Z}"


@dataclass(frozen=True)
class Gap:
    at: int
    length: int
    minutes: int


@dataclass(frozen=True)
class Lane:
    auditorium: Auditorium
    bars: tuple[Bar, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Tick:
    at: int
    label: str


@dataclass(frozen=True)
class Timeline:
    day: date
    previous: date
    following: date
    is_today: bool
    hours: int
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    drafts: int
    conflicts: int
    now_at: int | None

    def bars(self) -> list[Bar]:
        """The bars in order of time, for the list."""
        return sorted((bar for lane in self.lanes for bar in lane.bars), key=lambda bar: (bar.starts, bar.showtime.pk))


def timeline(*, theater: Theater, day: date, now: datetime) -> Timeline:
    start, end = day_bounds(theater, day)
    showtimes = list(
        Showtime.objects.with_names()
        .select_related("price_list")
        .filter(auditorium__theater=theater, starts_at__gte=start, starts_at__lt=end)
        .order_by("starts_at", "pk")
    )
    left, hours = _window(theater, day, showtimes)
    lanes = tuple(
        _lane(
            theater, auditorium, [showtime for showtime in showtimes if showtime.auditorium_id == auditorium.pk], left
        )
        for auditorium in theater.auditoriums.order_by("name")
    )
    bars = [bar for lane in lanes for bar in lane.bars]
    now_at = _slots(now - left)
    return Timeline(
        day=day,
        previous=day - timedelta(days=1),
        following=day + timedelta(days=1),
        is_today=day == business_day(theater, now),
        hours=hours,
        ticks=tuple(_ticks(theater, left, hours)),
        lanes=lanes,
        drafts=sum(bar.is_draft and not bar.is_hire for bar in bars),
        conflicts=sum(bool(bar.conflict) for bar in bars),
        now_at=now_at if left <= now and now_at <= hours * SLOTS_AN_HOUR else None,
    )


def _window(theater: Theater, day: date, showtimes: list[Showtime]) -> tuple[datetime, int]:
    """The hours shown, from the full hour before the first showtime to the one after the last, with a minimum width."""
    opening = datetime(day.year, day.month, day.day, EMPTY_DAY_STARTS, tzinfo=theater.zone).astimezone(UTC)
    first = min((showtime.starts_at for showtime in showtimes), default=opening).astimezone(theater.zone)
    left = first.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    right = max((showtime.occupied_until for showtime in showtimes), default=left)
    return left, max(FEWEST_HOURS, -(-int((right - left).total_seconds()) // 3600))


def _ticks(theater: Theater, left: datetime, hours: int) -> Iterator[Tick]:
    """The hours of the day, in the theater's local time."""
    for number in range(hours):
        yield Tick(number * SLOTS_AN_HOUR, f"{(left + number * HOUR).astimezone(theater.zone):%H:%M}")


def _lane(theater: Theater, auditorium: Auditorium, showtimes: list[Showtime], left: datetime) -> Lane:
    running = [showtime for showtime in showtimes if showtime.status != ShowtimeStatus.CANCELED]
    before = {later.pk: earlier for earlier, later in pairwise(running)}
    after = {earlier.pk: later for earlier, later in pairwise(running)}
    bars = tuple(
        _bar(theater, showtime, before.get(showtime.pk), after.get(showtime.pk), left) for showtime in showtimes
    )
    gaps = tuple(
        Gap(
            _slots(earlier.occupied_until - left),
            _slots(later.starts_at - earlier.occupied_until),
            _minutes(earlier, later),
        )
        for earlier, later in pairwise(running)
        if later.starts_at - earlier.occupied_until >= SHORTEST_GAP
    )
    return Lane(auditorium, bars, gaps)


def _bar(theater: Theater, showtime: Showtime, before: Showtime | None, after: Showtime | None, left: datetime) -> Bar:
    at = _slots(showtime.starts_at - left)
    end = -(-int((showtime.occupied_until - left).total_seconds()) // (60 * SLOT_MINUTES))
    return Bar(
        showtime=showtime,
        at=at,
        length=max(1, end - at),
        cleaning=_slots(showtime.occupied_until - showtime.ends_at),
        starts=showtime.starts_at.astimezone(theater.zone),
        ends=showtime.ends_at.astimezone(theater.zone),
        until=showtime.occupied_until.astimezone(theater.zone),
        gap_minutes=_minutes(before, showtime) if before and showtime.status != ShowtimeStatus.CANCELED else None,
        conflict=_conflict(theater, showtime, after),
    )


def _conflict(theater: Theater, showtime: Showtime, after: Showtime | None) -> str:
    """The conflict of a showtime, if its movie or cleaning takes longer now than when it was planned; planned times
    never overlap.
    """
    if showtime.status == ShowtimeStatus.CANCELED or after is None:
        return ""
    auditorium = showtime.auditorium
    minutes = auditorium.preroll_minutes + showtime.running_minutes + auditorium.turnaround_minutes
    needed = showtime.starts_at + timedelta(minutes=minutes)
    if needed <= after.starts_at:
        return ""
    return gettext("It needs the auditorium until %(until)s by now; %(title)s starts at %(start)s.") % {
        "until": f"{needed.astimezone(theater.zone):%H:%M}",
        "title": after.title,
        "start": f"{after.starts_at.astimezone(theater.zone):%H:%M}",
    }


def _slots(span: timedelta) -> int:
    return int(span.total_seconds()) // (60 * SLOT_MINUTES)


def _minutes(earlier: Showtime, later: Showtime) -> int:
    return int((later.starts_at - earlier.occupied_until).total_seconds()) // 60
