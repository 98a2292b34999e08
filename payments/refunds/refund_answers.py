"""Records the provider's answers about refunds, and adjusts the other refunds of the booking.

The provider's own object overrules our status: a refund that we called failed may be on its way, and then unsent
requests that would pay the same money again are dropped.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet, Sum

from core.clock import ClockTimestamp, from_now
from core.money import rounded
from payments import locks
from payments.models import Payment, Refund
from payments.providers import errors
from payments.providers.answers import RefundAnswer
from payments.providers.registry import provider_named
from payments.records.money_alerts import alert_staff
from payments.records.payment_balances import balances_of, own
from payments.records.refund_rows import request_refunds
from payments.records.status_changes import move_refund
from payments.states import PaymentMethod, RefundStatus
from reservations import locks as reservation_locks
from reservations.aftersale.outside_refunds import money_went_back
from reservations.locks import LockedSale
from reservations.models import Cancellation, OutgoingMail, first_booking
from reservations.selling.bookings import write_mail
from reservations.states import TOLD_BY_MAIL, MailKind
from sales.models import Sale

LATER_SECONDS = 3600
LATE_SECONDS = 86_400
ALIVE = (RefundStatus.PENDING, RefundStatus.SUCCEEDED)
NOT_SENT = "not_sent: its money went back by another refund"
logger = structlog.get_logger(__name__)


def record_answer(refund_id: int, answer: RefundAnswer) -> None:
    """Record the provider's object of a refund of ours, and drop requests that would pay its money a second time."""
    with transaction.atomic():
        whole = reservation_locks.whole_sale(Payment.objects.values_list("sale_id", flat=True).get(refunds=refund_id))
        payments = locks.payments_of(whole.sale.pk)
        refund = locks.refund(refund_id)
        was = refund.status
        write_answer(refund, answer)
        if refund.status not in ALIVE:
            return
        if was == RefundStatus.FAILED:
            logger.error("failed_refund_is_alive", refund=refund_id, provider_id=answer.id)
            _drop_unsent(whole.sale, payments)
            request_refunds(whole.sale, reason="Owed to the customer")
        _note_overpaid(whole, payments)


def write_answer(refund: Refund, answer: RefundAnswer) -> None:
    """Give a locked refund the status of the provider's object."""
    _note_bank_reference(refund, answer)
    to = answer.status
    was = RefundStatus(refund.status)
    if was == to or (was == RefundStatus.SUCCEEDED and to == RefundStatus.PENDING):
        Refund.objects.filter(pk=refund.pk).update(look_at=from_now(LATER_SECONDS))
        return
    if was == RefundStatus.FAILED and refund.provider_id is not None:
        # The provider had called it failed before, and two answers may cross, so it is asked once more before the
        # refund counts.
        _move(refund, RefundStatus.PENDING, answer, look_in=0)
        return
    _move(refund, to, answer)


def _note_bank_reference(refund: Refund, answer: RefundAnswer) -> None:
    if answer.bank_reference:
        Refund.objects.filter(pk=refund.pk).update(bank_reference=answer.bank_reference)


def _move(refund: Refund, to: RefundStatus, answer: RefundAnswer, *, look_in: int = LATER_SECONDS) -> None:
    if to == RefundStatus.FAILED:
        logger.error("refund_failed", refund=refund.pk, error=answer.failure)
    move_refund(
        refund,
        to,
        actor=refund.provider,
        provider_id=answer.id,
        last_error=answer.failure[:200],
        look_at=from_now(look_in),
        ended_at=None if to == RefundStatus.PENDING else ClockTimestamp(),
    )
    if to == RefundStatus.SUCCEEDED and not _is_told_already(refund):
        tell_of_refund(refund)


def _is_told_already(refund: Refund) -> bool:
    """Whether the mail about the cancellation was enough.

    A refund that was late or had failed before gets a mail when it is done, and so does one that no such mail named.
    """
    sale_id = refund.payment.sale_id
    refunds = Refund.objects.filter(payment__sale=sale_id)
    is_late = not refunds.filter(pk=refund.pk, created_at__gt=from_now(-LATE_SECONDS)).exists()
    if is_late or refunds.filter(status=RefundStatus.FAILED).exists():
        return False
    mailed = OutgoingMail.objects.filter(booking__sale=sale_id, kind=MailKind.REFUND).values_list(
        "facts__about", flat=True
    )
    untold = refunds.filter(status=RefundStatus.SUCCEEDED, method=PaymentMethod.ONLINE).exclude(pk__in=list(mailed))
    told = Cancellation.objects.filter(booking__sale=sale_id, cause__in=TOLD_BY_MAIL)
    return _total(untold, "amount") <= _total(told, "refunded")


def _total(rows: QuerySet[Any], column: str) -> Decimal:
    return rows.aggregate(total=Sum(column))["total"] or Decimal(0)


def record_refusal(refund_id: int, refusal: errors.Refused) -> None:
    """Record that the provider refused the refund and has none with our key."""
    with transaction.atomic():
        refund = locks.refund(refund_id)
        if refund.status != RefundStatus.SUBMITTED:
            return
        error = f"{refusal.code}: {refusal}"[:200]
        logger.error("refund_failed", refund=refund_id, error=error)
        move_refund(refund, RefundStatus.FAILED, actor=refund.provider, last_error=error, ended_at=ClockTimestamp())


def tell_of_refund(refund: Refund) -> None:
    facts = {"amount": str(rounded(refund.amount, refund.currency)), "currency": refund.currency}
    write_mail(first_booking(refund.payment.sale), MailKind.REFUND, about=refund.pk, method=refund.method, **facts)


def drop_request(request: Refund) -> None:
    """Cancel a refund request before it is sent. The caller has locked its sale."""
    move_refund(
        locks.refund(request.pk),
        RefundStatus.FAILED,
        actor=request.provider,
        note="Its money went back by another refund",
        last_error=NOT_SENT,
        ended_at=ClockTimestamp(),
    )


def _drop_unsent(sale: Sale, payments: Sequence[Payment]) -> None:
    """Drop the newest unsent requests, at the provider or the counter, with which more would go back than is owed or
    was paid.
    """
    unsent = Refund.objects.filter(payment__in=payments, status=RefundStatus.REQUESTED)
    for request in unsent.order_by("-pk"):
        if _excess(sale, payments, request.payment_id) > 0:
            drop_request(request)


def _excess(sale: Sale, payments: Sequence[Payment], payment_id: int) -> Decimal:
    accounts = {account.payment.pk: account for account in balances_of(payments)}
    mine = accounts[payment_id]
    over = mine.refunded + mine.lost - mine.payment.taken
    if mine.payment.is_foreign:
        return over
    given = sum((account.refunded + account.lost for account in own(accounts.values())), Decimal(0))
    return max(over, given - sale.refund_due)


def _note_overpaid(locked: LockedSale, payments: Sequence[Payment]) -> None:
    """If more was refunded than is owed, cancel tickets as after a refund in the dashboard, or record goodwill.

    Refunds that are not sent, or that the provider may still refuse, do not count.
    """
    more = _arrived(payments) - locked.sale.refund_due
    if more > 0:
        money_went_back(locked, more, actor=payments[-1].provider)
        says = f"{more} {locked.sale.currency} more went back than was owed: look at the refunds of this booking."
        alert_staff(locked.first, purpose=f"overpaid:{locked.first.pk}:{locked.sale.refund_due}", says=says)


def _arrived(payments: Sequence[Payment]) -> Decimal:
    """The money that arrived at the customer, by refunds and lost disputes, in the sale's currency; at most what was
    paid.
    """
    accounts = own(balances_of(payments))
    alive = Refund.objects.filter(payment__in=[account.payment for account in accounts], status__in=ALIVE)
    given = dict(alive.order_by().values_list("payment").annotate(Sum("amount")))
    sums = (
        min(account.payment.taken, given.get(account.payment.pk, Decimal(0)) + account.lost) for account in accounts
    )
    return sum(sums, Decimal(0))


def refresh_refund(*, provider: str, provider_id: str) -> bool:
    """Ask the provider how a refund stands after a delivery named it. False when it is not ours."""
    refund = Refund.objects.filter(provider=provider, provider_id=provider_id).first()
    if refund is None:
        return False
    answer = provider_named(provider).look_at_refund(provider_id)
    if answer.status == RefundStatus.FAILED or refund.status != RefundStatus.SUCCEEDED:
        record_answer(refund.pk, answer)
    else:
        _note_bank_reference(refund, answer)
    return True
