"""A refund that failed is told to the people who look after a theater's money: once for each that failed."""

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from core import hints
from core.clock import database_now
from core.money import format_money
from houses.models import Theater
from payments.models import Refund
from payments.services.money_advice import refund_advice
from reservations.models import OutgoingMail, first_booking
from reservations.states import MailKind
from staff.access import emails_of_staff

RIGHT = "payments.retry_refund"


def tell_of_failure(refund: Refund) -> None:
    """Put the mails into the outbox, in the transaction in which the refund failed."""
    sale = refund.payment.sale
    booking = first_booking(sale)
    facts = _facts(refund)
    purpose = f"refund_failed:{refund.pk}"
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(purpose=f"{purpose}:{number}", kind=MailKind.REFUND_ALERT, booking=booking, to=to, facts=facts)
            for number, to in enumerate(staff_addresses(sale.theater))
        ],
        ignore_conflicts=True,
    )
    hints.on_commit("reservations.send_due_mail")


def staff_addresses(theater: Theater, *, right: str = RIGHT, without: str = "") -> list[str]:
    """The people who look after the money of this theater; superusers when there is nobody else."""
    if settings.STAFF_MAIL:
        return sorted(set(settings.STAFF_MAIL))
    everything = User.objects.filter(is_active=True, is_staff=True, is_superuser=True)
    asked = [address for address in emails_of_staff(right, theater) if address != without]
    return asked or sorted(everything.exclude(email=without).values_list("email", flat=True))


def _facts(refund: Refund) -> dict[str, str]:
    advice = refund_advice(refund, is_missing=True, is_disputed=False, now=database_now())
    return {
        "amount": format_money(refund.amount, refund.currency),
        "error": refund.last_error or "no reason",
        "reason": refund.reason,
        "advice": advice.sentence,
        "path": reverse("admin:payments_refund_change", args=[refund.pk]),
    }
