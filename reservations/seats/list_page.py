"""The page of the list beside the map: the context of the map's page, with addresses that lead back to the list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reservations.seats.accessible_seats import are_released
from reservations.seats.empty_places import empty_place_prices
from reservations.seats.fact_words import unknown_in_words
from reservations.seats.geometry import PlanSeat, beside_aisle
from reservations.seats.list_groups import GroupRules
from reservations.seats.list_wish import FACT_OF_SORT, SORTS, ListWish
from reservations.seats.met_needs import AskedNeeds, needs_in_words
from reservations.seats.needs import SeatNeeds
from reservations.seats.page import SeatPage
from reservations.seats.panel_parts import panel_parts
from reservations.seats.plan_seats import (
    known_facts_of_plan,
    measures_of_plan,
    picture_of_plan,
    rows_near_exit,
    seats_of_plan,
)
from reservations.seats.seat_list import HouseFacts, seat_list
from reservations.selling.party_rules import PartySeat, companions_alone
from theaters.seat_categories import is_for_some, is_wheelchair
from theaters.seat_facts import KnownFacts

LEAD_BACK = ("url", "seats_url", "extend_url", "release_url")
# Letters of seats that are not sold and not kept back.
LEFT = "fhm"


def usual_list(page: SeatPage, needs: SeatNeeds) -> ListWish | None:
    """The first settings of the list for somebody with these needs."""
    categories = [entry.category.upper() for entry in page.prepared.legend]
    plan_id = page.seat_map.plan_id
    return needs.usual_list(categories, known_facts_of_plan(plan_id), has_exit_rows=bool(rows_near_exit(plan_id)))


def context_of_needs(page: SeatPage, needs: SeatNeeds) -> dict[str, Any]:
    """The context for somebody with these needs: the values with which the form of the best seats begins, the seats that
    the map marks, and unknown facts.
    """
    known = known_facts_of_plan(page.seat_map.plan_id)
    has_seats = page.context["has_seats"]
    return {
        **_marked_map(page, needs, known),
        "needs": needs,
        "unknown_facts": unknown_in_words(needs.facts, known) if has_seats else [],
    }


def _marked_map(page: SeatPage, needs: SeatNeeds, known: KnownFacts) -> dict[str, Any]:
    """The map with the seats marked that fit, and their labels for the script that marks them when they are drawn anew."""
    labels = _seats_that_fit(page.seat_map.plan_id, needs, known)
    if not labels:
        return {"fitting_seats": ""}
    return {"fitting_seats": "\t".join(labels), "grid": page.prepared.render(page.seat_map.states, fitting=labels)}


def _seats_that_fit(plan_id: int, needs: SeatNeeds, known: KnownFacts) -> list[str]:
    """The labels of seats that meet all of these needs of which the plan says something; none where it says nothing.

    For somebody who stays in a wheelchair these are wheelchair spaces alone, for others neither those nor companion seats.
    """
    exit_rows = rows_near_exit(plan_id)
    judged = needs.judged(known, has_exit_rows=bool(exit_rows))
    if not judged and not needs.wheelchairs:
        return []
    seats = seats_of_plan(plan_id)
    asked = AskedNeeds(judged, beside_aisle(seats), exit_rows)
    offered = (seat for seat in seats if _is_for(seat, needs))
    return [seat.label for seat in offered if asked.are_met_by([seat])]


def _is_for(seat: PlanSeat, needs: SeatNeeds) -> bool:
    return is_wheelchair(seat.category) if needs.wheelchairs else not is_for_some(seat.category)


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
    judged = needs.judged(known, has_exit_rows=bool(exit_rows))
    is_known = {"screen": measures, "exit": exit_rows, "needs": judged, **facts_of_sorts}
    unknown = {name for name, is_there in is_known.items() if not is_there}
    wish = replace(wish.as_known(known), sort="row" if wish.sort in unknown else wish.sort)
    return {
        **context,
        **(_marked_map(page, needs, known) if wish.has_map else {}),
        "panel": replace(panel, **addresses),
        "seats_url": addresses["seats_url"],
        "parts": panel_parts(panel, form="give-back"),
        "map_url": panel.url,
        "best_url": "",
        "wish": wish,
        "has_exit_rows": bool(exit_rows),
        "known_facts": known,
        "unknown_facts": unknown_in_words(asked, known),
        "needs_in_order": needs_in_words(needs.names) if wish.sort == "needs" else "",
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
                _group_rules(page),
                needs.names if wish.sort == "needs" else frozenset(),
            ),
        ),
    }


def _group_rules(page: SeatPage) -> GroupRules[PlanSeat]:
    """The rules by which the checkout judges what is taken from the list. A query where no ordinary numbered seat is left."""
    seats = seats_of_plan(page.seat_map.plan_id)
    states = dict(zip((seat.label for seat in seats), page.seat_map.states, strict=True))
    own = page.seat_map.own
    mine = set(own.labels) if own.is_holding else set()
    held = [seat for seat in seats if seat.label in mine]
    free = {label for label, state in states.items() if state == "f"} | {seat.label for seat in held}
    freed = frozenset(page.freed)
    picture = replace(picture_of_plan(page.seat_map.plan_id), free=frozenset(free | freed), not_offered=freed)
    may_be_released = not any(states[seat.label] in LEFT and not is_for_some(seat.category) for seat in seats)
    is_released = may_be_released and are_released(page.showtime_id)
    return GroupRules(picture, page.frame.single_seat_rule, _no_companions if is_released else _companions_alone, held)


def _companions_alone(seats: Sequence[PlanSeat]) -> int:
    return len(companions_alone([PartySeat(seat.label, seat.category) for seat in seats]))


def _no_companions(_seats: Sequence[PlanSeat]) -> int:
    return 0
