"""After a change of the showtime: keep the tickets, or take the money back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from core.middleware import private
from core.refusals import refuse
from payments.services.offers import keep_tickets, take_money_back
from reservations.access import holder_of
from reservations.models import Booking, ChangeNotice
from reservations.refusals import Refusal


@require_POST
@private
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """`answer` is keep or refund, to the notice that the page showed."""
    user_id = request.user.pk if request.user.is_authenticated else None
    mine = Booking.objects.visible_to(holder=holder_of(request), user_id=user_id)
    booking = get_object_or_404(mine, reference=reference)
    wanted = request.POST.get("notice", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else 0
    notice = get_object_or_404(ChangeNotice, pk=number, booking=booking)
    answers = {"keep": keep_tickets, "refund": take_money_back}
    answer = answers.get(request.POST.get("answer", ""))
    try:
        if answer is not None:
            answer(booking_id=booking.pk, notice_id=notice.pk)
    except Refusal as refusal:
        return refuse(
            request,
            status=refusal.status,
            title="That is no longer possible",
            sentence=refusal.sentence,
            next_url=booking.get_absolute_url(),
            next_label="See the booking",
        )
    return redirect(booking)
