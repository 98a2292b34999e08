"""What a signed-in person brings to every page: the language they chose, and a visit for their list of devices."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.models import User
from accounts.services.account_language import keep_language
from accounts.services.account_sessions import note_visit
from core.web.language_choice import chosen_language, is_language, is_of_no_house, languages_offered, use_language

logger = structlog.get_logger(__name__)


class AccountLanguageMiddleware:
    """Answers in the account's language where neither address nor switch says one, and gives it to the browser.

    Only pages that people open ask for it: their head says who is signed in anyway. A switch that was used before signing
    in is kept by an account that has no language yet.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not chosen_language(request) and _is_opened_by_person(request):
            language = _language_of_account(request)
            if language in languages_offered(request):
                use_language(request, language)
        response = self.get_response(request)
        switched = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        user = _known_user(request)
        if user is None:
            return response
        if is_language(switched):
            if not user.language and _has_just_signed_in(request):
                keep_language(user, switched)
        elif user.language and isinstance(response, HttpResponse):
            _give_to_browser(response, user.language)
        return response


def _is_opened_by_person(request: HttpRequest) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and not is_of_no_house(request)
        and settings.SESSION_COOKIE_NAME in request.COOKIES
        and "HX-Request" not in request.headers
        and "text/html" in request.headers.get("Accept", "text/html")
    )


def _language_of_account(request: HttpRequest) -> str:
    """'' for people who are not signed in, and while the database does not answer: the page itself tells them."""
    try:
        return getattr(request.user, "language", "")
    except Error as error:
        logger.warning("language_of_account_not_read", error=type(error).__name__)
        return ""


def _known_user(request: HttpRequest) -> Any:
    """The signed-in person, if this request has asked for them already; else None."""
    is_known = "_cached_user" in request.__dict__ or _has_just_signed_in(request)
    return request.user if is_known and request.user.is_authenticated else None


def _has_just_signed_in(request: HttpRequest) -> bool:
    """Whether this request signed somebody in: Django then replaces its lazy person by the real one."""
    return type(request.__dict__.get("user")) is User


def _give_to_browser(response: HttpResponse, language: str) -> None:
    """Set the cookie of the switch, unless others may keep this answer or the switch has just set it."""
    name = settings.LANGUAGE_COOKIE_NAME
    if name in response.cookies or "public" in response.headers.get("Cache-Control", ""):
        return
    response.set_cookie(
        name,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


class AccountSessionsMiddleware:
    """Notes visits after the page, only if the page asked who is signed in: public pages stay the same for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if "_cached_user" in request.__dict__ and request.user.is_authenticated:
            try:
                note_visit(request)
            except DatabaseError as error:
                logger.warning("visit_not_noted", error=type(error).__name__)
        return response
