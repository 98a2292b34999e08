"""Refunds and disputes of a payment as Stripe has them, also those whose news never came."""

from payments import gateway
from payments.models import Payment
from payments.services.dashboard import follow_refund
from payments.services.disputes import follow_dispute


def follow_what_came_after(payment: Payment) -> None:
    """Raises gateway.GatewayError."""
    payment.refresh_from_db(fields=["intent_id"])
    if payment.intent_id is None:
        return
    refunds, disputes = gateway.came_after(payment.intent_id)
    for stripe_id in refunds:
        follow_refund(stripe_id=stripe_id)
    for stripe_id in disputes:
        follow_dispute(stripe_id=stripe_id)
