"""Give tickets of a booking other seats: chosen on the plan, previewed, then carried out."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.swaps import SwapForm
from boxoffice.selectors.booking_page import seats_text
from boxoffice.selectors.showtime_seats import rows_for_swap
from core.money import format_money
from core.refusals import WayOn
from core.texts.lazy_text import gettext_lazy as _
from reservations.counter.swaps import NothingToSwap, SeatMove, SwapChoice, SwapPlan, plan_swap, swap_seats
from reservations.models import Booking
from reservations.seats.plan_seats import has_numbers
from reservations.seats.state import is_house_seat
from staff.access import may
from staff.acting import acting_in
from theaters.plans.category_names import categories_of

TAKE_HOUSE_SEATS = "reservations.override_house_seat"
LEAVE_SINGLE_SEATS = "reservations.override_single_seat"


class SwapSeats(StaffAction):
    title = _("Swap seats")
    permission = "reservations.swap_seats"
    template = "admin/actions/swap.html"
    lead = _(
        "The tickets keep their price and get new codes: tickets that were printed or sent before are no longer valid."
    )
    object: Booking

    @staticmethod
    def is_useful(booking: Booking) -> bool:
        """Whether there are numbered seats that tickets could get."""
        return has_numbers(booking.showtime.plan_id)

    def form(self, data: Any = None) -> forms.Form:
        if not self.is_useful(self.object):
            sentence = gettext(
                "Nothing has a number at this showtime, so there is nothing to swap: everybody takes the place they like. "
                "For another showtime, give the tickets back and sell new ones."
            )
            raise NothingToSwap(sentence, way_on=WayOn(gettext("Back to the booking"), url=self.back()))
        tickets = list(self.object.tickets.live().select_related("seat").order_by("seat_id"))
        asked = self.request.GET.get("ticket", "")
        wanted = [ticket.pk for ticket in tickets if str(ticket.pk) == asked or len(tickets) == 1]
        own = {ticket.seat.label for ticket in tickets}
        rows = rows_for_swap(self.object.showtime, own=own, may_take_house_seats=self._may_take_house_seats())
        return SwapForm(data, tickets=tickets, wanted=wanted, rows=rows)

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        plan = plan_swap(self.object, self._choice(data))
        number = len(plan.moves)
        button = ngettext("Swap %(n)s seat", "Swap %(n)s seats", number) % {"n": number}
        return ActionPreview(_lines(self.object, plan), button, plan.mark, instead=plan.instead)

    def do(self, data: dict[str, Any], mark: str) -> str:
        choice = self._choice(data)
        swap = swap_seats(booking_id=self.object.pk, choice=choice, mark=mark, reason=data["reason"], actor=self.actor)
        lines = swap.lines.select_related("old_seat", "new_seat").order_by("new_seat_id")
        new = seats_text([line.new_seat.label for line in lines])
        done = gettext("The new seats are %(seats)s; the old tickets no longer work at the door.") % {"seats": new}
        sent = gettext("The new tickets go to %(email)s.") % {"email": self.object.email}
        return f"{done} {sent if self.object.email else gettext('They have no e-mail: print them.')}"

    def back(self) -> str:
        return reverse("admin:reservations_booking_change", args=[self.object.pk])

    def _choice(self, data: dict[str, Any]) -> SwapChoice:
        return SwapChoice(
            tuple(data["tickets"]),
            tuple(data["seats"]),
            may_take_house_seats=self._may_take_house_seats(),
            may_leave_single_seats=self._may(LEAVE_SINGLE_SEATS),
        )

    def _may_take_house_seats(self) -> bool:
        return self._may(TAKE_HOUSE_SEATS)

    def _may(self, right: str) -> bool:
        return may(acting_in(self.request), right, self.theater_of(self.object))


def _lines(booking: Booking, plan: SwapPlan) -> tuple[str, ...]:
    """Describe the plan in sentences."""
    lines = [_line(booking, move) for move in plan.moves]
    free = [move.old.label for move in plan.moves if move.old.label not in plan.kept_back]
    if free:
        lines.append(gettext("%(seats)s: free for others at once.") % {"seats": seats_text(free)})
    lines += [_kept_back(label, reason) for label, reason in plan.kept_back.items()]
    lines += [_taken_by_right(move) for move in plan.moves if is_house_seat(move.row)]
    against = gettext("Against the rules, and done all the same: %(sentence)s")
    lines += [against % {"sentence": sentence} for sentence in plan.objections]
    lines.append(gettext("The old codes no longer work at the door; the door says which seat the new ticket is for."))
    mailed = gettext("A mail with the new tickets goes to %(email)s.") % {"email": booking.email}
    lines.append(mailed if booking.email else gettext("There is no e-mail to write to."))
    return tuple(lines)


def _kept_back(label: str, reason: str) -> str:
    return gettext("%(seat)s is kept back (%(reason)s): nobody else gets it.") % {"seat": label, "reason": reason}


def _taken_by_right(move: SeatMove) -> str:
    says = gettext("%(seat)s is kept back (%(reason)s): you take it by your right to.")
    return says % {"seat": move.new.label, "reason": move.row.house_reason}


def _line(booking: Booking, move: SeatMove) -> str:
    ticket, paid = move.ticket, format_money(move.ticket.price, booking.currency)
    says = gettext("%(old)s → %(new)s (%(kind)s). The price stays %(price)s.")
    says %= {"old": move.old.label, "new": move.new.label, "kind": ticket.type_name, "price": paid}
    if not move.difference:
        return says
    more = gettext("%(category)s costs %(amount)s more; nobody pays it.")
    less = gettext("%(category)s costs %(amount)s less; to give that back use “Give an amount back”.")
    amount = format_money(abs(move.difference), booking.currency)
    category = categories_of(ticket.ticket_type.theater_id).name(move.new.category)
    words = {"category": category, "amount": amount}
    return f"{says} {(more if move.difference > 0 else less) % words}"
