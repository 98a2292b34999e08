"""Seating plans as JSON, for other programs and for the editor: strict in what it reads, one row a line in what it
writes.

{"format": "marquee-plan", "version": 1, "rows": [ {"row": "A", "section": "Stalls", "y": 0, "seats": [{"number": 1,
"x": 0, "category": "STANDARD"}, …]}, … ]}

Facts (theaters/seat_facts.py) stand at a row where all its seats share them, else at each seat; null at a seat of such
a row means unknown.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.refusals import ManyProblems
from theaters.plans.plan_drawing import MOST_SEATS, AreaDrawing, PlanDrawing, SeatDrawing, drawn, rows_of
from theaters.seat_categories import CODE, LONGEST_NAME, STANDARD
from theaters.seat_facts import FACT_NAMES, LONGEST_NOTE, MOST_STEPS, SeatFacts, is_note, is_steps
from theaters.seat_labels import LONGEST_SECTION_NAME, seat_label

FORMAT, VERSION = "marquee-plan", 1
PLAN_FACTS, ROW_FACTS = (
    {"format", "version", "rows", "areas", "categories"},
    {"row", "section", "y", "seats", *FACT_NAMES},
)
SEAT_FACTS = {"number", "x", "category", "unit", *FACT_NAMES}
# Wider and deeper than a plan may be, so that there is space to put seats aside while drawing.
FARTHEST, DEEPEST, MOST_DRAWN = 300, 300, MOST_SEATS + 500
UNIT = re.compile(r"[A-Za-z0-9]{1,8}")
AREA_FACTS, MOST_AREAS = {"name", "capacity", "category", *FACT_NAMES}, 20
MOST_TOLD = 10
IS_YES_OR_NO = lambda value: isinstance(value, bool), "true, false or null"
SHAPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "steps": (is_steps, f"a whole number from 0 to {MOST_STEPS}, or null"),
    "hearing_loop": IS_YES_OR_NO,
    "armrest_lifts": IS_YES_OR_NO,
    "beside_aisle": IS_YES_OR_NO,
    "note": (is_note, f"one line of up to {LONGEST_NOTE} letters"),
}


class PlanJsonError(ManyProblems):
    """The JSON is not a plan: a sentence for each problem."""


def parse_json(text: str) -> PlanDrawing:
    """Read a plan, which may still break the rules of plan_rules. Raises PlanJsonError."""
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise PlanJsonError([f"This is not JSON{where}."]) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise PlanJsonError([f"This is not a plan: it does not say “format”: “{FORMAT}”."])
    if data.get("version") != VERSION or type(data["version"]) is not int:
        raise PlanJsonError([f"Only version {VERSION} of the format can be read here."])
    if unknown := sorted(data.keys() - PLAN_FACTS):
        raise PlanJsonError([f"“{unknown[0]}” is nothing a plan has."])
    areas = read_areas(data.get("areas", []))
    drawing = drawn(read_rows(data.get("rows", [] if areas else None)), areas)
    return replace(drawing, names=_read_names(data.get("categories", {})))


def _read_names(names: Any) -> tuple[tuple[str, str], ...]:
    """Read names of categories by code. Raises PlanJsonError unless they have at most 40 letters."""
    if not isinstance(names, dict) or not all(
        _is_category(code) and _is_category_name(name) for code, name in names.items()
    ):
        raise PlanJsonError(
            [f"“categories” are names of up to {LONGEST_NAME} letters by the codes of seat categories."]
        )
    return tuple(names.items())


def _is_category_name(name: Any) -> bool:
    return isinstance(name, str) and name.strip() == name != "" and len(name) <= LONGEST_NAME and name.isprintable()


def render_json(drawing: PlanDrawing) -> str:
    """`names` are those of the theater's own categories, so that another theater can read what they are."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in as_rows(drawing.seats))
    areas = ",\n".join(json.dumps(area, ensure_ascii=False) for area in as_areas(drawing.areas))
    more = f', "areas": [\n{areas}\n]' if areas else ""
    names = json.dumps(dict(drawing.names), ensure_ascii=False)
    more += f',\n"categories": {names}' if drawing.names else ""
    return f'{{"format": "{FORMAT}", "version": {VERSION}, "rows": [\n{rows}\n]{more}}}\n'


def as_areas(areas: Iterable[AreaDrawing]) -> list[dict[str, Any]]:
    """Return areas in the form of JSON files and drafts."""
    return [
        {"name": area.name, "capacity": area.capacity, "category": area.category, **area.facts.as_dict()}
        for area in areas
    ]


def read_areas(areas: Any) -> tuple[AreaDrawing, ...]:
    """Read areas from JSON. Raises PlanJsonError."""
    if not isinstance(areas, list) or len(areas) > MOST_AREAS or not all(_is_area(area) for area in areas):
        raise PlanJsonError(
            ["“areas” is a list: each has a “name”, a “capacity” and, where known, a “category” and facts."]
        )
    return tuple(
        AreaDrawing(area["name"], area["capacity"], area.get("category", STANDARD), _facts(area)) for area in areas
    )


def _is_area(area: Any) -> bool:
    return (
        isinstance(area, dict)
        and not area.keys() - AREA_FACTS
        and _is_section(area.get("name"))
        and _is_number(area.get("capacity"), MOST_SEATS)
        and _is_category(area.get("category", STANDARD))
        and not any(_wrong_facts(area))
    )


def as_rows(seats: tuple[SeatDrawing, ...]) -> list[dict[str, Any]]:
    """Return the rows in the form of the editor and the drafts."""
    return [_as_row(row) for row in rows_of(seats)]


def _as_row(row: list[SeatDrawing]) -> dict[str, Any]:
    first = row[0]
    shared = {
        name: value
        for name, value in first.facts.as_dict().items()
        if all(getattr(seat.facts, name) == value for seat in row)
    }
    seats = [_as_seat(seat, shared) for seat in row]
    return {"row": first.row, "section": first.section, "y": first.y, **shared, "seats": seats}


def _as_seat(seat: SeatDrawing, shared: Mapping[str, Any]) -> dict[str, Any]:
    unit = {"unit": seat.unit} if seat.unit else {}
    own = {name: value for name, value in seat.facts.as_dict().items() if name not in shared}
    return {"number": seat.number, "x": seat.x, "category": seat.category, **unit, **own}


def _facts(*places: Mapping[str, Any]) -> SeatFacts:
    """Combine the facts of a row and its seat; the seat's win, and null is unknown. `_wrong_facts` has checked them."""
    said = {name: place[name] for place in places for name in FACT_NAMES if name in place}
    return SeatFacts(**{name: value for name, value in said.items() if value is not None})


def _wrong_facts(place: Mapping[str, Any]) -> Iterator[str]:
    """List a sentence for each fact of the wrong type."""
    for name, (is_right, words) in SHAPES.items():
        if place.get(name) is not None and not is_right(place[name]):
            yield f"“{name}” is {words}"


def read_rows(rows: Any) -> tuple[SeatDrawing, ...]:
    """Read rows from JSON, without checking the rules of plans. Raises PlanJsonError."""
    if not isinstance(rows, list):
        raise PlanJsonError(["“rows” is a list of rows."])
    reader = _Reader()
    for at, row in enumerate(rows, start=1):
        reader.read_row(f"Row {at} of the list", row)
        if len(reader.wrong) >= MOST_TOLD or len(reader.seats) > MOST_DRAWN:
            break
    if len(reader.seats) > MOST_DRAWN:
        reader.wrong.append(f"There are more than {MOST_DRAWN:,} seats.")
    if reader.wrong:
        raise PlanJsonError(reader.wrong[:MOST_TOLD])
    return tuple(reader.seats)


class _Reader:
    """Collects problems and reads on, so that many are shown at once."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.seats: list[SeatDrawing] = []
        self.depths: set[int] = set()

    def read_row(self, where: str, row: Any) -> None:
        if not isinstance(row, dict):
            self.wrong.append(f"{where} is not an object.")
            return
        name, section = row.get("row"), row.get("section", "")
        y: Any = row.get("y")
        seats: Any = row.get("seats")
        before = len(self.wrong)
        self._require(where, not row.keys() - ROW_FACTS, f"a row has nothing but {_listed(ROW_FACTS)}")
        self._require(where, _is_name(name), "“row” is its name, one to four capital letters or digits")
        self._require(where, _is_section(section), f"“section” is a name of up to {LONGEST_SECTION_NAME} letters")
        self._require(where, _is_number(y, DEEPEST), f"“y” is a whole number from 0 to {DEEPEST}")
        self._require(where, isinstance(seats, list) and seats, "“seats” is a list with at least one seat")
        self.wrong += [f"{where}: {sentence}." for sentence in _wrong_facts(row)]
        if len(self.wrong) > before:
            return
        self._require(where, y not in self.depths, f"another row has the same “y”, {y}")
        self.depths.add(y)
        for at, seat in enumerate(seats[: MOST_DRAWN + 1], start=1):
            self.read_seat(f"Row {name}, seat {at} of the list", row, seat)

    def read_seat(self, where: str, row: dict[str, Any], seat: Any) -> None:
        if not isinstance(seat, dict):
            self.wrong.append(f"{where} is not an object.")
            return
        number: Any = seat.get("number")
        x: Any = seat.get("x")
        category: Any = seat.get("category")
        unit: Any = seat.get("unit")
        before = len(self.wrong)
        self._require(where, not seat.keys() - SEAT_FACTS, f"a seat has nothing but {_listed(SEAT_FACTS)}")
        self._require(where, number != 0 and _is_number(number, 999), "“number” is a whole number from 1 to 999")
        self._require(where, _is_number(x, FARTHEST), f"“x” is a whole number from 0 to {FARTHEST}")
        self._require(where, _is_category(category), "“category” is the code of a seat category, such as STANDARD")
        is_unit = unit is None or (isinstance(unit, str) and UNIT.fullmatch(unit) is not None)
        self._require(where, is_unit, "“unit” is up to eight letters or digits, the same for the seats of one sofa")
        self.wrong += [f"{where}: {sentence}." for sentence in _wrong_facts(seat)]
        if len(self.wrong) == before:
            name, section, facts = row["row"], row.get("section", ""), _facts(row, seat)
            label = seat_label(name, number)
            self.seats.append(SeatDrawing(label, name, number, section, x, row["y"], category, unit, facts))

    def _require(self, where: str, holds: object, sentence: str) -> None:
        if not holds:
            self.wrong.append(f"{where}: {sentence}.")


def _is_number(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_category(value: Any) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z0-9]{1,4}", value) is not None


def _is_section(value: Any) -> bool:
    """Whether a value is a section name without unprintable characters, such as a zero byte."""
    return isinstance(value, str) and len(value) <= LONGEST_SECTION_NAME and (value.isprintable())


def _listed(words: Any) -> str:
    return ", ".join(sorted(words))
