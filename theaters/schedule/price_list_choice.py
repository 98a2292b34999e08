"""Chooses the price list of a showtime: the valid list with the highest rank. It never guesses between two.

A list is valid by business day: a 00:30 show belongs to the evening before, with its weekday, its date and its prices.
"""

from collections.abc import Iterable
from datetime import datetime

from core.refusals import Refusal
from houses.models import Theater
from theaters.models import PriceList
from theaters.schedule.showtime_days import ShowtimeStart, days_text, fits_days, start_of


class NoSingleList(Refusal):
    """Refused: no list is valid, or several with the same rank; the sentence names them."""


def list_for(*, theater: Theater, starts_at: datetime) -> PriceList:
    """The theater's price list for a start. Raises NoSingleList."""
    return choose_list(theater.price_lists.all(), theater=theater, starts_at=starts_at)


def choose_list(lists: Iterable[PriceList], *, theater: Theater, starts_at: datetime) -> PriceList:
    """Choose the valid list of the highest rank. Raises NoSingleList."""
    start = start_of(theater, starts_at)
    valid = [price_list for price_list in lists if is_valid(price_list, start)]
    best = [price_list for price_list in valid if price_list.rank == max(other.rank for other in valid)]
    if len(best) == 1:
        return best[0]
    holiday = f" ({start.holiday})" if start.holiday else ""
    when = f"{start.on:%A} {start.on.day} {start.on:%B %Y}{holiday}, {start.at:%H:%M}"
    if not best:
        raise NoSingleList(
            f"No price list of {theater} is valid on {when}. Say on a list that it is, or choose one by hand."
        )
    names = " and ".join(sorted(price_list.name for price_list in best))
    raise NoSingleList(
        f"Several price lists are valid on {when}, with the same rank: {names}. "
        "Give one of them a higher rank, or choose one by hand."
    )


def is_valid(price_list: PriceList, start: ShowtimeStart) -> bool:
    return not price_list.is_by_hand and fits_days(price_list, start)


def validity_text(price_list: PriceList) -> str:
    """Say when a list is valid: Fri, Sat from 17:00 until 31 Mar 2027."""
    return "only by hand" if price_list.is_by_hand else days_text(price_list) or "always"
