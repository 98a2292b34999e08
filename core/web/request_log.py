"""One line a request, with an id that every other line of the same request carries.

django-structlog's middleware writes two and looks up what we do not log.
"""

import logging
import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

logger = structlog.get_logger(__name__)
LEVELS = {4: logging.WARNING, 5: logging.ERROR}


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=secrets.token_hex(8))
        began = time.perf_counter()
        response = self.get_response(request)
        logger.log(
            LEVELS.get(response.status_code // 100, logging.INFO),
            "request",
            request=f"{request.method} {request.get_full_path()}",
            code=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
            **_who(request),
        )
        return response


def _who(request: HttpRequest) -> dict[str, int]:
    """The signed-in person if the request has read it; logging causes no query."""
    user = request.__dict__.get("_cached_user")
    return {} if user is None or user.pk is None else {"user_id": user.pk}
