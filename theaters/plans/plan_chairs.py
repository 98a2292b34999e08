"""Finds a chair of an auditorium in all of its plans: the label differs where a later plan has two rows of that name."""

from collections import defaultdict

from theaters.models import Auditorium, Seat
from theaters.plans.plan_differences import same_seats
from theaters.seat_labels import row_and_number, section_in, short_label


def chair_in_plans(auditorium: Auditorium, label: str) -> dict[int, str]:
    """Find, by plan, the label of the chair that has this label in the newest plan with it. Usually one query."""
    place = row_and_number(short_label(label))
    if place is None:
        return {}
    row, number = place
    called = Seat.objects.filter(plan__auditorium=auditorium, row=row, number=number)
    seats = list(called.order_by("-plan__number"))
    chair = next((seat for seat in seats if seat.label == label), None)
    if chair is None:
        return {}
    if len({seat.section for seat in seats}) == 1:
        return {seat.plan_id: seat.label for seat in seats}
    return _compared(chair, {seat.plan_id for seat in seats})


def _compared(chair: Seat, plan_ids: set[int]) -> dict[int, str]:
    """Find the same chair in plans with other sections, by comparing whole plans."""
    plans: defaultdict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(plan__in=plan_ids).order_by("pk"):
        plans[seat.plan_id].append(seat)
    found = {plan_id: same_seats(plans[chair.plan_id], seats).get(chair.label, "") for plan_id, seats in plans.items()}
    return {plan_id: label for plan_id, label in found.items() if label}


def labels_like(auditorium: Auditorium, typed: str) -> list[str]:
    """The labels that somebody may mean by "c7" or "balcony a7", of the newest plan that has them: none, one or several."""
    typed = " ".join(typed.split())
    place = row_and_number(short_label(typed))
    if place is None:
        return []
    seats = Seat.objects.filter(plan__auditorium=auditorium, row=place[0], number=place[1]).order_by("-plan__number")
    section = section_in(typed)
    if section:
        seats = seats.filter(section__iexact=section)
        return list(dict.fromkeys(seats.values_list("label", flat=True)))[:1]
    newest = seats.first()
    if newest is None:
        return []
    return list(seats.filter(plan=newest.plan_id).order_by("pk").values_list("label", flat=True))
