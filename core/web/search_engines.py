"""Lists the pages that search engines may index; all others answer noindex."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.house_facts import current_house
from core.web.language_choice import LANGUAGE_ARGUMENT

# Pages by the name of their address, with the arguments without which they are another page.
INDEXED_PAGES: dict[str, tuple[str, ...]] = {
    "whats_on": ("theater",),
    "movie": (),
    "theater": (),
    "series": (),
    "coming_soon": (),
    "text_page": (),
    "news": (),
    "post": (),
}
# Files that such pages name.
INDEXED_FILES = {"poster", "palette", "share_picture", "media", "sitemap", "robots", "manifest"}


class SearchEnginesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        name = match.url_name if match else None
        if response.status_code >= 300 or name not in INDEXED_PAGES.keys() | INDEXED_FILES:
            response.headers["X-Robots-Tag"] = "noindex"
        return response


def page_links(request: HttpRequest) -> SafeString:
    """Render links for a page's head: its address and other languages. Pages that are not indexed say so in a header alone."""
    match = request.resolver_match
    arguments = INDEXED_PAGES.get(match.url_name or "") if match else None
    if arguments is None:
        return SafeString()
    named = {name: request.GET[name] for name in arguments if request.GET.get(name)}
    chosen = request.GET.get(LANGUAGE_ARGUMENT, "")
    offered = current_house().offered_languages
    own = _address(request, named, chosen if chosen in offered else "")
    others = [("x-default", _address(request, named, ""))]
    others += [(code, _address(request, named, code)) for code in offered]
    return format_html('<link rel="canonical" href="{}">', own) + format_html_join(
        "", '<link rel="alternate" hreflang="{}" href="{}">', others
    )


def _address(request: HttpRequest, named: dict[str, str], language: str) -> str:
    query = urlencode(named | ({LANGUAGE_ARGUMENT: language} if language else {}))
    return f"{current_house().site_url}{request.path}{f'?{query}' if query else ''}"
