"""Which rights our keys at providers lack, and telling staff of them."""

import structlog
from django.conf import settings
from django.utils.translation import gettext

from core.clock import ClockTimestamp
from core.rows.sweeps import next_row_on_error
from payments import emails
from payments.books.invariant_runs import staff_addresses
from payments.models import KeyRefusal
from payments.models.comparisons import RIGHTS_TO_TELL
from payments.providers import errors
from payments.providers.answers import Right
from payments.providers.port import Provider
from payments.providers.registry import online_providers, provider_named

LEASE_SECONDS = 60
logger = structlog.get_logger(__name__)


def missing_rights() -> list[tuple[Provider, Right]]:
    """The rights our keys lack. Raises errors.Unknown when a provider is silent, NotPermitted when it rejects the key."""
    return [(provider, right) for provider in online_providers() for right in provider.missing_rights()]


def what_stops_payments() -> str:
    """Ask now what stops payments, in sentences: a rejected key or its missing rights; '' when payments work."""
    return " ".join(sentence for provider in online_providers() for sentence in _stops(provider))


def takes_real_money() -> bool:
    return any(provider.is_live for provider in online_providers())


def _stops(provider: Provider) -> list[str]:
    try:
        return [provider.right_in_words(right.name) for right in provider.missing_rights()]
    except errors.NotPermitted as refusal:
        return [provider.right_in_words(refusal.right)]
    except errors.ProviderError as error:
        silent = gettext(
            "The payment provider does not answer, or not as expected (%(error)s). Try again in a minute; if it stays so, look "
            "whether this server reaches the internet."
        )
        return [silent % {"error": error}]


def in_words(provider: str, right: str) -> str:
    """Describe a missing right of our key in a sentence, for the office and mails."""
    return provider_named(provider).right_in_words(right)


def tell_of_refused_rights() -> int:
    """Mail to staff, once for each right; if the mail server is down, try again."""
    told = 0
    for refusal in KeyRefusal.objects.to_tell().order_by("pk"):
        with next_row_on_error("key_refusal_not_told", right=refusal.right):
            if RIGHTS_TO_TELL.claim(KeyRefusal.objects.all(), refusal.pk, seconds=LEASE_SECONDS):
                emails.key_refusal(
                    refusal,
                    words=in_words(refusal.provider, refusal.right),
                    to=staff_addresses(),
                    site_url=settings.SITE_URL,
                ).send()
                told += KeyRefusal.objects.filter(pk=refusal.pk).update(told_at=ClockTimestamp())
    return told
