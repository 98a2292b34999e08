"""One showtime as the counter sees it: the map with its own hold, and the panel of the sale."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString

from core.clock import in_zone
from houses.business_days import business_day
from reservations.seats.area_choice import AreaChoice, area_choices
from reservations.seats.map_markup import LegendEntry, PreparedMap, notes_beside, prepared_map
from reservations.seats.map_reads import read_seat_map
from reservations.seats.order_panel import Panel, make_panel
from reservations.seats.own_seats import OwnSeats
from theaters.models import Showtime
from theaters.prices.price_notes import PriceNote
from theaters.selectors import ShowtimeFacts, showtime_facts


@dataclass(frozen=True)
class CounterMap:
    facts: ShowtimeFacts
    own: OwnSeats
    panel: Panel
    prepared: PreparedMap
    letters: str
    closes_at: datetime
    is_open: bool
    areas: list[AreaChoice]
    price_notes: list[PriceNote]

    @property
    def grid(self) -> SafeString:
        return self.prepared.render(self.letters)

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        return self.prepared.legend

    @property
    def size(self) -> str:
        return self.prepared.size

    @property
    def free(self) -> int:
        return self.letters.count("f") + sum(area.free for area in self.areas)

    def seats(self, labels: Iterable[str]) -> SafeString:
        """Single seats, for the answer to a click."""
        index = self.prepared.index
        return self.prepared.render_changed(
            {label: self.letters[index[label]] for label in sorted(labels) if label in index}
        )


def desk_of(*, showtime: Showtime, holder: str, with_house_seats: bool, now: datetime) -> CounterMap:
    """One query while the plan and its prices are cached."""
    seen = read_seat_map(showtime_id=showtime.pk, holder=holder)
    assert seen is not None
    facts = showtime_facts(showtime, now=now)
    on = business_day(showtime.auditorium.theater, showtime.starts_at)
    prepared = prepared_map(
        plan_id=seen.plan_id,
        version_id=seen.version_id,
        on=on,
        currency=facts.currency,
        theater_id=facts.theater_id,
    )
    panel = make_panel(showtime_id=showtime.pk, currency=facts.currency, own=seen.own, prepared=prepared)
    return CounterMap(
        facts=facts,
        own=seen.own,
        panel=_at_counter(panel, showtime),
        prepared=prepared,
        letters=seen.states.replace("x", "k") if with_house_seats else seen.states,
        closes_at=in_zone(showtime.counter_closes_at, showtime.auditorium.theater.zone),
        is_open=now < showtime.counter_closes_at,
        areas=area_choices(
            prepared.areas,
            free=seen.free_places,
            mine=seen.own.labels if seen.own.is_holding else [],
            prices=prepared.prices,
            most=0,
        ),
        price_notes=notes_beside(seen.version_id, on=on, starts_at=facts.starts_at),
    )


def _at_counter(panel: Panel, showtime: Showtime) -> Panel:
    """The panel with the counter's addresses. Holds are not extended here: the seats are taken again."""
    return replace(
        panel,
        url=reverse("counter_map", args=[showtime.pk]),
        seats_url=reverse("counter_seats", args=[showtime.pk]),
        release_url=reverse("counter_release", args=[showtime.pk]),
        can_extend=False,
        may_extend_later=False,
    )
