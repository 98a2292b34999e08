"""Asking Stripe for each right that the product needs, by calls that change nothing; telling staff of those that are missing."""

from collections.abc import Callable

import structlog
from django.conf import settings

from core.clock import ClockTimestamp, from_now
from core.sweeps import next_row_on_error
from payments import emails, gateway, stripe_movements
from payments.key_refusals import not_noted
from payments.models import KeyRefusal
from payments.services.checking import staff_addresses
from payments.stripe_rights import RIGHTS, Right

LEASE_SECONDS = 60
logger = structlog.get_logger(__name__)
PROBES: dict[str, Callable[[], object]] = {
    # Writing is asked for with things that do not exist: without the right Stripe says so first.
    "checkout_session_write": lambda: gateway.expire_session("cs_test_of_rights"),
    "charge_write": stripe_movements.ask_to_refund_nothing,
    "payment_intent_read": lambda: stripe_movements.ask_for_one("payment_intents"),
    "dispute_read": lambda: stripe_movements.ask_for_one("disputes"),
    "event_read": lambda: stripe_movements.ask_for_one("events"),
    "balance_read": lambda: stripe_movements.ask_for_one("balance_transactions"),
}


def missing_rights() -> list[Right]:
    """Raises gateway.Unknown when Stripe does not answer, NotPermitted when it does not accept the key at all."""
    with not_noted(), gateway.only_looking():
        return [right for right in RIGHTS if not _has(right)]


def _has(right: Right) -> bool:
    try:
        PROBES[right.name]()
    except gateway.NotPermitted as refusal:
        if refusal.right == gateway.WHOLE_KEY:
            raise
        return False
    except (gateway.Refused, gateway.Unproven):
        return True
    return True


def in_words(right: str) -> str:
    """For the office and mails."""
    if right == gateway.WHOLE_KEY:
        return "Stripe does not accept our secret key. Nothing can be paid or refunded until it is changed."
    known = next(
        (known for known in RIGHTS if known.name == right or known.name == right.replace("_read", "_write")), None
    )
    if known is None:
        return f"Stripe refuses something to our key (right: {right})."
    return f"Our key at Stripe lacks the right “{known.in_dashboard}”, which is needed {known.what_for}."


def tell_of_refused_rights() -> int:
    """Mail to staff, once for each right; a mail server that is down is tried again."""
    told = 0
    for refusal in KeyRefusal.objects.to_tell().order_by("pk"):
        with next_row_on_error("key_refusal_not_told", right=refusal.right):
            if KeyRefusal.objects.to_tell().filter(pk=refusal.pk).update(tell_at=from_now(LEASE_SECONDS)):
                emails.key_refusal(
                    refusal, words=in_words(refusal.right), to=staff_addresses(), site_url=settings.SITE_URL
                ).send()
                told += KeyRefusal.objects.filter(pk=refusal.pk).update(told_at=ClockTimestamp())
    return told
