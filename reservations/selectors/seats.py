"""What the seat map shows one browser, in counted queries."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.memory import Memory
from core.money import rounded
from core.prepared import prepared_cursor
from reservations.refusals import words_for_limit
from reservations.seats.map_markup import PreparedMap, prepared_map
from reservations.seats.state import state_sql
from theaters.models import AgeRule, Showtime
from theaters.selectors import ShowtimeFacts, showtime_facts
from theaters.states import SeatCategory, ShowtimeStatus

# The letters of reservations/seats/map_markup.py. Free is a matter of time, not of a worker.
LETTER = f"""CASE {state_sql("seat", at="clock_timestamp()")}
         WHEN 'free' THEN 'f' WHEN 'house' THEN 'x'
         WHEN 'sold' THEN CASE WHEN booking_id = ANY({{paid}}) THEN 'p' ELSE 's' END
         ELSE CASE WHEN hold_id = {{hold}} OR booking_id = {{booking}} THEN 'm' ELSE 'h' END END"""
LETTER_OF_OWN = LETTER.format(hold="hold.id", booking="booking.id", paid="paid.ids")
LETTER_OF_SEAT = LETTER.format(hold="%(hold)s", booking="%(booking)s", paid="%(paid)s")

SEAT_STATES = f"""
SELECT coalesce(string_agg({LETTER_OF_SEAT}, '' ORDER BY seat_id), '')
  FROM reservations_showtimeseat AS seat WHERE showtime_id = %(showtime)s
"""

STATES_OF_SEATS = f"""
SELECT label, {LETTER_OF_SEAT} FROM reservations_showtimeseat AS seat
 WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s)
"""

# The newest hold of this browser here (alive, lapsed or ended), and its booking that waits for money; how many tickets it
# has bought here is asked only of a browser that ever held a seat; and its bookings that are paid for. What a counter sold
# has an operator: to the next customer there it is taken.
OWN_FACTS = """
       clock_timestamp(), hold.id, hold.started_at, hold.expires_at, hold.cap_at, hold.extended_at, hold.ended_at, hold."end",
       hold.labels, hold.price_version_id, booking.id, booking.reference, booking.till_closes_at,
       ARRAY(SELECT label FROM reservations_showtimeseat
              WHERE (hold_id = hold.id AND hold.ended_at IS NULL) OR booking_id = booking.id ORDER BY id),
       CASE WHEN hold.id IS NULL THEN 0 ELSE
           (SELECT count(*) FROM reservations_booking AS bought
              JOIN reservations_ticket AS ticket ON ticket.booking_id = bought.id
             WHERE bought.holder = %(holder)s AND bought.showtime_id = %(showtime)s AND bought.status = 'CONFIRMED'
               AND bought.operator_id IS NULL AND bought.comp_reason = '' AND ticket.status IN ('VALID', 'USED')) END,
       paid.ids
"""
OWN_TABLES = """
  LEFT JOIN LATERAL (SELECT * FROM reservations_hold WHERE showtime_id = %(showtime)s AND holder = %(holder)s
                      ORDER BY started_at DESC, id DESC LIMIT 1) AS hold ON true
  LEFT JOIN LATERAL (SELECT * FROM reservations_booking WHERE showtime_id = %(showtime)s AND holder = %(holder)s
                        AND status = 'PENDING' AND held_until > clock_timestamp()
                      ORDER BY id DESC LIMIT 1) AS booking ON true
 CROSS JOIN LATERAL (SELECT ARRAY(SELECT id FROM reservations_booking WHERE showtime_id = %(showtime)s
                        AND holder = %(holder)s AND status = 'CONFIRMED' AND operator_id IS NULL) AS ids) AS paid
"""
OWN = f"SELECT {OWN_FACTS} FROM (SELECT 1) AS one {OWN_TABLES}"

# All that changes on the page of a showtime, as one statement.
SEEN = f"""
SELECT CASE WHEN showtime.status = 'PUBLISHED' AND showtime.price_version_id IS NULL THEN 'DRAFT' ELSE showtime.status END,
       showtime.sales_close_at > clock_timestamp(), showtime.plan_id, showtime.price_version_id,
       (SELECT coalesce(string_agg({LETTER_OF_OWN}, '' ORDER BY seat_id), '')
          FROM reservations_showtimeseat AS seat WHERE showtime_id = showtime.id),
       {OWN_FACTS}
  FROM theaters_showtime AS showtime {OWN_TABLES} WHERE showtime.id = %(showtime)s
"""
RETAKE_OFFERED_SECONDS = 1800


@dataclass(frozen=True)
class Own:
    """What one browser has at one showtime, by the database's clock."""

    now: datetime
    hold_id: int | None
    started_at: datetime | None
    expires_at: datetime | None
    cap_at: datetime | None
    extended_at: datetime | None
    ended_at: datetime | None
    end: str | None
    lapsed_labels: list[str] | None
    hold_version_id: int | None
    booking_id: int | None
    booking_reference: str | None
    till_closes_at: datetime | None
    labels: list[str]
    bought: int
    paid_ids: list[int]

    @property
    def is_paying(self) -> bool:
        return self.booking_id is not None

    @property
    def is_holding(self) -> bool:
        return (
            not self.is_paying
            and self.ended_at is None
            and self.expires_at is not None
            and self.expires_at > self.now
            and bool(self.labels)
        )

    @property
    def version_id(self) -> int | None:
        """The prices its hold began with; None when it holds nothing."""
        return self.hold_version_id if self.is_holding else None

    @property
    def retake(self) -> list[str]:
        """The labels of a hold that ran out lately."""
        if self.is_paying or self.expires_at is None or self.expires_at > self.now:
            return []
        if (self.now - self.expires_at).total_seconds() > RETAKE_OFFERED_SECONDS:
            return []
        if self.ended_at is None:
            return self.labels
        return (self.lapsed_labels or []) if self.end == "LAPSED" else []


def own_seats(*, showtime_id: int, holder: str) -> Own:
    with prepared_cursor() as cursor:
        cursor.execute(OWN, {"showtime": showtime_id, "holder": holder})
        row = cursor.fetchone()
        assert row is not None
    return Own(*row)


@dataclass(frozen=True)
class Seen:
    """A showtime as one browser sees it now, by the database's clock; a letter for each seat in the plan's order."""

    status: ShowtimeStatus
    is_before_close: bool
    plan_id: int
    showtime_version_id: int | None
    states: str
    own: Own

    @property
    def version_id(self) -> int | None:
        """The prices this browser sees: those its hold began with, else those on sale now."""
        return self.own.version_id or self.showtime_version_id

    @property
    def is_on_sale(self) -> bool:
        return self.status == ShowtimeStatus.PUBLISHED and self.is_before_close


def look_at(*, showtime_id: int, holder: str) -> Seen | None:
    with prepared_cursor() as cursor:
        cursor.execute(SEEN, {"showtime": showtime_id, "holder": holder})
        row: Any = cursor.fetchone()
    if row is None:
        return None
    status, is_before_close, plan_id, version_id, states, *own = row
    return Seen(ShowtimeStatus(status), is_before_close, plan_id, version_id, states, Own(*own))


def seat_states(*, showtime_id: int, own: Own) -> str:
    """One letter per seat, in the order of the plan."""
    hold_id = own.hold_id if own.is_holding else None
    with prepared_cursor() as cursor:
        cursor.execute(
            SEAT_STATES, {"showtime": showtime_id, "hold": hold_id, "booking": own.booking_id, "paid": own.paid_ids}
        )
        row = cursor.fetchone()
        assert row is not None
    return str(row[0])


def seat_states_of(*, showtime_id: int, labels: list[str], own: Own) -> dict[str, str]:
    """The letters of some seats; no query when all of them are mine."""
    mine = set(own.labels) if own.is_holding or own.is_paying else set()
    if mine.issuperset(labels):
        return dict.fromkeys(labels, "m")
    hold_id = own.hold_id if own.is_holding else None
    with prepared_cursor() as cursor:
        wanted = {"showtime": showtime_id, "hold": hold_id, "booking": own.booking_id, "paid": own.paid_ids}
        cursor.execute(STATES_OF_SEATS, {**wanted, "labels": labels})
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class PanelSeat:
    label: str
    row: str
    number: int
    section: str
    category_label: str
    price: Decimal | None


@dataclass(frozen=True)
class Panel:
    """The order panel: what I hold here, for how long, and what I can do."""

    state: str
    url: str
    seats_url: str
    checkout_url: str
    extend_url: str
    release_url: str
    currency: str
    limit: int
    most_tickets: int
    bought: int = 0
    seats: tuple[PanelSeat, ...] = ()
    total: Decimal = Decimal(0)
    expires_at: str = ""
    server_now: str = ""
    seconds_left: int = 0
    hold_seconds: int = 0
    can_extend: bool = False
    may_extend_later: bool = False
    was_extended: bool = False
    retake: list[str] = field(default_factory=list)
    booking_url: str = ""
    continue_url: str = ""
    change_seats_url: str = ""

    @property
    def count(self) -> int:
        return len(self.seats)

    @property
    def max_reached(self) -> bool:
        return bool(self.limit) and self.count >= self.limit

    @property
    def tickets_left(self) -> str:
        """What the most tickets of one person mean for these seats, by what this browser bought; empty while far away."""
        if not self.most_tickets:
            return ""
        return words_for_limit(most=self.most_tickets, has=self.bought, wanted=self.count)


def make_panel(*, showtime_id: int, currency: str, own: Own, prepared: PreparedMap) -> Panel:
    common: dict[str, Any] = {
        **_addresses(showtime_id),
        "currency": currency,
        "limit": settings.MAX_SEATS_PER_HOLD,
        "most_tickets": settings.TICKETS_PER_PERSON_AND_SHOWTIME,
        "server_now": own.now.isoformat(),
    }
    if own.is_paying:
        return _paying(common, own, prepared)
    if own.is_holding:
        return _holding(common, own, prepared)
    if own.retake:
        return Panel(state="lapsed", retake=own.retake, seats=_seats(own.retake, prepared), **common)
    return Panel(state="empty", **common)


@lru_cache(maxsize=1000)
def _addresses(showtime_id: int) -> dict[str, str]:
    names = {"url": "seat_map", "seats_url": "seats", "checkout_url": "checkout", "extend_url": "extend"}
    names |= {"release_url": "release_hold"}
    return {key: reverse(name, args=[showtime_id]) for key, name in names.items()}


def _paying(common: dict[str, Any], own: Own, prepared: PreparedMap) -> Panel:
    assert own.till_closes_at is not None
    # Without prices: those of the map are not those of the chosen ticket types.
    seats = tuple(replace(seat, price=None) for seat in _seats(own.labels, prepared))
    return Panel(
        state="paying",
        seats=seats,
        expires_at=own.till_closes_at.isoformat(),
        seconds_left=max(0, int((own.till_closes_at - own.now).total_seconds())),
        hold_seconds=settings.CHECKOUT_SECONDS,
        booking_url=reverse("booking", args=[own.booking_reference]),
        continue_url=common["checkout_url"],
        change_seats_url=reverse("change_seats", args=[own.booking_reference]),
        **common,
    )


def _holding(common: dict[str, Any], own: Own, prepared: PreparedMap) -> Panel:
    assert own.expires_at is not None and own.started_at is not None and own.cap_at is not None
    left = (own.expires_at - own.now).total_seconds()
    may_extend = own.extended_at is None and own.expires_at < own.cap_at
    seats = _seats(own.labels, prepared)
    return Panel(
        state="holding",
        seats=seats,
        total=_sum(seats, common["currency"]),
        expires_at=own.expires_at.isoformat(),
        seconds_left=int(left),
        hold_seconds=int((own.expires_at - own.started_at).total_seconds()),
        can_extend=may_extend and left <= settings.HOLD_EXTENSION_OFFERED_SECONDS,
        may_extend_later=may_extend,
        was_extended=own.extended_at is not None,
        bought=own.bought,
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
            SeatCategory(seat.category).label,
            prepared.prices[seat.category],
        )
        for seat in seats
    )


def _sum(seats: tuple[PanelSeat, ...], currency: str) -> Decimal:
    return sum((seat.price or Decimal(0) for seat in seats), rounded(Decimal(0), currency))


@dataclass(frozen=True)
class Frame:
    """What a click's answer needs of a showtime and what hardly ever changes."""

    facts: ShowtimeFacts
    age_rule: AgeRule
    plan_id: int
    version_id: int | None

    def map_for(self, own: Own) -> PreparedMap:
        """With the prices that this browser was shown."""
        version_id = own.version_id or self.version_id
        return prepared_map(plan_id=self.plan_id, version_id=version_id, currency=self.facts.currency)


_frames: Memory[int, Frame] = Memory(seconds=15, most=500)


def showtime_frame(showtime_id: int, *, now: datetime) -> Frame:
    """From memory, some seconds old: whether it is on sale the database says anew each time."""
    return _frames.get(showtime_id, lambda: _frame(showtime_id, now))


def _frame(showtime_id: int, now: datetime) -> Frame:
    return frame_of(Showtime.objects.with_names().with_age_rule().get(pk=showtime_id), now=now)


def frame_of(showtime: Showtime, *, now: datetime) -> Frame:
    return Frame(showtime_facts(showtime, now=now), showtime.age_rule, showtime.plan_id, showtime.price_version_id)
