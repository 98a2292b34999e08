"""The answer of a holder to a changed showtime: keep the tickets, or take all of the money back before the deadline.

Used tickets give nothing back, because the deadline may be as late as the start.
"""

from django.db import transaction
from django.utils.translation import gettext

from core.clock import ClockTimestamp
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from payments.refunds.cancellation import cancel_and_refund, lock_for_money
from reservations import locks as reservation_locks
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, Cancellation, ChangeNotice, Ticket
from reservations.refusals.cancellation import CannotCancel
from reservations.selectors.cancelable_tickets import cancelable
from reservations.states import LIVE_TICKETS, CancelCause, OfferAnswer


class OfferOver(Refusal):
    staff_can = "Refund from the page of the booking, if the theater wants to all the same."
    status = 410
    title = _("That is no longer possible")
    way_on = WayOn(_("See the booking"), to="booking")
    sentence = _("The time to take your money back for this change is over. Your tickets are still valid.")


class NothingToKeep(OfferOver):
    staff_can = "Nothing: the page of the booking says why the tickets were canceled, and what was given back."
    sentence = _("These tickets are canceled already, so there is nothing left to keep or to give back.")


def keep_tickets(*, booking_id: int, notice_id: int) -> None:
    """Record that the customer keeps the tickets; they can change their mind until the deadline. Raises OfferOver."""
    _require_live_tickets(booking_id)
    kept = (
        ChangeNotice.objects.open_offers()
        .filter(pk=notice_id, booking=booking_id)
        .update(answer=OfferAnswer.KEPT, answered_at=ClockTimestamp())
    )
    if not kept:
        raise OfferOver


def take_money_back(*, booking_id: int, notice_id: int) -> Cancellation | None:
    """Give the full price of all unused tickets back, whatever the rules for canceling say.

    Raises OfferOver, BookingDisputed, and CannotCancel when all of them were used; then nothing was changed.
    """
    offers = ChangeNotice.objects.filter(pk=notice_id, booking=booking_id)
    with transaction.atomic():
        if offers.filter(answer=OfferAnswer.REFUNDED).exists():
            return None
        _require_live_tickets(booking_id)
        if not offers.open_offers().exists():
            raise OfferOver
        lock_for_money(booking_id)
        # A ticket that is scanned at this moment is either used before this, or void when the door reads it.
        reservation_locks.tickets_of(booking_id)
        origin = CancellationOrigin(CancelCause.CHANGED, actor="customer")
        cancellation = cancel_and_refund(booking_id=booking_id, ticket_ids=_unused_tickets(booking_id), origin=origin)
        offers.update(answer=OfferAnswer.REFUNDED, answered_at=ClockTimestamp())
    return cancellation


def _require_live_tickets(booking_id: int) -> None:
    if not Ticket.objects.filter(booking=booking_id, status__in=LIVE_TICKETS).exists():
        raise NothingToKeep


def _unused_tickets(booking_id: int) -> list[int]:
    """Return the tickets that can be given back, sofas as a whole. Raises CannotCancel."""
    tickets = list(Booking.objects.with_tickets().get(pk=booking_id).tickets.all())
    unused = [ticket.pk for ticket in cancelable(tickets)]
    if not unused and any(ticket.status in LIVE_TICKETS for ticket in tickets):
        raise CannotCancel(gettext("These tickets have already been used."), way_on=OfferOver.way_on)
    return unused
