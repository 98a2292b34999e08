"""The page of the list beside the map: the context of the map's page, with addresses that lead back to the list."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reservations.seats.page import SeatPage
from reservations.seats.plan_seats import measures_of_plan, seats_of_plan
from reservations.seats.seat_list import SORTS, ListWish, seat_list

LEAD_BACK = ("url", "seats_url", "extend_url", "release_url")


def list_context(page: SeatPage, wish: ListWish, context: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`context` is that of the page with more in it: a refusal, a notice."""
    context = context or page.context
    panel = context["panel"]
    currency = context["showtime"].currency
    addresses = {name: f"{getattr(panel, name)}?{wish.query}" for name in LEAD_BACK}
    seats, measures = seats_of_plan(page.seat_map.plan_id), measures_of_plan(page.seat_map.plan_id)
    return {
        **context,
        "panel": replace(panel, **addresses),
        "seats_url": addresses["seats_url"],
        "seats_form": "give-back",
        "map_url": panel.url,
        "best_url": "",
        "wish": wish,
        "sorts": [(name, label) for name, label in SORTS.items() if measures or name != "screen"],
        "seat_list": seat_list(
            seats,
            page.seat_map.states,
            wish,
            prices=page.prepared.prices,
            currency=currency,
            categories=page.prepared.categories,
            measures=measures,
        ),
    }
