"""Which showtimes have seats for those who need an aisle, an armrest that lifts or a row near an exit."""

from collections.abc import Collection, Iterable

from django.contrib.postgres.aggregates import BoolOr

from theaters.models import Auditorium, Seat, Showtime

OF_SEATS = frozenset({"aisle", "armrest", "near-exit"})


def seats_for_needs(shows: Iterable[Showtime], needed: Collection[str]) -> dict[int, frozenset[str]]:
    """What the numbered seats of each plan have of this. No query where nobody needs it, else one or two."""
    if OF_SEATS.isdisjoint(needed):
        return {}
    plans = {show.plan_id for show in shows}
    rows = Seat.objects.filter(plan__in=plans).exclude(row="").order_by().values("plan")
    lifts = dict(rows.annotate(lifts=BoolOr("armrest_lifts")).values_list("plan", "lifts"))
    found = {plan: {"aisle"} | ({"armrest"} if armrest else set()) for plan, armrest in lifts.items()}
    if "near-exit" in needed:
        for auditorium in Auditorium.objects.filter(plans__in=lifts).exclude(exit_rows="").distinct():
            near = Seat.objects.filter(plan__in=lifts, plan__auditorium=auditorium, row__in=auditorium.rows_near_exit)
            for plan in set(near.order_by().values_list("plan", flat=True)):
                found[plan].add("near-exit")
    return {plan: frozenset(values) for plan, values in found.items()}
