"""Mails about a failed refund to the people who look after the theater's money: once for each refund."""

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from core.clock import database_now
from core.money import format_money
from houses.models import Theater
from payments.models import Refund
from payments.records.money_advice import refund_advice
from reservations.letters.mail_rows import add_mails_to_staff
from reservations.models import first_booking
from reservations.states import MailKind
from staff.access import emails_of_staff

RIGHT = "payments.retry_refund"


def tell_of_failure(refund: Refund) -> None:
    """Queue the mails about a failed refund, in the transaction in which it failed."""
    sale = refund.payment.sale
    add_mails_to_staff(
        first_booking(sale),
        MailKind.REFUND_ALERT,
        purpose=f"refund_failed:{refund.pk}",
        addresses=staff_addresses(sale.theater),
        facts=_facts(refund),
    )


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
