"""Middleware for every address: headers, no cached copies of private pages, text that the database can store, errors of
the database.
"""

from collections.abc import Callable
from http import HTTPStatus
from traceback import walk_tb

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.csp import CSP
from django.utils.translation import gettext
from psycopg.errors import IdleInTransactionSessionTimeout, TransactionTimeout

from core.limits.addresses import client_ip
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from core.web.refusal_pages import refuse
from core.web.unstorable_text import LARGEST_ID, has_unstorable_text

logger = structlog.get_logger(__name__)
Handler = Callable[[HttpRequest], HttpResponseBase]


class SecurityHeadersMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        match = request.resolver_match
        camera = "(self)" if match is not None and match.url_name in settings.PAGES_WITH_CAMERA else "()"
        response.headers.setdefault("Permissions-Policy", f"camera={camera}, microphone=(), geolocation=()")
        if request.method == "POST" and match is not None and _signs_out(match.url_name, response):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
            # On a shared computer the next person must not find the last one's bookings, nor read on in their language.
            if isinstance(response, HttpResponse):
                response.delete_cookie(settings.HOLDER_COOKIE_NAME, samesite="Lax")
                response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response


def _signs_out(page: str | None, response: HttpResponseBase) -> bool:
    """Whether this answer clears the person's data from the browser: after signing out, and when the account is erased."""
    return page == "account_logout" or (page == "erase_my_account" and response.status_code == HTTPStatus.OK)


class KnownMethodsMiddleware:
    """Pages and forms need no other methods; Django's own views would take any of them for a GET."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD", "POST", "OPTIONS"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        return self.get_response(request)


class AdminNetworksMiddleware:
    """Answers 404 under /admin/ to addresses outside of ADMIN_NETWORKS, if set."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        match = request.resolver_match
        if settings.ADMIN_NETWORKS and match is not None and match.route.startswith("admin/"):
            address = client_ip(request)
            if address is None or not any(address in network for network in settings.ADMIN_NETWORKS):
                raise Http404("The office is not open to this network.")


class NoStoreMiddleware:
    """Forbids caches, and the history of a browser on a shared computer, to store answers.

    Exceptions: answers whose own Cache-Control says `public`, and PAGES_FOR_EVERYBODY for people who are not signed in.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not _is_public(response) and not _is_for_everybody(request, response):
            _keep_nowhere(response)
        return response


def _is_for_everybody(request: HttpRequest, response: HttpResponseBase) -> bool:
    match, session = request.resolver_match, settings.SESSION_COOKIE_NAME
    has_session = session in request.COOKIES or session in response.cookies
    return match is not None and match.url_name in settings.PAGES_FOR_EVERYBODY and not has_session


def _is_public(response: HttpResponseBase) -> bool:
    return "public" in response.headers.get("Cache-Control", "")


def _keep_nowhere(response: HttpResponseBase) -> None:
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Cookie", "HX-Request"))


class UnstorableTextMiddleware:
    """400 for text that PostgreSQL cannot store (NUL, half of a surrogate pair) or no language has (heaps of accents) in path,
    query, cookies or body; 404 for numbers in a path that no row can have."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if has_unstorable_text(request):
            return _malformed(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]) -> None:
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise Http404("No row has a number that large.")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 400 when a value passed every form but not its column."""
        is_lone_half = isinstance(exception, UnicodeEncodeError) and exception.reason == "surrogates not allowed"
        is_refused = is_lone_half or isinstance(exception, DataError) or _is_deep_json(exception)
        return _malformed(request) if is_refused else None


def _is_deep_json(exception: Exception) -> bool:
    """Whether JSON in a request was nested too deep to read; an endless recursion of our own code stays an error."""
    if not isinstance(exception, RecursionError):
        return False
    frames = [frame.f_globals.get("__name__") for frame, _ in walk_tb(exception.__traceback__)]
    return frames[-1] == "json.decoder"


def _malformed(request: HttpRequest) -> HttpResponse:
    _forget_who_asks(request)  # their session may be named by the text that was refused
    return render(request, "400.html", status=400)


class DatabaseBusy(Refusal):
    status = 503
    title = _("Just a moment")
    retry_after = 3
    sentence = _("The box office is very busy right now. Nothing was changed; please try again in a few seconds.")
    staff_can = "Wait a minute. If it lasts, look at the load of the database."


class DatabaseRefusalsMiddleware:
    """A timeout of a lock, statement or transaction, a lost or refused connection: 503 with Retry-After, nothing changed.

    Django asks it about errors of views alone; those of middleware come to `theaters.error_pages.something_broke`.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return busy_page(request, exception)


def busy_page(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """The page that says that the database is busy; None for another error."""
    if not isinstance(exception, (OperationalError, InterfaceError)) and not _is_ended_for_waiting(exception):
        return None
    _forget_who_asks(request)
    cause = getattr(exception, "__cause__", None) or exception
    logger.warning("database_busy", error=type(cause).__name__, path=request.path)
    url = request.path if request.method == "GET" else (request.headers.get("Referer") or "/")
    return refuse(request, DatabaseBusy(way_on=WayOn(gettext("Try again"), url=url)))


def _is_ended_for_waiting(exception: BaseException | None) -> bool:
    """PostgreSQL ends a transaction that waits too long for us, as on an overloaded machine; Django calls that internal."""
    return isinstance(getattr(exception, "__cause__", None), (IdleInTransactionSessionTimeout, TransactionTimeout))


def _forget_who_asks(request: HttpRequest) -> None:
    """Drop the session and the user from the request, so that the refusal's page makes no query for them. The stored
    session stays as it is.
    """
    request.user = AnonymousUser()
    request.__dict__.pop("_messages", None)
    if hasattr(request, "session"):
        request.session._session_cache = {}  # type: ignore[attr-defined]


def pay_form_policy(response: HttpResponse, *, origin: str) -> HttpResponse:
    """Let this page's form be redirected to a payment page: Chrome checks the redirect against form-action."""
    policy = {**settings.SECURE_CSP, "form-action": [CSP.SELF, origin]}
    response._csp_config = policy  # type: ignore[attr-defined]
    return response
