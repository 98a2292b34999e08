"""Ask the provider once more how a payment stands."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from payments.models import Payment
from payments.refunds.staff_lookup import ask_again
from reservations.models import Booking


class AskProvider(StaffAction):
    title = _("Ask the payment provider again")
    permission = "payments.refund_payment"
    object: Booking

    def find(self) -> Any:
        booking = super().find()
        self.payment = Payment.objects.filter(pk=self.ids["payment_pk"], sale=booking.sale_id).first()
        if self.payment is None or not self.payment.is_online:
            raise Http404
        return booking

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        assert self.payment is not None
        amount = format_money(self.payment.amount, self.payment.currency)
        lines = (
            gettext("The payment provider is asked how the payment of %(amount)s stands, its refunds and disputes too.")
            % {"amount": amount},
            gettext(
                "What it says is done: money that came confirms the booking or goes back. Nobody is charged by asking."
            ),
        )
        return ActionPreview(lines, gettext("Ask the payment provider"))

    def do(self, data: dict[str, Any], mark: str) -> str:
        assert self.payment is not None
        return ask_again(payment_id=self.payment.pk, actor=self.actor)

    def back(self) -> str:
        return reverse("admin:reservations_booking_change", args=[self.object.pk])
