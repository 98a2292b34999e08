"""The order panel beside a seat map: what a browser holds, for how long, and what it can do."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.money import rounded
from reservations.seats.area_choice import places_by_area
from reservations.seats.countdown import countdown_of
from reservations.seats.group_of_hold import group_page_of
from reservations.seats.map_markup import PreparedMap
from reservations.seats.own_seats import OwnSeats
from theaters.seat_labels import number_in_words

MOST_AT_ONCE = 10  # where there is no limit


@dataclass(frozen=True)
class PanelSeat:
    label: str
    row: str
    number: int
    section: str
    category_label: str
    price: Decimal | None
    is_sofa: bool = False


@dataclass(frozen=True)
class PanelArea:
    """Places of one area. `price` is that of all of them."""

    name: str
    count: int
    price: Decimal | None

    @property
    def give_back(self) -> str:
        """The value of the button that gives all of them back."""
        return f"0 {self.name}"


@dataclass(frozen=True)
class Panel:
    """The order panel: what the browser holds here, for how long, and what it can do.

    `is_shared`: taken from a shared block. `keeps_for_friends`: it holds other seats for friends (`share_url`).
    """

    state: str
    url: str
    seats_url: str
    checkout_url: str
    extend_url: str
    release_url: str
    share_url: str
    currency: str
    limit: int
    most_tickets: int
    seats: tuple[PanelSeat, ...] = ()
    areas: tuple[PanelArea, ...] = ()
    total: Decimal = Decimal(0)
    expires_at: str = ""
    server_now: str = ""
    seconds_left: int = 0
    hold_seconds: int = 0
    can_extend: bool = False
    may_extend_later: bool = False
    was_extended: bool = False
    retake: list[str] = field(default_factory=list)
    group_url: str = ""
    booking_url: str = ""
    continue_url: str = ""
    change_seats_url: str = ""
    is_shared: bool = False
    keeps_for_friends: bool = False

    @property
    def count(self) -> int:
        return len(self.seats) + sum(area.count for area in self.areas)

    @property
    def count_in_words(self) -> str:
        """2 seats; 3 places; 2 seats and 1 place."""
        return number_in_words(len(self.seats), sum(area.count for area in self.areas))

    @property
    def counts(self) -> range:
        """The numbers of people in the form of the best seats."""
        return range(1, (self.limit or MOST_AT_ONCE) + 1)

    @property
    def can_share(self) -> bool:
        """Whether to offer to hold these seats for friends who pay alone: not for a single seat."""
        return self.state == "holding" and self.count > 1 and not (self.is_shared or self.keeps_for_friends)

    @property
    def max_reached(self) -> bool:
        return bool(self.limit) and self.count >= self.limit


def make_panel(*, showtime_id: int, currency: str, own: OwnSeats, prepared: PreparedMap) -> Panel:
    common: dict[str, Any] = {
        **_addresses(showtime_id),
        "currency": currency,
        "limit": settings.MAX_SEATS_PER_HOLD,
        "most_tickets": settings.TICKETS_PER_PERSON_AND_SHOWTIME,
        "server_now": own.now.isoformat(),
        "keeps_for_friends": own.keeps_for_friends,
    }
    if own.is_paying:
        return _paying(common, own, prepared)
    if own.is_holding:
        return _holding(common, own, prepared)
    if own.retake:
        group_url = group_page_of(own.hold_id)
        return Panel(
            state="lapsed",
            # Seats that are kept for the group again, which the map does not sell.
            retake=[] if group_url else own.retake,
            group_url=group_url,
            seats=_seats(own.retake, prepared),
            areas=_places(own.retake, prepared),
            **common,
        )
    return Panel(state="moved" if own.have_moved else "empty", **common)


@lru_cache(maxsize=1000)
def _addresses(showtime_id: int) -> dict[str, str]:
    names = {"url": "seat_map", "seats_url": "seats", "checkout_url": "checkout", "extend_url": "extend"}
    names |= {"release_url": "release_hold", "share_url": "share_seats"}
    return {key: reverse(name, args=[showtime_id]) for key, name in names.items()}


def _paying(common: dict[str, Any], own: OwnSeats, prepared: PreparedMap) -> Panel:
    assert own.payable_until is not None
    # Without prices, because those of the map may differ from those of the chosen ticket types.
    seats = tuple(replace(seat, price=None) for seat in _seats(own.labels, prepared))
    return Panel(
        state="paying",
        seats=seats,
        areas=tuple(replace(area, price=None) for area in _places(own.labels, prepared)),
        expires_at=own.payable_until.isoformat(),
        seconds_left=max(0, int((own.payable_until - own.now).total_seconds())),
        hold_seconds=settings.CHECKOUT_SECONDS,
        booking_url=reverse("booking", args=[own.booking_reference]),
        continue_url=common["checkout_url"],
        change_seats_url=reverse("change_seats", args=[own.booking_reference]),
        **common,
    )


def _holding(common: dict[str, Any], own: OwnSeats, prepared: PreparedMap) -> Panel:
    seats, areas = _seats(own.labels, prepared), _places(own.labels, prepared)
    return Panel(
        state="holding",
        seats=seats,
        areas=areas,
        total=_sum((*seats, *areas), common["currency"]),
        was_extended=own.extended_at is not None,
        is_shared=own.shared_block_id is not None,
        **vars(countdown_of(own)),
        **common,
    )


def _seats(labels: list[str], prepared: PreparedMap) -> tuple[PanelSeat, ...]:
    seats = [prepared.by_label[label] for label in labels if label in prepared.by_label]
    return tuple(
        PanelSeat(
            seat.label,
            seat.row,
            seat.number,
            seat.section,
            prepared.categories.name(seat.category),
            prepared.prices.get(seat.category),
            bool(seat.unit),
        )
        for seat in seats
    )


def _places(labels: list[str], prepared: PreparedMap) -> tuple[PanelArea, ...]:
    counts = places_by_area(labels)
    prices = {area.name: prepared.prices.get(area.category) for area in prepared.areas}
    areas = ((name, count, prices.get(name)) for name, count in counts.items())
    return tuple(PanelArea(name, count, None if price is None else price * count) for name, count, price in areas)


def _sum(seats: tuple[PanelSeat | PanelArea, ...], currency: str) -> Decimal:
    return sum((seat.price or Decimal(0) for seat in seats), rounded(Decimal(0), currency))
