"""Restricted keys: which right each call needs, and Stripe's refusal for a key that does not have it.

Names of rights as in https://docs.stripe.com/keys/permissions-reference; a right to write lets read too. A key may show
an object inside another (`expand`) only when it may read it by itself.
"""

import re
from collections.abc import Iterator
from typing import Any

from dev.sandbox.errors import StripeError

ACCOUNT = "acct_1Marquee0Sandbox"
RESOURCES = {
    "/v1/checkout/sessions": "checkout_session",
    "/v1/payment_intents": "payment_intent",
    "/v1/charges": "charge",
    "/v1/refunds": "charge",
    "/v1/disputes": "dispute",
    "/v1/events": "event",
    "/v1/balance_transactions": "balance",
}
EXPANDED = {"payment_intent": "payment_intent", "latest_charge": "charge", "charge": "charge", "refunds": "charge"}
RIGHTS = frozenset(f"{resource}_{act}" for resource in RESOURCES.values() for act in ("read", "write"))


def require_rights(key: str, rights: frozenset[str], *, method: str, path: str, params: dict[str, Any]) -> None:
    """Raises the 403 that names the first right that is missing."""
    for right in _needed(method, path, params):
        if right not in rights and right.replace("_read", "_write") not in rights:
            raise _not_permitted(key, right)


def _needed(method: str, path: str, params: dict[str, Any]) -> Iterator[str]:
    resource = next((name for start, name in RESOURCES.items() if path.startswith(start)), None)
    if resource is not None:
        yield f"{resource}_{'read' if method == 'GET' else 'write'}"
    expand = params.get("expand", {})
    paths = expand.values() if isinstance(expand, dict) else ()
    for name in re.split(r"\.", ".".join(str(path) for path in paths)):
        if name in EXPANDED:
            yield f"{EXPANDED[name]}_read"


def _not_permitted(key: str, right: str) -> StripeError:
    shown = key[:8] + "*" * max(len(key) - 14, 4) + key[-6:]
    return StripeError(
        f"The provided key '{shown}' does not have the required permissions for this endpoint on account '{ACCOUNT}'. "
        f"Having the 'rak_{right}' permission would allow this request to continue.",
        status=403,
    )
