from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_bidi

from core.house_facts import current_house
from core.texts.script_sentences import sentences_url
from core.web.language_choice import return_address
from core.web.search_engines import page_links


def product(request: HttpRequest) -> dict[str, object]:
    return {
        "product_name": settings.PRODUCT_NAME,
        "house": SimpleLazyObject(current_house),
        "languages": settings.LANGUAGES,
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "return_address": SimpleLazyObject(lambda: return_address(request)),
        "page_links": SimpleLazyObject(lambda: page_links(request)),
        "sentences_url": SimpleLazyObject(sentences_url),
        "site_url": SimpleLazyObject(lambda: current_house().site_url),
    }
