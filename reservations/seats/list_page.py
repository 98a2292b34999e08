"""The page of the list beside the map: the context of the map's page, with addresses that lead back to the list."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reservations.seats.empty_places import empty_place_prices
from reservations.seats.page import SeatPage
from reservations.seats.panel_parts import panel_parts
from reservations.seats.plan_seats import measures_of_plan, rows_near_exit, seats_of_plan
from reservations.seats.seat_list import SORTS, HouseFacts, ListWish, seat_list

LEAD_BACK = ("url", "seats_url", "extend_url", "release_url")


def list_context(page: SeatPage, wish: ListWish, context: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`context` is that of the page with more in it: a refusal, a notice."""
    context = context or page.context
    panel = context["panel"]
    currency = context["showtime"].currency
    addresses = {name: f"{getattr(panel, name)}?{wish.query}" for name in LEAD_BACK}
    exit_rows = rows_near_exit(page.seat_map.plan_id)
    seats, measures = seats_of_plan(page.seat_map.plan_id), measures_of_plan(page.seat_map.plan_id)
    unknown = {name for name, is_known in (("screen", measures), ("exit", exit_rows)) if not is_known}
    if wish.sort in unknown:
        wish = replace(wish, sort="row")
    return {
        **context,
        "panel": replace(panel, **addresses),
        "seats_url": addresses["seats_url"],
        "parts": panel_parts(panel, form="give-back"),
        "map_url": panel.url,
        "best_url": "",
        "wish": wish,
        "has_exit_rows": bool(exit_rows),
        "sorts": [(name, label) for name, label in SORTS.items() if name not in unknown],
        "seat_list": seat_list(
            seats,
            page.seat_map.states,
            wish,
            prices=page.prepared.prices,
            currency=currency,
            categories=page.prepared.categories,
            measures=measures,
            house=HouseFacts(empty_place_prices(page.seat_map.version_id), exit_rows),
        ),
    }
