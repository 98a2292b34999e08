"""Which language a visitor reads: the one of the address (?hl=de, which search engines follow), else that of the switch,
else what the browser asks for, else English."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.html import conditional_escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from core.texts.languages import SOURCE
from core.web.web_addresses import split_address

# Answers with sentences in them; pictures, styles and scripts are the same in all languages.
WITH_SENTENCES = (
    "text/html",
    "text/plain",
    "text/calendar",
    "text/csv",
    "application/json",
    "application/pdf",
    "application/atom+xml",
    "application/manifest+json",
)

# The argument of an address that is in one language for every browser.
LANGUAGE_ARGUMENT = "hl"

choose_language = require_POST(set_language)


class LanguageMiddleware:
    """Activates the visitor's language for a request, and sets Vary and Content-Language on its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_for(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith(WITH_SENTENCES):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", language)
        return response


def language_for(request: HttpRequest) -> str:
    named = request.GET.get(LANGUAGE_ARGUMENT)
    language = named if named in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
    is_office = request.path_info.startswith("/admin/")
    return SOURCE if is_office and language not in settings.OFFICE_LANGUAGES else language


def return_address(request: HttpRequest) -> SafeString:
    """The page to return to after switching the language, escaped for an attribute."""
    if request.method in {"GET", "HEAD"}:
        return conditional_escape(request.get_full_path())
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return conditional_escape(reverse("whats_on"))
    parts = split_address(came_from)
    return conditional_escape(parts.path + (f"?{parts.query}" if parts.query else ""))
