"""Finds the price rules of a theater that are for a showtime."""

from collections.abc import Iterable

from theaters.models import PriceRule, Showtime
from theaters.prices.pinned_price_rules import PinnedRule, Start, in_order
from theaters.schedule.showtime_days import fits_days, start_of


def rules_for(showtime: Showtime) -> list[PinnedRule]:
    """The rules for a showtime, in the order in which they change a price. One query."""
    return rules_among(PriceRule.objects.filter(theater=showtime.auditorium.theater_id), showtime)


def rules_among(rules: Iterable[PriceRule], showtime: Showtime) -> list[PinnedRule]:
    theater = showtime.auditorium.theater
    start = start_of(theater, showtime.starts_at)
    fitting = [rule for rule in rules if fits_days(rule, start) and _shows_it(rule, showtime)]
    return in_order(fitting, Start(showtime.starts_at, theater.zone, start.on))


def _shows_it(rule: PriceRule, showtime: Showtime) -> bool:
    """Whether the rule is for this movie; a program counts as its leading movie."""
    return (
        showtime.picture in (rule.pictures or [showtime.picture])
        and showtime.movie.kind in (rule.movie_kinds or [showtime.movie.kind])
        and showtime.auditorium_id in (rule.auditoriums or [showtime.auditorium_id])
    )
