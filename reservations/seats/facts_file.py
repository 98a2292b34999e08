"""The facts of a plan's seats as a file for each language, from which static/js/seat-tip.js tells and draws them."""

import json
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.urls import reverse

from core.caches.process_cache import ProcessCache
from core.house_facts import translated_seat_notes
from core.texts.languages import current_language
from reservations.seats.fact_words import facts_in_words, places_in_words
from reservations.seats.geometry import beside_aisle
from reservations.seats.plan_seats import auditorium_facts, seats_of_plan
from reservations.seats.screen_views import AuditoriumFacts, seat_views

CENTIMETERS = 2
# A part of the file's address. Raise it when the format of the file changes, because browsers keep it for a year.
FORM = 2

Notes = tuple[tuple[str, str], ...]

_files: ProcessCache[tuple[int, AuditoriumFacts, Notes], str] = ProcessCache(seconds=3600, most=20)


def facts_url(plan_id: int) -> str:
    """The address of the file. It changes with the language, the measures of the auditorium and the translations; the
    plan itself never changes.
    """
    return _address(plan_id, version_of(plan_id))


@lru_cache(maxsize=1000)
def _address(plan_id: int, version: str) -> str:
    return reverse("seat_facts", args=[plan_id, version])


def version_of(plan_id: int) -> str:
    """The version of the facts in the current language."""
    return _version(auditorium_facts(plan_id), current_language(), _notes())


def language_of(plan_id: int, version: str) -> str | None:
    """The language of a version; None for a version that is out of date."""
    facts = auditorium_facts(plan_id)
    languages = (language for language, _ in settings.LANGUAGES)
    return next((language for language in languages if _version(facts, language, _notes(language)) == version), None)


@lru_cache(maxsize=1000)
def _version(facts: AuditoriumFacts, language: str, notes: Notes) -> str:
    return sha256(repr((FORM, language, facts.measures, sorted(facts.exit_rows), notes)).encode()).hexdigest()[:6]


def facts_file(plan_id: int) -> str:
    """JSON with the screen's width and height in meters, null where they are unknown; a list of texts about seats; and
    for each seat its position and which of the texts are about it.

    A position is in meters: aside from the screen's middle, away from it, above the first row. '' for a plan without
    seats.
    """
    return _files.get((plan_id, auditorium_facts(plan_id), _notes()), lambda: _make_file(plan_id))


def _notes(language: str = "") -> Notes:
    return tuple(sorted(translated_seat_notes(language).items()))


def _make_file(plan_id: int) -> str:
    seats, facts = seats_of_plan(plan_id), auditorium_facts(plan_id)
    if not seats:
        return ""
    views, aisles, measures = seat_views(seats, facts.measures), beside_aisle(seats), facts.measures
    said: dict[str, int] = {}
    found = {}
    for seat in seats:
        place = views.place_of([seat]) if views else (0.0, 0.0, 0.0)
        words = ", ".join([*places_in_words([seat], aisles, facts.exit_rows), *facts_in_words([seat])])
        found[seat.label] = [*(round(meters, CENTIMETERS) for meters in place), said.setdefault(words, len(said))]
    screen = [measures.screen_width, measures.screen_height] if measures else None
    told = {"screen": screen, "said": list(said), "seats": found}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)
