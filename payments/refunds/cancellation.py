"""Cancels tickets and requests their refund in the same transaction."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from core.pauses import WhenPaused
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from payments import locks
from payments.records.refund_rows import request_refunds
from payments.states import PaymentStatus
from reservations import locks as reservation_locks
from reservations.aftersale.cancellation import ALL, CancellationOrigin, Percent, cancel_tickets
from reservations.locks import LockedSale
from reservations.models import Booking, Cancellation
from reservations.refusals.cancellation import CannotCancel, RefundChanged
from reservations.selectors.cancellation import cancel_offer
from reservations.selling.party_left import require_company
from reservations.states import CancelCause

CUSTOMER = CancellationOrigin(CancelCause.CUSTOMER, "customer")


class BookingDisputed(Refusal):
    """Refused: the bank has taken the money back or may do so soon, and it must not go back twice."""

    staff_can = "Wait for the bank: the page of the booking shows the dispute."
    title = _("That is no longer possible")
    way_on = WayOn(_("See the booking"), to="booking")
    sentence = _(
        "The payment for this booking is being disputed with the bank. Until the bank has decided, "
        "you cannot cancel its tickets here."
    )


def cancel_and_refund(
    *, booking_id: int, ticket_ids: Collection[int] | None, origin: CancellationOrigin
) -> Cancellation | None:
    """Cancel tickets (None: all that are live) and give back all of their price: for staff and canceled showtimes.

    None when there was nothing left to cancel. Raises BookingDisputed; then nothing was changed.
    """
    with transaction.atomic():
        lock_for_money(booking_id)
        return _cancel(booking_id, ticket_ids, ALL, origin)


def cancel_as_customer(
    *, booking_id: int, labels: Collection[str], shown: Decimal, now: datetime
) -> Cancellation | None:
    """The customer cancels the tickets of these seats for exactly the amount that was shown.

    None when they were canceled before: pressed twice. Raises CannotCancel, RefundChanged, BookingDisputed; then
    nothing was changed.
    """
    with transaction.atomic():
        lock_for_money(booking_id)
        # A ticket that is scanned at this moment is either used before this, or void when the door reads it.
        reservation_locks.tickets_of(booking_id)
        booking = Booking.objects.with_names().with_tickets().get(pk=booking_id)
        offer = cancel_offer(booking, labels=labels, now=now)
        if offer.is_done:
            return None
        if offer.why_not:
            raise CannotCancel(offer.why_not)
        if not offer.chosen or not {line.card.label for line in offer.chosen}.issuperset(labels):
            raise CannotCancel(gettext("Your tickets have changed since this page was shown. Please choose again."))
        if offer.refund != shown:
            raise RefundChanged
        require_company(booking, leaving={line.ticket_id for line in offer.chosen})
        percents = {line.ticket_id: line.percent for line in offer.chosen}
        return _cancel(booking_id, percents.keys(), percents, CUSTOMER)


def lock_for_money(booking_id: int) -> Booking:
    """Lock showtime, booking and payments, before any seats. Raises BookingDisputed."""
    showtime_id = Booking.objects.values_list("showtime_id", flat=True).get(pk=booking_id)
    reservation_locks.showtime_gate(showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
    booking = reservation_locks.booking(booking_id)
    if any(payment.status == PaymentStatus.DISPUTED for payment in locks.payments_of(booking.sale_id)):
        raise BookingDisputed
    return booking


def lock_sale_for_money(sale_id: int) -> LockedSale:
    """Lock a whole sale and its payments, before any seats. Raises BookingDisputed."""
    locked = reservation_locks.whole_sale(sale_id)
    if any(payment.status == PaymentStatus.DISPUTED for payment in locks.payments_of(sale_id)):
        raise BookingDisputed
    return locked


def _cancel(
    booking_id: int, ticket_ids: Collection[int] | None, percent: Percent, origin: CancellationOrigin
) -> Cancellation | None:
    cancellation = cancel_tickets(booking_id=booking_id, ticket_ids=ticket_ids, percent=percent, origin=origin)
    if cancellation is not None:
        request_refunds(cancellation.booking.sale, reason=f"Canceled: {origin.cause.label}"[:120])
    return cancellation
