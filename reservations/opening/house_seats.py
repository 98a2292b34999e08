"""House seats: released by hand or when their time has come; a broken seat is kept back wherever it is free."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext

from core.actors import staff_actor_name
from core.clock import ClockTimestamp, database_now
from core.live import seat_map_changes
from core.pauses import WhenPaused
from core.rows.sweeps import next_row_on_error
from reservations import locks
from reservations.models import GroupBlock, ShowtimeSeat, Ticket
from reservations.opening.showtime_opening import keep_back
from reservations.seats.house_seats import seats_due_for_release, seats_kept_as_broken
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.state import SeatState, shown_to_others, state_of
from reservations.seats.units import with_mates
from reservations.states import LIVE_TICKETS
from staff.services.audit import record
from theaters.models import Auditorium, BrokenSeat, Showtime
from theaters.plans.plan_chairs import chair_in_plans
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ShowtimeStatus

MOST_SHOWN = 500


def keep_seats(
    *, showtime: Showtime, labels: list[str], reason: str, release_minutes: int | None, actor: str
) -> list[str]:
    """Make free seats house seats. Returns those that were not free and stay as they are. Raises SchedulingRefused
    without seats or a reason.
    """
    _require(labels, reason)
    refused = keep_back(
        showtime_id=showtime.pk, labels=labels, reason=reason.strip()[:60], release_minutes=release_minutes
    )
    kept = sorted(set(labels) - set(refused))
    count_again([showtime.pk])
    if kept:
        record_seats(showtime, "keep seats back", kept, reason=reason, actor=actor)
    return refused


def release_seats(*, showtime: Showtime, labels: list[str], actor: str) -> list[str]:
    """Put house seats on sale by hand; returns those that went. Raises SchedulingRefused when nothing is chosen."""
    _require(labels, "by hand")
    with transaction.atomic():
        freed = _release(showtime.pk, labels)
    count_again([showtime.pk])
    if freed:
        record_seats(showtime, "release house seats", sorted(freed), reason="", actor=actor)
    return sorted(freed)


def release_due_seats() -> int:
    """The sweep: house seats whose time before the start has come. One query when there are none."""
    freed = 0
    for showtime_id in seats_due_for_release().order_by("showtime").values_list("showtime", flat=True).distinct():
        with next_row_on_error("house_seats_not_released", showtime=showtime_id):
            freed += _release_due(showtime_id)
    return freed


def _release_due(showtime_id: int) -> int:
    with transaction.atomic():
        released = _release(showtime_id, None)
    if released:
        count_again([showtime_id])
    return len(released)


def _release(showtime_id: int, labels: list[str] | None, *, broken: BrokenSeat | None = None) -> dict[str, str]:
    gate = locks.showtime_gate(showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
    if labels is not None and gate is not None:
        labels = with_mates(mates_of_plan(gate.plan_id), labels)
    blocks = locks.group_blocks(showtime_id)
    freed = locks.release_house_seats(
        showtime_id=showtime_id, labels=labels, broken_seat_id=broken.pk if broken else None
    )
    seat_map_changes.publish_on_commit(showtime_id, freed)
    if blocks:
        # A group that has no seat left has no block.
        GroupBlock.objects.filter(pk__in=[block.pk for block in blocks], seats=None).delete()
    return freed


def _require(labels: list[str], reason: str) -> None:
    if not labels:
        raise SchedulingRefused(gettext("Choose at least one seat."))
    if not reason.strip():
        raise SchedulingRefused(gettext("Please give a reason: people who look at this later need it."))


def record_seats(showtime: Showtime, action: str, labels: list[str], *, reason: str, actor: str) -> None:
    record(
        actor=actor,
        action=action,
        thing=showtime,
        theater=showtime.auditorium.theater,
        after={"seats": ", ".join(labels)},
        reason=reason,
    )


# A broken seat.


@dataclass(frozen=True)
class SeatAhead:
    """One seat at one showtime that is still to come."""

    showtime: Showtime
    label: str
    state: str
    ticket: Ticket | None
    reason: str
    is_for_group: bool


def seat_ahead(*, auditorium: Auditorium, label: str) -> list[SeatAhead]:
    """Every showtime on sale that has this seat, under whatever label its plan has it, with the ticket that is sold.

    Three queries and the clock.
    """
    labels = chair_in_plans(auditorium, label)
    called = (Q(showtime__plan=plan_id, label=name) for plan_id, name in labels.items())
    rows = list(
        ShowtimeSeat.objects.filter(
            reduce(or_, called, Q(pk=None)),
            showtime__auditorium=auditorium,
            showtime__status=ShowtimeStatus.PUBLISHED,
            showtime__ends_at__gt=ClockTimestamp(),
        )
        .select_related("showtime__movie", "showtime__auditorium__theater")
        .order_by("showtime__starts_at", "pk")[:MOST_SHOWN]
    )
    tickets = Ticket.objects.filter(
        showtime__in=[row.showtime_id for row in rows], seat__in=[row.seat_id for row in rows], status__in=LIVE_TICKETS
    ).select_related("booking__sale__contact")
    sold = {ticket.showtime_id: ticket for ticket in tickets}
    now = database_now()
    return [
        SeatAhead(
            row.showtime,
            row.label,
            shown_to_others(state_of(row, now)),
            sold.get(row.showtime_id),
            row.house_reason,
            row.group_block_id is not None,
        )
        for row in rows
    ]


def report_broken(*, auditorium: Auditorium, label: str, reason: str, user_id: int) -> list[Showtime]:
    """Keep a broken seat back at all showtimes: now where it is free, later where somebody gives it up, and at
    showtimes that open.

    Returns the showtimes where somebody has it. Raises SchedulingRefused.
    """
    _require([label], reason)
    words = reason.strip()[:60]
    try:
        with transaction.atomic():
            broken = BrokenSeat.objects.create(auditorium=auditorium, label=label, reason=words, user_id=user_id)
    except IntegrityError:
        raise SchedulingRefused(
            gettext("%(label)s is broken already, as somebody has reported.") % {"label": label}
        ) from None
    _record_broken(broken, "seat broken", user_id)
    ahead = [
        seat for seat in seat_ahead(auditorium=auditorium, label=label) if seat.state != "house" or seat.is_for_group
    ]
    # One transaction for each showtime, so that a click waits for one at most.
    taken = [seat.showtime for seat in ahead if not _keep_broken_back(seat.showtime, seat.label, broken)]
    count_again([seat.showtime.pk for seat in ahead])
    return taken


def _keep_broken_back(showtime: Showtime, label: str, broken: BrokenSeat) -> bool:
    """Keep the seat back; True if it was free. Else it is a house seat once its ticket is canceled or swapped, or its
    hold ends.
    """
    with transaction.atomic():
        why: Any = {"showtime_id": showtime.pk, "reason": broken.reason, "broken_seat_id": broken.pk}
        if not keep_back(labels=[label], **why):
            return True
        locks.mark_taken_seats(labels=with_mates(mates_of_plan(showtime.plan_id), [label]), **why)
        return False


def report_mended(*, broken: BrokenSeat, user_id: int) -> int:
    """Put a mended seat on sale again wherever only its repair kept it back; returns the number of showtimes."""
    BrokenSeat.objects.filter(pk=broken.pk, mended_at=None).update(mended_at=ClockTimestamp())
    _record_broken(broken, "seat mended", user_id)
    kept = list(seats_kept_as_broken(broken).order_by("showtime").values_list("showtime", flat=True))
    freed = 0
    for showtime_id in kept:
        with transaction.atomic():
            states = _release(showtime_id, None, broken=broken)
        freed += SeatState.FREE in states.values()
    count_again(kept)
    return freed


def _record_broken(broken: BrokenSeat, action: str, user_id: int) -> None:
    record(
        actor=staff_actor_name(user_id),
        action=action,
        thing=broken,
        theater=broken.auditorium.theater,
        after={"seat": broken.label},
        reason=broken.reason,
    )


def count_again(showtime_ids: list[int]) -> None:
    """Have the sweep count these showtimes anew: it counts all without `fullness_at`."""
    Showtime.objects.filter(pk__in=showtime_ids).update(fullness_at=None)
