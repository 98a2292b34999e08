"""The lines of a plan's text that say facts of seats; docs/plans.md has the table.

steps 2                          from here on, in this section: steps from the entrance
hearing loop yes                 the same; no, unknown
armrest lifts no
note Behind a pillar             a free text; "note" alone ends it
seats 3 5-7: armrest lifts yes   only these seats of the row below
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from theaters.plans.plan_drawing import SeatDrawing
from theaters.plans.plan_runs import as_runs
from theaters.seat_facts import FACT_NAMES, LONGEST_NOTE, MOST_STEPS, UNKNOWN, SeatFacts, is_note, is_steps

ABOUT_FACTS = re.compile(r"(?:steps|hearing|armrest|beside|note|seats)(?![A-Za-z0-9])", re.IGNORECASE)
LINE = re.compile(r"(?:seats(?P<seats>(?: [0-9]{1,3}(?:-[0-9]{1,3})?)+) ?: ?)?(?P<fact>.*)", re.IGNORECASE)
WORDS = {"hearing_loop": "hearing loop", "armrest_lifts": "armrest lifts", "beside_aisle": "beside aisle"}
YES_OR_NO: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}
HOW_TO = (
    "Say it like one of these: “steps 2”, “hearing loop yes”, “armrest lifts no”, “beside aisle yes”, “note Behind a pillar”, "
    "with “unknown” where you do not know; “seats 3 5-7: steps 1” is about these seats of the row below."
)


class FactLineError(ValueError):
    """The line cannot be read, with a sentence for the person who typed it."""


@dataclass(slots=True)
class FactReader:
    """`here` are the facts of the rows from here on, `own` those of single seats of the next row, by their numbers."""

    here: SeatFacts = UNKNOWN
    own: list[tuple[list[int], str, Any]] = field(default_factory=list)

    def read(self, name: str, value: Any, numbers: Sequence[int] | None) -> None:
        if numbers is None:
            self.here = replace(self.here, **{name: value})
        else:
            self.own.append((list(numbers), name, value))

    def facts_of(self, numbers: Sequence[int]) -> list[SeatFacts]:
        """The facts of the seats of a row with these numbers. Raises FactLineError for a number it lacks."""
        found = dict.fromkeys(numbers, self.here)
        for those, name, value in self.own:
            for number in those:
                if number not in found:
                    raise FactLineError(f"there is no seat {number} in it, of which a line above it speaks.")
                found[number] = replace(found[number], **{name: value})
        self.own = []
        return [found[number] for number in numbers]


def read_fact(words: str) -> tuple[str, Any]:
    """Read a fact's name and value. Raises FactLineError."""
    first, _, rest = words.partition(" ")
    match first.lower():
        case "steps" if rest.lower() == "unknown":
            return "steps", None
        case "steps":
            if not (rest.isascii() and rest.isdecimal() and len(rest) <= 2 and is_steps(int(rest))):
                raise FactLineError(f"Steps are a number from 0 to {MOST_STEPS}, or unknown: steps 2")
            return "steps", int(rest)
        case "note":
            if not is_note(rest):
                raise FactLineError(f"A note is one line of up to {LONGEST_NOTE} letters.")
            return "note", rest
    for name, start in WORDS.items():
        said = words.lower().removeprefix(f"{start} ")
        if said in YES_OR_NO and words.lower().startswith(start):
            return name, YES_OR_NO[said]
    raise FactLineError(HOW_TO)


def fact_lines(rows: Iterable[list[SeatDrawing]]) -> Iterator[list[str]]:
    """Yield the fact lines above each row. Every section begins with nothing known."""
    here, section = UNKNOWN, ""
    for row in rows:
        if row[0].section != section:
            here, section = UNKNOWN, row[0].section
        usual = {name: _usual([getattr(seat.facts, name) for seat in row], getattr(here, name)) for name in FACT_NAMES}
        yield [*_changes(here, usual), *_exceptions(row, usual)]
        here = SeatFacts(**usual)


def area_fact_lines(facts: SeatFacts) -> list[str]:
    return [_line(name, value) for name, value in facts.as_dict().items()]


def _usual(values: list[Any], now: Any) -> Any:
    """The most common value in a row; in a tie that of the row before."""
    counts = Counter(values)
    return max(counts, key=lambda value: (counts[value], value == now))


def _changes(here: SeatFacts, usual: Mapping[str, Any]) -> Iterator[str]:
    yield from (_line(name, value) for name, value in usual.items() if value != getattr(here, name))


def _exceptions(row: list[SeatDrawing], usual: Mapping[str, Any]) -> Iterator[str]:
    for name in FACT_NAMES:
        others: dict[Any, list[int]] = {}
        for seat in row:
            if (value := getattr(seat.facts, name)) != usual[name]:
                others.setdefault(value, []).append(seat.number)
        for value, numbers in others.items():
            yield f"seats {' '.join(as_runs(numbers))}: {_line(name, value)}"


def _line(name: str, value: Any) -> str:
    if name == "note":
        return f"note {value}".rstrip()
    if name == "steps":
        return f"steps {'unknown' if value is None else value}"
    return f"{WORDS[name]} {next(word for word, meant in YES_OR_NO.items() if meant is value)}"
