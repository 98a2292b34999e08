"""The facts of a plan's seats as one file, from which a browser says and draws how the screen is seen (static/js/seat-tip.js)."""

import json
from hashlib import sha256

from django.urls import reverse

from core.caches.process_cache import ProcessCache
from reservations.seats.geometry import beside_aisle
from reservations.seats.plan_seats import auditorium_facts, seats_of_plan
from reservations.seats.seat_facts import AuditoriumFacts, seat_views

BESIDE_AN_AISLE, NEAR_AN_EXIT = 1, 2
CENTIMETERS = 2

_files: ProcessCache[tuple[int, AuditoriumFacts], str] = ProcessCache(seconds=3600, most=20, has_sentences=False)


def facts_url(plan_id: int) -> str:
    """The address changes with what staff say of the auditorium; the plan itself never changes."""
    return reverse("seat_facts", args=[plan_id, version_of(plan_id)])


def version_of(plan_id: int) -> str:
    facts = auditorium_facts(plan_id)
    return sha256(repr((facts.measures, sorted(facts.exit_rows))).encode()).hexdigest()[:6]


def facts_file(plan_id: int) -> str:
    """JSON: the screen's width and height in meters, null where they are not known, and each seat's place and flags.

    A place is in meters: aside from the screen's middle, away from it, above the first row. '' for a plan without seats.
    """
    return _files.get((plan_id, auditorium_facts(plan_id)), lambda: _make(plan_id))


def _make(plan_id: int) -> str:
    seats, facts = seats_of_plan(plan_id), auditorium_facts(plan_id)
    if not seats:
        return ""
    views, aisles, measures = seat_views(seats, facts.measures), beside_aisle(seats), facts.measures
    found = {}
    for seat in seats:
        place = views.place_of([seat]) if views else (0.0, 0.0, 0.0)
        flags = BESIDE_AN_AISLE * (seat.label in aisles) + NEAR_AN_EXIT * (seat.row in facts.exit_rows)
        found[seat.label] = [*(round(meters, CENTIMETERS) for meters in place), flags]
    screen = [measures.screen_width, measures.screen_height] if measures else None
    return json.dumps({"screen": screen, "seats": found}, separators=(",", ":"), ensure_ascii=False)
