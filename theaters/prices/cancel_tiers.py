"""How much comes back for a canceled ticket: steps of minutes before the printed start, judged to the second."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

from core.texts.translated_texts import translated_text
from houses.models import Theater


def percent_back(tiers: Iterable[Mapping[str, int]], *, starts_at: datetime, now: datetime) -> int | None:
    """The percentage that comes back now; None when it is too late, or tickets can never be canceled.

    A step of 1440 minutes is open until exactly 24 hours before the start, that moment included. Both moments are
    aware, so days on which clocks change have 23 or 25 hours.
    """
    left = starts_at - now
    open_steps = [step for step in tiers if left >= timedelta(minutes=step["minutes"])]
    return max((step["percent"] for step in open_steps), default=None)


def next_change(tiers: Iterable[Mapping[str, int]], *, starts_at: datetime, now: datetime) -> datetime | None:
    """When the percentage changes next; None if it does not."""
    moments = [starts_at - timedelta(minutes=step["minutes"]) for step in tiers]
    return min((moment for moment in moments if moment >= now), default=None)


def terms_in_words(theater: Theater) -> str:
    """The rules for canceling as a customer reads them before paying: the steps, then what the house adds."""
    words = [
        part for part in (tiers_in_words(theater.cancel_tiers), translated_text(theater, "cancellation_terms")) if part
    ]
    return "\n\n".join(words or [gettext("Tickets cannot be canceled online.")])


def exchange_in_words(theater: Theater) -> str:
    """Say until when customers can exchange tickets online; '' when they cannot."""
    if not theater.exchange_minutes:
        return ""
    until = gettext("You can exchange tickets online, also for another showtime, until %(moment)s.")
    back = gettext("An exchange gives back no more than canceling would at that moment.")
    return f"{until % {'moment': _moment(theater.exchange_minutes)}} {back}"


def tiers_in_words(tiers: Iterable[Mapping[str, int]]) -> str:
    """Say the rules for canceling, a sentence each; '' without steps."""
    steps = [(step["minutes"], step["percent"]) for step in tiers]
    if not steps:
        return ""
    rules = [_rule(*steps[0]), *(_next_rule(*step) for step in steps[1:])]
    sentences = [gettext("You can cancel tickets online."), f"{', '.join(rules)}."]
    if steps[-1][0] != 0:
        sentences.append(gettext("After that they cannot be canceled."))
    return " ".join(sentences)


def _rule(minutes: int, percent: int) -> str:
    if percent == 100:
        return gettext("Until %(moment)s you get all of the price back") % {"moment": _moment(minutes)}
    words = gettext("Until %(moment)s you get %(percent)s%% of it back")
    return words % {"moment": _moment(minutes), "percent": percent}


def _next_rule(minutes: int, percent: int) -> str:
    if percent == 100:
        return gettext("until %(moment)s all of the price") % {"moment": _moment(minutes)}
    return gettext("until %(moment)s %(percent)s%% of it") % {"moment": _moment(minutes), "percent": percent}


def _moment(minutes: int) -> str:
    """Say a moment before the start in hours or minutes, or in days from two on."""
    if minutes == 0:
        return gettext("the start")
    if minutes % 1440 == 0 and minutes > 1440:
        days = minutes // 1440
        return ngettext("%(number)s day before the start", "%(number)s days before the start", days) % {"number": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(number)s hour before the start", "%(number)s hours before the start", hours) % {
            "number": hours
        }
    words = ngettext("%(number)s minute before the start", "%(number)s minutes before the start", minutes)
    return words % {"number": minutes}
