"""Other seats for tickets of a booking: chosen on the plan, shown with what it means, then done."""

from typing import Any

from django import forms
from django.urls import reverse

from boxoffice.admin.actions import Act, Shown
from boxoffice.forms.swaps import SwapForm
from boxoffice.selectors.booking_page import seats_text
from boxoffice.selectors.showtime_seats import rows_for_swap
from core.money import format_money
from reservations.models import Booking
from reservations.seats.state import is_house_seat
from reservations.services.swaps import SeatMove, SwapPlan, SwapWish, plan_swap, swap_seats
from theaters.access import may

TAKE_HOUSE_SEATS = "reservations.override_house_seat"


class SwapSeats(Act):
    title = "Swap seats"
    permission = "reservations.swap_seats"
    template = "admin/acts/swap.html"
    lead = (
        "The tickets keep their price and get new codes: tickets that were printed or sent before are no longer valid."
    )
    object: Booking

    def form(self, data: Any = None) -> forms.Form:
        tickets = list(self.object.tickets.live().select_related("seat").order_by("seat_id"))
        asked = self.request.GET.get("ticket", "")
        wanted = [ticket.pk for ticket in tickets if str(ticket.pk) == asked or len(tickets) == 1]
        own = {ticket.seat.label for ticket in tickets}
        rows = rows_for_swap(self.object.showtime, own=own, may_take_house_seats=self._may_take_house_seats())
        return SwapForm(data, tickets=tickets, wanted=wanted, rows=rows)

    def plan(self, data: dict[str, Any]) -> Shown:
        plan = plan_swap(self.object, self._wish(data))
        number = len(plan.moves)
        return Shown(_lines(self.object, plan), f"Swap {number} seat{'' if number == 1 else 's'}", plan.mark)

    def do(self, data: dict[str, Any], mark: str) -> str:
        wish = self._wish(data)
        swap = swap_seats(booking_id=self.object.pk, wish=wish, mark=mark, reason=data["reason"], actor=self.actor)
        lines = swap.lines.select_related("old_seat", "new_seat").order_by("new_seat_id")
        new = seats_text([line.new_seat.label for line in lines])
        told = (
            f" The new tickets go to {self.object.email}." if self.object.email else " They have no e-mail: print them."
        )
        return f"The new seats are {new}; the old tickets open no door any more.{told}"

    def back(self) -> str:
        return reverse("admin:reservations_booking_change", args=[self.object.pk])

    def _wish(self, data: dict[str, Any]) -> SwapWish:
        return SwapWish(tuple(data["tickets"]), tuple(data["seats"]), self._may_take_house_seats())

    def _may_take_house_seats(self) -> bool:
        return may(self.request.user, TAKE_HOUSE_SEATS, self.theater_of(self.object))


def _lines(booking: Booking, plan: SwapPlan) -> tuple[str, ...]:
    """The plan in sentences."""
    lines = [_line(booking, move) for move in plan.moves]
    free = [move.old.label for move in plan.moves if move.old.label not in plan.kept_back]
    if free:
        lines.append(f"{seats_text(free)}: free for others at once.")
    lines += [f"{label} is kept back ({reason}): nobody else gets it." for label, reason in plan.kept_back.items()]
    lines += [
        f"{move.new.label} is kept back ({move.row.house_reason}): you take it by your right to."
        for move in plan.moves
        if is_house_seat(move.row)
    ]
    lines += [f"Against the rules, and done all the same: {sentence}" for sentence in plan.objections]
    lines.append("The old codes open no door any more; the door says which seat the new ticket is for.")
    lines.append(
        f"A mail with the new tickets goes to {booking.email}." if booking.email else "There is no e-mail to write to."
    )
    return tuple(lines)


def _line(booking: Booking, move: SeatMove) -> str:
    ticket, paid = move.ticket, format_money(move.ticket.price, booking.currency)
    says = f"{move.old.label} → {move.new.label} ({ticket.type_name}). The price stays {paid}."
    if not move.difference:
        return says
    amount = format_money(abs(move.difference), booking.currency)
    category = move.new.get_category_display()
    if move.difference > 0:
        return f"{says} {category} costs {amount} more; nobody pays it."
    return f"{says} {category} costs {amount} less; to give that back use “Give an amount back”."
