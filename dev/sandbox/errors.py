"""Stripe's refusals, in the words and shapes the SDK turns into exceptions."""

from typing import Any

DOC_URL = "https://stripe.com/docs/error-codes/"


class StripeError(Exception):
    """An answer that is not 2xx.

    `ran` tells whether the endpoint had begun its work. Only then is the answer kept under the idempotency key:
    a request with malformed parameters may be corrected and sent again with the same key.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        ran: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.ran = ran

    def body(self, request_id: str) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error |= {"code": self.code, "doc_url": DOC_URL + self.code.replace("_", "-")}
        if self.param:
            error["param"] = self.param
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": error}


def unknown_parameter(name: str) -> StripeError:
    return StripeError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def missing_parameter(name: str) -> StripeError:
    return StripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)


def invalid(message: str, param: str, code: str | None = None) -> StripeError:
    return StripeError(message, param=param, code=code)


def refused(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    """The request was well formed, but the state of the object forbids it."""
    return StripeError(message, code=code, param=param, ran=True)


def missing_object(kind: str, object_id: str, *, param: str = "id", status: int = 404) -> StripeError:
    return StripeError(f"No such {kind}: '{object_id}'", status=status, code="resource_missing", param=param, ran=True)


def wrong_key(key: str) -> StripeError:
    if not key:
        return StripeError(
            "You did not provide an API key. Send it in the Authorization header as a Bearer token.", status=401
        )
    shown = key[:8] + "*" * max(len(key) - 12, 4) + key[-4:]
    return StripeError(f"Invalid API Key provided: {shown}", status=401)


def unknown_url(method: str, path: str) -> StripeError:
    return StripeError(f"Unrecognized request URL ({method}: {path}).", status=404)


def broken(status: int) -> StripeError:
    """What the fault switches answer with."""
    if status == 429:
        return StripeError("Request rate limit exceeded.", status=429, code="rate_limit")
    if status < 500:
        # A refusal as Stripe words it: with a type and a code.
        return StripeError("This request was refused.", status=status, code="parameter_invalid_empty")
    return StripeError("An unknown error occurred", status=status, kind="api_error")
