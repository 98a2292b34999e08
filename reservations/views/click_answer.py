"""The answer to htmx after a click: the order panel and the seats that changed."""

from collections.abc import Hashable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.caches.page_cache import kept_part

CHANGED = "reservations/seat_map.html#changed"


def click_answer(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """The panel of somebody who holds seats is cached, with holes for the parts that differ; any other is drawn anew."""
    panel = context["panel"]
    if panel.state != "holding" or panel.areas or context["better"]:
        return render(request, CHANGED, context)

    def draw(holes: Mapping[str, str]) -> str:
        parts = {name: holes[name] for name in context["parts"]}
        return render_to_string(CHANGED, {**context, **holes, "parts": parts}, request)

    holes = {**context["parts"], "changed_seats": context["changed_seats"]}
    return HttpResponse(kept_part(request, _key(context), draw, holes=holes))


def _key(context: Mapping[str, Any]) -> Hashable:
    """Everything the panel shows besides its parts (reservations/seats/panel_parts.py)."""
    panel = context["panel"]
    told = tuple(context["must"]), tuple(context["limits"]), context["sofa_note"], context["declares_wheelchair"]
    return (panel.url, panel.count, panel.limit, panel.is_shared, panel.keeps_for_friends, *told)
