"""What every page shows of the theaters: the menu, from memory, at most a minute old."""

from django.db import Error
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.house_facts import current_house
from core.process_cache import ProcessCache
from theaters.selectors import opened, theaters_for_visitors

KEPT_SECONDS = 60
_kept: ProcessCache[int | None, list[dict[str, str]]] = ProcessCache(seconds=KEPT_SECONDS, most=50, has_sentences=False)


def menu(request: HttpRequest) -> dict[str, object]:
    """No query for a page that does not show the menu, and one a minute for those that do."""
    return {"nav_theaters": SimpleLazyObject(_links)}


def _links() -> list[dict[str, str]]:
    try:
        return _kept.get(current_house().id, _read)
    except Error:
        # The page that says that the database is busy has this menu too.
        return []


def _read() -> list[dict[str, str]]:
    found = opened(theaters_for_visitors())
    return [{"name": theater.name, "url": theater.get_absolute_url()} for theater in found]
