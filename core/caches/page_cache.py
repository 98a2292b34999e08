"""A cache of whole pages that look the same to everybody who is not signed in, for some seconds.

When a thousand people open one page, it is drawn a few times. Each answer gets a CSRF token of its own. Other parts
that differ from browser to browser are "holes": places with a name, which are filled in for each answer.
KEPT_PAGE_SECONDS = 0 draws every page anew.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.html import conditional_escape
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe

from core.caches.csrf_tokens import csrf_token
from core.caches.process_cache import ProcessCache
from core.house_facts import current_house

# Draws the page; the argument is added to its template context: the value of each hole by its name.
Draw = Callable[[Mapping[str, str]], str]

_kept: ProcessCache[Hashable, list[str]] = ProcessCache(seconds=settings.KEPT_PAGE_SECONDS or 5, most=200)
_kept_parts: ProcessCache[Hashable, list[str]] = ProcessCache(seconds=float("inf"), most=1000)
# Nobody can write these into a page, so that only the page's own places are filled.
_MARK = f"hole-{secrets.token_hex(16)}-"


def kept_page(
    request: HttpRequest,
    key: Hashable,
    draw: Draw,
    *,
    holes: Mapping[str, SafeString] | None = None,
    kept: ProcessCache[Hashable, list[str]] = _kept,
) -> HttpResponse:
    """The page of this key; `key` names everything that the drawing depends on, `holes` are filled in each time.

    `kept`: a cache of its own, for pages whose key says when they are to be drawn anew.
    """
    holes = {**_holes_of_every_page(request), **(holes or {})}
    if not settings.KEPT_PAGE_SECONDS or not _is_like_everybody(request):
        return HttpResponse(draw(holes))
    names = ("csrf_token", *holes)
    parts = kept.get((current_house().id, key), lambda: _split(draw({name: _mark(name) for name in names})))
    return HttpResponse(_filled(parts, {**holes, "csrf_token": csrf_token(request)}))


def kept_part(request: HttpRequest, key: Hashable, draw: Draw, *, holes: Mapping[str, str]) -> str:
    """A part of a page, drawn once for each key and kept until the process ends. It may depend on nothing but the key.

    Values of `holes` are escaped here, unless they are markup.
    """
    values = {name: conditional_escape(value) for name, value in holes.items()}
    if not settings.KEPT_PAGE_SECONDS:
        return draw(values)
    parts = _kept_parts.get(key, lambda: _split(draw({name: _mark(name) for name in ("csrf_token", *values)})))
    return _filled(parts, {**values, "csrf_token": csrf_token(request)})


def _holes_of_every_page(request: HttpRequest) -> dict[str, SafeString]:
    return {name: import_string(path)(request) for name, path in settings.KEPT_PAGE_HOLES.items()}


def _is_like_everybody(request: HttpRequest) -> bool:
    return not request.user.is_authenticated and not len(get_messages(request))


def _mark(name: str) -> SafeString:
    return mark_safe(f"{_MARK}{name}.")  # noqa: S308


def _filled(parts: list[str], values: Mapping[str, str]) -> str:
    return "".join([values[part] if at % 2 else part for at, part in enumerate(parts)])


def _split(html: str) -> list[str]:
    """Split a page at its holes into a list that alternates between text and the name of a hole, text first."""
    return re.split(rf"{_MARK}(\w+)\.", html)
