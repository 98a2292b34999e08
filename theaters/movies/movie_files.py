"""Files of movies: CSV as a spreadsheet writes it, and JSON. Read into rows without touching the database; written again."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.refusals import Refusal
from core.spreadsheets import STARTS_A_FORMULA, csv_lines
from core.texts.encodings import decoded_text
from core.web.unstorable_text import is_unstorable
from theaters.models import Movie
from theaters.movies.movie_columns import COLUMNS
from theaters.movies.movie_shapes import cells_of, column_of, key_of, looks_like_movie, why_no_movie

# The text is posted again with the confirmation, in a form of at most 1 MB.
MOST_BYTES = 500_000
MOST_ROWS = 1000
DELIMITERS = (",", ";", "\t")
# The names of the list in JSON files: ours and schema.org's, TMDB's, OMDb's.
LIST_NAMES = ("movies", "results", "Search", "@graph")
# Exports put an apostrophe before a cell that a spreadsheet would run, and before a text that begins with an
# apostrophe.
KEPT_FROM_RUNNING = re.compile(rf"'+[{re.escape(''.join(STARTS_A_FORMULA))}]")


class FileRefused(Refusal):
    """Nothing in this file can be read; the sentence says why."""


@dataclass(frozen=True)
class MovieRow:
    """A row of the file: raw cells by the names of their columns; `problem` if it cannot be read as a row; `remarks`
    about what is left out.
    """

    place: str
    cells: dict[str, Any]
    problem: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class MovieTable:
    rows: list[MovieRow]
    unknown: list[str]


def decoded(data: bytes) -> str:
    """Read the text of a file. Raises FileRefused when it is too large or none."""
    if len(data) > MOST_BYTES:
        raise FileRefused("This file is larger than 500 KB. Split it and import the parts one after the other.")
    try:
        return decoded_text(data)
    except UnicodeDecodeError:
        raise FileRefused(
            "The letters of this file cannot be read. In a spreadsheet choose “CSV UTF-8” when you save it."
        ) from None


def read_table(text: str) -> MovieTable:
    """Read JSON when the text begins like JSON, else CSV. Raises FileRefused."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise FileRefused("This is more than 500 KB of text. Split it and import the parts one after the other.")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise FileRefused("There is nothing in it.")
    if is_unstorable(text):
        raise FileRefused(
            "This is not a text file, or it has what no text has: a number of more than 4,300 digits, accents on accents."
        )
    table = _read_json(text) if text.lstrip()[0] in "[{" else _read_csv(text)
    if not table.rows:
        raise FileRefused("There is no movie in it, only the names of columns.")
    if len(table.rows) > MOST_ROWS:
        raise FileRefused(f"These are more than {MOST_ROWS} movies. Split the file and import the parts.")
    return table


def _read_csv(text: str) -> MovieTable:
    text = text.lstrip("\n")
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader)]
        _require_columns(names)
        rows = list(_csv_rows(reader, names))
    except csv.Error as error:
        raise FileRefused(f"Line {reader.line_num} cannot be read as CSV: {error}.") from None
    return MovieTable(rows, [name for name in names if name and not column_of(name)])


def _csv_rows(reader: Any, names: list[str]) -> Iterator[MovieRow]:
    last = reader.line_num
    for cells in reader:
        place, last = f"Line {last + 1}", reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            yield MovieRow(place, {}, f"has {len(cells)} cells, but there are {len(names)} columns.")
            continue
        yield _row(
            place, dict(zip(filter(None, names), map(_from_spreadsheet, _under_names(cells, names)), strict=False))
        )


def _from_spreadsheet(cell: str) -> str:
    return cell[1:] if KEPT_FROM_RUNNING.match(cell) else cell


def _under_names(cells: list[str], names: list[str]) -> list[str]:
    return [cell for cell, name in zip(cells, names, strict=False) if name]


def _row(place: str, item: Mapping[str, Any]) -> MovieRow:
    read = cells_of(item)
    return MovieRow(place, read.cells, why_no_movie(item), tuple(read.remarks))


def _require_columns(names: list[str]) -> None:
    keys = Counter(key_of(name) for name in names if name)
    twice = sorted(key for key, count in keys.items() if count > 1)
    if twice:
        raise FileRefused(f"The column {twice[0][:40]!r} is there twice.")
    columns = {column_of(name) for name in names}
    if not {"code", "slug"} & columns and not {"title", "year"} <= columns:
        raise FileRefused(
            "The first line names the columns, and one of them is “slug” or “code”, or “title” and “year” are: "
            "by these a movie is found. The example shows all columns."
        )


def _read_json(text: str) -> MovieTable:
    items = _json_items(text)
    unknown = {name for item in items if isinstance(item, dict) for name in cells_of(item).unknown}
    return MovieTable([_json_row(number, item) for number, item in enumerate(items, start=1)], sorted(unknown))


def _json_items(text: str) -> list[Any]:
    """The objects of a list, of a list under its name, of one object, or of one object on each line."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text.startswith("{"):
            return _json_lines(text)
        raise FileRefused(f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except (ValueError, RecursionError):
        raise FileRefused("This JSON cannot be read: it is nested too deeply.") from None
    if isinstance(data, dict):
        listed = next((data[name] for name in LIST_NAMES if name in data), None)
        data = [data] if listed is None and looks_like_movie(data) else listed
    if not isinstance(data, list):
        raise FileRefused("This JSON is not a list of movies, nor an object with one under “movies”.")
    return data


def _json_lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise FileRefused("This is not JSON: it is neither a list nor one object on each line.") from None


def _json_row(number: int, item: Any) -> MovieRow:
    place = f"Movie {number}"
    if not isinstance(item, dict):
        return MovieRow(place, {}, "is not an object with the names of columns.")
    return _row(place, item)


# Writing


Values = Mapping[str, Any]


def values_of(movie: Movie) -> Values:
    return {column.name: column.held(movie) for column in COLUMNS}


def as_csv(movies: Iterable[Values]) -> Iterator[str]:
    def cell(text: str) -> str:
        return f"'{text}" if KEPT_FROM_RUNNING.match(text) else text

    rows = ([cell(column.text(values[column.name])) for column in COLUMNS] for values in movies)
    return csv_lines([column.name for column in COLUMNS], rows)


def as_json(movies: Iterable[Values]) -> str:
    found = [{column.name: column.show(values[column.name]) for column in COLUMNS} for values in movies]
    return json.dumps({"movies": found}, ensure_ascii=False, indent=2) + "\n"


_EXAMPLE = {
    "code": "DIST-0417", "slug": "metropolis", "title": "Metropolis", "original_title": "", "kind": "FEATURE",
    "year": 1927,
    "director": "Fritz Lang", "running_minutes": 150, "versions": "2D | 2D, French subtitles | 35 mm",
    "ratings": "GB PG | DE FSK 6, from 6 | US NR", "countries": "DE", "languages": "", "genres": "Science fiction | Drama",
    "cast": "Brigitte Helm | Alfred Abel", "tagline": "The mediator between head and hands must be the heart.",
    "synopsis": "A city of towers above, a city of machines below.\n\nAnd one who goes down to see.",
    "trailer_url": "https://example.org/metropolis", "palette": "#1c1a17 | #c8963e | #efe3c8", "poster_layout": "stairs",
    "tagline_de": "Mittler zwischen Hirn und Händen muss das Herz sein.",
}  # fmt: skip
# The sample: every column but those of languages is filled in.
EXAMPLE = [{column.name: column.parse(_EXAMPLE.get(column.name)) for column in COLUMNS}]
