"""The names of sections and areas in the plans of a house, which it may say in other languages too."""

from theaters.models import Seat, SeatingPlan


def section_names_of(house_id: int) -> list[str]:
    """The sections in the newest plans of a house's auditoriums, sorted. One query."""
    newest = SeatingPlan.objects.published().filter(auditorium__theater__house=house_id)
    plans = newest.order_by("auditorium_id", "-number").distinct("auditorium_id").values("pk")
    seats = Seat.objects.filter(plan__in=plans).exclude(section="")
    return sorted(seats.order_by().values_list("section", flat=True).distinct())
