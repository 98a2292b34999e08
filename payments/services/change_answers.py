"""A holder answers to a changed showtime: keeps the tickets, or takes all of the money back before the deadline."""

from django.db import transaction

from core.clock import ClockTimestamp
from core.lazy_text import gettext_lazy as _
from core.refusals import Refusal, WayOn
from payments.services.cancellation import cancel_and_refund
from reservations.models import Cancellation, ChangeNotice
from reservations.services.cancellation import CancellationOrigin
from reservations.states import CancelCause, OfferAnswer


class OfferOver(Refusal):
    staff_can = "Refund from the page of the booking, if the theater wants to all the same."
    status = 410
    title = _("That is no longer possible")
    way_on = WayOn(_("See the booking"), to="booking")
    sentence = _("The time to take your money back for this change is over. Your tickets are still valid.")


def keep_tickets(*, booking_id: int, notice_id: int) -> None:
    """Kept tickets may still be given back until the deadline. Raises OfferOver."""
    kept = (
        ChangeNotice.objects.open_offers()
        .filter(pk=notice_id, booking=booking_id)
        .update(answer=OfferAnswer.KEPT, answered_at=ClockTimestamp())
    )
    if not kept:
        raise OfferOver


def take_money_back(*, booking_id: int, notice_id: int) -> Cancellation | None:
    """All of what the live tickets cost, whatever the rules for canceling say. Raises OfferOver or BookingDisputed."""
    offers = ChangeNotice.objects.filter(pk=notice_id, booking=booking_id)
    with transaction.atomic():
        if offers.filter(answer=OfferAnswer.REFUNDED).exists():
            return None
        if not offers.open_offers().exists():
            raise OfferOver
        origin = CancellationOrigin(CancelCause.CHANGED, actor="customer")
        cancellation = cancel_and_refund(booking_id=booking_id, ticket_ids=None, origin=origin)
        offers.update(answer=OfferAnswer.REFUNDED, answered_at=ClockTimestamp())
    return cancellation
