"""Asking Stripe for each right that the product needs, by calls that change nothing."""

from collections.abc import Callable

from payments.providers.answers import Right
from payments.providers.call_rules import only_looking
from payments.providers.errors import NotPermitted, Refused, Unproven
from payments.providers.key_refusals import not_noted
from payments.providers.stripe.movements import ask_for_one, ask_to_refund_nothing
from payments.providers.stripe.rights import RIGHTS, WHOLE_KEY
from payments.providers.stripe.sessions import expire_session

PROBES: dict[str, Callable[[], object]] = {
    # Rights to write are tested with objects that do not exist: without the right Stripe refuses that first.
    "checkout_session_write": lambda: expire_session("cs_test_of_rights"),
    "charge_write": ask_to_refund_nothing,
    "payment_intent_read": lambda: ask_for_one("payment_intents"),
    "dispute_read": lambda: ask_for_one("disputes"),
    "event_read": lambda: ask_for_one("events"),
    "balance_read": lambda: ask_for_one("balance_transactions"),
}


def missing_rights() -> list[Right]:
    """The rights that our key lacks. Raises Unknown when Stripe is silent, NotPermitted when it rejects the key."""
    with not_noted(), only_looking():
        return [right for right in RIGHTS if not _has(right)]


def _has(right: Right) -> bool:
    try:
        PROBES[right.name]()
    except NotPermitted as refusal:
        if refusal.right == WHOLE_KEY:
            raise
        return False
    except (Refused, Unproven):
        return True
    return True


def in_words(right: str) -> str:
    """Describe a missing right of our key in a sentence, for the office and mails."""
    if right == WHOLE_KEY:
        return (
            "Stripe does not accept our secret key. Nothing can be paid or refunded until STRIPE_SECRET_KEY is right."
        )
    known = next(
        (known for known in RIGHTS if known.name == right or known.name == right.replace("_read", "_write")), None
    )
    if known is None:
        return f"Stripe refuses something to our key (right: {right})."
    return f"Our key at Stripe lacks the right “{known.in_dashboard}”, which is needed {known.what_for}."
