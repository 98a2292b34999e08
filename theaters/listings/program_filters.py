"""The filters of a program: what its address asks for, which showtimes fit, and how many each choice would leave.

Within a filter one of the chosen values is enough; needs (`access`) must all be met; a showtime fits every filter.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import chain
from urllib.parse import urlencode

from django.http import QueryDict

from core.texts.lazy_text import gettext_lazy as _
from core.texts.lazy_text import pgettext_lazy
from houses.states import AccessFeature
from theaters.language_names import language_keys, language_label
from theaters.seat_categories import is_wheelchair
from theaters.states import Picture
from theaters.versions import Version

# In the order of the page. These names are those of the address.
NAMES = ("time", "format", "language", "access", "series", "bookable")
ALL_ARE_NEEDED = {"access"}
MOST_VALUES = 12
LONGEST_VALUE = 40
YES, NO = {"1", "yes", "true", "on"}, {"", "0", "no", "false", "off"}
# The hour at which each part of the day begins. A start after midnight belongs to the night of the day before.
PARTS_OF_DAY = {"morning": time(0), "afternoon": time(12), "evening": time(17), "night": time(22)}

HEADINGS = {
    "time": _("Time of day"),
    "format": pgettext_lazy("how a film is shown", "Format"),
    "language": _("Language or subtitles"),
    "access": pgettext_lazy("for people with disabilities", "Access"),
    "series": _("Series"),
    "bookable": _("Seats"),
}
_LABELS = {
    "time": {
        "morning": pgettext_lazy("time of day", "Morning"),
        "afternoon": pgettext_lazy("time of day", "Afternoon"),
        "evening": pgettext_lazy("time of day", "Evening"),
        "night": pgettext_lazy("time of day", "Late"),
    },
    "access": {
        "wheelchair": _("Wheelchair spaces"),
        "step-free": AccessFeature.STEP_FREE.label,
        "hearing-loop": AccessFeature.HEARING_LOOP.label,
        "captions": AccessFeature.CAPTIONS.label,
        "audio-description": AccessFeature.AUDIO_DESCRIPTION.label,
        "relaxed": AccessFeature.RELAXED.label,
        "dogs": AccessFeature.DOGS.label,
    },
    "bookable": {"1": _("Not sold out")},
}  # fmt: skip

# Access features of a theater count for all of its showtimes. Captions do not: they follow from the showtime's
# subtitles.
OF_THE_THEATER = {
    AccessFeature.STEP_FREE: "step-free",
    AccessFeature.HEARING_LOOP: "hearing-loop",
    AccessFeature.AUDIO_DESCRIPTION: "audio-description",
    AccessFeature.DOGS: "dogs",
}

# The values a showtime has, by filter.
Facets = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Filters:
    """The chosen values of each filter that has any, and the saved needs of the visitor.

    `needed` are values of the filter `access` and of what seats have, used if the visitor has chosen "Fits my needs".
    """

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    needed: frozenset[str] = frozenset()
    fits_needs: bool = False

    def __bool__(self) -> bool:
        return bool(self.chosen) or self.fits_needs

    def values(self, name: str) -> tuple[str, ...]:
        return dict(self.chosen).get(name, ())

    def meets_needs(self, facets: Facets) -> bool:
        """Whether a showtime with these values has what the visitor needs; no where nothing is needed."""
        return bool(self.needed) and (facets["access"] | facets["seats"]).issuperset(self.needed)

    def fit(self, facets: Facets, *, but: str = "") -> bool:
        """Whether a showtime with these values passes all filters except `but`."""
        if self.fits_needs and not self.meets_needs(facets):
            return False
        return all(_fits(name, values, facets[name]) for name, values in self.chosen if name != but)

    def without(self, name: str, value: str) -> "Filters":
        kept = ((other, tuple(one for one in values if (other, one) != (name, value))) for other, values in self.chosen)
        return replace(self, chosen=tuple((other, values) for other, values in kept if values))

    @property
    def query(self) -> str:
        """The query string: format=3d&language=de. Needs are left out, because addresses are sent to others."""
        return urlencode([(name, value) for name, values in self.chosen for value in values])


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class FilterGroup:
    name: str
    heading: str
    choices: list[Choice] = field(default_factory=list)


def read_filters(query: QueryDict) -> Filters:
    """Read the filters. Unknown values are kept: no showtime has them, and people can remove them."""
    read = ((name, _read_values(name, query.getlist(name))) for name in NAMES)
    return Filters(tuple((name, values) for name, values in read if values))


def facets_of(
    *,
    starts_at: datetime,
    on: date,
    shown: Sequence[tuple[Version, Iterable[str]]],
    categories: Iterable[str],
    series: str,
    is_bookable: bool,
    is_relaxed: bool = False,
    theater_features: Iterable[str] = (),
) -> Facets:
    """`starts_at` in the theater's zone, `on` its business day; `categories` are those of the seating plan.

    `shown` is each movie of the showtime: its version and its own languages; `series` the address of its series, or "".
    """
    heard = list(chain.from_iterable(_heard(version, own) for version, own in shown))
    read = (version.subtitles_in for version, _ in shown)
    access = {OF_THE_THEATER[AccessFeature(name)] for name in theater_features if name in OF_THE_THEATER}
    access |= {"wheelchair"} if any(map(is_wheelchair, categories)) else set()
    access |= {"captions"} if shown and all(_has_captions(version, own) for version, own in shown) else set()
    access |= {"relaxed"} if is_relaxed else set()
    return {
        "time": frozenset({_part_of_day(starts_at, on)}),
        "format": frozenset(_plain(version.picture) for version, _ in shown),
        "language": frozenset(chain.from_iterable(language_keys(text) for text in (*heard, *read) if text)),
        "access": frozenset(access),
        "seats": frozenset(),  # for saved needs alone (seat_needs.py); no filter offers it
        "series": frozenset({series} if series else ()),
        "bookable": frozenset({"1"} if is_bookable else ()),
    }


def _heard(version: Version, own: Iterable[str]) -> list[str]:
    return [version.dubbed_in] if version.dubbed_in else list(own)


def _has_captions(version: Version, own: Iterable[str]) -> bool:
    """Whether there are subtitles in the spoken language, so that deaf people can read everything."""
    spoken = frozenset(chain.from_iterable(language_keys(text) for text in _heard(version, own) if text))
    return bool(version.subtitles_in) and not spoken.isdisjoint(language_keys(version.subtitles_in))


def filter_groups(filters: Filters, shows: list[Facets], series: Mapping[str, str]) -> list[FilterGroup]:
    """The choices that these showtimes offer, each with how many would be left. A filter with a single choice that fits
    all of them is left out.

    `series` are the names of series by address.
    """
    groups = [FilterGroup(name, str(HEADINGS[name]), _choices(name, filters, shows, series)) for name in NAMES]
    return [group for group in groups if _is_of_use(group, filters, shows)]


def value_label(name: str, value: str, series: Mapping[str, str]) -> str:
    if name == "series":
        return series.get(value, value)
    if name == "format":
        return {_plain(picture): str(picture) for picture in Picture.values}.get(value, value)
    if name == "language":
        return language_label(value)
    return str(_LABELS[name].get(value, value))


def _read_values(name: str, raw: Iterable[str]) -> tuple[str, ...]:
    read = chain.from_iterable(_keys_of(name, text[:LONGEST_VALUE]) for text in list(raw)[:MOST_VALUES] if text.strip())
    return tuple(sorted(set(read)))


def _keys_of(name: str, text: str) -> Iterable[str]:
    if name == "language":
        return language_keys(text)
    value = _plain(text) if name == "format" else text.strip().casefold()
    if name == "bookable":
        return () if value in NO else ("1",) if value in YES else (value,)
    return (value.replace("_", "-"),)


def _plain(text: str) -> str:
    """Normalize a format: 35 mm, 35MM and 35-mm become 35mm."""
    return re.sub(r"[\s_-]+", "", text.casefold())


def _part_of_day(starts_at: datetime, on: date) -> str:
    if starts_at.date() != on:
        return "night"
    begun = [name for name, from_time in PARTS_OF_DAY.items() if from_time <= starts_at.time()]
    return begun[-1]


def _fits(name: str, chosen: Iterable[str], facets: frozenset[str]) -> bool:
    return facets.issuperset(chosen) if name in ALL_ARE_NEEDED else not facets.isdisjoint(chosen)


def _choices(name: str, filters: Filters, shows: list[Facets], series: Mapping[str, str]) -> list[Choice]:
    others = [facets[name] for facets in shows if filters.fit(facets, but=name)]
    chosen = filters.values(name)
    if name in ALL_ARE_NEEDED:
        others = [values for values in others if values.issuperset(chosen)]
    known = {value for facets in shows for value in facets[name]} | set(chosen)
    choices = [
        Choice(value, value_label(name, value, series), sum(value in values for values in others), value in chosen)
        for value in _in_order(name, known)
    ]
    return [choice for choice in choices if choice.count or choice.is_chosen]


def _in_order(name: str, values: set[str]) -> list[str]:
    order = list(PARTS_OF_DAY) if name == "time" else [_plain(picture) for picture in Picture.values]
    if name == "language":
        return sorted(values, key=language_label)
    return sorted(values, key=lambda value: (order.index(value) if value in order else len(order), value))


def _is_of_use(group: FilterGroup, filters: Filters, shows: list[Facets]) -> bool:
    if filters.values(group.name):
        return True
    fitting = sum(filters.fit(facets) for facets in shows)
    return any(choice.count < fitting for choice in group.choices) or len(group.choices) > 1
