"""The page for an unexpected error. It says whom to call, and is built so that it cannot fail itself."""

import sys

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.views.defaults import server_error

from core.house_facts import current_house
from core.web.middleware import busy_page
from theaters.menu import contacts

log = structlog.get_logger(__name__)
PAGE = "500.html"


def something_broke(request: HttpRequest) -> HttpResponse:
    """Django's handler500, called while the error is handled. A busy database is no bug: its page is a 503.

    The page of an error uses no context processors, because these may have caused it.
    """
    try:
        if (busy := busy_page(request, sys.exception())) is not None:
            return busy
        return HttpResponseServerError(
            render_to_string(PAGE, {"house": current_house(), "theater_contacts": contacts()})
        )
    except Exception:
        log.exception("error_page_without_contacts")
        return server_error(request, template_name=PAGE)
