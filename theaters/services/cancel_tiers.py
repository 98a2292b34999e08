"""How much comes back for a canceled ticket: steps of minutes before the printed start, judged to the second."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from theaters.models import Theater


def percent_back(tiers: Iterable[Mapping[str, int]], *, starts_at: datetime, now: datetime) -> int | None:
    """The percentage of the last step that is still open; None when it is too late, or never was possible.

    A step of 1440 minutes is open until exactly 24 hours before the start, that moment included. Both moments are
    aware, so the night in which clocks change has 23 or 25 hours like everything else.
    """
    left = starts_at - now
    open_steps = [step for step in tiers if left >= timedelta(minutes=step["minutes"])]
    return max((step["percent"] for step in open_steps), default=None)


def next_change(tiers: Iterable[Mapping[str, int]], *, starts_at: datetime, now: datetime) -> datetime | None:
    """Until when what comes back now still does."""
    moments = [starts_at - timedelta(minutes=step["minutes"]) for step in tiers]
    return min((moment for moment in moments if moment >= now), default=None)


def terms_in_words(theater: Theater) -> str:
    """The rules for canceling as a customer reads them before paying: the steps, then what the house adds."""
    words = [part for part in (tiers_in_words(theater.cancel_tiers), theater.cancellation_terms) if part]
    return "\n\n".join(words or ["Tickets cannot be canceled online."])


def tiers_in_words(tiers: Iterable[Mapping[str, int]]) -> str:
    """A sentence per rule; '' without steps, where the house has words of its own."""
    steps = [(step["minutes"], step["percent"]) for step in tiers]
    if not steps:
        return ""
    parts = [f"Until {_span(steps[0][0])} you get {_share(steps[0][1])} back"]
    parts += [f"until {_span(minutes)} {_share(percent)}" for minutes, percent in steps[1:]]
    last = "" if steps[-1][0] == 0 else " After that they cannot be canceled."
    return f"You can cancel tickets online. {', '.join(parts)}.{last}"


def _share(percent: int) -> str:
    return "all of the price" if percent == 100 else f"{percent} % of it"


def _span(minutes: int) -> str:
    if minutes == 0:
        return "the start"
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0 and (size < 1440 or minutes > 1440):
            count = minutes // size
            return f"{count} {name}{'' if count == 1 else 's'} before the start"
    raise AssertionError("a minute divides all minutes")
