"""The columns of a file of movies: how each is read, shown and compared. CSV, JSON and the preview have the same names.

A list is written with bars, Drama | Comedy, or, where no part has commas of its own, with commas. A column that is not
there changes nothing; an empty cell empties its field.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core.refusals import Refusal
from core.texts.control_characters import without_control_characters
from theaters.age_limits import Rated, RatingRow, limits_of, limits_to_store
from theaters.countries import country_code
from theaters.models import Movie
from theaters.states import MovieKind
from theaters.versions import PLAIN, Version, VersionUnreadable, version_of

BAR = "|"
COMMAS = ",;/"
PARTED = re.compile(r"[,;](?!\s*(?:[JS]r\b|I{2,3}\b))|\s/\s")
WHOLE = re.compile(r"([0-9]{1,5})(?:[.,]0+)?")
SPAN_OF_YEARS = re.compile(r"([0-9]{4}) ?[-–—] ?(?:[0-9]{4})?")
# 1968-04-02, 1968-04-02 00:00:00, 1968/04/02, 2.4.1968, 04/02/1968, 2 Apr 1968, April 2, 1968.
DATE = re.compile(
    r"(?:([0-9]{4})[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:T.*)?|[0-9]{1,2}[-/.] ?[0-9]{1,2}[-/.] ?([0-9]{4})"
    r"|[0-9]{1,2}\.? [^\W\d]+\.? ([0-9]{4})|[^\W\d]+\.? [0-9]{1,2},? ([0-9]{4}))"
    r"(?:,? [0-9]{1,2}:[0-9]{2}.*)?"
)
KINDS = {
    "short": MovieKind.SHORT,
    "feature": MovieKind.FEATURE, "movie": MovieKind.FEATURE,
    "event": MovieKind.EVENT, "talk": MovieKind.EVENT, "concert": MovieKind.EVENT,
}  # fmt: skip
MINUTES = re.compile(r"([0-9]{1,4})(?:[.,]0+)? ?(?:minutes?|minuten|mins?\.?|mn|m|['’′])", re.IGNORECASE)
HOURS = re.compile(
    r"(?P<hours>[0-9]{1,2}) ?(?:hours?|hrs?\.?|h|std\.?|stunden?)"
    r"(?:[ ,]*(?:and |und )?(?P<minutes>[0-9]{1,2})? ?(?:minutes?|minuten|mins?\.?|m)?)?",
    re.IGNORECASE,
)
CLOCK = re.compile(r"(?P<hours>[0-9]{1,2}):(?P<minutes>[0-9]{2})(?::[0-9]{2})?")
ISO_DURATION = re.compile(
    r"PT(?=[0-9])(?:(?P<hours>[0-9]{1,2})H)?(?:(?P<minutes>[0-9]{1,4})M)?(?:[0-9]+S)?", re.IGNORECASE
)
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
RATING = re.compile(r"(?P<country>[A-Za-z]{2}) +(?P<label>[^,|]{1,12})(?P<ages>(?:,[^,|]+)*)")
FROM, ACCOMPANIED, NO_LIMIT = re.compile(r"from (\d{1,2})"), re.compile(r"accompanied under (\d{1,2})"), "no limit"


class CellUnreadable(Refusal):
    """A cell cannot be read; the sentence says why."""


@dataclass(frozen=True)
class RatingFacts(RatingRow):
    """A rating with its ages as a row keeps them: 0 where everybody may come although the label says something else."""

    def __lt__(self, other: RatingRow) -> bool:
        return (self.country, self.label) < (other.country, other.label)

    @property
    def text(self) -> str:
        """GB 12A; with its ages where they are not the usual ones of this label: DE FSK 16, from 16."""
        if (self.min_age, self.accompanied_below) == limits_of(self.country, self.label):
            return f"{self.country} {self.label}"
        ages = [f"from {self.min_age}"] if self.min_age else []
        ages += [f"accompanied under {self.accompanied_below}"] if self.accompanied_below else []
        return ", ".join([f"{self.country} {self.label}", *(ages or [NO_LIMIT])])


@dataclass(frozen=True)
class Column:
    """`parse` reads the value in a file, `held` that of a movie; both can be compared."""

    name: str
    parse: Callable[[Any], Any]
    held: Callable[[Movie], Any]
    show: Callable[[Any], Any]

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    def text(self, value: Any) -> str:
        shown = self.show(value)
        if not isinstance(shown, list):
            return str("" if shown is None else shown)
        # A bar at the end keeps the comma in the name of the only part.
        alone = len(shown) == 1 and any(sign in shown[0] for sign in COMMAS)
        return f" {BAR} ".join(shown) + (f" {BAR}" if alone else "")


def _line(raw: Any) -> str:
    return " ".join(_plain(raw).split())


def _lines(raw: Any) -> str:
    return "\n".join(
        line.rstrip() for line in _plain(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ).strip()


def _plain(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise CellUnreadable("is not a text.")
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    if NOT_TEXT.search(text):
        raise CellUnreadable("has a character in it that is no text.")
    return text


def _year(raw: Any) -> int | None:
    """Read a year: 1968, 1968.0, 1968–1970, 1968-04-02 and 2 Apr 1968 all give 1968."""
    text = _line(raw)
    if not text:
        return None
    if match := WHOLE.fullmatch(text):
        return int(match[1])
    if match := SPAN_OF_YEARS.fullmatch(text) or DATE.fullmatch(text):
        return int(next(part for part in match.groups() if part))
    raise CellUnreadable(f"{text[:20]!r} is not a whole number.")


def _kind(raw: Any) -> str:
    """Read what a work is: SHORT, "tv movie", Event; nothing said means a feature."""
    text = _line(raw)
    for word in text.casefold().split():
        if kind := KINDS.get(word):
            return kind.value
    if text:
        raise CellUnreadable(f"{text[:20]!r} is neither a feature, a short nor an event.")
    return MovieKind.FEATURE.value


def _minutes(raw: Any) -> int | None:
    """Read a running time: 161, 161.0, 161 min, 2 h 41 min, 2:41 and PT2H41M all give 161."""
    text = _line(raw)
    if not text:
        return None
    if match := WHOLE.fullmatch(text) or MINUTES.fullmatch(text):
        return int(match[1])
    if match := HOURS.fullmatch(text) or CLOCK.fullmatch(text) or ISO_DURATION.fullmatch(text):
        return int(match["hours"] or 0) * 60 + int(match["minutes"] or 0)
    raise CellUnreadable(f"{text[:20]!r} is not a whole number of minutes.")


def _list(raw: Any) -> list[str]:
    parts = raw if isinstance(raw, list) else _plain(raw).replace("\n", BAR).split(BAR)
    return [part for part in map(_line, parts) if part]


def _names(raw: Any) -> list[str]:
    """Read a list of names, also separated by commas; "Robert Downey, Jr." stays one name."""
    if isinstance(raw, list) or BAR in (text := _plain(raw)) or "\n" in text:
        return _list(raw)
    return [part for part in map(_line, PARTED.split(text)) if part]


def _countries(raw: Any) -> list[str]:
    """Read countries as two-letter codes, from codes or names; a name may contain a comma."""
    return list(dict.fromkeys(_country(text) for text in _country_names(raw)))


def known_countries(raw: Any) -> tuple[list[str], list[str]]:
    """The codes of a list of another system, and the names that are no country's. Raises CellUnreadable."""
    names = _country_names(raw)
    codes = [code for name in names if (code := country_code(name))]
    return list(dict.fromkeys(codes)), [name for name in names if not country_code(name)]


def _country_names(raw: Any) -> list[str]:
    """Names that have a comma, such as "Korea, Republic of", stay whole."""
    if not isinstance(raw, list) and country_code(_line(raw)):
        return [_line(raw)]
    names: list[str] = []
    for part in _names(raw):
        if names and country_code(whole := f"{names[-1]}, {part}"):
            names[-1] = whole
        else:
            names.append(part)
    return names


def _country(text: str) -> str:
    code = country_code(text)
    if not code:
        raise CellUnreadable(f"{text[:30]!r} is no country: write its name or two letters, such as DE.")
    return code


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
    young = next((int(found[1]) for part in ages if (found := FROM.fullmatch(part))), None)
    small = next((int(found[1]) for part in ages if (found := ACCOMPANIED.fullmatch(part))), None)
    if sum(age is not None for age in (young, small)) + (NO_LIMIT in ages) != len(ages):
        raise CellUnreadable(f"{text[:40]!r}: ages are “from 16”, “accompanied under 12” or “no limit”.")
    return _facts(RatingRow(country, label, 0 if NO_LIMIT in ages else young, small))


def _facts(rating: Rated) -> RatingFacts:
    return RatingFacts(rating.country, rating.label, *limits_to_store(rating))


def _held_ratings(movie: Movie) -> list[RatingFacts]:
    return sorted(map(_facts, movie.ratings.all()))


def _same(value: Any) -> Any:
    return value


def _texts(values: Any) -> list[str]:
    return [value.text for value in values]


def _field(name: str, parse: Callable[[Any], Any]) -> Column:
    return Column(name, parse, lambda movie: parse(_as_text(getattr(movie, name))), _same)


def _as_text(held: Any) -> Any:
    """What a movie has, as `parse` takes it: the office keeps control characters that were pasted, and a file has none."""
    if isinstance(held, list):
        return [_as_text(part) for part in held]
    return without_control_characters(held) if isinstance(held, str) else held


# title_de, tagline_de, synopsis_de …: the language and the text.
TRANSLATED = {
    f"{text}_{code.lower().replace('-', '_')}": (code, text)
    for code, _name in settings.LANGUAGES
    for text in ("title", "tagline", "synopsis")
}


def _translated(name: str) -> Column:
    code, text = TRANSLATED[name]
    parse = _lines if text == "synopsis" else _line
    return Column(name, parse, lambda movie: parse(_as_text(movie.translations.get(code, {}).get(text, ""))), _same)


def with_translations(held: dict[str, dict[str, str]], values: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The movie's translations with those of the row added; an empty text deletes one."""
    texts = {(code, name): said for code, known in held.items() for name, said in known.items()}
    texts |= {TRANSLATED[name]: value for name, value in values.items() if name in TRANSLATED}
    found: dict[str, dict[str, str]] = {}
    for (code, name), said in texts.items():
        if said:
            found.setdefault(code, {})[name] = said
    return found


COLUMNS = (
    _field("code", _code),
    _field("slug", _line),
    _field("title", _line),
    _field("original_title", _line),
    _field("kind", _kind),
    _field("year", _year),
    _field("director", _line),
    _field("running_minutes", _minutes),
    Column("versions", _versions, lambda movie: sorted(movie.offered()), _texts),
    Column("ratings", _ratings, _held_ratings, _texts),
    _field("countries", _countries),
    _field("languages", _names),
    _field("genres", _names),
    _field("cast", _names),
    _field("tagline", _line),
    _field("synopsis", _lines),
    _field("trailer_url", _line),
    _field("palette", _names),
    _field("poster_layout", _line),
    *map(_translated, TRANSLATED),
)
BY_NAME = {column.name: column for column in COLUMNS}
# Columns whose values are rows of other tables.
APART = ("versions", "ratings")
