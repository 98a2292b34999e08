"""The facts of a showtime, without its seats, that hardly ever change; cached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import Http404

from core.caches.process_cache import ProcessCache
from houses.business_days import business_day
from reservations.seats.map_markup import PreparedMap, prepared_map
from reservations.seats.own_seats import OwnSeats
from reservations.seats.single_seat_check import rule_of
from reservations.seats.single_seats import SingleSeatRule
from theaters.models import AgeRule, Showtime
from theaters.prices.early_prices import PricesByMoment, prices_by_moment
from theaters.selectors import ShowtimeFacts, showtime_facts


@dataclass(frozen=True)
class ShowtimeFrame:
    """The facts of a showtime for pages about its seats."""

    facts: ShowtimeFacts
    on: date
    age_rule: AgeRule
    plan_id: int
    prices: PricesByMoment
    single_seat_rule: SingleSeatRule
    access_code: str
    read_at: datetime

    def map_for(self, own: OwnSeats, *, now: datetime) -> PreparedMap:
        """The map with the prices that this browser was shown."""
        return self.map_at(own.version_id or self.prices.version_at(now))

    def map_at(self, version_id: int | None) -> PreparedMap:
        facts = self.facts
        return prepared_map(
            plan_id=self.plan_id,
            version_id=version_id,
            on=self.on,
            currency=facts.currency,
            theater_id=facts.theater_id,
        )


KEPT_SECONDS, MOST_KEPT = 15, 500
_frames: ProcessCache[int, ShowtimeFrame] = ProcessCache(seconds=KEPT_SECONDS, most=MOST_KEPT)


def showtime_frame(showtime_id: int, *, now: datetime, plan_id: int | None = None) -> ShowtimeFrame:
    """The frame of a showtime, from memory and some seconds old; sales are checked in the database each time.

    With another plan id it is read anew, because the showtime may have moved to another auditorium.
    """
    frame = _frames.get(showtime_id, lambda: _frame(showtime_id, now))
    return frame if plan_id in (None, frame.plan_id) else _frames.put(showtime_id, _frame(showtime_id, now))


def shown_prices(showtime_id: int, *, now: datetime) -> Mapping[str, Decimal | None]:
    """The prices by seat category for somebody who holds nothing. Raises Http404."""
    try:
        frame = showtime_frame(showtime_id, now=now)
    except Showtime.DoesNotExist:
        raise Http404("There is no showtime at this address.") from None
    return frame.map_at(frame.prices.version_at(now)).prices


def _frame(showtime_id: int, now: datetime) -> ShowtimeFrame:
    showtime = Showtime.objects.with_names().get(pk=showtime_id)
    # In a query of its own: to write it into the one before takes Python longer than both. The facts tell it from here on.
    age_rule = showtime.age_rule
    return ShowtimeFrame(
        showtime_facts(showtime, now=now),
        business_day(showtime.auditorium.theater, showtime.starts_at),
        age_rule,
        showtime.plan_id,
        prices_by_moment(showtime),
        rule_of(showtime.auditorium.theater),
        showtime.access_code,
        now,
    )
