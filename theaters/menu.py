"""The menu of theaters on every page, cached for some seconds, longer while the database does not answer."""

from django.db import Error
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.caches.process_cache import ProcessCache
from core.house_facts import current_house
from houses.models import Theater
from theaters.selectors import TheaterContact, address_line, contact_of, opened, theaters_for_visitors

KEPT_SECONDS = 10
_kept: ProcessCache[int | None, list[dict[str, str]]] = ProcessCache(seconds=KEPT_SECONDS, most=50, outlasts=(Error,))


def menu(request: HttpRequest) -> dict[str, object]:
    """Context processor: the menu, read lazily and seldom."""
    return {
        "nav_theaters": SimpleLazyObject(_links),
        "theater_contacts": SimpleLazyObject(contacts),
        "footer_hours": SimpleLazyObject(_hours),
    }


def contacts() -> list[dict[str, str]]:
    """The theaters of this house that have a phone number or an e-mail address."""
    return [theater for theater in _links() if theater["phone"] or theater["email"]]


def forget_menu() -> None:
    """Forget the menu after a change, so that this process shows it at once; others do after KEPT_SECONDS."""
    _kept.clear()


def _hours() -> str:
    """The opening hours, if the house has a single theater; of several, each page of a theater has its own."""
    theaters = _links()
    return theaters[0]["opening_hours"] if len(theaters) == 1 else ""


def _links() -> list[dict[str, str]]:
    try:
        return _kept.get(current_house().id, _read_links)
    except Error:
        # The page that says that the database does not answer has this menu too.
        return []


def _read_links() -> list[dict[str, str]]:
    found = opened(theaters_for_visitors())
    return [_link(theater, contact_of(theater)) for theater in found]


def _link(theater: Theater, contact: TheaterContact) -> dict[str, str]:
    return {
        "name": theater.shown_name,
        "url": theater.get_absolute_url(),
        "address": address_line(theater),
        "map_url": contact.map_url,
        "phone": contact.phone,
        "phone_url": contact.phone_url,
        "email": contact.email,
        "opening_hours": contact.opening_hours,
    }
