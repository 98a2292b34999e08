"""What every page shows of the theaters: the menu, from memory, at most a minute old."""

import time

from django.db import Error
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from theaters.selectors import opened, theaters_for_visitors

KEPT_SECONDS = 60
_kept: list[tuple[float, list[dict[str, str]]]] = []


def menu(request: HttpRequest) -> dict[str, object]:
    """No query for a page that does not show the menu, and one a minute for those that do."""
    return {"nav_theaters": SimpleLazyObject(_links)}


def _links() -> list[dict[str, str]]:
    if not _kept or time.monotonic() - _kept[0][0] > KEPT_SECONDS:
        try:
            found = opened(theaters_for_visitors())
            links = [{"name": theater.name, "url": theater.get_absolute_url()} for theater in found]
        except Error:
            # The page that says that the database is busy has this menu too.
            return []
        _kept[:] = [(time.monotonic(), links)]
    return _kept[0][1]
