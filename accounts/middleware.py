"""A sign-in that found no turn to check its password is refused in words instead of an error."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.hashing import TooManyAtOnce
from core.refusals import refuse

RETRY_AFTER_SECONDS = 5


class BusyHashingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
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
