"""How Stripe is called: with a budget of time, never inside a transaction, and with two kinds of errors.

Refused: Stripe itself said no, with a type and a code of its own. Unknown: nobody knows whether it happened; ask again
with the same key. A page of a proxy, a status without Stripe's JSON, and an answer with another object are Unknown,
whatever their status. Broken is an Unknown of Stripe itself: it failed, and repeats this answer for the same key for a
day. Unproven is a refusal that proves nothing.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
import structlog
from django.conf import settings

from core.installation import METADATA_KEY, installation_id
from payments.providers.call_rules import require_call_allowed, seconds_left
from payments.providers.errors import Broken, NotPermitted, ProviderError, Refused, Unknown, Unproven, Unreadable
from payments.providers.key_refusals import note_refusal
from payments.providers.stripe.answers import expect, expect_page
from payments.providers.stripe.refusals import stripes_own
from payments.providers.stripe.rights import WHOLE_KEY, missing_right

# The provider's name in our rows.
NAME = "stripe"

logger = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 3.0
RETRIES = 2
# Three tries with the SDK's pauses between them.
WHOLE_CALL_SECONDS = 10.5
CALLS_AT_ONCE = 4
WAIT_FOR_A_PLACE_SECONDS = 1
_places = threading.BoundedSemaphore(CALLS_AT_ONCE)


@lru_cache(maxsize=32)
def _client(key: str, base: str, timeout: float, retries: int) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        max_network_retries=retries,
        base_addresses={"api": base},
        http_client=stripe.RequestsClient(timeout=timeout),
    )


def client() -> stripe.StripeClient:
    """Return a client whose time-outs fit the waiting page. Raises Unknown when no time is left."""
    stripe.enable_telemetry = False
    timeout, retries = _patience()
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, timeout, retries)


def _patience() -> tuple[float, int]:
    left = seconds_left()
    if left is None or left >= WHOLE_CALL_SECONDS:
        return TIMEOUT_SECONDS, RETRIES
    if left < TIMEOUT_SECONDS / 10:
        raise Unknown("no time left for Stripe")
    # For one try; rounded to tenths, so that few different clients are cached.
    return min(TIMEOUT_SECONDS, int(left / TIMEOUT_SECONDS * 10) * TIMEOUT_SECONDS / 10), 0


@contextmanager
def calling() -> Iterator[None]:
    """Context for each call to Stripe: turns errors into ProviderErrors."""
    require_call_allowed()
    if not _places.acquire(timeout=WAIT_FOR_A_PLACE_SECONDS):
        raise Unknown("too many calls to Stripe at once")
    try:
        yield
    except stripe.StripeError as error:
        raise _meaning_of(error) from error
    except (LookupError, AttributeError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        # The SDK or our reading of it met something that is not what Stripe sends.
        logger.exception("stripe_answer_unreadable")
        raise Unreadable(f"an answer that cannot be read: {type(error).__name__}") from error
    finally:
        _places.release()


def _meaning_of(error: stripe.StripeError) -> ProviderError:
    own = stripes_own(error.json_body, error.headers)
    name, status = type(error).__name__, error.http_status
    if own is None:
        return Unknown(name) if status is None else Unreadable(f"{name} {status}: not an answer of Stripe's own")
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        # The fault of our key, which says nothing about the payment.
        is_whole_key = isinstance(error, stripe.AuthenticationError)
        right = WHOLE_KEY if is_whole_key else missing_right(own.message) or "unknown"
        note_refusal(NAME, right, says=own.message)
        return NotPermitted(right)
    if status is not None and status >= 500:
        return Broken(f"{name} {status}")
    if status in {400, 402, 404}:
        message = str(error.user_message or own.message)
        return _refused(own.code, message) if own.is_no else Unproven(f"{own.kind}: {message}")
    return Unknown(f"{name} {status}")


def _refused(code: str, message: str) -> Refused:
    return Refused(code, message, is_missing=code == "resource_missing")


def all_of(page: Any, kind: str) -> Iterator[Any]:
    """Every object of a list, page by page. Raises Unknown for an answer that is no such list."""
    while True:
        yield from (expect(item, kind) for item in expect_page(page).data)
        if not page.has_more:
            return
        page = page.next_page()


def with_installation(metadata: dict[str, str]) -> dict[str, str]:
    """Add our installation's id to the metadata of an object to create."""
    return {**metadata, METADATA_KEY: installation_id()}
