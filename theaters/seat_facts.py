"""Facts of a seat besides its position: steps on the way to it, hearing loop, armrest, a free text.

None means unknown, which is never shown as yes or as no.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from core.house_facts import translated_seat_notes

MOST_STEPS = 99
LONGEST_NOTE = 80


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Facts of a seat. `steps` counts from the auditorium's entrance; 0 is step-free.

    `beside_aisle` is set where the drawing cannot show it, such as at an aisle along a wall; None means "as it is
    drawn".
    """

    steps: int | None = None
    hearing_loop: bool | None = None
    armrest_lifts: bool | None = None
    note: str = ""
    beside_aisle: bool | None = None

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return self != UNKNOWN

    def as_dict(self) -> dict[str, Any]:
        """The known facts, by name."""
        return {name: value for name in FACT_NAMES if (value := getattr(self, name)) not in (None, "")}

    @classmethod
    def from_dict(cls, known: Mapping[str, Any]) -> Self:
        """Read what `as_dict` wrote, without facts of another release."""
        return cls(**{name: known[name] for name in FACT_NAMES if name in known})

    @classmethod
    def of(cls, seat: Any) -> Self:
        """Read the facts of anything with attributes of these names."""
        return cls(*(getattr(seat, name) for name in FACT_NAMES))


UNKNOWN = SeatFacts()
FACT_NAMES = tuple(field.name for field in fields(SeatFacts))


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Which facts are known for at least one seat of a plan."""

    steps: bool = False
    hearing_loop: bool = False
    armrest_lifts: bool = False


def known_facts(facts: Iterable[SeatFacts]) -> KnownFacts:
    found = set(facts)
    return KnownFacts(
        steps=any(one.steps is not None for one in found),
        hearing_loop=any(one.hearing_loop is not None for one in found),
        armrest_lifts=any(one.armrest_lifts is not None for one in found),
    )


def is_steps(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_STEPS


def is_note(value: Any) -> bool:
    """Whether a note is one line without invisible characters, such as marks of direction."""
    return isinstance(value, str) and len(value) <= LONGEST_NOTE and value.isprintable() and value == tidy_note(value)


def tidy_note(text: str) -> str:
    return " ".join(text.split())


def note_in_words(note: str) -> str:
    """A note in the reader's language, else as the plan has it."""
    return translated_seat_notes().get(note, note)


def most_steps(facts: Collection[SeatFacts]) -> int | None:
    """The most steps on the way to these seats; None unless known for each."""
    steps = [one.steps for one in facts if one.steps is not None]
    return max(steps) if steps and len(steps) == len(facts) else None


def loop_at_all(facts: Collection[SeatFacts]) -> bool | None:
    """Whether all of these seats are within a hearing loop; None unless known for each."""
    said = {one.hearing_loop for one in facts}
    if False in said:
        return False
    return True if said == {True} else None


def armrest_at_any(facts: Collection[SeatFacts]) -> bool | None:
    """Whether the armrest of at least one of these seats lifts; None where none is known to, and not all are known not to."""
    said = {one.armrest_lifts for one in facts}
    if True in said:
        return True
    return False if said == {False} else None
