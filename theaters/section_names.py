"""The names of sections and areas, and the notes of seats, in the plans of a house, which the house may translate."""

from django.db.models import QuerySet

from theaters.models import Seat, SeatingPlan


def section_names_of(house_id: int) -> list[str]:
    """The sections in the newest plans of a house's auditoriums, sorted. One query."""
    return sorted(set().union(*sections_of_auditoriums(house_id)))


def sections_of_auditoriums(house_id: int) -> list[frozenset[str]]:
    """The sections that stand together in one auditorium, by its newest plan. One query."""
    seats = _seats_of(house_id).exclude(section="")
    by_plan: dict[int, set[str]] = {}
    for plan, section in seats.order_by().values_list("plan", "section").distinct():
        by_plan.setdefault(plan, set()).add(section)
    return [frozenset(sections) for sections in by_plan.values()]


def seat_notes_of(house_id: int) -> list[str]:
    """The notes of seats and areas in the newest plans of a house's auditoriums, sorted. One query."""
    notes = _seats_of(house_id).exclude(note="")
    return sorted(notes.order_by().values_list("note", flat=True).distinct())


def _seats_of(house_id: int) -> QuerySet[Seat]:
    newest = SeatingPlan.objects.published().filter(auditorium__theater__house=house_id)
    plans = newest.order_by("auditorium_id", "-number").distinct("auditorium_id").values("pk")
    return Seat.objects.filter(plan__in=plans)
