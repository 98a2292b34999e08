"""Headers every answer carries, and the database's "not now" as a sentence instead of a stack trace."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.refusals import refuse

logger = structlog.get_logger(__name__)
Handler = Callable[[HttpRequest], HttpResponseBase]
WITH_CAMERA = {"door", "scan", "undo_scan"}  # the pages that read QR codes


class SecurityHeadersMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        match = request.resolver_match
        camera = "(self)" if match is not None and match.url_name in WITH_CAMERA else "()"
        response.headers.setdefault("Permissions-Policy", f"camera={camera}, microphone=(), geolocation=()")
        if request.method == "POST" and match is not None and match.url_name == "account_logout":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
            # On a shared computer the next person must not find the last one's bookings.
            if isinstance(response, HttpResponse):
                response.delete_cookie(settings.HOLDER_COOKIE_NAME, samesite="Lax")
        return response


class DatabaseRefusalsMiddleware:
    """Lock timeout, statement timeout, lost or refused connection: 503 with Retry-After, nothing changed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        _forget_who_asks(request)
        logger.warning("database_busy", error=type(exception.__cause__ or exception).__name__, path=request.path)
        return refuse(
            request,
            status=503,
            title="Just a moment",
            sentence="The box office is very busy right now. Nothing was changed; please try again in a few seconds.",
            next_url=request.path if request.method == "GET" else (request.headers.get("Referer") or "/"),
            next_label="Try again",
            retry_after=3,
        )


def _forget_who_asks(request: HttpRequest) -> None:
    """The page of a refusal must not ask the database who is looking at it. The session itself stays as it is."""
    request.user = AnonymousUser()
    request.__dict__.pop("_messages", None)
    if hasattr(request, "session"):
        request.session._session_cache = {}  # type: ignore[attr-defined]


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages that belong to one person: never kept by a cache, never restored from history."""

    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Vary", "Cookie, HX-Request")
        return response

    wrapped.__name__ = view.__name__
    wrapped.__doc__ = view.__doc__
    return wrapped


def pay_form_policy(response: HttpResponse) -> HttpResponse:
    """Let this page's form be redirected to Stripe's checkout."""
    response._csp_config = settings.CSP_WITH_PAY_FORM  # type: ignore[attr-defined]
    return response
