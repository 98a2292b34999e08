"""Pay refunds out at the counter: those that wait there, and those that a card did not take."""

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.actions import GiveBackMovedInForm, PayOutForm, PayOutInsteadForm
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from payments.models import Refund
from payments.refunds.payouts import (
    PaidOutAlready,
    pay_out,
    pay_out_instead,
    require_another_way,
    rounding_of_payout,
)
from payments.states import PaymentMethod, RefundStatus
from reservations.models import Booking


class PayOut(StaffAction):
    """Record a payout to the customer. For a failed refund to a card it needs a reason and makes a new refund."""

    title = _("Pay out at the counter")
    permission = "payments.pay_out"
    moves_money = True
    object: Booking
    refund: Refund

    def find(self) -> Any:
        booking = super().find()
        found = Refund.objects.filter(pk=self.ids["refund_pk"], payment__sale=booking.sale_id).select_related("payment")
        refund = found.first()
        if refund is None:
            raise Http404
        self.refund = refund
        return booking

    def form(self, data: Any = None) -> forms.Form:
        kind = PayOutInsteadForm if self.refund.is_online else PayOutForm
        if self._is_moved_in:
            return GiveBackMovedInForm(data, initial={"method": PaymentMethod.MOVED_IN})
        return kind(data, initial={"method": self.object.sale.paid_with or PaymentMethod.CASH})

    @property
    def _is_moved_in(self) -> bool:
        return self.refund.payment.method == PaymentMethod.MOVED_IN

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        amount = format_money(self._amount(), self.refund.currency)
        if data["method"] == PaymentMethod.MOVED_IN:
            lines = [
                gettext("%(amount)s of booking %(reference)s is given back outside of this office.")
                % {"amount": amount, "reference": self.object.reference},
                gettext("Give it back first; then say so here. It counts in nobody's takings."),
            ]
            return ActionPreview(tuple(lines), gettext("%(amount)s is given back") % {"amount": amount})
        method = PaymentMethod(data["method"])
        rounding = rounding_of_payout(self._amount(), method, theater=self.object.sale.theater)
        amount = format_money(self._amount() + rounding, self.refund.currency)
        lines = [f"{amount} is handed to the customer of booking {self.object.reference}: {method.label.lower()}."]
        if rounding:
            lines.append(
                gettext("Rounded to coins: %(amount)s.") % {"amount": format_money(rounding, self.refund.currency)}
            )
        lines.append(gettext("Hand it over first; then say so here. It counts in your takings of today."))
        if self.refund.is_online:
            lines.append(gettext("The refund to the card stays in the books as failed, and is not tried again."))
        return ActionPreview(tuple(lines), gettext("%(amount)s is paid out") % {"amount": amount})

    def _amount(self) -> Any:
        if self.refund.is_online:
            return require_another_way(self.refund)
        if self.refund.status != RefundStatus.REQUESTED:
            raise PaidOutAlready
        return self.refund.amount

    def do(self, data: dict[str, Any], mark: str) -> str:
        method = PaymentMethod(data["method"])
        if self.refund.is_online:
            done = pay_out_instead(
                refund_id=self.refund.pk, method=method, reason=data["reason"], operator_id=self.user_id
            )
        else:
            done = pay_out(refund_id=self.refund.pk, method=method, operator_id=self.user_id)
        return gettext("%(amount)s is paid out: %(method)s.") % {
            "amount": format_money(done.in_coins, done.currency),
            "method": done.get_method_display().lower(),
        }

    def back(self) -> str:
        return reverse("admin:reservations_booking_change", args=[self.object.pk])
