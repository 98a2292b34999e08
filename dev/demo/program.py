"""The program of a theater on a day: chosen at random from the movies, but always the same for the same theater and
day.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from dev.demo.films import Film, films
from dev.demo.german import in_german
from dev.demo.theaters import DemoAuditorium, DemoTheater

SEED = "marquee"
WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = 2, 4, 5, 6
MOST_SHOWS_A_DAY = 4
# All in minutes of the day, on the theater's clock.
SHORT_FILM = 10 * 60
LAST_START = 21 * 60 + 45
LATE = 24 * 60 + 30
STEP = 10
LATE_GENRES = {"Horror", "Film noir", "Experimental", "Science fiction"}
REEL = "35 mm"
RESTORED = {
    "metropolis",
    "nosferatu",
    "the-gold-rush",
    "the-cabinet-of-dr-caligari",
    "night-of-the-living-dead",
    "haxan",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A showtime to be created; `crowd` is the share of its seats to be sold."""

    auditorium: str
    film: Film
    on: date
    at: time
    format: str = ""
    crowd: float = 0.0

    @property
    def is_reel(self) -> bool:
        return self.format == REEL

    @property
    def note(self) -> str:
        words = [self.format] if self.format and not self.is_reel else []
        return ", ".join([*words, *self.film.silent_notes])

    @property
    def note_in_german(self) -> str:
        return ", ".join(map(in_german, self.note.split(", ")))


def day_program(theater: DemoTheater, on: date) -> list[Slot]:
    """All showtimes of a business day; one after midnight carries the next date."""
    dice = random.Random(f"{SEED} {theater.slug} {on.isoformat()}")
    deck = _features()
    dice.shuffle(deck)
    slots: list[Slot] = []
    for auditorium in theater.auditoriums:
        minute = _opening(theater, auditorium, on, dice)
        if on.weekday() >= SATURDAY and auditorium is theater.auditoriums[0]:
            slots.append(_slot(auditorium, _short_film(), on, SHORT_FILM, form="Live piano"))
        starts = list(_starts(auditorium, minute, deck))
        for film, start in starts:
            is_crowded = auditorium is theater.auditoriums[-1] and start == starts[-1][1]
            crowd = _crowd(on) if is_crowded else 0.0
            slots.append(_slot(auditorium, film, on, start, form=_format(film, dice), crowd=crowd))
            minute = _free_again(auditorium, film, start)
        if auditorium.name == theater.late_auditorium and on.weekday() in {FRIDAY, SATURDAY} and minute <= LATE:
            slots.append(_slot(auditorium, dice.choice(_late_films()), on, LATE))
    return slots


def _opening(theater: DemoTheater, auditorium: DemoAuditorium, on: date, dice: random.Random) -> int:
    """When a auditorium's first feature begins: auditoriums take turns, so that the foyer does not overflow."""
    first = 12 * 60 if on.weekday() >= SATURDAY else 15 * 60
    return first + 20 * theater.auditoriums.index(auditorium) + STEP * dice.randrange(2)


def _starts(auditorium: DemoAuditorium, minute: int, deck: list[Film]) -> Iterator[tuple[Film, int]]:
    """Films from the deck, one after the other, as long as one may still begin."""
    for _ in range(MOST_SHOWS_A_DAY):
        if minute > LAST_START:
            return
        film = deck.pop()
        yield film, minute
        minute = _free_again(auditorium, film, minute)


def _free_again(auditorium: DemoAuditorium, film: Film, minute: int) -> int:
    """When the next one may begin: adverts, film and cleaning later, rounded up to a time that reads well."""
    over = minute + auditorium.preroll_minutes + film.running_minutes + auditorium.turnaround_minutes
    return -(-over // STEP) * STEP


def _slot(auditorium: DemoAuditorium, film: Film, on: date, minute: int, *, form: str = "", crowd: float = 0.0) -> Slot:
    days, rest = divmod(minute, 24 * 60)
    return Slot(
        auditorium=auditorium.name,
        film=film,
        on=on + timedelta(days=days),
        at=time(rest // 60, rest % 60),
        format=form,
        crowd=crowd,
    )


def _format(film: Film, dice: random.Random) -> str:
    kinds = ["", "", REEL]
    if film.slug in RESTORED:
        kinds += ["4K restoration", "4K restoration"]
    if film.is_silent:
        kinds += ["Live piano"]
    return dice.choice(kinds)


def _crowd(on: date) -> float:
    """The last show in the smallest auditorium: sold out on Saturdays, a few seats left on Fridays, filling on others."""
    return {WEDNESDAY: 0.6, FRIDAY: 0.93, SATURDAY: 1.0, SUNDAY: 0.75}.get(on.weekday(), 0.0)


def _features() -> list[Film]:
    return [film for film in films() if not film.is_short]


def _short_film() -> Film:
    return next(film for film in films() if film.is_short)


def _late_films() -> list[Film]:
    return [film for film in _features() if LATE_GENRES & set(film.genres)]
