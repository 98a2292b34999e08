"""Seats that the next plan of an auditorium no longer has, while coming showtimes still sell them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from core.actors import staff_actor_name
from core.clock import database_now
from core.pauses import WhenPaused
from reservations import locks
from reservations.models import ShowtimeSeat, Ticket
from reservations.opening.house_seats import count_again, record_seats
from reservations.opening.showtime_opening import keep_back
from reservations.seats.state import SeatState, state_of
from reservations.states import LIVE_TICKETS
from theaters.models import Auditorium, Seat, SeatingPlan, Showtime
from theaters.plans.plan_differences import Chair, seats_without
from theaters.plans.plan_drafts import publish_draft
from theaters.plans.plan_files import with_places
from theaters.plans.plans import drawing_of
from theaters.states import ShowtimeStatus

MOST_REASON = 60


@dataclass(frozen=True)
class SeatAtShowtime:
    """A removed seat at one showtime: `ticket` is the one that sold it; without a ticket somebody is choosing or paying."""

    label: str
    showtime: Showtime
    ticket: Ticket | None = None


@dataclass
class RemovedSeat:
    """One seat and the showtimes to come that have it. `drafts` are not on sale yet and will sell it once they are."""

    label: str
    on_sale: list[Showtime] = field(default_factory=list)
    taken: list[SeatAtShowtime] = field(default_factory=list)
    sold: list[SeatAtShowtime] = field(default_factory=list)
    kept: list[Showtime] = field(default_factory=list)
    drafts: list[Showtime] = field(default_factory=list)


@dataclass(frozen=True)
class KeptBack:
    """The outcome for the removed seats: at how many showtimes they were kept back, and where somebody has one."""

    showtimes: int = 0
    labels: tuple[str, ...] = ()
    sold: tuple[SeatAtShowtime, ...] = ()
    taken: tuple[SeatAtShowtime, ...] = ()


def removed_seats(auditorium: Auditorium, seats: Sequence[Chair], *, now: datetime) -> list[RemovedSeat]:
    """Seats of showtimes to come that a plan of these `seats` would not have, in the order of their plans. Five queries."""
    showtimes = _showtimes_to_come(auditorium, now)
    without = _labels_without(showtimes, seats)
    found: dict[str, RemovedSeat] = {label: RemovedSeat(label) for labels in without.values() for label in labels}
    for showtime in showtimes:
        if showtime.status == ShowtimeStatus.DRAFT:
            for label in without[showtime.plan_id]:
                found[label].drafts.append(showtime)
    _sort_rows(found, showtimes, without)
    return list(found.values())


def _showtimes_to_come(auditorium: Auditorium, now: datetime) -> list[Showtime]:
    ahead = Showtime.objects.with_names().filter(auditorium=auditorium, ends_at__gt=now)
    return list(ahead.exclude(status=ShowtimeStatus.CANCELED).order_by("starts_at", "pk"))


def _labels_without(showtimes: Iterable[Showtime], seats: Sequence[Chair]) -> dict[int, tuple[str, ...]]:
    """For each plan of these showtimes, the labels that are not among `seats`."""
    plans: dict[int, list[Seat]] = {showtime.plan_id: [] for showtime in showtimes}
    for seat in Seat.objects.filter(plan__in=plans).order_by("plan", "pk"):
        plans[seat.plan_id].append(seat)
    return {plan_id: seats_without(old, seats) for plan_id, old in plans.items()}


def _sort_rows(found: dict[str, RemovedSeat], showtimes: list[Showtime], without: dict[int, tuple[str, ...]]) -> None:
    by_id = {showtime.pk: showtime for showtime in showtimes}
    rows = ShowtimeSeat.objects.filter(showtime__in=by_id, label__in=found).order_by("showtime__starts_at", "pk")
    gone = [row for row in rows if row.label in without[by_id[row.showtime_id].plan_id]]
    tickets = Ticket.objects.filter(
        showtime__in={row.showtime_id for row in gone}, seat__in={row.seat_id for row in gone}, status__in=LIVE_TICKETS
    )
    sold = {(ticket.showtime_id, ticket.seat_id): ticket for ticket in tickets.select_related("booking__sale__contact")}
    now = database_now()
    for row in gone:
        seat, showtime = found[row.label], by_id[row.showtime_id]
        match state_of(row, now):
            case SeatState.SOLD:
                ticket = sold.get((row.showtime_id, row.seat_id))
                seat.sold.append(SeatAtShowtime(row.label, showtime, ticket))
            case SeatState.HELD | SeatState.PENDING:
                seat.taken.append(SeatAtShowtime(row.label, showtime))
            case SeatState.HOUSE:
                seat.kept.append(showtime)
            case _:
                seat.on_sale.append(showtime)


def publish_and_keep_back(
    *, auditorium: Auditorium, revision: int, present: int, reason: str, user_id: int, now: datetime
) -> tuple[SeatingPlan, KeptBack]:
    """Publish the draft, and keep the seats that it no longer has back at all showtimes: both or neither.

    A seat that somebody has is kept back as soon as it is left. Raises what publish_draft raises.
    """
    with transaction.atomic():
        plan = publish_draft(
            auditorium=auditorium, revision=revision, present=present, reason=reason, user_id=user_id, now=now
        )
        words = reason.strip() or f"Not in plan {plan.number} any more"
        seats = removed_seats(auditorium, with_places(drawing_of(plan)), now=now)
        return plan, _keep_back(seats, reason=words, actor=staff_actor_name(user_id))


def _keep_back(seats: list[RemovedSeat], *, reason: str, actor: str) -> KeptBack:
    wanted = _labels_by_showtime(seats)
    # All showtimes first, by id, and then their seats: the order of every transaction.
    for showtime_id in sorted(wanted):
        locks.showtime_gate(showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
    kept: dict[int, list[str]] = {}
    missed: list[SeatAtShowtime] = []
    for showtime_id, (showtime, labels) in sorted(wanted.items()):
        refused = keep_back(showtime_id=showtime_id, labels=labels, reason=reason[:MOST_REASON])
        if refused:
            locks.mark_taken_seats(showtime_id=showtime_id, labels=refused, reason=reason[:MOST_REASON])
            missed += [SeatAtShowtime(label, showtime) for label in refused]
        if done := [label for label in labels if label not in refused]:
            kept[showtime_id] = done
            record_seats(showtime, "keep seats back", done, reason=reason, actor=actor)
    count_again(list(wanted))
    return _kept_back(kept, missed)


def _labels_by_showtime(seats: list[RemovedSeat]) -> dict[int, tuple[Showtime, list[str]]]:
    """For each showtime, the removed seats that are not kept back already."""
    wanted: dict[int, tuple[Showtime, list[str]]] = {}
    for seat in seats:
        for showtime in [*seat.on_sale, *(place.showtime for place in [*seat.taken, *seat.sold])]:
            wanted.setdefault(showtime.pk, (showtime, []))[1].append(seat.label)
    return wanted


def _kept_back(kept: dict[int, list[str]], missed: list[SeatAtShowtime]) -> KeptBack:
    """Whether a seat that somebody has is sold is read after the locks: it may have been bought meanwhile."""
    tickets = Ticket.objects.filter(
        showtime__in={row.showtime.pk for row in missed},
        seat__label__in={row.label for row in missed},
        status__in=LIVE_TICKETS,
    ).select_related("booking__sale__contact", "seat")
    found = {(ticket.showtime_id, ticket.seat.label): ticket for ticket in tickets}
    told = [SeatAtShowtime(row.label, row.showtime, found.get((row.showtime.pk, row.label))) for row in missed]
    return KeptBack(
        showtimes=len(kept),
        labels=tuple(dict.fromkeys(label for labels in kept.values() for label in labels)),
        sold=tuple(seat for seat in told if seat.ticket),
        taken=tuple(seat for seat in told if not seat.ticket),
    )
