"""The page of the list beside the map: the context of the map's page, with addresses that lead back to the list."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reservations.seats.empty_places import empty_place_prices
from reservations.seats.fact_words import unknown_in_words
from reservations.seats.needs import SeatNeeds
from reservations.seats.page import SeatPage
from reservations.seats.panel_parts import panel_parts
from reservations.seats.plan_seats import known_facts_of_plan, measures_of_plan, rows_near_exit, seats_of_plan
from reservations.seats.seat_list import FACT_OF_SORT, SORTS, HouseFacts, ListWish, seat_list

LEAD_BACK = ("url", "seats_url", "extend_url", "release_url")


def usual_list(page: SeatPage, needs: SeatNeeds) -> ListWish | None:
    """The first settings of the list for somebody with these needs."""
    categories = [entry.category.upper() for entry in page.prepared.legend]
    return needs.usual_list(categories, known_facts_of_plan(page.seat_map.plan_id))


def context_of_needs(page: SeatPage, needs: SeatNeeds) -> dict[str, Any]:
    """The context for somebody with these needs: the values with which the form of the best seats begins, and unknown
    facts.
    """
    known = known_facts_of_plan(page.seat_map.plan_id)
    has_seats = page.context["has_seats"]
    return {"needs": needs, "unknown_facts": unknown_in_words(needs.facts, known) if has_seats else []}


def list_context(
    page: SeatPage, wish: ListWish, needs: SeatNeeds, context: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """`context` is that of the page with more in it: a refusal, a notice."""
    context = context or page.context
    panel = context["panel"]
    currency = context["showtime"].currency
    addresses = {name: f"{getattr(panel, name)}?{wish.query}" for name in LEAD_BACK}
    exit_rows = rows_near_exit(page.seat_map.plan_id)
    seats, measures = seats_of_plan(page.seat_map.plan_id), measures_of_plan(page.seat_map.plan_id)
    known = known_facts_of_plan(page.seat_map.plan_id)
    asked = wish.asked | needs.facts
    facts_of_sorts = {name: getattr(known, fact) for name, fact in FACT_OF_SORT.items()}
    is_known = {"screen": measures, "exit": exit_rows, **facts_of_sorts}
    unknown = {name for name, is_there in is_known.items() if not is_there}
    wish = replace(wish.as_known(known), sort="row" if wish.sort in unknown else wish.sort)
    return {
        **context,
        "panel": replace(panel, **addresses),
        "seats_url": addresses["seats_url"],
        "parts": panel_parts(panel, form="give-back"),
        "map_url": panel.url,
        "best_url": "",
        "wish": wish,
        "has_exit_rows": bool(exit_rows),
        "known_facts": known,
        "unknown_facts": unknown_in_words(asked, known),
        "sorts": [(name, label) for name, label in SORTS.items() if name not in unknown],
        "seat_list": seat_list(
            seats,
            page.seat_map.states,
            wish,
            prices=page.prepared.prices,
            currency=currency,
            categories=page.prepared.categories,
            measures=measures,
            house=HouseFacts(
                empty_place_prices(page.seat_map.version_id),
                exit_rows,
                {name for name in asked if getattr(known, name)},
            ),
        ),
    }
