"""Refunds and disputes at Stripe: what comes after a payment."""

from decimal import Decimal

from payments.providers.answers import DisputeAnswer, RefundAnswer
from payments.providers.errors import Unreadable
from payments.providers.stripe.answers import as_dispute, as_refund, expect, to_minor
from payments.providers.stripe.calls import all_of, calling, client, with_installation


def create_refund(*, intent_id: str, amount: Decimal, currency: str, key: str) -> RefundAnswer:
    minor = to_minor(amount, currency)
    metadata = with_installation({"key": key})
    with calling():
        refund = as_refund(
            client().v1.refunds.create(
                {"payment_intent": intent_id, "amount": minor, "metadata": metadata}, {"idempotency_key": key}
            )
        )
        if (refund.provider_payment_id, refund.amount, refund.key) != (intent_id, amount, key):
            raise Unreadable("the answer is another refund")
    return refund


def fetch_refund(refund_id: str) -> RefundAnswer:
    with calling():
        return as_refund(expect(client().v1.refunds.retrieve(refund_id), "refund", stripe_id=refund_id))


def refunds_of(intent_id: str) -> list[RefundAnswer]:
    """All refunds of a payment, also those of the dashboard, newest first."""
    with calling():
        page = client().v1.refunds.list({"payment_intent": intent_id, "limit": 100})
        found = [as_refund(item) for item in all_of(page, "refund")]
        if any(refund.provider_payment_id != intent_id for refund in found):
            raise Unreadable("the answer is about another payment")
    return found


def refunds_and_disputes_of(intent_id: str) -> tuple[list[str], list[str]]:
    """The ids of all refunds and of all disputes of a payment, also of those of which no news arrived."""
    refunds = [refund.id for refund in refunds_of(intent_id)]
    with calling():
        disputes = client().v1.disputes.list({"payment_intent": intent_id, "limit": 100})
        return refunds, [dispute.id for dispute in all_of(disputes, "dispute")]


def fetch_dispute(dispute_id: str) -> DisputeAnswer:
    with calling():
        return as_dispute(expect(client().v1.disputes.retrieve(dispute_id), "dispute", stripe_id=dispute_id))
