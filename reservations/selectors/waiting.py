"""What the pages of a waiting list show."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

from core.clock import ClockTimestamp, ZonedMoment, in_zone
from core.local_formats import and_list
from reservations.models import WaitingEntry, WaitingSkip
from reservations.states import SkipReason, WaitingStatus
from theaters.models import Seat, Showtime
from theaters.seat_categories import with_behavior
from theaters.selectors import ShowtimeFacts, showtime_facts
from theaters.states import SeatBehavior, ShowtimeStatus

MOST_WITHOUT_LIMIT = 20
MOST_SKIPS = 5
HOURS_BEFORE = (2, 6, 24, 72)


@dataclass(frozen=True)
class WaitingForm:
    """What can be wished for."""

    showtime: ShowtimeFacts
    counts: range
    sections: tuple[str, ...]
    wheelchairs: range
    hours_before: tuple[int, ...]
    waiting: int

    @property
    def fields(self) -> set[str]:
        """Those that the page has: not every auditorium has sections, or wheelchair spaces."""
        always = {"count", "together", "hours", "email"}
        return (
            always
            | ({"section"} if self.sections else set())
            | ({"wheelchairs"} if len(self.wheelchairs) > 1 else set())
        )


@dataclass(frozen=True)
class Offered:
    seats: str
    until: ZonedMoment


@dataclass(frozen=True)
class Skipped:
    at: ZonedMoment
    sentence: str


@dataclass(frozen=True)
class WaitingPage:
    """An entry as its owner sees it. `before` is how many parties came first; None while it does not wait."""

    entry: WaitingEntry
    showtime: ShowtimeFacts
    status: str
    until: ZonedMoment
    before: int | None
    offered: Offered | None
    skips: tuple[Skipped, ...]


def waiting_form(*, showtime_id: int, now: datetime) -> WaitingForm | None:
    """None when there is no such showtime, or it is not on sale. Four queries."""
    showtime = Showtime.objects.published().with_names().filter(pk=showtime_id, sales_close_at__gt=now).first()
    if showtime is None or showtime.status != ShowtimeStatus.PUBLISHED:
        return None
    seats = Seat.objects.filter(plan_id=showtime.plan_id)
    sections = tuple(dict.fromkeys(seats.exclude(section="").order_by("pk").values_list("section", flat=True)))
    spaces = seats.filter(with_behavior(SeatBehavior.WHEELCHAIR)).count()
    hours_left = (showtime.sales_close_at - now).total_seconds() / 3600
    return WaitingForm(
        showtime=showtime_facts(showtime, now=now),
        counts=range(1, (settings.MAX_SEATS_PER_HOLD or MOST_WITHOUT_LIMIT) + 1),
        sections=sections if len(sections) > 1 else (),
        wheelchairs=range(min(spaces, 4) + 1),
        hours_before=tuple(hours for hours in HOURS_BEFORE if hours < hours_left),
        waiting=WaitingEntry.objects.waiting().filter(showtime_id=showtime_id).count(),
    )


def waiting_page(*, code: str, now: datetime) -> WaitingPage | None:
    entry = WaitingEntry.objects.filter(code=code).first()
    if entry is None:
        return None
    showtime = Showtime.objects.with_names().get(pk=entry.showtime_id)
    zone = showtime.auditorium.theater.zone
    offer = entry.offers.filter(ended_at=None, until__gt=ClockTimestamp()).first()
    status = WaitingStatus.MISSED if entry.status == WaitingStatus.OFFERED and offer is None else entry.status
    is_waiting = status == WaitingStatus.WAITING
    return WaitingPage(
        entry=entry,
        showtime=showtime_facts(showtime, now=now),
        status=status,
        until=in_zone(entry.until, zone),
        before=parties_before(entry) if is_waiting else None,
        offered=Offered(and_list(offer.labels), in_zone(offer.until, zone)) if offer else None,
        skips=tuple(Skipped(in_zone(skip.at, zone), skip_in_words(skip)) for skip in _last_skips(entry)),
    )


def parties_before(entry: WaitingEntry) -> int:
    before = WaitingEntry.objects.waiting().filter(showtime_id=entry.showtime_id, joined_at__lt=entry.joined_at)
    return before.count()


def _last_skips(entry: WaitingEntry) -> list[WaitingSkip]:
    return list(entry.skips.order_by("-pk")[:MOST_SKIPS])


def skip_in_words(skip: WaitingSkip) -> str:
    sentences = {
        SkipReason.TOO_FEW: gettext("Too few of the seats that came back fit your wishes (free: %(free)s)."),
        SkipReason.APART: gettext("The seats that came back were not side by side (free: %(free)s)."),
        SkipReason.PASSED: gettext("Only the seats that you had passed on were free (free: %(free)s)."),
    }
    return sentences[SkipReason(skip.reason)] % {"free": skip.free}
