"""What every page shows of its house besides its facts."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.house_facts import current_house
from houses.selectors import footer_pages, has_news


def pages(request: HttpRequest) -> dict[str, object]:
    """No query for a page without a footer, and two a minute for those with one."""
    return {
        "footer_pages": SimpleLazyObject(lambda: footer_pages(current_house().id)),
        "has_news": SimpleLazyObject(lambda: has_news(current_house().id)),
    }
