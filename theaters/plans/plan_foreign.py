"""Seating plans of other programs: pretix's JSON, and CSV with a line for each seat: where it stands, its category, its facts."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.refusals import ManyProblems
from theaters.plans.foreign_names import NAMELESS, is_number, plain_row, row_key, row_names, row_remarks, seat_number
from theaters.plans.plan_coordinates import FreeSeat, on_grid
from theaters.plans.plan_drawing import MOST_SEATS, PlanDrawing
from theaters.seat_categories import LONGEST_NAME, STANDARD, behavior_of, code_for
from theaters.seat_facts import LONGEST_NOTE, MOST_STEPS, SeatFacts, is_note, tidy_note
from theaters.seat_labels import LONGEST_SECTION_NAME

_COLUMNS = {
    "section": ("section", "zone", "block", "area", "bereich"),
    "row": ("row", "row_number", "row_name", "reihe"),
    "seat": ("seat", "seat_number", "number", "platz", "sitz"),
    "x": ("x", "pos_x", "left"),
    "y": ("y", "pos_y", "top"),
    "category": ("category", "type", "price_category", "kategorie"),
    "steps": ("steps", "stufen"),
    "hearing_loop": ("hearing_loop", "loop", "induction_loop", "induktionsschleife"),
    "armrest_lifts": ("armrest_lifts", "armrest", "armlehne"),
    "beside_aisle": ("beside_aisle", "am_gang"),
    "note": ("note", "notes", "remark", "hinweis"),
}  # fmt: skip
# Which words in the name of a category mean which of the usual ones; anything else is an ordinary seat.
_CATEGORIES = (
    ("WHEELCHAIR", re.compile(r"wheel|rollstuhl|rolli|accessib|disab|\bada\b|fauteuil|pmr", re.IGNORECASE)),
    ("COMPANION", re.compile(r"companion|begleit|carer|attendant|accompagn", re.IGNORECASE)),
    ("SOFA", re.compile(r"sofa|couch|love|kuschel|double|duo|twin", re.IGNORECASE)),
    ("PREMIUM", re.compile(r"premium|vip|loge|box|gold|lux|deluxe|recliner|prime", re.IGNORECASE)),
)
_YES_OR_NO_FACTS = ("hearing_loop", "armrest_lifts", "beside_aisle")
_YES_OR_NO = {
    "": None, "?": None, "unknown": None, "unbekannt": None,
    "yes": True, "true": True, "1": True, "x": True, "ja": True, "y": True,
    "no": False, "false": False, "0": False, "nein": False, "n": False,
}  # fmt: skip
MOST_TOLD = 10
_SECTION_SIGNS = re.compile(r"[\[\]\x00-\x1f\x7f]")


class ForeignPlanError(ManyProblems):
    """The file is not a plan, with a sentence for each problem."""


def is_pretix(text: str) -> bool:
    return text.lstrip("\ufeff \r\n\t").startswith("{") and '"zones"' in text


def is_csv(text: str) -> bool:
    columns = _columns_of(_header(text))
    return {"row", "seat"} <= columns.keys()


@dataclass
class FileCategories:
    """Which seat category of a theater a file means by a word: the one called so, else the usual one that it sounds like.

    `known` are codes by what they are called, in small letters. Where it `adopts`, a word that nobody knows becomes a category
    of its own, in `added`.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    adopts: bool = False
    added: dict[str, str] = field(default_factory=dict)

    def code(self, word: Any) -> str:
        name = _plain(word)[:LONGEST_NAME].strip()
        own = {added.casefold(): code for code, added in self.added.items()}
        if code := self.known.get(name.casefold()) or own.get(name.casefold()):
            return code
        usual = next((ours for ours, words in _CATEGORIES if words.search(name)), STANDARD)
        if not self.adopts or not name:
            return usual
        code = code_for(name, behavior_of(usual), taken={*self.known.values(), *self.added})
        self.added[code] = name
        return code


def read_pretix(text: str, categories: FileCategories | None = None) -> PlanDrawing:
    """Read a plan saved by pretix's editor. Raises ForeignPlanError."""
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise ForeignPlanError(["This is not JSON."]) from None
    reader = _Reader(categories or FileCategories())
    for zone in reader.objects(data.get("zones") if isinstance(data, dict) else None, "“zones” is a list of zones."):
        for row in reader.objects(zone.get("rows"), "A zone has no list of “rows”."):
            reader.read_row(zone, row)
    return reader.plan()


def read_csv(text: str, categories: FileCategories | None = None) -> PlanDrawing:
    """A plan with a line for each seat; without x and y the order of the file counts. Raises ForeignPlanError."""
    text = text.removeprefix("\ufeff")
    columns = _columns_of(_header(text))
    reader = _Reader(categories or FileCategories())
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        next(lines)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                reader.read_line(
                    lines.line_num, {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
                )
    except csv.Error as error:
        raise ForeignPlanError([f"Line {lines.line_num} cannot be read as CSV: {error}."]) from None
    return reader.plan()


@dataclass(frozen=True)
class _WrittenSeat:
    """A seat as the file writes it. `row`: the key of its row (foreign_names.py); `number`: as written, stripped."""

    seat: FreeSeat
    number: str

    @property
    def row_name(self) -> str:
        return "without a name" if self.seat.row.startswith(NAMELESS) else plain_row(self.seat.row)


class _Reader:
    """Collects problems and reads on, so that many are shown at once. Rows have their keys until all are read."""

    def __init__(self, categories: FileCategories) -> None:
        self.categories = categories
        self.wrong: list[str] = []
        self.seats: list[_WrittenSeat] = []
        self.rows: dict[tuple[str, str], int] = {}
        self.lengths: Counter[tuple[str, str]] = Counter()
        self.sections: dict[str, str] = {}

    def objects(self, value: Any, sentence: str) -> Iterator[Mapping[str, Any]]:
        if not isinstance(value, list):
            self.wrong.append(sentence)
            return
        yield from (part for part in value if isinstance(part, Mapping))

    def section(self, written: Any) -> str:
        """The name of a section, cut if it is too long; two that would be the same then stay two."""
        name = _plain(written)
        if name not in self.sections:
            cut, number = name[:LONGEST_SECTION_NAME].strip(), 1
            while cut in self.sections.values():
                number += 1
                cut = f"{name[: LONGEST_SECTION_NAME - 3].strip()} {number}"
            self.sections[name] = cut
        return self.sections[name]

    def read_row(self, zone: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        section, key = self.section(zone.get("name")), row_key(row.get("row_number"))
        name = key or str(len(self.rows) + 1)
        key = key or f"{NAMELESS}{len(self.rows)}"
        self.rows.setdefault((section, key), len(self.rows))
        for at, seat in enumerate(self.objects(row.get("seats"), f"Row {name} has no list of “seats”."), start=1):
            places = [_position(part) for part in (zone, row, seat)]
            if None in places:
                self.wrong.append(f"Row {name}, seat {at}: its “position” is no x and y.")
            elif self._has_space():
                x, y = (sum(place[axis] for place in places if place) for axis in (0, 1))
                category = self.categories.code(seat.get("category"))
                self._add(FreeSeat(section, key, at, x, y, category), seat.get("seat_number"))

    def read_line(self, line: int, cells: Mapping[str, str]) -> None:
        section = self.section(cells.get("section"))
        # Seats without a row are one row of their section, or one for each depth.
        key = row_key(cells["row"]) or f"{NAMELESS}{section} {cells.get('y', '').strip()}"
        place = self.rows.setdefault((section, key), len(self.rows))
        at = self.lengths[section, key] + 1
        try:
            x, y = _decimal(cells.get("x"), at), _decimal(cells.get("y"), place)
        except ValueError:
            self.wrong.append(f"Line {line}: x and y are numbers.")
            return
        facts = self._facts(line, cells)
        if self._has_space():
            self.lengths[section, key] += 1
            category = self.categories.code(cells.get("category"))
            self._add(FreeSeat(section, key, at, x, y, category, facts), cells["seat"])

    def _add(self, seat: FreeSeat, written: Any) -> None:
        """Add a seat whose number is its position so far."""
        number = " ".join(str(written if written is not None else "").split())
        self.seats.append(_WrittenSeat(replace(seat, number=seat_number(number, seat.number)), number))

    def _facts(self, line: int, cells: Mapping[str, str]) -> SeatFacts:
        """Read the facts of a seat; what is not understood is reported, never guessed."""
        steps, note = cells.get("steps", "").strip(), tidy_note(cells.get("note", ""))
        is_number = steps.isascii() and steps.isdecimal() and len(steps) <= 2
        if not is_number and _YES_OR_NO.get(steps.casefold(), steps) is not None:
            self.wrong.append(f"Line {line}: steps are a number from 0 to {MOST_STEPS}, or empty where nobody knows.")
        said = {name: cells.get(name, "").strip().casefold() for name in _YES_OR_NO_FACTS}
        for name, word in said.items():
            if word not in _YES_OR_NO:
                self.wrong.append(f"Line {line}: {name} is yes, no, or empty where nobody knows.")
        if not is_note(note):
            self.wrong.append(f"Line {line}: a note is one line of up to {LONGEST_NOTE} letters.")
        return SeatFacts(
            int(steps) if is_number else None,
            note=note if is_note(note) else "",
            **{name: _YES_OR_NO.get(word) for name, word in said.items()},
        )

    def plan(self) -> PlanDrawing:
        self.wrong += self._alike()
        if self.wrong or not self.seats:
            raise ForeignPlanError(self.wrong[:MOST_TOLD] or ["There are no seats in it."])
        names = row_names(written.seat.row for written in self.seats)
        drawing = on_grid(replace(written.seat, row=names[written.seat.row]) for written in self.seats)
        remarks = [*self._cut(), *row_remarks(names), *self._numbered(names)]
        if len(remarks) > MOST_TOLD:
            remarks[MOST_TOLD:] = [f"{len(remarks) - MOST_TOLD} more names are changed."]
        return replace(drawing, names=tuple(self.categories.added.items()), remarks=tuple(remarks))

    def _cut(self) -> Iterator[str]:
        """Say which names of sections are shorter here."""
        for name, cut in self.sections.items():
            if name != cut:
                yield f"Section “{name[:80]}” is “{cut}” here: a name has up to {LONGEST_SECTION_NAME} letters."

    def _alike(self) -> Iterator[str]:
        """Seats whose numbers differ in the file and would be the same here."""
        first: dict[tuple[str, str, int], str] = {}
        for written in self.seats:
            seat = written.seat
            other = first.setdefault((seat.section, seat.row, seat.number), written.number)
            if other != written.number:
                row, names = written.row_name[:20], f"“{other[:20]}” and “{written.number[:20]}”"
                yield f"Row {row}: the seats {names} would both have the number {seat.number}. Give them numbers."

    def _numbered(self, names: Mapping[str, str]) -> Iterator[str]:
        """Say which seats are called by another number, unless the name of the row stands before it: A7."""
        for written in self.seats:
            row, number = names[written.seat.row], written.seat.number
            plain = written.number.upper().removeprefix(plain_row(written.seat.row)).lstrip(" -")
            if not is_number(written.number, number) and not is_number(plain or "-", number):
                yield f"Row {row}: seat “{written.number[:20]}” is seat {number} here."

    def _has_space(self) -> bool:
        if len(self.seats) < MOST_SEATS:
            return True
        sentence = f"There are more than {MOST_SEATS:,} seats."
        if sentence not in self.wrong:
            self.wrong.insert(0, sentence)
        return False


def _header(text: str) -> list[str]:
    first = text.removeprefix("\ufeff").split("\n", 1)[0]
    return [re.sub(r"[^a-z]+", "_", cell.strip().lower()).strip("_") for cell in first.split(_delimiter(text))]


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _columns_of(header: list[str]) -> dict[str, int]:
    found = {name: [at for at, cell in enumerate(header) if cell in words] for name, words in _COLUMNS.items()}
    return {name: places[0] for name, places in found.items() if places}


def _plain(value: Any) -> str:
    text = _SECTION_SIGNS.sub(" ", value) if isinstance(value, str) else ""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())


def _position(part: Mapping[str, Any]) -> tuple[float, float] | None:
    """The position of a zone, row or seat within its parent; None when it has no usable one."""
    place = part.get("position") or {"x": 0, "y": 0}
    if not isinstance(place, Mapping):
        return None
    try:
        x, y = _decimal(place.get("x"), 0), _decimal(place.get("y"), 0)
    except ValueError:
        return None
    return x, y


def _decimal(value: Any, missing: float) -> float:
    """Read a number. Raises ValueError unless it is finite and of reasonable size."""
    if value is None or value == "":
        return missing
    number = float(str(value).replace(",", "."))
    if not -1e7 < number < 1e7:
        raise ValueError("is out of reach")
    return number
