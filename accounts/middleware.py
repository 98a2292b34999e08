"""Visits of signed-in people are noted for their list of devices."""

from collections.abc import Callable

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase

from accounts.services.account_sessions import note_visit

logger = structlog.get_logger(__name__)


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
