"""Areas: parts of a plan with unnumbered places. A place has a label like a seat ("Balcony 0012"), which nobody reads."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from theaters.plans.plan_drawing import MOST_SEATS, AreaDrawing, PlanDrawing, SeatDrawing
from theaters.seat_categories import behavior_of
from theaters.seat_facts import LONGEST_NOTE, MOST_STEPS, SeatFacts, is_note, is_steps
from theaters.seat_labels import LONGEST_SECTION_NAME, SECTION_NAME, place_label
from theaters.states import SeatBehavior

NO_ROW = ""


@dataclass(frozen=True, slots=True)
class PlacesInPlan:
    """The contents of a published plan: its numbered seats, and its areas."""

    seats: tuple[SeatDrawing, ...]
    areas: tuple[AreaDrawing, ...]


def places_of(areas: Iterable[AreaDrawing]) -> Iterator[SeatDrawing]:
    """Return a seat row for every place of the areas, ordered behind the numbered seats."""
    for area in areas:
        for number in range(1, area.capacity + 1):
            label = place_label(area.name, number)
            yield SeatDrawing(label, NO_ROW, number, area.name, 0, 0, area.category, facts=area.facts)


def with_places(drawing: PlanDrawing) -> tuple[SeatDrawing, ...]:
    """Everything of a drawing that can be sold: its seats, then its places."""
    return (*drawing.seats, *places_of(drawing.areas))


def areas_in(seats: Iterable[SeatDrawing]) -> PlacesInPlan:
    """Turn rows written by `places_of` back into areas."""
    numbered: list[SeatDrawing] = []
    places: dict[tuple[str, str, SeatFacts], int] = {}
    for seat in seats:
        if seat.row == NO_ROW:
            key = seat.section, seat.category, seat.facts
            places[key] = places.get(key, 0) + 1
        else:
            numbered.append(seat)
    areas = (AreaDrawing(name, capacity, category, facts) for (name, category, facts), capacity in places.items())
    return PlacesInPlan(tuple(numbered), tuple(areas))


def problems_of_areas(drawing: PlanDrawing) -> list[str]:
    """List a sentence for each rule that an area breaks."""
    found = []
    names = Counter(area.name for area in drawing.areas)
    for area in drawing.areas:
        is_name = area.name == " ".join(area.name.split()) and SECTION_NAME.fullmatch(area.name)
        if not area.name or not is_name or len(area.name) > LONGEST_SECTION_NAME:
            found.append(f"An area's name has one to {LONGEST_SECTION_NAME} letters and no brackets.")
        if area.name in drawing.sections or names[area.name] > 1:
            found.append(f"{area.name} is the name of two parts of this plan. Give the area a name of its own.")
        if not 1 <= area.capacity <= MOST_SEATS:
            found.append(f"{area.name}: an area has 1 to {MOST_SEATS:,} places.")
        if area.facts.steps is not None and not is_steps(area.facts.steps):
            found.append(f"{area.name}: steps are a number from 0 to {MOST_STEPS}, or empty where nobody knows.")
        if not is_note(area.facts.note):
            found.append(f"{area.name}: the text is one line of up to {LONGEST_NOTE} letters.")
        if behavior_of(area.category) != SeatBehavior.ORDINARY:
            found.append(
                f"{area.name}: the places of an area are sold one by one, so they are no sofas or wheelchair spaces."
            )
    total = len(drawing.seats) + sum(area.capacity for area in drawing.areas)
    if total > MOST_SEATS:
        found.append(f"A plan holds at most {MOST_SEATS:,} seats and places; this one has {total:,}.")
    return list(dict.fromkeys(found))
