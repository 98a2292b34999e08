"""The payment session of a payment at the provider: opened with the stored request and key, found again, looked up,
recorded.
"""

from contextlib import suppress
from datetime import timedelta

from core.clock import database_now
from payments.models import Payment
from payments.providers import errors
from payments.providers.answers import Session
from payments.providers.port import Provider
from payments.providers.registry import provider_named
from payments.records.status_changes import open_created_payment
from payments.states import PaymentStatus
from reservations.refusals.selling import TooLateToPay

SESSION_SECONDS = 3600
# The provider forgets idempotency keys after a day: until then a repeat gets the first answer.
KEYS_ARE_KEPT = timedelta(hours=23)
CLOCK_SKEW = timedelta(minutes=5)


def current_session(payment: Payment) -> Session | None:
    """The payment session as it is now; None when it is certain that there never was one.

    If we have not recorded it, the same request is sent with the same key, to which the provider answers with the same
    session.
    """
    provider = provider_named(payment.provider)
    if payment.session_id:
        return provider.look_at_session(payment.session_id)
    age = database_now() - payment.created_at
    if age > KEYS_ARE_KEPT:
        # The key is forgotten: a repeat would open a second session.
        return _listed_session(provider, payment)
    try:
        session = _opened_session(provider, payment)
    except errors.Refused:
        return None
    except errors.Unproven:
        if age < timedelta(seconds=SESSION_SECONDS) + CLOCK_SKEW:
            raise
        # No payment session of this request can be open any more, and nothing is on its way, so the provider's list is
        # complete.
        return _listed_session(provider, payment)
    if session is None:
        return None
    with suppress(TooLateToPay):
        record_session(payment.pk, session, actor="sweep")
    return provider.look_at_session(session.id)


def ask_for_session(payment: Payment) -> Session | None:
    """The payment session for the stored request and key; None when it is certain that there is none and the key is spent.

    Raises errors.Unknown and errors.Refused.
    """
    return _opened_session(provider_named(payment.provider), payment)


def _opened_session(provider: Provider, payment: Payment) -> Session | None:
    try:
        return provider.open_session(request=payment.request, key=payment.key)
    except errors.Broken:
        # The provider would repeat that answer for a day, so look whether a payment session was opened all the same.
        return _found_session(provider, payment)


def _listed_session(provider: Provider, payment: Payment) -> Session | None:
    found = _found_session(provider, payment)
    return None if found is None else provider.look_at_session(found.id)


def _found_session(provider: Provider, payment: Payment) -> Session | None:
    """Find a session with our key among those of that time, as the provider cannot search. Raises errors.ProviderError."""
    return provider.find_session(
        key=payment.key, since=payment.created_at - CLOCK_SKEW, until=payment.created_at + KEYS_ARE_KEPT
    )


def record_session(payment_id: int, session: Session, *, actor: str) -> str:
    """Write down the payment session that the provider opened. Raises TooLateToPay when the payment was closed meanwhile."""
    if open_created_payment(payment_id, session_id=session.id, session_url=session.url, actor=actor):
        return session.url
    payment = Payment.objects.get(pk=payment_id)
    if payment.status != PaymentStatus.OPEN:
        raise TooLateToPay
    return payment.session_url
