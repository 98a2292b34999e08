"""Finds the house of a request by its domain."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.module_loading import import_string

from core.house_facts import HouseFacts, speaking_for
from houses.selectors import house_at, house_facts, house_of_thing, main_house_facts

# Staff have one office, and devices one address of each task, for all houses.
OF_THE_INSTALLATION = ("/admin/", "/counter/", "/door/", "/board/")

# Health checks are answered without a query.
OF_NO_HOUSE = {"/healthz"}


class HouseMiddleware:
    """Makes the house of the domain the current one; pages of another house redirect to that house's domain.

    An unknown host is refused before (ALLOWED_HOSTS); one that is no house's own is the main house's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in OF_NO_HOUSE:
            return self.get_response(request)
        house = _house_at(request)
        request.house = house  # type: ignore[attr-defined]
        with speaking_for(house):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.path in OF_NO_HOUSE:
            return None
        here: HouseFacts = request.house  # type: ignore[attr-defined]
        if here.is_only or here.id is None:
            return None
        if request.path_info.startswith(OF_THE_INSTALLATION):
            main = main_house_facts()
            return None if here.id == main.id else _moved(request, main)
        house_id = _house_of(kwargs)
        return None if house_id in (None, here.id) else _moved(request, house_facts(house_id))


def _house_at(request: HttpRequest) -> HouseFacts:
    domain = request.get_host().rpartition(":")[0] or request.get_host()
    return house_at(domain)


def _house_of(kwargs: dict[str, Any]) -> int | None:
    """The house of the first thing that the address names; None where it names nothing of a house."""
    for name, value in kwargs.items():
        if reader := settings.HOUSE_OF_ARGUMENT.get(name):
            return house_of_thing((name, value), partial(import_string(reader), value))
    return None


def _moved(request: HttpRequest, house: HouseFacts) -> HttpResponseBase:
    """Redirect to the same address at that house. Raises Http404 unless it is GET or HEAD."""
    if request.method not in {"GET", "HEAD"}:
        raise Http404("This belongs to another house.")
    return HttpResponseRedirect(house.site_url + request.get_full_path())
