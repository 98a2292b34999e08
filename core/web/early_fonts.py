"""The font of a house is named in a header of its pages, so that browsers fetch it before they have read a style.

A link in the head of the page does the same and takes 40 bytes of each compressed page; either way it is fetched once.
"""

from django.http import HttpRequest, HttpResponseBase
from django.templatetags.static import static

from core.house_facts import current_house
from core.web.middleware import Handler

# A part of a page comes into a page that has its font. The office has a font and styles of its own.
ASKS_FOR_A_PART = ("HX-Request", "Plain-Form")
OFFICE = "/admin/"


class EarlyFontMiddleware:
    """Add a Link header to whole pages of customers, counter and door."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        # Django's csp_override leaves the policy here: such a page has styles of its own, and may forbid our font.
        has_own_policy = hasattr(response, "_csp_config")
        if is_page and not has_own_policy and not _has_its_font(request):
            font = static(current_house().typeface_file)
            response.headers["Link"] = f"<{font}>; rel=preload; as=font; crossorigin"
        return response


def _has_its_font(request: HttpRequest) -> bool:
    return request.path.startswith(OFFICE) or any(name in request.headers for name in ASKS_FOR_A_PART)
