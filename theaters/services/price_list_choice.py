"""Chooses the price list of a showtime: the valid list with the highest rank. It never guesses between two.

A list is valid by business day: a 00:30 show belongs to the evening before, with its weekday, its date and its prices.
"""

from collections.abc import Iterable
from datetime import date, datetime, time

from core.refusals import Refusal
from houses.business_days import business_day
from houses.models import Theater
from theaters.models import PriceList
from theaters.states import Weekday

DAY_SECONDS = 24 * 60 * 60


class NoSingleList(Refusal):
    """None is valid, or several equally well; the sentence names them."""


def list_for(*, theater: Theater, starts_at: datetime) -> PriceList:
    """Raises NoSingleList."""
    return choose_list(theater.price_lists.all(), theater=theater, starts_at=starts_at)


def choose_list(lists: Iterable[PriceList], *, theater: Theater, starts_at: datetime) -> PriceList:
    """Among the lists of a theater. Raises NoSingleList."""
    on, at = business_day(theater, starts_at), starts_at.astimezone(theater.zone).time()
    valid = [one for one in lists if is_valid(one, on=on, at=at, day_starts=theater.business_day_starts_at)]
    best = [one for one in valid if one.rank == max(other.rank for other in valid)]
    if len(best) == 1:
        return best[0]
    when = f"{on:%A} {on.day} {on:%B %Y}, {at:%H:%M}"
    if not best:
        raise NoSingleList(
            f"No price list of {theater} is valid on {when}. Say on a list that it is, or choose one by hand."
        )
    names = " and ".join(sorted(one.name for one in best))
    raise NoSingleList(
        f"Several price lists are valid on {when}, with the same rank: {names}. "
        "Give one of them a higher rank, or choose one by hand."
    )


def is_valid(price_list: PriceList, *, on: date, at: time, day_starts: time) -> bool:
    """For a start at that time of a business day. What a list leaves open fits always."""
    if price_list.is_by_hand or (price_list.weekdays and on.isoweekday() not in price_list.weekdays):
        return False
    if on < (price_list.first_on or date.min) or on > (price_list.last_on or date.max):
        return False
    second = into_the_day(at, day_starts)
    begins = into_the_day(price_list.from_time or day_starts, day_starts)
    ends = into_the_day(price_list.until_time or day_starts, day_starts) or DAY_SECONDS
    return begins <= second < ends


def into_the_day(at: time, day_starts: time) -> int:
    """Seconds on the clock since the business day began: 00:30 comes after 23:00."""
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return (seconds - day_starts.hour * 3600 - day_starts.minute * 60 - day_starts.second) % DAY_SECONDS


def validity_text(price_list: PriceList) -> str:
    """When it is valid, in a few words: Fri, Sat from 17:00, until 31 Mar 2027."""
    if price_list.is_by_hand:
        return "only by hand"
    words = [", ".join(Weekday(number).label[:3] for number in sorted(price_list.weekdays))]
    words += [f"from {price_list.from_time:%H:%M}"] if price_list.from_time else []
    words += [f"before {price_list.until_time:%H:%M}"] if price_list.until_time else []
    words += [f"since {price_list.first_on:%d %b %Y}"] if price_list.first_on else []
    words += [f"until {price_list.last_on:%d %b %Y}"] if price_list.last_on else []
    return " ".join(filter(None, words)) or "always"
