from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_bidi

from core.house_facts import current_house
from core.texts.script_sentences import sentences_url
from core.web.language_choice import languages_offered, return_address
from core.web.search_engines import page_links


def product(request: HttpRequest) -> dict[str, object]:
    return {
        "product_name": settings.PRODUCT_NAME,
        "house": SimpleLazyObject(current_house),
        "languages": _languages(request),
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "return_address": SimpleLazyObject(lambda: return_address(request)),
        "page_links": SimpleLazyObject(lambda: page_links(request)),
        "sentences_url": SimpleLazyObject(sentences_url),
        "site_url": SimpleLazyObject(lambda: current_house().site_url),
    }


def _languages(request: HttpRequest) -> list[tuple[str, str]]:
    """Languages for the switch, in the order of the house, in their own names."""
    names = dict(settings.LANGUAGES)
    return [(code, names[code]) for code in languages_offered(request)]
