"""Mails about a refund request above the limit, to the people who may approve it: once for each request."""

from django.urls import reverse

from boxoffice.models import RefundRequest
from core.money import format_money
from payments.records.refund_alerts import staff_addresses
from reservations.letters.mail_rows import add_mails_to_staff
from reservations.states import MailKind

RIGHT = "payments.approve_refund"


def tell_who_may_approve(request: RefundRequest) -> None:
    """Put the mails into the outbox, in the transaction of the request. The person who asked cannot approve and gets none."""
    booking, asker = request.booking, request.asked_by.email
    amount = format_money(request.amount, request.currency)
    facts = {
        "says": f"{asker} wants to give {amount} back, and a second person has to agree. Their reason: {request.reason}",
        "path": reverse("admin:boxoffice_refundrequest_change", args=[request.pk]),
    }
    addresses = staff_addresses(booking.showtime.auditorium.theater, right=RIGHT, without=asker)
    add_mails_to_staff(
        booking, MailKind.MONEY_ALERT, purpose=f"refund_request:{request.pk}", addresses=addresses, facts=facts
    )
