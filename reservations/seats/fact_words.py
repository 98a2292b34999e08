"""The facts of seats in words, as list, map and best seats say them (theaters/seat_facts.py). Unknown is neither yes nor no."""

from collections.abc import Collection, Iterator, Sequence
from math import inf

from django.utils.translation import gettext, ngettext

from reservations.seats.geometry import Placed
from theaters.seat_facts import KnownFacts, SeatFacts, armrest_at_any, loop_at_all, most_steps, note_in_words

STEPS, HEARING_LOOP, ARMREST_LIFTS, BESIDE_AISLE = "steps", "hearing_loop", "armrest_lifts", "beside_aisle"
NEAR_EXIT = "near_exit"
# Unknown sorts between yes and no.
RANK = {True: 0, None: 1, False: 2}


def steps_rank(seats: Sequence[Placed]) -> float:
    """How many steps lead to the seats; where it is not known of each they come last."""
    steps = most_steps([seat.facts for seat in seats])
    return inf if steps is None else steps


def loop_rank(seats: Sequence[Placed]) -> int:
    return RANK[loop_at_all([seat.facts for seat in seats])]


def armrest_rank(seats: Sequence[Placed]) -> int:
    return RANK[armrest_at_any([seat.facts for seat in seats])]


def places_in_words(seats: Sequence[Placed], beside_aisle: Collection[str], exit_rows: Collection[str]) -> list[str]:
    """The sentence parts about seats side by side that follow from the drawing and the auditorium."""
    at_aisle = any(seat.label in beside_aisle for seat in seats)
    return [
        *([gettext("beside an aisle")] if at_aisle else []),
        *([gettext("near an exit")] if seats[0].row in exit_rows else []),
    ]


def facts_in_words(seats: Sequence[Placed], asked: Collection[str] = ()) -> list[str]:
    """Say the facts of neighboring seats. "No" and "unknown" are only said of facts that are `asked` for."""
    facts = [seat.facts for seat in seats]
    return [
        *_steps(facts, is_asked=STEPS in asked),
        *_loop(facts, is_asked=HEARING_LOOP in asked),
        *_armrest(seats, is_asked=ARMREST_LIFTS in asked),
        *_notes(seats),
    ]


def named_facts_in_words(facts: SeatFacts, asked: Collection[str]) -> list[str]:
    """Say these facts of one seat, also those that are absent or unknown."""
    armrest = {
        True: gettext("armrest lifts"),
        False: gettext("armrest does not lift"),
        None: gettext("armrest not known"),
    }
    aisle = gettext("beside an aisle") if facts.beside_aisle else gettext("not beside an aisle")
    return [
        *(_steps([facts], is_asked=True) if STEPS in asked else []),
        *(_loop([facts], is_asked=True) if HEARING_LOOP in asked else []),
        *([armrest[facts.armrest_lifts]] if ARMREST_LIFTS in asked else []),
        *([aisle] if BESIDE_AISLE in asked else []),
    ]


def area_facts_in_words(facts: SeatFacts) -> list[str]:
    """Say the facts of places without numbers, which never have an armrest of their own."""
    notes = [note_in_words(facts.note)] if facts.note else []
    return [*_steps([facts], is_asked=False), *_loop([facts], is_asked=False), *notes]


def _steps(facts: Sequence[SeatFacts], *, is_asked: bool) -> list[str]:
    steps = most_steps(facts)
    if steps is None:
        return [gettext("steps not known")] if is_asked else []
    if steps == 0:
        return [gettext("no steps")]
    return [ngettext("%(n)s step", "%(n)s steps", steps) % {"n": steps}]


def _loop(facts: Sequence[SeatFacts], *, is_asked: bool) -> list[str]:
    covers = loop_at_all(facts)
    if covers:
        return [gettext("hearing loop")]
    if not is_asked:
        return []
    return [gettext("hearing loop not known") if covers is None else gettext("no hearing loop")]


def _armrest(seats: Sequence[Placed], *, is_asked: bool) -> list[str]:
    """Say which seats have an armrest that lifts, unless all do."""
    lifting = [seat for seat in seats if seat.facts.armrest_lifts]
    if len(lifting) == len(seats):
        return [gettext("armrest lifts")]
    if lifting:
        return [gettext("armrest of seat %(number)s lifts") % {"number": seat.number} for seat in lifting]
    if not is_asked:
        return []
    is_unknown = armrest_at_any([seat.facts for seat in seats]) is None
    return [gettext("armrest not known") if is_unknown else gettext("armrest does not lift")]


def _notes(seats: Sequence[Placed]) -> list[str]:
    """Say notes, with the numbers of their seats unless all seats have them."""
    notes = dict.fromkeys(seat.facts.note for seat in seats if seat.facts.note)
    if all(seat.facts.note in notes for seat in seats) and len(notes) == 1:
        return list(map(note_in_words, notes))
    return [
        gettext("seat %(number)s: %(note)s") % {"number": seat.number, "note": note_in_words(seat.facts.note)}
        for seat in seats
        if seat.facts.note
    ]


def unmet_in_words(seats: Sequence[Placed], asked: Collection[str]) -> str:
    """Sentences about requested facts that the chosen seats lack; '' if they have all."""
    return " ".join(_unmet([seat.facts for seat in seats], asked))


def _unmet(facts: Sequence[SeatFacts], asked: Collection[str]) -> Iterator[str]:
    steps, covers = most_steps(facts), loop_at_all(facts)
    if STEPS in asked and steps is None:
        yield gettext("We do not know how many steps lead to these seats; please ask us.")
    elif STEPS in asked and steps:
        words = ngettext("%(n)s step leads to these seats.", "%(n)s steps lead to these seats.", steps)
        yield words % {"n": steps}
    if HEARING_LOOP in asked and covers is None:
        yield gettext("We do not know whether a hearing loop covers these seats; please ask us.")
    elif HEARING_LOOP in asked and not covers:
        yield gettext("No hearing loop covers all of these seats.")
    lifts = armrest_at_any(facts)
    if ARMREST_LIFTS in asked and lifts is None:
        yield gettext("We do not know whether an armrest of these seats lifts; please ask us.")
    elif ARMREST_LIFTS in asked and not lifts:
        yield gettext("No armrest of these seats lifts.")


def unknown_in_words(asked: Collection[str], known: KnownFacts) -> list[str]:
    """A sentence for each fact that is asked for, and of which the plan says nothing at all."""
    if not asked:
        return []
    sentences = {
        STEPS: gettext(
            "We cannot say how many steps lead to the seats of this auditorium. Please ask us before you book."
        ),
        HEARING_LOOP: gettext(
            "We cannot say where in this auditorium a hearing loop can be used. Please ask us before you book."
        ),
        ARMREST_LIFTS: gettext("We cannot say which armrests lift in this auditorium. Please ask us before you book."),
    }
    return [words for name, words in sentences.items() if name in asked and not getattr(known, name)]
