"""Which language a visitor reads, of those that the house offers: the one of the address (?hl=de, which search engines
follow), else that of the switch, else the account's (accounts/middleware.py), else what the browser asks for, else the
house's first."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.html import conditional_escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation.trans_real import parse_accept_lang_header

from core.house_facts import current_house
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

# Pages of people at work, who may speak another language than the customers of their house.
AT_WORK = ("/counter/", "/door/", "/board/", "/device/")


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
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def language_for(request: HttpRequest) -> str:
    """The language of a request, as far as it is known without the account."""
    return chosen_language(request) or _asked_by_browser(request) or _first_language(request)


def chosen_language(request: HttpRequest) -> str:
    """The offered language that the address names or the switch has kept in this browser; '' without one."""
    offered = languages_offered(request)
    named = request.GET.get(LANGUAGE_ARGUMENT, "")
    return named if named in offered else _variant(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), offered)


def languages_offered(request: HttpRequest) -> Sequence[str]:
    """The codes of the languages in which this page can be read."""
    if request.path_info.startswith("/admin/"):
        return settings.OFFICE_LANGUAGES
    if request.path_info.startswith(AT_WORK) or is_of_no_house(request):
        return tuple(dict(settings.LANGUAGES))
    return current_house().offered_languages


def is_language(code: str) -> bool:
    """Whether the installation has this language, in some house or at work."""
    return code in dict(settings.LANGUAGES)


def use_language(request: HttpRequest, language: str) -> None:
    """Answer this request in another language than its address, cookie and headers ask for."""
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _first_language(request: HttpRequest) -> str:
    is_for_none = request.path_info.startswith("/admin/") or is_of_no_house(request)
    return SOURCE if is_for_none else current_house().offered_languages[0]


def is_of_no_house(request: HttpRequest) -> bool:
    """Whether nobody looked for the house, as of health checks, which are answered without a query (houses/middleware.py)."""
    return not hasattr(request, "house")


def _asked_by_browser(request: HttpRequest) -> str:
    """The first offered language among those that the browser asks for; '' without one."""
    offered = languages_offered(request)
    wanted = (code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")))
    return next((found for code in wanted if (found := _variant(code, offered))), "")


def _variant(wanted: str, offered: Sequence[str]) -> str:
    """The offered language that suits, as "de" suits de-AT; '' without one."""
    try:
        found = translation.get_supported_language_variant(wanted)
    except LookupError:
        return ""
    return found if found in offered else ""


def return_address(request: HttpRequest) -> SafeString:
    """The page to return to after switching the language, escaped for an attribute."""
    if request.method in {"GET", "HEAD"}:
        return conditional_escape(request.get_full_path())
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return conditional_escape(reverse("whats_on"))
    parts = split_address(came_from)
    return conditional_escape(parts.path + (f"?{parts.query}" if parts.query else ""))
