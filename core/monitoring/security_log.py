"""Security events as log lines, so that there is something to read after an attack (docs/security.md lists them).

A line has the event, the client's address, who is signed in, and what was asked for. An account that nobody is signed in
to is named by a keyed hash of its e-mail address: the same account gives the same value, and the log holds no addresses.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from core.letters.mailboxes import same_mailbox
from core.limits.addresses import client_address
from core.monitoring.redaction import has_secret_argument

logger = structlog.get_logger("security")
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


class SecurityEvent(StrEnum):
    SIGN_IN_SUCCEEDED = "sign_in_succeeded"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED_OUT = "locked_out"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    REAUTHENTICATED = "reauthenticated"
    WRONG_CODE = "wrong_code"
    WRONG_PROMO_CODE = "wrong_promo_code"
    WRONG_LINK = "wrong_link"
    LIMIT_REACHED = "limit_reached"
    PERMISSION_REFUSED = "permission_refused"
    ROLE_CHANGED = "role_changed"
    STAFF_CHANGED = "staff_changed"
    SESSION_ENDED = "session_ended"
    DEVICE_ENROLLED = "device_enrolled"
    DEVICE_REVOKED = "device_revoked"
    REVOKED_DEVICE_USED = "revoked_device_used"
    OPERATOR_CHOSEN = "operator_chosen"
    WRONG_PIN = "wrong_pin"
    PIN_LOCKED = "pin_locked"
    DATA_EXPORTED = "data_exported"
    DATA_ERASED = "data_erased"


EXPECTED = {
    SecurityEvent.SIGN_IN_SUCCEEDED,
    SecurityEvent.REAUTHENTICATED,
    SecurityEvent.ROLE_CHANGED,
    SecurityEvent.SESSION_ENDED,
    SecurityEvent.DEVICE_ENROLLED,
    SecurityEvent.DEVICE_REVOKED,
    SecurityEvent.OPERATOR_CHOSEN,
    SecurityEvent.DATA_EXPORTED,
    SecurityEvent.DATA_ERASED,
}
# allauth's pages on which somebody proves again who they are: a redirect is a success, the page again is a failure.
SECOND_FACTOR_PAGES = {"mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_login_webauthn"}
REAUTHENTICATION_PAGES = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


def write_security_event(event: SecurityEvent, **facts: Any) -> None:
    """Write one line. `facts` say more about the event; what is known of the current request is added."""
    request = _request.get()
    level = logging.INFO if event in EXPECTED else logging.WARNING
    logger.log(level, str(event), **(_about(request) if request is not None else {}), **facts)


def account_hash(email: str) -> str:
    """A hash that stands for an account in the log, instead of its address."""
    return salted_hmac("core.monitoring.security_log", same_mailbox(email), algorithm="sha256").hexdigest()[:16]


class SecurityLogMiddleware:
    """Logs security events that show in the response, for every address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _request.set(request)
        try:
            response = self.get_response(request)
            if event := _event_of(request, response):
                write_security_event(event, status=response.status_code)
        finally:
            _request.reset(token)
        return response


def _event_of(request: HttpRequest, response: HttpResponseBase) -> SecurityEvent | None:
    if response.status_code == 429:
        return SecurityEvent.LIMIT_REACHED
    if response.status_code == 403:
        return SecurityEvent.PERMISSION_REFUSED
    if is_wrong_link(request, response):
        return SecurityEvent.WRONG_LINK
    return _event_of_proof(request, response)


def is_wrong_link(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the link's secret is wrong: 404, or allauth's page that says so with 200."""
    if not has_secret_argument(request.resolver_match):
        return False
    context = getattr(response, "context_data", None) or {}
    is_missing = response.status_code == HTTPStatus.NOT_FOUND
    return is_missing or bool(context.get("token_fail")) or context.get("confirmation", "") is None


def _event_of_proof(request: HttpRequest, response: HttpResponseBase) -> SecurityEvent | None:
    page = request.resolver_match.url_name if request.resolver_match else None
    if request.method != "POST":
        return None
    if page in REAUTHENTICATION_PAGES and response.status_code == 302:
        return SecurityEvent.REAUTHENTICATED
    if page in SECOND_FACTOR_PAGES and response.status_code == 200:
        return SecurityEvent.SECOND_FACTOR_FAILED
    return None


def _about(request: HttpRequest) -> dict[str, Any]:
    """The signed-in person only if the request asked for them already: a log line asks the database nothing."""
    user = request.__dict__.get("_cached_user")
    known = {"address": client_address(request), "method": request.method, "path": request.path}
    return known if user is None or user.pk is None else {**known, "user_id": user.pk}
