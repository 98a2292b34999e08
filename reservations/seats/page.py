"""The page of a seat map: its context, and whether there is something to choose, from one read."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from accounts.selectors import address_to_suggest
from core.pauses import current_pause
from core.refusals import Refusal, WayOn
from reservations.locks.taking import TakeOutcome
from reservations.refusals.limits import NEAR_THE_LIMIT
from reservations.refusals.on_sale import NotOnSale, ShowtimeCanceled, ShowtimeMoves
from reservations.seats.address_share import share_in_words
from reservations.seats.area_choice import AreaChoice, area_choices
from reservations.seats.best_page import asked_fields, best_options, better_choice, other_choices, wish_of
from reservations.seats.empty_places import sofa_note
from reservations.seats.facts_file import facts_url
from reservations.seats.map_markup import PreparedMap, is_full, notes_beside, prepared_map
from reservations.seats.map_reads import SeatMap, read_clicked_seats, read_seat_map
from reservations.seats.order_panel import make_panel
from reservations.seats.own_seats import OwnSeats
from reservations.seats.panel_parts import panel_parts
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.showtime_frame import ShowtimeFrame, showtime_frame
from reservations.seats.taking import clean_labels
from reservations.seats.units import with_mates
from reservations.selectors.cart import held_seats
from reservations.selling.party_rules import PartySeat, declares_wheelchair, objections
from reservations.selling.ticket_limits import Person, limit_in_words
from sales.services.opening import Customer
from theaters.models import AgeRule, Showtime
from theaters.seat_categories import is_wheelchair
from theaters.states import ShowtimeStatus

Context = dict[str, Any]


@dataclass(frozen=True)
class MapVisitor:
    """The visitor of a seat map: the hash of the browser's cookie, and the user of the request.

    `freed`: the seats of the showtime that an exchange gives up for those that are chosen.
    """

    holder: str
    user: Any
    freed: tuple[str, ...] = ()

    @property
    def person(self) -> Person:
        """The person whom the ticket limits count. One query when signed in."""
        return Person(Customer(email=address_to_suggest(self.user), user_id=self.user.pk), self.holder)


@dataclass(frozen=True)
class SeatPage:
    """The seat map page of one showtime for one browser."""

    showtime_id: int
    seat_map: SeatMap
    prepared: PreparedMap
    context: Context
    frame: ShowtimeFrame
    freed: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether this browser has, or lately had, seats here; to all others the page differs by its seats alone."""
        panel = self.context["panel"]
        return bool(panel.state != "empty" or panel.keeps_for_friends)

    @property
    def key(self) -> Hashable:
        """Everything the page depends on for a browser without seats, besides the seats' states."""
        seen = self.seat_map
        areas = tuple(seen.free_places.items())
        told = self.context["is_all_taken"], current_pause() is not None, seen.is_moving
        return self.showtime_id, self.frame.read_at, areas, seen.plan_id, seen.version_id, seen.is_on_sale, told

    @property
    def other_showtimes(self) -> WayOn:
        showtime = self.context["showtime"]
        return WayOn(
            gettext("Other showtimes of %(title)s") % {"title": showtime.movie_title},
            url=showtime.movie_url,
        )

    def require_something_to_do(self) -> None:
        """Raise ShowtimeCanceled, or NotOnSale unless this browser holds or pays for seats."""
        if self.seat_map.status == ShowtimeStatus.CANCELED:
            raise ShowtimeCanceled(way_on=self.other_showtimes)
        if not self.seat_map.is_on_sale and self.context["panel"].state in {"empty", "lapsed", "moved"}:
            raise NotOnSale(way_on=self.other_showtimes)


def read_seat_page(*, showtime_id: int, visitor: MapVisitor, now: datetime) -> SeatPage:
    """Read the page. Raises Http404 for a showtime that is not published."""
    seen = read_seat_map(showtime_id=showtime_id, holder=visitor.holder)
    if seen is None or seen.status == ShowtimeStatus.DRAFT:
        raise Http404("There is no showtime at this address.")
    frame = showtime_frame(showtime_id, now=now, plan_id=seen.plan_id)
    facts = frame.facts
    prepared = prepared_map(
        plan_id=seen.plan_id,
        version_id=seen.version_id,
        on=frame.on,
        currency=facts.currency,
        theater_id=facts.theater_id,
    )
    context = _what_is_held(showtime_id, visitor, seen.own, prepared, frame) | {
        "sofa_note": _sofa_note(frame, seen.own, seen.version_id),
        "showtime": replace(facts, is_on_sale=seen.is_on_sale),
        "grid": prepared.render(seen.states),
        "moves": ShowtimeMoves.sentence if seen.is_moving else "",
        "is_all_taken": is_full(seen.states),
        "has_seats": bool(prepared.by_label),
        "areas": areas_of_page(prepared, seen),
        "legend": prepared.legend,
        "seat_css_url": prepared.categories.css_url,
        "lacks_wheelchair_spaces": not has_wheelchair_spaces(prepared),
        "price_notes": notes_beside(seen.version_id, on=frame.on, starts_at=facts.starts_at),
        "map_size": prepared.size,
        "notice": "",
        "notice_tone": "info",
        "facts_url": facts_url(seen.plan_id) if prepared.by_label else "",
        "events_url": "events/",
        "best_url": _address("best", showtime_id),
        "best_options": SimpleLazyObject(lambda: best_options(prepared, seen.plan_id)),
    }
    return SeatPage(showtime_id, seen, prepared, context, frame, visitor.freed)


def has_wheelchair_spaces(prepared: PreparedMap) -> bool:
    categories = {seat.category for seat in prepared.by_label.values()} | {area.category for area in prepared.areas}
    return any(map(is_wheelchair, categories))


def areas_of_page(prepared: PreparedMap, seen: SeatMap) -> list[AreaChoice]:
    """The areas to choose places from; [] where the plan has none."""
    mine = seen.own.labels if seen.own.is_holding else []
    most = settings.MAX_SEATS_PER_HOLD
    return area_choices(prepared.areas, free=seen.free_places, mine=mine, prices=prepared.prices, most=most)


def with_other_choices(page: SeatPage, asked: QueryDict) -> Context:
    """The page of a browser that has just taken the best seats, with other choices."""
    currency, prices = page.context["showtime"].currency, page.prepared.prices
    if not page.seat_map.own.is_holding:
        return page.context
    wish = wish_of(asked, prices, freed=page.freed)
    return page.context | {
        "others": other_choices(page.seat_map, wish, prices=prices, currency=currency),
        "asked": asked_fields(asked),
    }


def with_refusal(page: SeatPage, refusal: Refusal, *, holder: str, now: datetime) -> Context:
    """The fresh map with the sentence of a refusal."""
    return page.context | {
        "notice": refusal.sentence,
        "notice_tone": refusal.tone,
        "refusal": refusal,
        "held_elsewhere": SimpleLazyObject(lambda: held_seats(holder=holder, now=now)),
    }


def read_click_answer(
    *, showtime_id: int, visitor: MapVisitor, labels: list[str], taken: TakeOutcome | None, now: datetime
) -> Context:
    """The panel and the seats of one click: one query, and those of a signed-in person's limit."""
    try:
        frame = showtime_frame(showtime_id, now=now)
    except Showtime.DoesNotExist:
        raise Http404("There is no showtime at this address.") from None
    wanted = with_mates(mates_of_plan(frame.plan_id), clean_labels(labels)) if labels else []
    clicked = read_clicked_seats(showtime_id=showtime_id, holder=visitor.holder, labels=wanted, taken=taken)
    prepared = frame.map_for(clicked.own, now=now)
    version_id = clicked.own.version_id or frame.prices.version_at(now)
    return _what_is_held(showtime_id, visitor, clicked.own, prepared, frame) | {
        "sofa_note": _sofa_note(frame, clicked.own, version_id),
        "showtime": frame.facts,
        "has_seats": bool(prepared.by_label),
        "changed_seats": prepared.render_changed(clicked.letters),
    }


def _what_is_held(
    showtime_id: int, visitor: MapVisitor, own: OwnSeats, prepared: PreparedMap, frame: ShowtimeFrame
) -> Context:
    places = _held_places(own, prepared)
    panel = make_panel(showtime_id=showtime_id, currency=frame.facts.currency, own=own, prepared=prepared)
    return {
        "must": _needs_of_seats(showtime_id, places),
        "declares_wheelchair": declares_wheelchair(places),
        "better": better_choice(
            showtime_id=showtime_id, plan_id=frame.plan_id, rule=frame.single_seat_rule, own=own, freed=visitor.freed
        ),
        "limits": _limits_in_words(showtime_id, visitor, own),
        "panel": panel,
        "parts": panel_parts(panel),
        "seats_url": _address("seats", showtime_id),
    }


@lru_cache(maxsize=5000)
def _address(name: str, showtime_id: int) -> str:
    """An address of the showtime, cached: looking three of them up took 6 % of a page's time."""
    return reverse(name, args=[showtime_id])


def _sofa_note(frame: ShowtimeFrame, own: OwnSeats, version_id: int | None) -> str:
    if not own.is_holding:
        return ""
    return sofa_note(mates_of_plan(frame.plan_id), own.labels, version_id, currency=frame.facts.currency)


def _limits_in_words(showtime_id: int, visitor: MapVisitor, own: OwnSeats) -> list[str]:
    """Tell somebody who holds seats about the nearest limits: of the person, and of the internet connection."""
    if not own.is_holding:
        return []
    count = len(own.labels)
    near = min(NEAR_THE_LIMIT, settings.MAX_SEATS_PER_HOLD - count if settings.MAX_SEATS_PER_HOLD else NEAR_THE_LIMIT)
    sentences = [
        limit_in_words(showtime_id=showtime_id, person=visitor.person, count=count, has=own.bought),
        share_in_words(own.left_at_address, near=near),
    ]
    return [sentence for sentence in sentences if sentence]


def _needs_of_seats(showtime_id: int, places: list[PartySeat]) -> list[str]:
    """Return what these seats demand before they are sold, whatever the ticket types."""
    found = objections(places=places, ages=AgeRule(), showtime_id=showtime_id) if places else []
    return [objection.sentence for objection in found]


def _held_places(own: OwnSeats, prepared: PreparedMap) -> list[PartySeat]:
    if not own.is_holding:
        return []
    seats = [prepared.by_label[label] for label in own.labels if label in prepared.by_label]
    return [PartySeat(seat.label, seat.category) for seat in seats]
