"""Moves a showtime to another auditorium: a proposal of who sits where, which staff may change, then carried out.

While staff look at a proposal nothing new is sold for the showtime (locks/showtimes.py), so that what they see stays
true. Tickets keep their codes: the same people come to the same show
(docs/adr/0058-a-showtime-moves-with-its-people.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from core.clock import ClockTimestamp, database_now, from_now
from core.live import seat_map_changes
from core.rows import hints
from core.texts.local_formats import and_list
from reservations import locks
from reservations.changes.change_requests import request_of
from reservations.groups.shared_block_moves import (
    begin_anew,
    end_holds_that_stay_behind,
    seats_held_for_friends,
)
from reservations.models import ShowtimeArea, ShowtimeSeat, Ticket, WaitingEntry
from reservations.opening.showtime_opening import make_seats
from reservations.seats.groups import Group, Sitter
from reservations.seats.house_seats import keep_broken_seats_back
from reservations.seats.new_seats import TooFewSeats, new_seats
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.state import SeatState, in_state
from reservations.seats.units import cut_units, with_mates
from reservations.states import LIVE_TICKETS, TicketStatus
from reservations.waiting.waiting_offers import withdraw_offers
from theaters import locks as theater_locks
from theaters.models import BrokenSeat, Seat, SeatingPlan, Showtime, ShowtimeChange
from theaters.plans.category_names import categories_of
from theaters.plans.plan_chairs import chair_in_plans
from theaters.schedule.scheduling import SchedulingRefused, overlap_sentence
from theaters.seat_categories import is_wheelchair
from theaters.seat_labels import clean_label
from theaters.states import ChangeKind, ChangeStatus

# A pause of sales ends by itself after this time, so that staff who are called away do not stop sales for an evening.
PAUSE_SECONDS = 1800

# Ticket id → label of its seat in the other auditorium. Negative keys are seats here that are kept for a group or held
# for friends.
type NewSeats = Mapping[int, str]


def propose_seats(showtime: Showtime, plan: SeatingPlan) -> dict[int, str]:
    """Propose seats for every ticket sold or being paid for, and every group seat.

    Raises TooFewSeats. Seats that are held for friends come after them: no ticket is worse off for what nobody paid
    yet, and a block that does not fit in is left out.
    """
    old, new = (list(Seat.objects.filter(plan=one).order_by("pk")) for one in (showtime.plan_id, plan.pk))
    closed, ranks = closed_labels(plan), categories_of(showtime.auditorium.theater_id).ranks
    seats = new_seats(_groups(_owned(showtime)), old=old, new=new, closed=closed, ranks=ranks)
    for block in _held_for_friends(showtime):
        with suppress(TooFewSeats):
            seats |= new_seats(_groups(block), old=old, new=new, closed=closed.union(seats.values()), ranks=ranks)
    return seats


def _groups(people: Iterable["SeatInUse"]) -> list[Group]:
    groups: defaultdict[tuple[str, int], list[Sitter]] = defaultdict(list)
    for one in people:
        groups[one.party].append(Sitter(one.key, one.seat))
    return [Group(party, tuple(sitting)) for party, sitting in groups.items()]


@dataclass(frozen=True)
class SeatInUse:
    """A seat that moves with a showtime. `party`: the booking, the group, or the hold of friends; `key` is that of NewSeats."""

    key: int
    party: tuple[str, int]
    seat: Seat


def sitters(showtime: Showtime) -> list[SeatInUse]:
    """All seats to be moved: those of ticket holders, then of groups, then those held for friends. Four queries."""
    return [*_owned(showtime), *chain.from_iterable(_held_for_friends(showtime))]


def _owned(showtime: Showtime) -> list[SeatInUse]:
    tickets = [SeatInUse(one.pk, ("booking", one.booking_id), one.seat) for one in sitting_tickets(showtime)]
    kept = [
        SeatInUse(-row.seat_id, ("group", row.group_block_id or 0), row.seat) for row in seats_kept_for_groups(showtime)
    ]
    return [*tickets, *kept]


def _held_for_friends(showtime: Showtime) -> list[list[SeatInUse]]:
    """Group the seats of shared blocks; each hold is a party, as one friend gets a whole sofa."""
    return [
        [SeatInUse(-row.seat_id, ("friends", row.hold_id or 0), row.seat) for row in rows]
        for rows in seats_held_for_friends(showtime).values()
    ]


def seats_kept_for_groups(showtime: Showtime) -> list[ShowtimeSeat]:
    """Group seats, even if somebody holds them without having paid, because holds end with the move."""
    kept = in_state(SeatState.HOUSE, SeatState.HELD, at=ClockTimestamp())
    rows = ShowtimeSeat.objects.filter(kept, showtime=showtime, group_block__isnull=False)
    return list(rows.select_related("seat", "group_block").order_by("seat_id"))


def sitting_tickets(showtime: Showtime) -> list[Ticket]:
    """Tickets that own their seats now: sold, or pending and not run out. In the plan's order; two queries."""
    theirs = in_state(SeatState.SOLD, SeatState.PENDING, at=ClockTimestamp())
    owners = set(ShowtimeSeat.objects.filter(theirs, showtime=showtime).values_list("booking_id", "seat_id"))
    tickets = Ticket.objects.filter(showtime=showtime, status__in=[*LIVE_TICKETS, TicketStatus.RESERVED])
    found = tickets.select_related("seat", "ticket_type", "booking__sale__contact").order_by("seat_id")
    return [ticket for ticket in found if (ticket.booking_id, ticket.seat_id) in owners]


def closed_labels(plan: SeatingPlan) -> set[str]:
    """Return the labels of broken seats in the auditorium, sofas as a whole."""
    broken = BrokenSeat.objects.filter(auditorium=plan.auditorium_id, mended_at=None)
    labels = [chair_in_plans(plan.auditorium, one.label).get(plan.pk, "") for one in broken]
    return set(with_mates(mates_of_plan(plan.pk), [label for label in labels if label]))


def pause_sales_of(showtime_id: int) -> None:
    """Pause selling this showtime for half an hour at most; payments that are under way still settle."""
    Showtime.objects.filter(pk=showtime_id).update(sales_paused_until=from_now(PAUSE_SECONDS))


def resume_sales_of(showtime_id: int) -> None:
    Showtime.objects.filter(pk=showtime_id).update(sales_paused_until=None)


def with_chosen_seats(showtime: Showtime, plan: SeatingPlan, seats: NewSeats, chosen: NewSeats) -> dict[int, str]:
    """The proposal with the seats that staff chose for some tickets; a ticket that had one of these gets the seat that
    became free.

    Raises SchedulingRefused.
    """
    after = dict(seats)
    labels = {ticket_id: clean_label(typed) or typed.strip() for ticket_id, typed in chosen.items()}
    chosen = {ticket_id: label for ticket_id, label in labels.items() if label and label != seats.get(ticket_id)}
    for ticket_id, label in chosen.items():
        if ticket_id not in after:
            raise SchedulingRefused(gettext("One of these tickets is not valid any more. Please look again."))
        other = next((one for one, has in after.items() if has == label and one != ticket_id), None)
        if other is not None and other not in chosen:
            after[other] = after[ticket_id]
        after[ticket_id] = label
    require_possible_seats(showtime, plan, after)
    return after


def choose_seats(*, change_id: int, chosen: dict[int, str]) -> None:
    """Change the seats of some tickets in a planned move; the pause of sales begins anew. Raises SchedulingRefused."""
    with transaction.atomic():
        change, showtime = _planned_move(change_id)
        request = request_of(change)
        assert request.moves_to is not None
        change.after["seats"] = with_chosen_seats(showtime, request.moves_to, request.new_seats, chosen)
        change.save(update_fields=["after"])
        pause_sales_of(showtime.pk)


def leave_move(*, change_id: int) -> None:
    """Give up the planned move: the showtime stays in its auditorium and is on sale again."""
    with transaction.atomic():
        _, showtime = _planned_move(change_id)
        resume_sales_of(showtime.pk)


def _planned_move(change_id: int) -> tuple[ShowtimeChange, Showtime]:
    showtime = theater_locks.showtime_to_change(
        ShowtimeChange.objects.values_list("showtime_id", flat=True).get(pk=change_id)
    )
    change = ShowtimeChange.objects.get(pk=change_id)
    if change.status != ChangeStatus.PLANNED or change.kind != ChangeKind.MOVE:
        raise SchedulingRefused(gettext("This change was made already."))
    return change, showtime


def require_possible_seats(showtime: Showtime, plan: SeatingPlan, seats: NewSeats) -> None:
    """Check that people can be moved to these seats. Raises SchedulingRefused."""
    there = {seat.label: seat for seat in Seat.objects.filter(plan=plan)}
    moving = [one for one in sitters(showtime) if one.key in seats]
    labels = [seats[one.key] for one in moving]
    if unknown := [label for label in labels if label not in there]:
        _refuse(gettext("There is no seat %(seats)s in the other auditorium."), unknown)
    if closed := closed_labels(plan).intersection(labels):
        _refuse(gettext("%(seats)s: broken, and kept back until it is mended."), sorted(closed))
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        _refuse(gettext("%(seats)s: two tickets cannot have the same seat."), twice)
    wrong = [seats[one.key] for one in moving if _is_space(one.seat) != _is_space(there[seats[one.key]])]
    if wrong:
        _refuse(gettext("%(seats)s: a wheelchair space is for a wheelchair user, and they need one."), wrong)
    _require_whole_sofas(plan, moving, seats)


def _is_space(seat: Seat) -> bool:
    return is_wheelchair(seat.category)


def _require_whole_sofas(plan: SeatingPlan, moving: Iterable[SeatInUse], seats: NewSeats) -> None:
    by_party: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for one in moving:
        by_party[one.party].append(seats[one.key])
    for labels in by_party.values():
        for unit in cut_units(mates_of_plan(plan.pk), labels):
            _refuse(gettext("Seats %(seats)s are one sofa, which is given to one booking as a whole."), unit)


def _refuse(sentence: str, labels: Iterable[str]) -> None:
    raise SchedulingRefused(sentence % {"seats": and_list(list(labels))})


def move_to_auditorium(showtime: Showtime, planned: Showtime, seats: NewSeats) -> None:
    """Move all tickets as proposed, and the seats of groups and those held for friends. Other holds end, and seats kept
    back for other reasons do not move.

    `planned`: the showtime with its new auditorium, plan and times. Inside the caller's transaction, under the
    showtime's lock. Raises SchedulingRefused.
    """
    plan = planned.plan
    _put_there(showtime, planned)
    withdraw_offers(showtime.pk)
    blocks, holds = locks.shared_blocks_of(showtime.pk), locks.holds_of_showtime(showtime.pk)
    locks.tickets_of_showtime(showtime.pk)
    locks.group_blocks(showtime.pk)
    rows = {row.seat_id: row for row in locks.seats_of_showtime(showtime.pk)}
    friends, there = seats_held_for_friends(showtime), {-key: label for key, label in seats.items() if key < 0}
    moving = end_holds_that_stay_behind(holds, blocks, friends, seats=set(there))
    tickets = sitting_tickets(showtime)
    if sold := [ticket.seat.label for ticket in tickets if ticket.pk not in seats]:
        _refuse(gettext("Sold since the move was planned: %(seats)s. Plan the move again."), sold)
    kept = seats_kept_for_groups(showtime)
    if new := [row.label for row in kept if -row.seat_id not in seats]:
        _refuse(gettext("Kept for a group since the move was planned: %(seats)s. Plan the move again."), new)
    require_possible_seats(showtime, plan, seats)
    claims = {seats[ticket.pk]: _claim(rows[ticket.seat_id]) for ticket in tickets}
    claims |= {seats[-row.seat_id]: _claim(row) for row in kept}
    sold_there = {ticket: seats[ticket.pk] for ticket in tickets}
    claims |= begin_anew(moving, showtime=planned, friends=friends, tickets=sold_there, there=there)
    _move_rows(showtime, plan, claims, sold_there)
    sections = Seat.objects.filter(plan=plan).order_by().values("section").distinct()
    WaitingEntry.objects.filter(showtime=showtime).exclude(section__in=sections).update(section="")
    hints.on_commit("reservations.offer_waiting_seats", showtime_id=showtime.pk)
    seat_map_changes.publish_redrawn(showtime.pk)


def _put_there(showtime: Showtime, planned: Showtime) -> None:
    try:
        with transaction.atomic():
            Showtime.objects.filter(pk=showtime.pk).update(
                auditorium=planned.auditorium,
                ends_at=planned.ends_at,
                occupied_until=planned.occupied_until,
                sales_close_at=planned.sales_close_at,
                sales_paused_until=None,
            )
    except IntegrityError:
        raise SchedulingRefused(overlap_sentence(planned) or gettext("Another showtime is there now.")) from None


def _claim(row: ShowtimeSeat) -> dict[str, object]:
    """The owner of a row: a booking, a group, or both if the group bought it. Other house seats are not moved."""
    claim: dict[str, object] = {"booking_id": row.booking_id, "held_until": row.held_until if row.booking_id else None}
    if row.group_block_id is not None:
        claim |= {"group_block_id": row.group_block_id, "house_reason": row.house_reason}
    return claim


def _move_rows(
    showtime: Showtime, plan: SeatingPlan, claims: Mapping[str, dict[str, object]], tickets: Mapping[Ticket, str]
) -> None:
    """Write the rows of the other plan by label, with the same owners as before."""
    ShowtimeSeat.objects.filter(showtime=showtime).delete()
    ShowtimeArea.objects.filter(showtime=showtime).delete()
    make_seats(showtime_id=showtime.pk, plan_id=plan.pk)
    made = {row.label: row for row in ShowtimeSeat.objects.filter(showtime=showtime)}
    for label, claim in claims.items():
        for column, value in claim.items():
            setattr(made[label], column, value)
    columns = ["booking", "hold", "held_until", "group_block", "house_reason"]
    ShowtimeSeat.objects.bulk_update([made[label] for label in claims], columns, batch_size=500)
    for ticket, label in tickets.items():
        ticket.seat_id = made[label].seat_id
    Ticket.objects.bulk_update(tickets, ["seat"], batch_size=500)
    Showtime.objects.filter(pk=showtime.pk).update(plan=plan, seats_total=len(made), fullness_at=None)
    showtime.plan, showtime.auditorium = plan, plan.auditorium
    keep_broken_seats_back(showtime, made.keys() - claims.keys())


def paused_until(showtime: Showtime) -> datetime | None:
    """Return until when sales pause because a move is being planned; None when they do not."""
    until = showtime.sales_paused_until
    return until if until is not None and until > database_now() else None
