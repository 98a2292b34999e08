"""Payouts from the drawer: a person pays out what the counter owes, or a refund that a card did not take."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from core.actors import staff_actor_name
from core.clock import ClockTimestamp
from core.money import format_money
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from payments import locks
from payments.models import Payment, Refund
from payments.providers import errors
from payments.providers.call_rules import page_budget
from payments.records.payment_balances import balances_of
from payments.records.status_changes import move_refund
from payments.refunds.cancellation import lock_sale_for_money
from payments.refunds.refund_answers import tell_of_refund
from payments.refunds.refund_retries import NotFailed, require_retry
from payments.refunds.refunds_and_disputes import follow_refunds_and_disputes
from payments.refunds.staff_lookup import ProviderIsSilent
from payments.states import BY_HAND_METHODS, COUNTER, COUNTER_METHODS, PaymentMethod, RefundStatus
from reservations.locks import LockedSale
from sales.services.owing import note_paid_out
from staff.services.audit import record
from theaters.cash_rounding import rounding_of_refund


class NotAtTheCounter(Refusal):
    sentence = _("This refund is on its way to the card. Paying it out as well would give the money back twice.")


class PaidOutAlready(Refusal):
    way_on = WayOn(_("All that waits"), to="counter_payouts")
    sentence = _("This was paid out already. Nothing was paid out twice: please hand out no more.")


class NotMovedIn(Refusal):
    sentence = _("This money was not paid to another ticket system: it goes back in cash or to a card at the counter.")


class ForeignMoney(Refusal):
    sentence = _("This money came in another currency than the theater's: it goes back to the card alone.")


@dataclass(frozen=True)
class Payer:
    """The person who pays out, and the device whose drawer is used; None for people who signed in with their account."""

    operator_id: int
    device_id: int | None = None

    @property
    def actor(self) -> str:
        return staff_actor_name(self.operator_id, self.device_id)


def pay_out(*, refund_id: int, method: PaymentMethod, operator_id: int, device_id: int | None = None) -> Refund:
    """Record that the customer got the money, by cash or card, whatever they had paid with.

    A second press changes nothing. Raises PaidOutAlready when somebody else was faster, and other refusals; then nothing is
    changed.
    """
    sale_id = Refund.objects.values_list("payment__sale", flat=True).get(pk=refund_id)
    with transaction.atomic():
        whole = lock_sale_for_money(sale_id)
        refund = locks.refund(refund_id)
        if refund.method not in BY_HAND_METHODS or method not in BY_HAND_METHODS:
            raise NotAtTheCounter
        if method == PaymentMethod.MOVED_IN != refund.payment.method:
            raise NotMovedIn
        if refund.status == RefundStatus.REQUESTED:
            hand_out(whole, refund, method, Payer(operator_id, device_id), reason=refund.reason)
            tell_of_refund(refund)
        elif (refund.operator_id, refund.device_id) != (operator_id, device_id):
            raise PaidOutAlready
    return refund


def require_another_way(refund: Refund) -> Decimal:
    """The amount that may be paid out because the card did not take it: what is missing, at most what is left of this
    payment.

    Raises a Refusal.
    """
    if refund.method != PaymentMethod.ONLINE:
        raise NotFailed
    missing = require_retry(refund)
    if refund.payment.is_foreign:
        raise ForeignMoney
    [account] = balances_of([refund.payment])
    return min(missing, account.left)


def pay_out_instead(
    *, refund_id: int, method: PaymentMethod, reason: str, operator_id: int, device_id: int | None = None
) -> Refund:
    """A refund to a card that failed for good is paid out at the counter: a new refund of the same payment.

    The provider is asked first, because somebody may have given the money back in its dashboard. Raises a Refusal.
    """
    payment = Payment.objects.get(refunds=refund_id)
    try:
        with page_budget():
            follow_refunds_and_disputes(payment)
    except errors.ProviderError:
        raise ProviderIsSilent from None
    with transaction.atomic():
        whole = lock_sale_for_money(payment.sale_id)
        failed = locks.refund(refund_id)
        amount = require_another_way(failed)
        if method not in COUNTER_METHODS:
            raise NotAtTheCounter
        refund = Refund.objects.create(
            payment=failed.payment,
            provider=COUNTER,
            method=method,
            amount=amount,
            currency=whole.sale.currency,
            reason=f"Paid out instead: {reason}"[:120],
        )
        hand_out(whole, refund, method, Payer(operator_id, device_id), reason=reason)
        tell_of_refund(refund)
    return refund


def rounding_of_payout(amount: Decimal, method: PaymentMethod, *, theater: Theater) -> Decimal:
    """What the coins of the theater's country make more of a payout, or less; 0 on a card."""
    if method != PaymentMethod.CASH:
        return Decimal(0)
    return rounding_of_refund(amount, country=theater.country, currency=theater.currency)


def hand_out(locked: LockedSale, refund: Refund, method: PaymentMethod, payer: Payer, *, reason: str) -> None:
    """Record that a requested refund of a locked sale was paid out.

    The caller mails the customer. Refunds that another system paid for a moved-in sale are in no drawer.
    """
    theater = locked.sale.theater
    rounding = rounding_of_payout(refund.amount, method, theater=theater)
    move_refund(
        refund,
        RefundStatus.SUCCEEDED,
        actor=payer.actor,
        note=method.label,
        method=method,
        rounding=rounding,
        operator_id=payer.operator_id,
        device_id=payer.device_id,
        ended_at=ClockTimestamp(),
    )
    if method in COUNTER_METHODS:
        note_paid_out(locked.sale, refund.amount)
    record(
        actor=payer.actor,
        action="pay out",
        thing=locked.first,
        theater=locked.sale.theater_id,
        after={
            "refund": refund.pk,
            "amount": format_money(refund.amount, refund.currency),
            "method": method.label,
        }
        | ({"rounded to coins": format_money(refund.in_coins, refund.currency)} if rounding else {}),
        reason=reason,
    )
