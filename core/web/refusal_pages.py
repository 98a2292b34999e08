"""Refusals as answers: a page of their own, the page they were asked on with the sentence in it, or JSON for a script.

A page keeps what was typed in one way: the function that draws it reads its fields from `request.POST`, and draws the
page for GET, for what was posted, and for a refusal alike. So a refusal does not carry what was typed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, is_valid_path, reverse

from core.clock import minutes_text, seconds_text
from core.refusals import WHATS_ON, Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _

SECONDS_ARE_SAID_UP_TO = 90
OK = 200
Handler = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]


def answers_refusals(draw: View | None = None, *, kinds: type[Refusal] = Refusal) -> Callable[[View], View]:
    """Decorate a view whose page shows refusals itself.

    `draw(request, *args, refusal=…, **kwargs)` with the arguments of the view answers; the status and Retry-After of the
    refusal are set here. Without `draw` the view is called again with the refusal, to draw and to do nothing else. A
    refusal that is raised while drawing has a page of its own, as has that of any view without this decorator.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except kinds as refusal:
                if refusal.is_hidden:
                    raise Http404(refusal.sentence) from None
                response = (draw or view)(request, *args, refusal=refusal, **kwargs)
                if response.status_code == OK and "HX-Redirect" not in response.headers:
                    response.status_code = refusal.status
                return with_retry_after(response, refusal.retry_after)

        return wrapped

    return decorate


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer with the refusal alone: JSON to a script that sent JSON, else a page of its own with a link to go on."""
    if request.content_type == "application/json":
        return refusal_as_json(request, refusal=refusal)
    way_on = refusal.way_on or WHATS_ON
    context = {
        # The language switch of this page must lead neither to the refused address nor to one with a secret in it.
        "return_address": address_of(request, way_on),
        "title": refusal.title,
        "sentence": refusal.sentence,
        "next_url": address_of(request, way_on),
        "next_label": way_on.label,
        "wait": _wait_text(refusal.retry_after),
    }
    response = render(request, "errors/refusal.html", context, status=refusal.status)
    response.headers["Cache-Control"] = "no-store"
    return with_retry_after(response, refusal.retry_after)


def refusal_as_json(request: HttpRequest, *args: object, refusal: Refusal, **kwargs: object) -> JsonResponse:
    facts = {"sentences": refusal.sentences, **refusal.facts_for_scripts()}
    return with_retry_after(JsonResponse(facts, status=refusal.status), refusal.retry_after)


class NotAPage(Refusal):
    """An address for forms was opened like a page: typed, from the history, or by a reload."""

    status = 405
    title = _("This is not a page")
    sentence = _("Only a button leads here. Nothing was changed: please open its page and press the button there.")
    staff_can = "Ask them to go back to the page and press its button."


class RefusalsMiddleware:
    """Shows every refusal that a view does not show itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_opened = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if not (isinstance(response, HttpResponseNotAllowed) and is_opened):
            return response
        page = refuse(request, NotAPage(way_on=WayOn(_("Open the page"), url=_page_above(request.path))))
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if exception.is_hidden:
            raise Http404(exception.sentence)
        return refuse(request, exception)


def address_of(request: HttpRequest, way_on: WayOn) -> str:
    """The address of the refusal's next step; without one, the requested page."""
    if way_on.url or not way_on.to:
        return way_on.url or request.path
    match = request.resolver_match
    try:
        return reverse(way_on.to, args=match.args if match else None, kwargs=match.kwargs if match else None)
    except NoReverseMatch:
        return reverse(way_on.to)


def _page_above(path: str) -> str:
    """The nearest address above this one that leads anywhere: pages stand above what their buttons do."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return "/"


def _wait_text(seconds: int | None) -> str:
    if not seconds:
        return ""
    return minutes_text(seconds) if seconds > SECONDS_ARE_SAID_UP_TO else seconds_text(seconds)


def with_retry_after[R: HttpResponseBase](response: R, seconds: int | None) -> R:
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response
