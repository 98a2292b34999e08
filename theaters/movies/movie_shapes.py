"""Rows of movies as other systems write them, turned into our columns: OMDb, TMDB, schema.org, lists exported by IMDb.

Names of columns are read in any case and spelling (runningMinutes, Running Minutes, Runtime (mins)); what a value says
is left to `movie_columns`. "N/A" says nothing: such a value is left out, while an empty one empties its field.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from babel import Locale
from babel.core import get_global

from theaters.countries import country_code
from theaters.movies.movie_columns import BAR, BY_NAME, CellUnreadable, known_countries

# Names of other systems for our columns, the best first.
_ALIASES = {
    "code": ("imdb_id", "const", "tconst", "distributor_code", "tmdb_id", "id"),
    "title": ("name", "movie", "film", "primary_title", "titel", "filmtitel", "titre"),
    "original_title": ("original_name", "originaltitel", "titre_original"),
    "year": (
        "release_year", "start_year", "release_date", "date_published", "released", "date_created", "jahr", "produktionsjahr",
        "erscheinungsjahr", "annee",
    ),
    "director": ("directors", "directed_by", "regie", "regisseur", "realisateur", "realisation"),
    "running_minutes": (
        "runtime", "runtime_mins", "runtime_minutes", "running_time", "duration", "length", "minutes", "laufzeit", "laufzeit_min",
        "laufzeit_in_minuten", "filmlange", "lange", "lange_min", "dauer", "minuten", "duree",
    ),
    "ratings": ("rated", "content_rating", "release_dates", "fsk", "altersfreigabe", "freigabe"),
    "countries": (
        "country", "production_countries", "country_of_origin", "origin_country", "land", "lander", "produktionsland",
        "produktionslander", "pays",
    ),
    "languages": (
        "language", "in_language", "original_language", "spoken_languages", "sprache", "sprachen", "originalsprache", "langue",
    ),
    "genres": ("genre",),
    "cast": ("actors", "actor", "stars", "starring", "darsteller", "besetzung", "acteurs"),
    "synopsis": ("plot", "overview", "description", "summary", "inhalt", "kurzinhalt", "beschreibung", "handlung"),
    "trailer_url": ("trailer", "videos"),
}  # fmt: skip
_COLUMN_OF = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_NO_MOVIES = {
    "series", "episode", "game", "tvseries", "tvepisode", "tvminiseries", "videogame", "podcastseries", "podcastepisode",
    "musicvideo",
}  # fmt: skip
# What TMDB says of series only.
_OF_SERIES = {"first_air_date", "last_air_date", "number_of_seasons", "number_of_episodes", "episode_run_time"}
# Languages that TMDB calls by codes of its own; "" for a movie without words.
_TMDB_LANGUAGES = {"cn": "Cantonese", "xx": ""}
_NO_LANGUAGE = {"", "No Language"}
# Ratings that mean "not rated".
_UNRATED = {"not rated", "unrated", "n/a", "nr"}
# Boards whose name stands before their ratings, and ratings that one country alone has.
_BOARDS = {"MPAA": "US", "MPA": "US", "BBFC": "GB", "FSK": "DE FSK"}
_OF_ONE_COUNTRY = {"PG-13": "US", "NC-17": "US", "12A": "GB"}
_NOTHING = "N/A"
MOST_NAMES = 12
MOST_REMARKS = 10


def key_of(name: str) -> str:
    """A name of a column as we write it: runningMinutes, "Running Minutes" and imdbID are running_minutes and imdb_id, and
    "Länge" is lange.
    """
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", letters.strip())
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def column_of(name: str) -> str:
    """Return our column for a name in the file; '' for an unknown one."""
    key = key_of(name)
    return key if key in BY_NAME else _COLUMN_OF.get(key, "")


def looks_like_movie(item: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a movie rather than a list of movies under a name."""
    return any(column_of(name) in ("title", "code", "slug") for name in item) or item.get("Response") == "False"


def why_no_movie(item: Mapping[str, Any]) -> str:
    """Say why a row is not a movie; '' when it is one."""
    if item.get("Response") == "False":
        return f"says: {str(item.get('Error') or 'not found')[:80]}"
    told = {key_of(name): value for name, value in item.items()}
    if told.get("media_type") == "person":
        return "is no movie but a person."
    if told.get("media_type") == "tv" or (_OF_SERIES & told.keys() and not told.get("release_date")):
        return "is no movie but a series."
    kind = str(told.get("title_type") or told.get("type") or "").replace(" ", "").lower()
    return f"is no movie but a {kind}." if kind in _NO_MOVIES else ""


class ReadCells(NamedTuple):
    """Cells by our names of columns; names that are unknown; what of the values is left out, a sentence for each."""

    cells: dict[str, Any]
    unknown: set[str]
    remarks: list[str]


def cells_of(item: Mapping[str, Any]) -> ReadCells:
    cells: dict[str, Any] = {}
    unknown: set[str] = set()
    remarks: list[str] = []
    for name, value in sorted(item.items(), key=lambda pair: _preference(pair[0])):
        column = column_of(name)
        if key_of(name) == "credits" and isinstance(value, Mapping):
            _take_credits(cells, value)
        elif not column:
            unknown.add(name)
        elif value is None and key_of(name) in BY_NAME:
            cells[column] = None
        elif column not in cells and (told := _translated(key_of(name), column, value)) is not None:
            if key_of(name) not in BY_NAME:
                told = _only_known(column, told, remarks)
            if told is not None:
                cells[column] = told
    if len(remarks) > MOST_REMARKS:
        remarks[MOST_REMARKS:] = [f"{len(remarks) - MOST_REMARKS} more values are left out."]
    return ReadCells(cells, unknown, remarks)


def _only_known(column: str, told: Any, remarks: list[str]) -> Any:
    """Leave out countries and ratings of other systems that we do not know; None when nothing is left."""
    try:
        if column == "countries":
            codes, left_out = known_countries(told)
            remarks += [f"“{name[:40]}” is no country that we know, and is left out." for name in left_out]
            return codes or (None if left_out else told)
        if column == "ratings" and isinstance(told, str | list):
            return _known_ratings(told if isinstance(told, list) else told.split(BAR), remarks)
    except CellUnreadable:
        pass  # told when the column is read
    return told


def _known_ratings(parts: list[Any], remarks: list[str]) -> list[Any] | None:
    found = []
    for part in parts:
        rating = _with_country(str(part).strip())
        try:
            BY_NAME["ratings"].parse([rating])
            found.append(rating)
        except CellUnreadable:
            remarks.append(
                f"The rating “{str(part).strip()[:40]}” is left out. Here one is a country and up to 12 signs, as “GB 12A”."
            )
    return found or None


def _with_country(label: str) -> str:
    """US PG-13 for "PG-13", "MPAA PG-13" and "USA:PG-13"; the label alone where nobody can know its country."""
    label = re.sub(r"^rated ", "", label, flags=re.IGNORECASE)
    first, sign, rest = (part.strip() for part in re.sub(r"[: -]", ":", label, count=1).partition(":"))
    if sign and first.upper() in _BOARDS:
        return f"{_BOARDS[first.upper()]} {rest}"
    if ":" in label and (code := country_code(label.partition(":")[0].strip())):
        return f"{code} {label.partition(':')[2].strip()}"
    return f"{_OF_ONE_COUNTRY[label.upper()]} {label}" if label.upper() in _OF_ONE_COUNTRY else label


def _preference(name: str) -> tuple[int, int]:
    """Sort our own column names before their aliases."""
    key = key_of(name)
    aliases = _ALIASES.get(_COLUMN_OF.get(key, ""), ())
    return (0, 0) if key in BY_NAME else (1, aliases.index(key) if key in aliases else 0)


def _translated(key: str, column: str, value: Any) -> Any:
    """Translate a value into our words; None when it is empty."""
    if isinstance(value, str) and value.strip() == _NOTHING:
        return None
    if key in _READERS:
        return _READERS[key](value)
    if column == "ratings" and isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
        return None  # a score of critics, not an age rating
    if column in ("cast", "genres", "countries", "languages") and isinstance(value, list | Mapping):
        return [_name(part) for part in (value if isinstance(value, list) else [value])][:MOST_NAMES]
    if column == "director" and isinstance(value, list | Mapping):
        return ", ".join(str(_name(part)) for part in (value if isinstance(value, list) else [value]))
    return value


def _name(part: Any) -> Any:
    """The name in an object for a person, a genre, a country or a language; other values stay as they are."""
    if not isinstance(part, Mapping):
        return part
    if part.get("iso_3166_1") == "CS" and part.get("name"):
        return part["name"]  # TMDB's Serbia and Montenegro; Czechoslovakia had this code before
    return part.get("iso_3166_1") or part.get("english_name") or part.get("name") or part.get("title") or ""


def _take_credits(cells: dict[str, Any], credits: Mapping[str, Any]) -> None:
    cast, crew = credits.get("cast"), credits.get("crew")
    if isinstance(cast, list):
        cells.setdefault("cast", [_name(part) for part in cast][:MOST_NAMES])
    if directors := [str(_name(part)) for part in _objects(crew) if part.get("job") == "Director"]:
        cells.setdefault("director", ", ".join(directors))


def _rated(value: Any) -> Any:
    """Read OMDb's "Rated", which is the rating in the United States."""
    if not isinstance(value, str) or " " in value.strip().replace("Not Rated", "NR"):
        return value
    label = value.strip()
    return None if label.lower() in _UNRATED | {""} else f"US {label}"


def _fsk(value: Any) -> Any:
    """Read a rating of Germany's board, written "12", "FSK 12" or "ab 12 Jahren"."""
    label = re.sub(
        r"^(?:FSK|ab)\b[ -]*|[ ]*Jahren?$", "", str(value if value is not None else "").strip(), flags=re.IGNORECASE
    )
    return f"DE FSK {label}" if label.isdecimal() else value


def _content_rating(value: Any) -> Any:
    """Read schema.org's rating, a text or an object with its board; None for "not rated"."""
    if isinstance(value, Mapping):
        board = value.get("author")
        name = _name(board) if isinstance(board, Mapping) else board
        value = " ".join(str(part) for part in (name, value.get("ratingValue")) if part)
    if isinstance(value, list):
        value = [_content_rating(part) for part in value]
        return [part for part in value if part] or None
    return None if isinstance(value, str) and value.strip().lower() in _UNRATED | {""} else value


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list, and nothing for another value."""
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []


def _certificates(value: Any) -> list[str] | None:
    """Read TMDB's certificates: for each country the first one that is not empty."""
    found: dict[str, str] = {}
    for country in _objects(value.get("results") if isinstance(value, Mapping) else None):
        for release in _objects(country.get("release_dates")):
            if label := str(release.get("certification") or "").strip():
                found.setdefault(str(country.get("iso_3166_1")), label)
    return [f"{country} {label}" for country, label in found.items() if label.lower() not in _UNRATED] or None


def _video(value: Any) -> Any:
    """The address of a trailer on YouTube in TMDB's list of videos, or of a schema.org VideoObject."""
    if not isinstance(value, Mapping):
        return value
    if "results" not in value:
        return value.get("url") or value.get("embedUrl")
    videos = [video for video in _objects(value["results"]) if video.get("site") == "YouTube"]
    trailer = next((video for video in videos if video.get("type") == "Trailer"), None)
    return f"https://www.youtube.com/watch?v={trailer.get('key')}" if trailer else None


def _languages(value: Any) -> Any:
    """Translate language codes to English names: en is English."""
    parts = value if isinstance(value, list) else [value]
    return [name for part in parts if part and (name := _language(_name(part))) not in _NO_LANGUAGE]


def _language(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if text in _TMDB_LANGUAGES:
        return _TMDB_LANGUAGES[text]
    if not re.fullmatch(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", text):
        return text
    code = re.split("[-_]", text)[0]
    return Locale.parse("en").languages.get(get_global("language_aliases").get(code, code), text)


def _tmdb_code(value: Any) -> str | None:
    return f"tmdb-{value}" if isinstance(value, int) and not isinstance(value, bool) else value


_READERS: dict[str, Callable[[Any], Any]] = {
    "id": _tmdb_code,
    "tmdb_id": _tmdb_code,
    "rated": _rated,
    "content_rating": _content_rating,
    "fsk": _fsk,
    "release_dates": _certificates,
    "videos": _video,
    "trailer": _video,
    "original_language": _languages,
    "spoken_languages": _languages,
    "in_language": _languages,
}
