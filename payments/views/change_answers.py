"""The form after a change of the showtime: keep the tickets, or take the money back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from payments.refunds.change_answers import keep_tickets, take_money_back
from payments.views.cancellation import canceled_sentence
from reservations.access import bookings_of, holder_of, user_id_of
from reservations.links.mailbox_codes import BookingVisitor, is_trusted
from reservations.models import Booking, ChangeNotice


@require_POST
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """`answer` is keep or refund, to the notice that the page showed.

    A link may leak, so people who came by it alone are led to the page for canceling, which asks for a code.
    """
    posted = request.POST.get("notice", "")
    number = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 18 else 0
    # A sale may have bookings for other showtimes: the notice says which of them is meant.
    booking = get_object_or_404(bookings_of(request), sale__reference=reference, notices=number)
    notice = get_object_or_404(ChangeNotice, pk=number, booking=booking)
    asked = request.POST.get("answer", "")
    if asked == "refund" and not _is_trusted(request, booking):
        return redirect(booking.address_of("cancel_tickets"))
    if asked == "keep":
        keep_tickets(booking_id=booking.pk, notice_id=notice.pk)
    elif asked == "refund":
        done = take_money_back(booking_id=booking.pk, notice_id=notice.pk)
        messages.success(request, canceled_sentence(done, booking))
    return redirect(booking)


def _is_trusted(request: HttpRequest, booking: Booking) -> bool:
    return is_trusted(booking, BookingVisitor(holder_of(request), user_id_of(request)))
