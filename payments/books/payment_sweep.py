"""Repairs what lost webhooks and hints should have done: asks the provider about each open payment, at first soon, then
less often.
"""

import structlog

from core.rows.sweeps import next_row_on_error
from payments.models import Payment, Refund
from payments.models.payments import PAYMENTS
from payments.models.refunds import REFUNDS
from payments.providers import errors
from payments.records.provider_silence import Silence
from payments.records.refund_rows import request_missing_refunds
from payments.refunds.refund_sending import RefundOutcome, send_or_ask
from payments.refunds.refunds_and_disputes import follow_refunds_and_disputes
from payments.sessions.session_closing import close_left_over
from payments.sessions.settlement import SettlementResult, settle

logger = structlog.get_logger(__name__)
LEASE_SECONDS = 30
SLOWEST_LOOK_SECONDS = 600
# The number of looks in quick succession while somebody may be on the payment page: a payment must be decided within
# two minutes.
LOOKS_AT_ONCE = 15


def look_at_due_payments(*, most: int = 50) -> int:
    due = list(Payment.objects.due_for_a_look().order_by("look_at").values_list("pk", "looks")[:most])
    silence = Silence()
    for done, (payment_id, looks) in enumerate(due, start=1):
        answered = True
        with next_row_on_error("payment_not_settled", payment=payment_id):
            answered = not _claim(payment_id, looks) or _look_at_payment(payment_id)
        if silence.is_away(after_doubt=not answered):
            return done
    return len(due)


def _claim(payment_id: int, looks: int) -> bool:
    return PAYMENTS.claim(Payment.objects.all(), payment_id, seconds=_pause(looks))


def _pause(looks: int) -> int:
    """Return the seconds until the next look: short while a payment session is open, then longer each time."""
    if looks < LOOKS_AT_ONCE:
        return LEASE_SECONDS * min(2, looks + 1)
    return min(SLOWEST_LOOK_SECONDS, LEASE_SECONDS * 2 ** (looks - LOOKS_AT_ONCE + 2))


def _look_at_payment(payment_id: int) -> bool:
    """Ask the provider about a payment and act on it. False only when the provider did not answer."""
    try:
        if settle(payment_id=payment_id, actor="sweep") == SettlementResult.OPEN:
            close_left_over(payment_id=payment_id, actor="sweep")
    except errors.ProviderError as error:
        Payment.objects.filter(pk=payment_id).update(last_error=str(error)[:200])
        return not errors.is_silence(error)
    return True


def send_due_refunds(*, most: int = 50) -> int:
    request_missing_refunds(most=most)
    due = REFUNDS.longest_due(Refund.objects.all(), most=most)
    silence = Silence()
    for done, refund_id in enumerate(due, start=1):
        sending = None
        with next_row_on_error("refund_not_sent", refund=refund_id):
            sending = send_and_learn(refund_id=refund_id)
        if silence.is_away(after_doubt=sending == RefundOutcome.UNKNOWN):
            return done
    return len(due)


def send_and_learn(*, refund_id: int) -> RefundOutcome:
    """Send a refund. When the provider refuses it, look for refunds and disputes there that we do not know, and ask
    anew.
    """
    sending = send_or_ask(refund_id=refund_id)
    if sending == RefundOutcome.REFUSED:
        _learn_why(refund_id)
    return sending


def _learn_why(refund_id: int) -> None:
    try:
        follow_refunds_and_disputes(Payment.objects.get(refunds=refund_id))
    except errors.ProviderError as error:
        logger.warning("refusal_not_explained", refund=refund_id, error=str(error)[:200])
