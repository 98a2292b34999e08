"""The label of a seat: unique in a plan and at a showtime; what pages, files and forms call it.

A seat is called by its row and number: C7, or 12-3 where the row's name ends in a digit. Where two sections of an auditorium have
a row of the same name, the section stands before it: "Balcony A7". Row names and numbers have no blanks, so the last word
is always row and number.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.utils.translation import gettext, ngettext

from core.house_facts import translated_section_names

LONGEST_SECTION_NAME = 40
SECTION_NAME = re.compile(r"[^\[\]\x00-\x1f\x7f]*")
LONGEST_LABEL = LONGEST_SECTION_NAME + 1 + 8
SHORT_LABEL = re.compile(r"[A-Z0-9]{1,4}-?[0-9]{1,3}")
# Row and number as people type them: A7, a-7, 12-3.
TYPED = re.compile(
    r"(?P<row>[A-Z0-9]{1,4})-(?P<number>[0-9]{1,3})|(?P<letters>[A-Z0-9]{0,3}[A-Z])(?P<digits>[0-9]{1,3})"
)


class Labeled(Protocol):
    """Anything with a seat's label, row and number."""

    @property
    def label(self) -> str: ...
    @property
    def row(self) -> str: ...
    @property
    def number(self) -> int: ...


class WithSection(Protocol):
    @property
    def row(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def section(self) -> str: ...


def seat_label(row: str, number: int, section: str = "") -> str:
    """Row C, seat 7 is C7; row 12, seat 3 is 12-3, because 123 might be another. With a section it stands before."""
    short = f"{row}-{number}" if row[-1:].isdigit() else f"{row}{number}"
    return f"{section} {short}" if section else short


def place_label(area: str, number: int) -> str:
    """The label of an unnumbered place: Balcony 0012. No seat has a short label of digits only."""
    return f"{area} {number:04d}"


def is_place(label: str) -> bool:
    """Whether the label is of an unnumbered place in an area."""
    return short_label(label).isdigit()


def section_in(label: str) -> str:
    """The section that a label names, because the auditorium has another row of that name; '' for the others."""
    return label.rpartition(" ")[0]


def section_in_words(name: str) -> str:
    """The section's name for people; labels, forms and files keep the plan's name."""
    return translated_section_names().get(name, name)


def label_in_words(label: str) -> str:
    """The label for people: Rang A7 for Balcony A7."""
    section = section_in(label)
    return f"{section_in_words(section)} {short_label(label)}" if section else label


def short_label(label: str) -> str:
    """Row and number only, where the section is shown already."""
    return label.rpartition(" ")[2]


def seat_name(seat: Labeled) -> str:
    """Row A, seat 7; with its section where the auditorium has another row A: Balcony, row A, seat 7."""
    where = {"section": section_in_words(section_in(seat.label)), "row": seat.row, "seat": seat.number}
    if is_place(seat.label):
        return gettext("%(section)s, unreserved") % where
    if where["section"]:
        return gettext("%(section)s, row %(row)s, seat %(seat)s") % where
    return gettext("Row %(row)s, seat %(seat)s") % where


def seat_words(seat: Labeled) -> str:
    """Name a seat in the middle of a sentence: row A, seat 7."""
    where = {"section": section_in_words(section_in(seat.label)), "row": seat.row, "seat": seat.number}
    if is_place(seat.label):
        return gettext("%(section)s, unreserved") % where
    if where["section"]:
        return gettext("%(section)s, row %(row)s, seat %(seat)s") % where
    return gettext("row %(row)s, seat %(seat)s") % where


def neighbors_in_words(run: Sequence[WithSection]) -> str:
    """Name neighbors in the middle of a sentence: row M, seats 9 to 12, Stalls."""
    numbers = sorted(seat.number for seat in run)
    where = {"row": run[0].row, "seat": numbers[0], "last": numbers[-1], "section": section_in_words(run[0].section)}
    if len(run) == 1:
        words = gettext("row %(row)s, seat %(seat)s")
    elif len(run) == 2:
        words = gettext("row %(row)s, seats %(seat)s and %(last)s")
    else:
        words = gettext("row %(row)s, seats %(seat)s to %(last)s")
    return (f"{words}, %(section)s" if run[0].section else words) % where


def labels_in_words(labels: Iterable[str]) -> str:
    """List seats by label and places by number: C7, C8, Balcony (3 unreserved)."""
    return ", ".join(label_words(labels))


def label_words(labels: Iterable[str]) -> list[str]:
    """List seats by label and places by number, as in labels_in_words."""
    words: list[str] = []
    places: Counter[str] = Counter()
    for label in labels:
        if is_place(label):
            places[section_in_words(section_in(label))] += 1
        else:
            words.append(label_in_words(label))
    words += [
        gettext("%(section)s (%(number)s unreserved)") % {"section": area, "number": n} for area, n in places.items()
    ]
    return words


def only_places(labels: Iterable[str]) -> bool:
    """Whether all of these are unnumbered places, and there are some."""
    labels = list(labels)
    return bool(labels) and all(map(is_place, labels))


def seats_said(labels: Iterable[str]) -> str:
    """As labels_in_words, with the word "seats" before it unless none of them has a number: Seats C7, C8; Seat C7."""
    labels = list(labels)
    words = labels_in_words(labels)
    if only_places(labels):
        return words
    return ngettext("Seat %(seats)s", "Seats %(seats)s", len(labels)) % {"seats": words}


def seats_inside(labels: Iterable[str]) -> str:
    """As `seats_said`, in the middle of a sentence: seats C7, C8; seat C7."""
    labels = list(labels)
    words = labels_in_words(labels)
    if only_places(labels):
        return words
    return ngettext("seat %(seats)s", "seats %(seats)s", len(labels)) % {"seats": words}


def number_in_words(seats: int, places: int) -> str:
    """How many seats and unnumbered places: 2 seats; 3 places; 2 seats and 1 place."""
    seats_text = ngettext("%(number)s seat", "%(number)s seats", seats) % {"number": seats}
    places_text = ngettext("%(number)s place", "%(number)s places", places) % {"number": places}
    if seats and places:
        return gettext("%(seats)s and %(places)s") % {"seats": seats_text, "places": places_text}
    return places_text if places else seats_text


def labels_counted(labels: Iterable[str]) -> str:
    """How many of them are seats, and how many unnumbered places. The places of a sofa are seats."""
    labels = list(labels)
    places = sum(map(is_place, labels))
    return number_in_words(len(labels) - places, places)


def row_name(label: str, row: str) -> str:
    """The heading above a row: Row A, or Balcony, row A."""
    if is_place(label):
        return gettext("%(section)s, unreserved") % {"section": section_in_words(section_in(label))}
    if section := section_in_words(section_in(label)):
        return gettext("%(section)s, row %(row)s") % {"section": section, "row": row}
    return gettext("Row %(row)s") % {"row": row}


def clean_label(typed: str) -> str:
    """Return a typed label as stored: "Balcony a7 " becomes "Balcony A7"; '' for an invalid one."""
    section, _, short = typed.strip().rpartition(" ")
    section, short = section.strip(), short.upper()
    if not SHORT_LABEL.fullmatch(short) or len(section) > LONGEST_SECTION_NAME or not SECTION_NAME.fullmatch(section):
        return ""
    return f"{section} {short}" if section else short


def row_and_number(typed: str) -> tuple[str, int] | None:
    """Read what somebody typed to find a seat: a7, A-7 and A7 are row A, number 7. None for anything else."""
    found = TYPED.fullmatch(typed.strip().upper())
    if found is None:
        return None
    return found["row"] or found["letters"], int(found["number"] or found["digits"])
