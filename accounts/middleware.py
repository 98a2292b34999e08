"""Sign-ins that are refused: no turn to check the password (503), or wrong passwords and codes too often (429)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.hashing import TooManyAtOnce
from accounts.limits import TooManyTries
from core.refusals import refuse

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
            sentence="Many people are signing in right now, so your password could not be checked. Nothing was changed; please "
            "try again in a few seconds.",
            next_url=request.path,
            next_label="Try again",
            retry_after=RETRY_AFTER_SECONDS,
        )


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
