"""Facts for the pages of a waiting list."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

from core.clock import ClockTimestamp, ZonedMoment, in_zone
from core.texts.local_formats import and_list
from reservations.models import SeatOffer, WaitingEntry, WaitingSkip
from reservations.seats.countdown import Countdown, countdown_to
from reservations.seats.plan_seats import areas_of_plan, has_numbers, rows_near_exit, seats_of_plan
from reservations.states import SkipReason, WaitingStatus
from theaters.models import Showtime
from theaters.seat_categories import is_wheelchair
from theaters.seat_facts import KnownFacts, known_facts
from theaters.seat_labels import is_place, label_words, section_in_words
from theaters.selectors import ShowtimeFacts, showtime_facts
from theaters.states import ShowtimeStatus

MOST_WITHOUT_LIMIT = 20
MOST_SKIPS = 5
HOURS_BEFORE = (2, 6, 24, 72)
# Value of the section field for any numbered seat; section names have no brackets.
NUMBERED = "[numbered]"


@dataclass(frozen=True)
class WaitingForm:
    """The choices of the form. `sections` include areas; `is_mixed`: some seats have numbers, some do not."""

    showtime: ShowtimeFacts
    counts: range
    sections: tuple[str, ...]
    has_seats: bool
    is_mixed: bool
    wheelchairs: range
    known: KnownFacts
    has_exit_rows: bool
    hours_before: tuple[int, ...]
    waiting: int

    @property
    def fields(self) -> set[str]:
        """The fields that the form shows; not every auditorium has sections or wheelchair spaces."""
        always = {"count", "hours", "email"}
        return (
            always
            | ({"together"} if self.has_seats else set())
            | ({"section"} if self.sections else set())
            | ({"wheelchairs"} if len(self.wheelchairs) > 1 else set())
        )

    @property
    def ticks(self) -> set[str]:
        """The boxes for needs that mean something here: of facts that the plan knows, and of seats with numbers."""
        is_there = {
            "stepfree": self.known.steps,
            "loop": self.known.hearing_loop,
            "armrest": self.known.armrest_lifts,
            "exit": self.has_exit_rows,
            **dict.fromkeys(("transfer", "aisle", "dog"), self.has_seats),
        }
        return {name for name, is_so in is_there.items() if is_so}

    @property
    def section_values(self) -> set[str]:
        return {*self.sections, *([NUMBERED] if self.is_mixed else [])}


@dataclass(frozen=True)
class Offered:
    """An offer of seats. `can_pass`: other seats may come back for this party. `minutes`: its whole length."""

    seats: str
    until: ZonedMoment
    can_pass: bool
    minutes: int


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
    wish: str
    before: int | None
    offered: Offered | None
    countdown: Countdown | None
    skips: tuple[Skipped, ...]


def waiting_form(*, showtime_id: int, now: datetime) -> WaitingForm | None:
    """The choices for a showtime; None when it does not exist or is not on sale."""
    showtime = Showtime.objects.published().with_names().filter(pk=showtime_id, sales_close_at__gt=now).first()
    if showtime is None or showtime.status != ShowtimeStatus.PUBLISHED:
        return None
    seats, areas = seats_of_plan(showtime.plan_id), areas_of_plan(showtime.plan_id)
    is_mixed = bool(seats and areas)
    sections = tuple(dict.fromkeys([*(seat.section for seat in seats if seat.section), *(area.name for area in areas)]))
    spaces = sum(is_wheelchair(seat.category) for seat in seats)
    size = len(seats) + sum(area.capacity for area in areas)
    hours_left = (showtime.sales_close_at - now).total_seconds() / 3600
    return WaitingForm(
        showtime=showtime_facts(showtime, now=now),
        counts=range(1, min(settings.MAX_SEATS_PER_HOLD or MOST_WITHOUT_LIMIT, size) + 1),
        sections=sections if is_mixed or len(sections) > 1 else (),
        has_seats=bool(seats),
        is_mixed=is_mixed,
        wheelchairs=range(min(spaces, 4) + 1),
        known=known_facts([*(seat.facts for seat in seats), *(area.facts for area in areas)]),
        has_exit_rows=bool(seats) and bool(rows_near_exit(showtime.plan_id)),
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
        wish=wish_in_words(entry),
        before=parties_before(entry) if is_waiting else None,
        offered=offer_of_entry(offer, showtime) if offer else None,
        countdown=countdown_to(offer.until, seconds=_length_of(offer), now=now) if offer else None,
        skips=tuple(Skipped(in_zone(skip.at, zone), skip_in_words(skip)) for skip in _last_skips(entry)),
    )


def offer_of_entry(offer: SeatOffer, showtime: Showtime) -> Offered:
    return Offered(
        seats=and_list(label_words(offer.labels)),
        until=in_zone(offer.until, showtime.auditorium.theater.zone),
        can_pass=not all(map(is_place, offer.labels)) or _has_other_seats(offer.entry, showtime),
        minutes=round(_length_of(offer) / 60),
    )


def _length_of(offer: SeatOffer) -> int:
    """The seconds of an offer from its beginning to its end."""
    return round((offer.until - offer.made_at).total_seconds())


def _has_other_seats(entry: WaitingEntry, showtime: Showtime) -> bool:
    """Whether another offer could differ: places of the same area are all alike."""
    return not entry.section and bool(seats_of_plan(showtime.plan_id) or len(areas_of_plan(showtime.plan_id)) > 1)


def parties_before(entry: WaitingEntry) -> int:
    before = WaitingEntry.objects.waiting().filter(showtime_id=entry.showtime_id, joined_at__lt=entry.joined_at)
    return before.count()


def wish_in_words(entry: WaitingEntry) -> str:
    """What a party waits for besides its number: side by side, Balcony, no steps, beside an aisle."""
    wishes = {
        gettext("side by side"): entry.is_together and entry.count > 1 and has_numbers(entry.showtime.plan_id),
        section_in_words(entry.section): bool(entry.section),
        gettext("numbered seats only"): entry.is_numbered,
        gettext("wheelchair spaces: %(count)s") % {"count": entry.wheelchairs}: entry.wheelchairs > 0,
        gettext("no steps"): entry.is_step_free,
        gettext("hearing loop"): entry.has_hearing_loop,
        gettext("room to change from a wheelchair"): entry.has_transfer,
        gettext("beside an aisle"): entry.is_beside_aisle,
        gettext("armrest lifts"): entry.has_lifting_armrest,
        gettext("near an exit"): entry.is_near_exit,
        gettext("room for an assistance dog"): entry.has_dog,
    }
    return ", ".join(words for words, is_wished in wishes.items() if is_wished)


def _last_skips(entry: WaitingEntry) -> list[WaitingSkip]:
    return list(entry.skips.order_by("-pk")[:MOST_SKIPS])


def skip_in_words(skip: WaitingSkip) -> str:
    sentences: dict[str, str] = {
        SkipReason.TOO_FEW: gettext("Too few of the tickets that came back fit your wishes (free: %(free)s)."),
        SkipReason.APART: gettext("The tickets that came back were not side by side (free: %(free)s)."),
        SkipReason.SHARE: gettext(
            "Many tickets are held for people on your internet connection, so these tickets went on to others (free: %(free)s)."
        ),
        SkipReason.PASSED: gettext("Only the tickets that you had passed on were free (free: %(free)s)."),
        SkipReason.STEPS: gettext(
            "The tickets that came back were for seats with steps on the way, or nobody knows how many (free: %(free)s)."
        ),
        SkipReason.LOOP: gettext(
            "The tickets that came back were for seats without a hearing loop, or nobody knows of one (free: %(free)s)."
        ),
        SkipReason.TRANSFER: gettext(
            "None of the tickets that came back was for a seat to which you can change from a wheelchair (free: %(free)s)."
        ),
        SkipReason.DOG: gettext(
            "None of the tickets that came back was for a seat beside an aisle, where a dog has room (free: %(free)s)."
        ),
        SkipReason.AISLE: gettext(
            "None of the tickets that came back was for a seat beside an aisle (free: %(free)s)."
        ),
        SkipReason.ARMREST: gettext(
            "None of the tickets that came back was for a seat whose armrest lifts, as far as we know (free: %(free)s)."
        ),
        SkipReason.EXIT: gettext(
            "The tickets that came back were for seats that are not near an exit (free: %(free)s)."
        ),
        SkipReason.NEEDS: gettext(
            "The tickets that came back were for seats that lack several things that you need (free: %(free)s)."
        ),
    }
    general = gettext("The tickets that came back did not fit your wishes (free: %(free)s).")
    return sentences.get(skip.reason, general) % {"free": skip.free}
