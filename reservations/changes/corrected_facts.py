"""A new plan says something worse about sold seats: finds the bookings of people who rely on the old facts. They are
notified as in an outage.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby
from operator import or_

from django.db.models import Exists, OuterRef, Q

from accounts.states import Need
from reservations.changes.outages import ON_WHEELS, SPACES, told_needs
from reservations.models import Booking, SeatOffer, Ticket
from reservations.seats.fact_words import ARMREST_LIFTS, BESIDE_AISLE, HEARING_LOOP, STEPS
from reservations.seats.geometry import beside_aisle
from reservations.states import LIVE_TICKETS, BookingStatus, TicketStatus
from theaters.models import Seat, SeatingPlan, Showtime
from theaters.plans.plan_differences import same_seats
from theaters.seat_facts import SeatFacts

# By fact: the needs of people who rely on it, and the columns of a waiting entry that ask for it.
NEEDS: dict[str, tuple[Need, ...]] = {
    STEPS: (*ON_WHEELS, Need.STEP_FREE),
    HEARING_LOOP: (Need.HEARING_LOOP,),
    ARMREST_LIFTS: (Need.TRANSFER, Need.ARMREST),
    BESIDE_AISLE: (Need.TRANSFER, Need.AISLE, Need.DOG),
}
# Pairs of yes, no or unknown, before and after, that are worse for people who rely on the fact.
LESS = {(True, False), (True, None), (None, False)}
# Bookings that are being paid for are included; their mail goes once they are paid.
TOLD = (BookingStatus.CONFIRMED, BookingStatus.PENDING)
ASKED_FOR: dict[str, tuple[str, ...]] = {
    STEPS: ("is_step_free",),
    HEARING_LOOP: ("has_hearing_loop",),
    ARMREST_LIFTS: ("has_lifting_armrest", "has_transfer"),
    BESIDE_AISLE: ("is_beside_aisle", "has_transfer", "has_dog"),
}


@dataclass(frozen=True)
class Correction:
    """A seat with worse facts than before, by its labels in both plans; `worse` are the names of these facts."""

    label: str
    new_label: str
    before: SeatFacts
    after: SeatFacts
    worse: tuple[str, ...]


def corrections(old: SeatingPlan, new: SeatingPlan) -> list[Correction]:
    """The seats of both plans of which a fact is worse in the new one, in the plan's order. Two queries."""
    return _corrections(seats_of(old), seats_of(new))


def _corrections(before: Mapping[str, Seat], after: Mapping[str, Seat]) -> list[Correction]:
    same = same_seats(list(before.values()), list(after.values()))
    facts, new_facts = _with_aisles(before), _with_aisles(after)
    pairs = [(label, now, facts[label], new_facts[now]) for label, now in same.items()]
    return [Correction(*pair, worse=worse) for pair in pairs if (worse := worse_facts(*pair[2:]))]


def _with_aisles(seats: Mapping[str, Seat]) -> dict[str, SeatFacts]:
    """The facts by label; `beside_aisle` follows from the drawing where the plan does not say it."""
    aisles = beside_aisle(seats.values())
    return {label: replace(seat.facts, beside_aisle=label in aisles) for label, seat in seats.items()}


def worse_facts(before: SeatFacts, after: SeatFacts) -> tuple[str, ...]:
    """The facts that are worse now, by name: more steps, no loop or armrest, or no word any more of what was said to be there."""
    is_worse = {
        STEPS: _has_more_steps(before.steps, after.steps),
        HEARING_LOOP: (before.hearing_loop, after.hearing_loop) in LESS,
        ARMREST_LIFTS: (before.armrest_lifts, after.armrest_lifts) in LESS,
        BESIDE_AISLE: (before.beside_aisle, after.beside_aisle) in LESS,
    }
    return tuple(name for name, is_so in is_worse.items() if is_so)


def _has_more_steps(before: int | None, after: int | None) -> bool:
    if after is None:
        return before == 0
    return after > (before or 0)


def labels_by_fact(found: Sequence[Correction], *, new: bool) -> dict[str, list[str]]:
    """The labels of the seats by the fact that is worse, of the old plan or of the new one."""
    labels = {name: [one.new_label if new else one.label for one in found if name in one.worse] for name in NEEDS}
    return {name: those for name, those in labels.items() if those}


def bookings_relying_on(labels: Mapping[str, Collection[str]]) -> Q:
    """A filter for bookings with such a seat, by fact: of people who told the need, or asked for the fact on the waiting list.

    A wheelchair space says itself that nobody there climbs steps.
    """
    return reduce(or_, (_bookings_relying_on(fact, those) for fact, those in labels.items()), Q(pk__in=[]))


def _bookings_relying_on(fact: str, labels: Collection[str]) -> Q:
    taken = Ticket.objects.filter(
        booking=OuterRef("pk"), status__in=[*LIVE_TICKETS, TicketStatus.RESERVED], seat__label__in=labels
    )
    who = told_needs(NEEDS[fact])
    asked = reduce(or_, (Q(**{f"entry__{column}": True}) for column in ASKED_FOR[fact]))
    who |= Q(Exists(SeatOffer.objects.filter(asked, hold=OuterRef("hold_id"))))
    who &= Q(Exists(taken))
    return who | Q(Exists(taken.filter(SPACES))) if fact == STEPS else who


def told_counts(showtimes: Sequence[Showtime], new: Mapping[str, Seat]) -> Counter[int]:
    """By showtime, how many bookings would be notified if it went to a plan with these seats. Some queries for each
    plan that the showtimes have.
    """
    told: Counter[int] = Counter()
    by_plan = groupby(sorted(showtimes, key=lambda showtime: showtime.plan_id), key=lambda showtime: showtime.plan)
    for old, alike in by_plan:
        worse = labels_by_fact(_corrections(seats_of(old), new), new=False)
        bookings = (
            Booking.objects.filter(showtime__in=list(alike), status__in=TOLD) if worse else Booking.objects.none()
        )
        told.update(bookings.filter(bookings_relying_on(worse)).values_list("showtime", flat=True))
    return told


def facts_as_json(
    found: Sequence[Correction], old: SeatingPlan, new: SeatingPlan
) -> tuple[dict[str, object], dict[str, object]]:
    """The values of a change before and after: the facts of the seats in both plans, by their labels in the new one."""
    before = {one.new_label: one.before.as_dict() for one in found}
    after = {one.new_label: one.after.as_dict() for one in found}
    worse = labels_by_fact(found, new=True)
    return (
        {"value": old.pk, "text": f"plan {old.number}", "facts": before, "worse": worse},
        {"value": new.pk, "text": f"plan {new.number}", "facts": after, "worse": worse},
    )


def seats_of(plan: SeatingPlan) -> dict[str, Seat]:
    return {seat.label: seat for seat in Seat.objects.filter(plan=plan).order_by("pk")}
