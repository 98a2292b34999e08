"""What a file of movies says: its columns, how each is read, shown and compared. The same words in CSV, JSON and the preview.

A list is written with bars: Drama | Comedy. A column that is not there changes nothing; an empty cell empties its field.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.refusals import Refusal
from theaters.age_limits import limits_of
from theaters.models import Movie
from theaters.versions import PLAIN, Version, VersionUnreadable, version_of

BAR = "|"
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
RATING = re.compile(r"(?P<country>[A-Za-z]{2}) +(?P<label>[^,|]{1,12})(?P<ages>(?:,[^,|]+)*)")
FROM, ACCOMPANIED, NO_LIMIT = re.compile(r"from (\d{1,2})"), re.compile(r"accompanied under (\d{1,2})"), "no limit"


class CellUnreadable(Refusal):
    """The sentence says what of a cell is not understood."""


@dataclass(frozen=True, order=True)
class RatingFacts:
    country: str
    label: str
    min_age: int | None = None
    accompanied_below: int | None = None

    @property
    def text(self) -> str:
        """GB 12A; with its ages where these are not what everybody knows of the label: DE FSK 16, from 16."""
        if (self.min_age, self.accompanied_below) == limits_of(self.country, self.label):
            return f"{self.country} {self.label}"
        ages = [f"from {self.min_age}"] if self.min_age is not None else []
        ages += [f"accompanied under {self.accompanied_below}"] if self.accompanied_below is not None else []
        return ", ".join([f"{self.country} {self.label}", *(ages or [NO_LIMIT])])


@dataclass(frozen=True)
class Column:
    """`parse` reads what a file says, `held` what a movie has; both give values that can be compared."""

    name: str
    parse: Callable[[Any], Any]
    held: Callable[[Movie], Any]
    show: Callable[[Any], Any]

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    def text(self, value: Any) -> str:
        shown = self.show(value)
        return f" {BAR} ".join(shown) if isinstance(shown, list) else str("" if shown is None else shown)


def _line(raw: Any) -> str:
    return " ".join(_plain(raw).split())


def _lines(raw: Any) -> str:
    return "\n".join(
        line.rstrip() for line in _plain(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ).strip()


def _plain(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise CellUnreadable("is not a text.")
    text = str(raw)
    if NOT_TEXT.search(text):
        raise CellUnreadable("has a character in it that is no text.")
    return text


def _number(raw: Any) -> int | None:
    text = _line(raw)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise CellUnreadable(f"{text[:20]!r} is not a whole number.")
    return int(text)


def _list(raw: Any) -> list[str]:
    parts = raw if isinstance(raw, list) else _plain(raw).replace("\n", BAR).split(BAR)
    return [part for part in map(_line, parts) if part]


def _code(raw: Any) -> str | None:
    return _line(raw) or None


def _versions(raw: Any) -> list[Version]:
    try:
        return sorted({version_of(part) for part in _list(raw)}) or [PLAIN]
    except VersionUnreadable as refusal:
        raise CellUnreadable(str(refusal)) from None


def _ratings(raw: Any) -> list[RatingFacts]:
    found = sorted(map(_rating, _list(raw)))
    if len({rating.country for rating in found}) < len(found):
        raise CellUnreadable("has two ratings for one country.")
    return found


def _rating(text: str) -> RatingFacts:
    match = RATING.fullmatch(text)
    if match is None:
        raise CellUnreadable(f"{text[:30]!r} is not a rating. Write one as “GB 12A”, or “DE FSK 16, from 16”.")
    country, label = match["country"].upper(), match["label"].strip()
    ages = [part.strip() for part in match["ages"].split(",") if part.strip()]
    if not ages:
        return RatingFacts(country, label, *limits_of(country, label))
    young = next((int(found[1]) for part in ages if (found := FROM.fullmatch(part))), None)
    small = next((int(found[1]) for part in ages if (found := ACCOMPANIED.fullmatch(part))), None)
    if sum(age is not None for age in (young, small)) + (NO_LIMIT in ages) != len(ages):
        raise CellUnreadable(f"{text[:40]!r}: ages are “from 16”, “accompanied under 12” or “no limit”.")
    return RatingFacts(country, label, young, small)


def _held_ratings(movie: Movie) -> list[RatingFacts]:
    return sorted(
        RatingFacts(one.country, one.label, one.min_age, one.accompanied_below) for one in movie.ratings.all()
    )


def _same(value: Any) -> Any:
    return value


def _texts(values: Any) -> list[str]:
    return [value.text for value in values]


def _field(name: str, parse: Callable[[Any], Any]) -> Column:
    return Column(name, parse, lambda movie: parse(getattr(movie, name)), _same)


COLUMNS = (
    _field("code", _code),
    _field("slug", _line),
    _field("title", _line),
    _field("original_title", _line),
    _field("year", _number),
    _field("director", _line),
    _field("running_minutes", _number),
    Column("versions", _versions, lambda movie: sorted(movie.offered()), _texts),
    Column("ratings", _ratings, _held_ratings, _texts),
    _field("countries", _list),
    _field("languages", _list),
    _field("genres", _list),
    _field("cast", _list),
    _field("tagline", _line),
    _field("synopsis", _lines),
    _field("trailer_url", _line),
    _field("palette", _list),
    _field("poster_layout", _line),
)
BY_NAME = {column.name: column for column in COLUMNS}
# These have rows of their own.
APART = ("versions", "ratings")
