"""Records the refunds and disputes that the provider has for a payment, also when their news never arrived."""

from payments.models import Payment
from payments.providers.registry import provider_named
from payments.refunds.dashboard_refunds import follow_refund
from payments.refunds.disputes import follow_dispute


def follow_refunds_and_disputes(payment: Payment) -> None:
    """Look up the refunds and disputes of a payment and act on them. Raises errors.ProviderError."""
    payment.refresh_from_db(fields=["provider_id"])
    if payment.provider_id is None:
        return
    refunds, disputes = provider_named(payment.provider).refunds_and_disputes_of(payment.provider_id)
    for provider_id in refunds:
        follow_refund(provider=payment.provider, provider_id=provider_id)
    for provider_id in disputes:
        follow_dispute(provider=payment.provider, provider_id=provider_id)
