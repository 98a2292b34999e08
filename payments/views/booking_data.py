"""The pages on which the data of a booking is read, downloaded and erased, with its link and a code from the mailbox."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.monitoring.security_log import SecurityEvent, write_security_event
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals
from payments.privacy.contact_erasure import erase_contact_as_customer
from payments.privacy.erasure_rules import require_over
from payments.privacy.personal_data import data_of_sales
from payments.views.data_answers import as_file, erased, note_export, why_not_yet
from reservations.access import ensure_holder, remember_holder, user_id_of
from reservations.links.booking_access import admit
from reservations.links.mailbox_codes import BookingVisitor, has_proven_mailbox, prove, send_code, waits_for_code
from reservations.models import Booking
from reservations.one_booking import asked_for, own_bookings
from reservations.states import CodePurpose
from sales.models import Sale
from theaters.selectors import showtime_facts


def booking_data_page(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponseBase:
    bookings = _bookings_of_sale(request, reference)
    found, visitor = bookings[0], _visitor(request)
    proven = has_proven_mailbox(found, visitor)
    context = {
        "reference": found.reference,
        "showtimes": [showtime_facts(booking.showtime, now=timezone.now()) for booking in bookings],
        "booking_url": found.get_absolute_url(),
        "email": found.email,
        "is_proven": proven,
        "waits_for_code": not proven and waits_for_code(found, visitor),
        "why_not": why_not_yet(lambda: require_over(Sale.objects.filter(pk=found.sale_id), now=timezone.now())),
        "refusal": refusal,
    }
    return remember_holder(request, render(request, "privacy/booking.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(booking_data_page)
def booking_data(request: HttpRequest, reference: str) -> HttpResponseBase:
    """404 for people who may not see the booking. A signed-in owner is redirected to the page of the account."""
    found = _bookings_of_sale(request, reference)[0]
    if found.sale.user_id is not None and found.sale.user_id == user_id_of(request):
        return redirect("account_data")
    action, visitor = request.POST.get("action", ""), _visitor(request)
    if request.method != "POST" or not found.email:
        return booking_data_page(request, reference)
    if action == "code":
        admit(booking=found, holder=visitor.holder)
        send_code(found, visitor, purpose=CodePurpose.DATA)
        return booking_data_page(request, reference)
    if not has_proven_mailbox(found, visitor):
        prove(found, visitor, code=request.POST.get("code", ""))
    acts = {"file": _booking_file, "read": _booking_read, "erase": _erase_booking}
    return acts[action](request, found) if action in acts else booking_data_page(request, reference)


def _booking_file(request: HttpRequest, found: Booking) -> HttpResponse:
    answer = as_file({"sales": data_of_sales(Sale.objects.filter(pk=found.sale_id))}, name=found.reference)
    note_export(found.email, booking=found.reference)
    return answer


def _booking_read(request: HttpRequest, found: Booking) -> HttpResponse:
    answer = render(request, "privacy/data.html", {"sales": data_of_sales(Sale.objects.filter(pk=found.sale_id))})
    note_export(found.email, booking=found.reference)
    return answer


def _erase_booking(request: HttpRequest, found: Booking) -> HttpResponse:
    if erase_contact_as_customer(sale_id=found.sale_id, now=timezone.now()):
        write_security_event(SecurityEvent.DATA_ERASED, booking=found.reference)
    return erased(request)


def _bookings_of_sale(request: HttpRequest, reference: str) -> list[Booking]:
    """Find the bookings of the sale that the visitor may see. Raises Http404."""
    return asked_for(request, own_bookings(request).filter(sale__reference=reference))


def _visitor(request: HttpRequest) -> BookingVisitor:
    return BookingVisitor(holder=ensure_holder(request), user_id=user_id_of(request))
