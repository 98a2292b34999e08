"""What can go wrong with Stripe, and how to tell Stripe's own refusal from an answer of something between it and us."""

from collections.abc import Mapping
from dataclasses import dataclass

STRIPES_TYPES = frozenset({"api_error", "card_error", "idempotency_error", "invalid_request_error"})


class GatewayError(Exception):
    """Anything that went wrong with Stripe."""


class Unknown(GatewayError):
    """No answer, or one that proves nothing: repeat with the same key."""


class Broken(Unknown):
    """Stripe itself failed. It answers a key that failed so the same way for a day: look, then use another key."""


class NotPermitted(Unknown):
    """Stripe does not let our key ask this. It says nothing of the customer's money; people are told."""

    def __init__(self, right: str) -> None:
        super().__init__(f"our key at Stripe lacks the right {right}")
        self.right = right


class Refused(GatewayError):
    """Stripe understood and said no."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def is_missing(self) -> bool:
        """Stripe has no such object."""
        return self.code == "resource_missing"


class BadSignature(GatewayError):
    """A delivery that Stripe did not sign."""


class TooOld(BadSignature):
    """Stripe signed it, but longer ago than the clock of this machine allows."""


class Unstorable(GatewayError):
    """A signed delivery that can never be kept; the message says why."""


@dataclass(frozen=True)
class StripesError:
    """An error in Stripe's own words. `code` is the error's type where Stripe gives no code."""

    code: str
    message: str


def stripes_own(body: object, headers: Mapping[str, str] | None) -> StripesError | None:
    """The error of an answer that only Stripe can have written; None for all others.

    Stripe sends JSON with a type of its own (https://docs.stripe.com/api/errors), and a code or, for refusals without
    one, the id of the request in a header.
    """
    headers = headers or {}
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or not headers.get("content-type", "").startswith("application/json"):
        return None
    kind, code, message = (error.get(name) for name in ("type", "code", "message"))
    has_code = isinstance(code, str) and bool(code)
    if kind not in STRIPES_TYPES or not (has_code or headers.get("request-id", "").startswith("req_")):
        return None
    return StripesError(str(code) if has_code else str(kind), str(message or kind))
