"""A pause of all sales as a page, wherever a view does not say it better itself."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.middleware import Handler
from core.refusals import refuse
from reservations.refusals import SalesPaused


class SalesPausedMiddleware:
    """503 with Retry-After; nothing was changed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SalesPaused):
            return None
        return refuse(
            request,
            status=exception.status,
            title="Back in a moment",
            sentence=exception.sentence,
            retry_after=exception.retry_after,
        )
