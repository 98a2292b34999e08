"""Sign-ins that are refused: no turn to check the password (503), wrong passwords and codes too often (429). And visits of
signed-in people, which are noted for their list of devices."""

from collections.abc import Callable

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.page_limits import TooManyTries
from accounts.password_hashing import TooManyAtOnce
from accounts.services.account_sessions import note_visit
from core.refusals import refuse

logger = structlog.get_logger(__name__)
RETRY_AFTER_SECONDS = 5


class SignInRefusalsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooManyTries):
            return too_many_tries(request, sentence=exception.sentence, retry_after=exception.retry_after)
        if not isinstance(exception, TooManyAtOnce):
            return None
        return refuse(
            request,
            status=503,
            title="Just a moment",
            sentence="Many people are signing in right now, so we could not check your password. Please "
            "try again in a few seconds.",
            next_url=request.path,
            next_label="Try again",
            retry_after=RETRY_AFTER_SECONDS,
        )


class AccountSessionsMiddleware:
    """After the page, and only where the page asked who is signed in: public pages stay the same for everybody."""

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


def too_many_tries(request: HttpRequest, *, sentence: str, retry_after: int) -> HttpResponse:
    return refuse(
        request,
        status=429,
        title="Too many tries",
        sentence=sentence,
        next_url=request.path,
        next_label="Try again",
        retry_after=retry_after,
    )
