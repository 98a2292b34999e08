"""The context processor for the links in a page's footer."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.house_facts import current_house
from houses.selectors import footer_pages, has_news


def pages(request: HttpRequest) -> dict[str, object]:
    """The pages and news linked in the footer, read lazily and seldom."""
    return {
        "footer_pages": SimpleLazyObject(lambda: footer_pages(current_house().id)),
        "has_news": SimpleLazyObject(lambda: has_news(current_house().id)),
    }
