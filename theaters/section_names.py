"""The names of sections and areas in the plans of a house, which it may say in other languages too."""

from theaters.models import Seat, SeatingPlan


def section_names_of(house_id: int) -> list[str]:
    """The sections in the newest plans of a house's auditoriums, sorted. One query."""
    return sorted(set().union(*sections_of_auditoriums(house_id)))


def sections_of_auditoriums(house_id: int) -> list[frozenset[str]]:
    """The sections that stand together in one auditorium, by its newest plan. One query."""
    newest = SeatingPlan.objects.published().filter(auditorium__theater__house=house_id)
    plans = newest.order_by("auditorium_id", "-number").distinct("auditorium_id").values("pk")
    seats = Seat.objects.filter(plan__in=plans).exclude(section="")
    by_plan: dict[int, set[str]] = {}
    for plan, section in seats.order_by().values_list("plan", "section").distinct():
        by_plan.setdefault(plan, set()).add(section)
    return [frozenset(sections) for sections in by_plan.values()]
