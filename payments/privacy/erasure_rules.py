"""When personal data of a sale may be erased: after its last show, once no money is on its way and no request has to be
repeated.
"""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from core.clock import in_zone
from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import format_moment
from payments.models import Payment, Refund
from payments.models.payments import REQUEST_SECONDS
from payments.states import RefundStatus
from reservations.models import Booking
from reservations.states import BookingStatus, TicketStatus
from sales.models import Sale
from theaters.states import ShowtimeStatus

# Tickets that are paid or may still be paid.
OPEN_BOOKINGS = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
OPEN_TICKETS = (TicketStatus.RESERVED, TicketStatus.VALID, TicketStatus.USED)


class TicketsNotOver(Refusal):
    """Refused: there is a ticket for a show that is not over."""

    staff_can = "Wait for the end of the show, or cancel the tickets with the customer first."
    sentence = _(
        "Your tickets for %(movie)s are still good, and without your address we could not tell you of changes. "
        "You can erase your data from %(when)s on. Nothing was erased."
    )

    def __init__(self, last: Booking, until: datetime) -> None:
        when = in_zone(until, last.showtime.auditorium.theater.zone)
        super().__init__(
            str(self.sentence) % {"movie": last.showtime.movie.shown_title, "when": format_moment(when, "day_and_year")}
        )


class MoneyUnderWay(Refusal):
    staff_can = "See the refunds of the booking in the office; once they have arrived, erasing works."
    sentence = _(
        "Money is still on its way back to you, or your bank is looking at a payment. Please try again when that has "
        "ended. Nothing was erased."
    )


def require_over(sales: QuerySet[Sale], *, now: datetime) -> None:
    """Raise TicketsNotOver, with the moment from which erasing works, or MoneyUnderWay."""
    if last := last_open_booking(sales, now=now):
        raise TicketsNotOver(last, _requests_are_old(sales, last.showtime.ends_at))
    refunds = Refund.objects.filter(payment__sale__in=sales)
    waiting = refunds.filter(status__in=[RefundStatus.REQUESTED, RefundStatus.SUBMITTED, RefundStatus.PENDING])
    called_off = Booking.objects.filter(
        sale__in=sales,
        showtime__status=ShowtimeStatus.CANCELED,
        status__in=OPEN_BOOKINGS,
        tickets__status__in=OPEN_TICKETS,
    )
    in_doubt = sales.filter(Q(frozen_at__isnull=False) | Q(checking_since__isnull=False))
    if waiting.exists() or refunds.needing_a_person().exists() or called_off.exists() or in_doubt.exists():
        raise MoneyUnderWay


def last_open_booking(sales: QuerySet[Sale], *, now: datetime) -> Booking | None:
    """Find the booking with the latest show whose tickets are valid or may still be paid."""
    found = Booking.objects.filter(
        sale__in=sales,
        status__in=OPEN_BOOKINGS,
        tickets__status__in=OPEN_TICKETS,
        showtime__ends_at__gt=now,
    ).exclude(showtime__status=ShowtimeStatus.CANCELED)
    theater = "showtime__auditorium__theater"
    return found.select_related("showtime__movie", theater).order_by("-showtime__ends_at", "-pk").first()


def _requests_are_old(sales: QuerySet[Sale], at_least: datetime) -> datetime:
    """Return when no payment request has to be sent again: two days after the last payment ended."""
    ended = Payment.objects.filter(sale__in=sales).exclude(request={}).exclude(ended_at=None)
    newest = ended.order_by("-ended_at").values_list("ended_at", flat=True).first()
    return at_least if newest is None else max(at_least, newest + timedelta(seconds=REQUEST_SECONDS))
