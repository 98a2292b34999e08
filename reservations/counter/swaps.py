"""Staff give tickets of a confirmed booking other seats: planned, shown, then carried out as shown, all of them or
none.

Price, tax and receipt of the ticket stay. Its seat and its code change; the old code no longer works at the door
(docs/adr/0021-a-swap-changes-seat-and-code.md).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext, ngettext

from core.clock import ClockTimestamp, database_now
from core.live import seat_map_changes
from core.money import in_coins
from core.pauses import WhenPaused
from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import and_list
from reservations import locks
from reservations.models import Booking, SeatSwap, ShowtimeSeat, SwappedTicket, Ticket, new_code
from reservations.records.status_changes import log_moves, reissue_ticket
from reservations.refusals.on_sale import NotOnSale, ShowtimeCanceled
from reservations.refusals.seats import LeavesSingleSeats, SeatGone, UnknownSeat
from reservations.seats.geometry import PlanSeat
from reservations.seats.owners import leave_seats, sell_seats
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.single_seat_check import judge_swap, rule_of
from reservations.seats.single_seats import LeftOver
from reservations.seats.state import HOUSE_SEATS, TAKEN, SeatState, is_house_seat, state_of
from reservations.seats.units import cut_units
from reservations.selling.bookings import write_mail
from reservations.selling.party_rules import PartySeat, objections
from reservations.states import LIVE_TICKETS, BookingStatus, MailKind, TicketStatus
from staff.services.audit import record
from theaters.models import AgeRule, Seat, Showtime
from theaters.prices.prices import PriceTable, pinned_prices
from theaters.states import ShowtimeStatus


class NothingToSwap(Refusal):
    sentence = _("Only valid tickets of a confirmed booking get other seats.")


class SwapRefused(Refusal):
    status = 422


class SwapLeavesSingleSeats(SwapRefused):
    """`instead`: the seats that leave no single seat over, for all chosen tickets."""

    staff_can = LeavesSingleSeats.staff_can

    def __init__(self, sentence: str, instead: tuple[str, ...]) -> None:
        self.instead = instead
        super().__init__(sentence)


SOFA_IS_CUT = _("Seats %(seats)s are one sofa, which is given to one booking as a whole. Choose all of them or none.")


class SwapChanged(Refusal):
    sentence = _("Something changed since this page was shown. Nothing was swapped; please look again.")


@dataclass(frozen=True)
class SwapChoice:
    """A swap as chosen by staff: the tickets, as many seats, and the rights of the person."""

    tickets: tuple[int, ...]
    labels: tuple[str, ...]
    may_take_house_seats: bool = False
    may_leave_single_seats: bool = False


@dataclass(frozen=True)
class SeatMove:
    """One ticket from one seat to another. The price stays; `difference` is what the new seat costs more on the list."""

    ticket: Ticket
    old: Seat
    row: ShowtimeSeat
    difference: Decimal

    @property
    def new(self) -> Seat:
        return self.row.seat


@dataclass(frozen=True)
class SwapPlan:
    """The effects of a swap: carried out only as the page showed them. `kept_back` are old seats that nobody gets.

    `instead`: where single seats are left over by right, the seats for all chosen tickets that leave none.
    """

    moves: tuple[SeatMove, ...]
    kept_back: dict[str, str]
    objections: tuple[str, ...]
    instead: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """A fingerprint of the plan, which the form posts back, so that only the plan that was shown is carried out."""
        steps = (f"{one.ticket.pk}:{one.old.label}:{one.new.label}:{one.row.house_reason}" for one in self.moves)
        return "|".join([*steps, *self.kept_back, *self.objections])


def plan_swap(booking: Booking, choice: SwapChoice) -> SwapPlan:
    """Plan a swap. Raises a Refusal when it is impossible. The plan holds if the rows are locked."""
    showtime = Showtime.objects.with_names().get(pk=booking.showtime_id)
    _require_swappable(booking, showtime)
    live_tickets = list(booking.tickets.live().select_related("seat", "ticket_type").order_by("seat_id"))
    chosen = _chosen(live_tickets, choice)
    rows = _rows(booking, choice)
    _require_whole_sofas(showtime.plan_id, live_tickets, chosen, rows)
    # A ticket that has one of the chosen seats already keeps it.
    staying = {ticket.seat.label for ticket in chosen} & rows.keys()
    leaving = [ticket for ticket in chosen if ticket.seat.label not in staying]
    targets = [row for label, row in rows.items() if label not in staying]
    if not leaving:
        raise SwapRefused(gettext("They sit there already."))
    _require_free(targets, choice)
    pairs = _pairs(leaving, targets)
    prices = pinned_prices(showtime.price_version_id)
    moves = tuple(SeatMove(ticket, ticket.seat, row, _difference(prices, ticket, row)) for ticket, row in pairs)
    left = ShowtimeSeat.objects.filter(HOUSE_SEATS, showtime=showtime, seat__in=[move.old for move in moves])
    kept_back = dict(left.order_by("seat_id").values_list("label", "house_reason"))
    objections = _new_objections(live_tickets, moves, prices)
    left_over = _single_seats(showtime, moves, kept_back)
    if left_over is None:
        return SwapPlan(moves, kept_back, objections)
    sentence = LeavesSingleSeats.words([seat.label for seat in left_over.singles])
    others = sorted(left_over.instead, key=lambda seat: (seat.y, seat.number))
    instead = (*sorted(staying), *(seat.label for seat in others))
    if not choice.may_leave_single_seats:
        raise SwapLeavesSingleSeats(sentence, instead)
    return SwapPlan(moves, kept_back, (*objections, sentence), instead)


def _single_seats(
    showtime: Showtime, moves: tuple[SeatMove, ...], kept_back: Collection[str]
) -> LeftOver[PlanSeat] | None:
    """The single seats that the new seats leave over; a single ticket never counts."""
    return judge_swap(
        showtime_id=showtime.pk,
        plan_id=showtime.plan_id,
        freed={move.old.label for move in moves}.difference(kept_back),
        labels=[move.new.label for move in moves],
        rule=rule_of(showtime.auditorium.theater),
    )


def _require_swappable(booking: Booking, showtime: Showtime) -> None:
    if booking.status != BookingStatus.CONFIRMED:
        raise NothingToSwap
    if showtime.status == ShowtimeStatus.CANCELED:
        raise ShowtimeCanceled
    if showtime.ends_at <= database_now():
        raise NotOnSale(gettext("This showtime is over."))
    if booking.sale.frozen_at is not None:
        raise NothingToSwap(
            gettext("The customer's bank is deciding about this payment: the tickets wait until it has.")
        )


def _chosen(tickets: list[Ticket], choice: SwapChoice) -> list[Ticket]:
    chosen = [ticket for ticket in tickets if ticket.pk in choice.tickets]
    if not chosen or len(chosen) != len(set(choice.tickets)):
        raise NothingToSwap(gettext("One of these tickets is not valid any more. Please look again."))
    if used := [ticket.seat.label for ticket in chosen if ticket.status == TicketStatus.USED]:
        raise NothingToSwap(
            gettext("%(seats)s: let in at the door already. Take the entry back there first, then swap the seat.")
            % {"seats": ", ".join(used)}
        )
    seats = len(set(choice.labels))
    if len(chosen) != seats:
        raise SwapRefused(
            gettext("Choose as many seats as tickets: %(tickets)s, %(seats)s.")
            % {"tickets": _tickets_text(len(chosen)), "seats": _seats_text(seats)}
        )
    return chosen


def _require_whole_sofas(
    plan_id: int, live_tickets: list[Ticket], chosen: list[Ticket], rows: dict[str, ShowtimeSeat]
) -> None:
    """Refuse a swap that would let two bookings share a sofa."""
    leaving = {ticket.seat.label for ticket in chosen} - rows.keys()
    after = {ticket.seat.label for ticket in live_tickets} - leaving | rows.keys()
    for unit in cut_units(mates_of_plan(plan_id), sorted(after)):
        if leaving.union(rows).intersection(unit):
            raise SwapRefused(SOFA_IS_CUT % {"seats": and_list(unit)})


def _tickets_text(number: int) -> str:
    return ngettext("%(number)s ticket", "%(number)s tickets", number) % {"number": number}


def _seats_text(number: int) -> str:
    return ngettext("%(number)s seat", "%(number)s seats", number) % {"number": number}


def _rows(booking: Booking, choice: SwapChoice) -> dict[str, ShowtimeSeat]:
    found = ShowtimeSeat.objects.filter(showtime=booking.showtime_id, label__in=choice.labels).select_related("seat")
    rows = {row.label: row for row in found.order_by("seat_id")}
    if len(rows) != len(set(choice.labels)):
        raise UnknownSeat
    return rows


def _require_free(rows: list[ShowtimeSeat], choice: SwapChoice) -> None:
    now = database_now()
    for row in rows:
        state = state_of(row, now)
        if state in TAKEN:
            raise SeatGone(
                gettext("%(label)s is not free any more. Nothing was swapped; the plan shows what is free.")
                % {"label": row.label}
            )
        if state == SeatState.HOUSE and not choice.may_take_house_seats:
            raise SwapRefused(
                gettext("%(label)s is kept back (%(reason)s): giving it away needs a right of its own.")
                % {"label": row.label, "reason": row.house_reason}
            )


def _pairs(tickets: list[Ticket], rows: list[ShowtimeSeat]) -> list[tuple[Ticket, ShowtimeSeat]]:
    """Pair tickets with new seats in reading order, in the same seat category where possible."""
    left, pairs = list(rows), {}
    for ticket in tickets:
        if alike := next((row for row in left if row.seat.category == ticket.seat.category), None):
            pairs[ticket.pk] = alike
            left.remove(alike)
    return [(ticket, pairs[ticket.pk] if ticket.pk in pairs else left.pop(0)) for ticket in tickets]


def _difference(prices: PriceTable, ticket: Ticket, row: ShowtimeSeat) -> Decimal:
    """Return how much more the new seat costs on the list now on sale; 0 when a price is missing."""
    kind = prices.type_as_pinned(ticket.ticket_type)
    old, new = (prices.amounts.get((kind.code, seat.category)) for seat in (ticket.seat, row.seat))
    if old is None or new is None:
        return Decimal(0)
    return in_coins((new - old) / kind.people, ticket.currency)


def _new_objections(tickets: list[Ticket], moves: tuple[SeatMove, ...], prices: PriceTable) -> tuple[str, ...]:
    """Objections of the party rules to the new seats that they did not have to the old ones. Ages stay as they were
    sold.
    """
    kinds = {one.pk: prices.type_as_pinned(one.ticket_type) for one in tickets}
    seats = {move.ticket.pk: move.new for move in moves}
    after = [
        PartySeat(seat.label, seat.category, kinds[one.pk], seat.unit)
        for one in tickets
        for seat in [seats.get(one.pk, one.seat)]
    ]
    before = [
        replace(place, category=one.seat.category, unit=one.seat.unit)
        for place, one in zip(after, tickets, strict=True)
    ]
    known = {one.sentence for one in objections(places=before, ages=AgeRule())}
    found = objections(places=after, ages=AgeRule())
    return tuple(one.sentence for one in found if one.sentence not in known)


def swap_seats(*, booking_id: int, choice: SwapChoice, mark: str, reason: str, actor: str) -> SeatSwap:
    """Carry out the swap that the page showed. Raises a Refusal; then nothing is changed."""
    showtime_id = Booking.objects.values_list("showtime_id", flat=True).get(pk=booking_id)
    with transaction.atomic():
        locks.showtime_gate(showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
        booking = locks.booking(booking_id)
        tickets = [
            one for one in locks.tickets_of(booking_id) if one.status in LIVE_TICKETS and one.pk in choice.tickets
        ]
        seat_ids = [ticket.seat_id for ticket in tickets]
        locks.seats_to_swap(showtime_id=showtime_id, seat_ids=seat_ids, labels=list(choice.labels))
        plan = plan_swap(booking, choice)
        if plan.mark != mark:
            raise SwapChanged
        swap = _swap(booking, plan, reason=reason, actor=actor)
    if plan.kept_back or any(is_house_seat(move.row) for move in plan.moves):
        # Update the count for lists. Not under the locks of the seats, because the showtime must be locked before them.
        Showtime.objects.filter(pk=showtime_id).update(fullness_at=None)
    return swap


def _swap(booking: Booking, plan: SwapPlan, *, reason: str, actor: str) -> SeatSwap:
    swap = SeatSwap.objects.create(booking=booking, actor=actor, reason=reason[:200])
    lines = [_line(swap, move) for move in plan.moves]
    SwappedTicket.objects.bulk_create(lines)
    _move_seats(booking, plan)
    for line, move in zip(lines, plan.moves, strict=True):
        reissue_ticket(move.ticket, seat_id=line.new_seat_id, code=line.new_code)
    booking.changed_at = ClockTimestamp()
    booking.save(update_fields=["changed_at"])
    steps = [(booking.pk, move.old.label, move.new.label) for move in plan.moves]
    log_moves("swap", steps, actor=actor, note=reason)
    write_mail(booking, MailKind.SWAPPED, about=swap.pk)
    _record(booking, plan, reason=reason, actor=actor)
    return swap


def _line(swap: SeatSwap, move: SeatMove) -> SwappedTicket:
    return SwappedTicket(
        swap=swap,
        ticket=move.ticket,
        old_seat=move.old,
        new_seat=move.new,
        old_code=move.ticket.code,
        new_code=new_code(),
    )


def _move_seats(booking: Booking, plan: SwapPlan) -> None:
    """Free the old seats, or make them house seats again; sell the new ones. A house seat keeps its reason."""
    old = [move.old.pk for move in plan.moves]
    left = ShowtimeSeat.objects.filter(showtime=booking.showtime_id, booking=booking, seat__in=old)
    states = leave_seats(left, booking=booking) | sell_seats([move.row for move in plan.moves], booking=booking)
    seat_map_changes.publish_on_commit(booking.showtime_id, states)


def _record(booking: Booking, plan: SwapPlan, *, reason: str, actor: str) -> None:
    house = {move.new.label: move.row.house_reason for move in plan.moves if is_house_seat(move.row)}
    overridden = {"house seats": house, "objections": list(plan.objections)}
    kept = {what: which for what, which in overridden.items() if which}
    record(
        actor=actor,
        action="swap seats",
        thing=booking,
        theater=booking.showtime.auditorium.theater_id,
        before={"seats": [move.old.label for move in plan.moves]},
        after={"seats": [move.new.label for move in plan.moves], **({"overridden": kept} if kept else {})},
        reason=reason,
    )
