"""How to tell Stripe's own refusal from an answer of something between it and us."""

from collections.abc import Mapping
from dataclasses import dataclass

TYPES_OF_A_NO = frozenset({"card_error", "invalid_request_error"})
STRIPES_TYPES = TYPES_OF_A_NO | {"api_error", "idempotency_error"}


@dataclass(frozen=True)
class StripesError:
    """An error that Stripe itself sent. `code` is '' where Stripe gives none."""

    kind: str
    code: str
    message: str

    @property
    def is_no(self) -> bool:
        """Whether it proves that nothing was done.

        Stripe gives codes to "some errors that could be handled programmatically" (https://docs.stripe.com/api/errors),
        and promises one for no type. No page of a proxy has both type and code; a type alone might be there. An
        `idempotency_error` never counts as a refusal: it says that the key was used before, not with what result.
        """
        return bool(self.code) and self.kind in TYPES_OF_A_NO


def stripes_own(body: object, headers: Mapping[str, str] | None) -> StripesError | None:
    """The error of an answer in Stripe's shape: JSON with a type of its own, and a code or the id of the request in a
    header. None for all others."""
    headers = headers or {}
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or not headers.get("content-type", "").startswith("application/json"):
        return None
    kind, code, message = (error.get(name) for name in ("type", "code", "message"))
    code = code if isinstance(code, str) else ""
    if kind not in STRIPES_TYPES or not (code or headers.get("request-id", "").startswith("req_")):
        return None
    return StripesError(str(kind), code, str(message or kind))
