"""Redirects of htmx requests, and the page to which people return after they signed in.

A browser follows a redirect before htmx sees it, so the page it leads to would be drawn inside a part of the old page.
With HX-Redirect htmx opens it as a page of its own. That is so for plain forms, too: where there are scripts htmx sends
them and says so in a header, and each view answers as it answers a browser.
"""

from urllib.parse import parse_qsl, urlencode, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from core.web.middleware import Handler
from core.web.web_addresses import split_address

REDIRECTS = {301, 302, 303, 307, 308}
READS = {"GET", "HEAD"}
PLAIN_FORM = "Plain-Form"
NEXT = "next"
# allauth keeps a posted form under this name and sends it again after the second factor.
KEPT_FORM = "account_reauthentication_state"


class HtmxRedirectMiddleware:
    """Every redirect of an htmx request opens a page; a sign-in leads back to the page on which it was needed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code not in REDIRECTS:
            return response
        address = _sent_to(request, response)
        if request.htmx or PLAIN_FORM in request.headers:  # type: ignore[attr-defined]
            return _opened_as_page(response, address, page=_page_of(request))
        response.headers["Location"] = address
        return response


def _sent_to(request: HttpRequest, response: HttpResponseBase) -> str:
    """The address of the redirect; that of a sign-in names the page to return to, not the address that was posted to.

    A view that names another page to go on to keeps it: who has accepted an invitation is led into the office.
    """
    address = response.headers["Location"]
    is_htmx = bool(request.htmx)  # type: ignore[attr-defined]
    accounts = resolve_url("account_login").removesuffix("login/")
    if request.path.startswith(accounts) or (request.method in READS and not is_htmx):
        return address
    parts = split_address(address)
    query = dict(parse_qsl(parts.query))
    if not parts.path.startswith(accounts) or split_address(query.get(NEXT, "")).path != request.path:
        return address
    if is_htmx:
        # The form would be sent again without htmx, and its answer, a part of a page, would be shown as a page.
        request.session.pop(KEPT_FORM, None)
    elif KEPT_FORM in request.session:
        return address
    query[NEXT] = _page_of(request) or query[NEXT]
    return urlunsplit(parts._replace(query=urlencode(query, safe="/")))


def _page_of(request: HttpRequest) -> str:
    """Path and query of the page that sent the request; '' when it is not one of ours."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=settings.SESSION_COOKIE_SECURE):
        return ""
    parts = split_address(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def _opened_as_page(response: HttpResponseBase, address: str, *, page: str) -> HttpResponse:
    """Have htmx load the target as a page. Cookies of the redirect are kept.

    `page` is where the request came from: to a place in itself a browser would only scroll.
    """
    opened = HttpResponse(status=200)
    opened.headers["HX-Redirect"] = address
    path, _, place = address.partition("#")
    if place and path == page:
        opened.headers["HX-Refresh"] = "true"
    opened.cookies = response.cookies
    for name in ("Cache-Control", "Vary"):
        if name in response.headers:
            opened.headers[name] = response.headers[name]
    return opened
