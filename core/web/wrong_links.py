"""Links with a wrong secret in their path: counted by internet address, whatever page they belong to.

Closed by default: an address is one of these unless all its arguments are public (core/monitoring/redaction.py), so a
new page with a secret in its path is limited without a change here. Links that open something are never counted and
never refused.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from core.limits.addresses import client_address
from core.limits.limiter import Limit, check
from core.monitoring.security_log import is_wrong_link
from core.refusals import TooFast
from core.texts.lazy_text import gettext_lazy as _
from core.web.refusal_pages import refuse


class TooManyWrongLinks(TooFast):
    sentence = _(
        "Too many wrong links were opened from your internet connection. Please wait a minute, then try again."
    )


def count_wrong_link(request: HttpRequest) -> None:
    """Count a wrong posted secret; the middleware counts those in paths. Raises TooManyWrongLinks."""
    limit = Limit("wrong-links", settings.WRONG_LINKS_PER_MINUTE_PER_ADDRESS, refusal=TooManyWrongLinks)
    check(limit, client_address(request))


class WrongLinksMiddleware:
    """Counts wrong links, and answers 429 after too many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_wrong_link(request, response):
            try:
                count_wrong_link(request)
            except TooManyWrongLinks as refusal:
                return refuse(request, refusal)
        return response
