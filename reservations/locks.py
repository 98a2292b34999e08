"""The only row locks of reservations.

Lock order of every transaction: Showtime, Hold, network of the hold (advisory), Booking, (Payment, Refund,) Ticket by id,
ShowtimeSeat by id, persons in sorted order (advisory), PromoCode.
A promo code comes last and Pay alone locks it, one of them: who has it waits for nothing any more. Giving a use back
needs no lock of the code, because a redemption belongs to its locked booking and fewer uses break no limit.
Notices of a change come after them, by conditional updates alone.
A PaperCounter is locked in a transaction of its own that locks nothing else.

The seat statements are SQL on purpose: the shape was raced against many others (docs/adr/0003-seats-in-one-statement.md).
What breaks it: a clock read before the last lock, a NULL in bool_and, judging on a snapshot instead of the locked rows.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from core.addresses import origin_of
from core.lock_waits import locks_showtime
from core.models import PauseKind
from core.pauses import WhenPaused, note_no_pause, stops
from core.prepared import prepared_cursor
from reservations.models import Booking, Hold, LinkRequest, PaperCounter, PromoCode, ShowtimeSeat, Ticket
from reservations.refusals import SalesPaused
from reservations.seats.state import HOUSE_SEATS, SeatState, house_seat_sql, shown_to_others, state_sql
from reservations.seats.take_sql import LOCK_OR_CREATE_HOLD, TAKE_SEATS
from theaters.states import ShowtimeStatus

# FOR KEY SHARE waits for whoever changes the showtime (FOR UPDATE, theaters/locks.py) and reads what they wrote; it does
# not stand in the way of the counts of seats that the sweep writes there (docs/adr/0012-sellers-lock-the-key.md).
# Without pinned prices (published by the release before they were) nothing is on sale.
LOCK_SHOWTIME = """
SELECT CASE WHEN status = 'PUBLISHED' AND price_version_id IS NULL THEN 'DRAFT' ELSE status END,
       sales_close_at > clock_timestamp(), ends_at <= clock_timestamp(),
       (SELECT kind FROM core_salespause WHERE ended_at IS NULL ORDER BY kind LIMIT 1)
  FROM theaters_showtime WHERE id = %(showtime)s FOR KEY SHARE
"""

RELEASE_SEATS = f"""
WITH locked AS MATERIALIZED (
    SELECT id FROM reservations_showtimeseat
     WHERE hold_id = %(hold)s AND (%(labels)s::text[] IS NULL OR label = ANY(%(labels)s)) ORDER BY id FOR NO KEY UPDATE)
UPDATE reservations_showtimeseat AS seat SET hold_id = NULL, held_until = NULL
  FROM locked WHERE seat.id = locked.id AND seat.hold_id = %(hold)s
RETURNING seat.label, {state_sql("seat", at="clock_timestamp()")}
"""

# The rows of a locked hold become a booking's, and the hold ends: one statement for two, because Pay has many.
HAND_OVER = """
WITH ended AS (
    UPDATE reservations_hold SET "end" = 'PAID', ended_at = clock_timestamp(), changed_at = clock_timestamp()
     WHERE id = %(hold)s)
UPDATE reservations_showtimeseat SET hold_id = NULL, booking_id = %(booking)s, held_until = %(held_until)s
 WHERE hold_id = %(hold)s
"""

LENGTHEN_SEATS = """
WITH locked AS MATERIALIZED (
    SELECT id FROM reservations_showtimeseat WHERE hold_id = %(hold)s ORDER BY id FOR NO KEY UPDATE)
UPDATE reservations_showtimeseat AS seat SET held_until = %(expires_at)s
  FROM locked WHERE seat.id = locked.id AND seat.hold_id = %(hold)s
"""

KEEP_BACK = f"""
WITH locked AS MATERIALIZED (
    SELECT id, hold_id, booking_id, held_until, house_reason FROM reservations_showtimeseat
     WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s) ORDER BY id FOR NO KEY UPDATE),
judged AS MATERIALIZED (SELECT clock_timestamp() AS at, count(*) FROM locked)
UPDATE reservations_showtimeseat AS seat
   SET house_reason = %(reason)s, house_release_minutes = %(minutes)s, hold_id = NULL, booking_id = NULL, held_until = NULL
  FROM locked, judged
 WHERE seat.id = locked.id AND {state_sql("locked", at="at")} IN ('free', 'house')
RETURNING seat.label
"""


# House seats go on sale: those that are named, or (without names) those whose time has come.
RELEASE_HOUSE = f"""
WITH locked AS MATERIALIZED (
    SELECT seat.id FROM reservations_showtimeseat seat JOIN theaters_showtime showtime ON showtime.id = seat.showtime_id
     WHERE seat.showtime_id = %(showtime)s AND {house_seat_sql("seat")}
       AND CASE WHEN %(labels)s::text[] IS NULL
                THEN showtime.starts_at - seat.house_release_minutes * interval '1 min' <= clock_timestamp()
                ELSE seat.label = ANY(%(labels)s) END
     ORDER BY seat.id FOR NO KEY UPDATE OF seat)
UPDATE reservations_showtimeseat AS seat SET house_reason = '', house_release_minutes = NULL
  FROM locked WHERE seat.id = locked.id AND {house_seat_sql("seat")}
RETURNING seat.label, {state_sql("seat", at="clock_timestamp()")}
"""


LEAST_SEATS_PER_ADDRESS = 10
# An IPv6 /48 has 256 addresses of the size that we count, and is often one customer of a provider: 40 % where one has 25 %.
NETWORK_FACTOR = Decimal("1.6")
# The share of browsers that have not paid refuses nobody a pair.
SEATS_NEVER_REFUSED = 2


@dataclass(frozen=True)
class ShowtimeGate:
    status: ShowtimeStatus
    is_before_close: bool
    is_over: bool


@dataclass(frozen=True)
class LockedHold:
    id: int
    expires_at: datetime
    is_alive: bool
    is_new: bool
    unpaid_before: int
    live_elsewhere: int
    seconds_since_last: float | None
    unpaid_at_address: int
    seconds_since_last_at_address: float | None


@dataclass(frozen=True)
class TakeLimits:
    """Most seats of one hold, and of an address over all showtimes; 0 is no limit. House seats need a right.

    The shares are of the showtime's seats that are not house seats: of one address, and of all browsers that have not
    paid anything yet. An address always has LEAST_SEATS_PER_ADDRESS, and its paid seats on top.
    """

    per_hold: int
    per_address: int
    with_house_seats: bool = False
    share_per_address: Decimal = Decimal(0)
    share_unpaid: Decimal = Decimal(0)


@dataclass(frozen=True)
class TakeOutcome:
    taken: bool
    found: int
    others: int
    paying: bool
    here: int
    is_alive: bool
    is_over_share: bool
    is_over_unpaid_share: bool


@locks_showtime
def showtime_gate(showtime_id: int, *, when_paused: WhenPaused = WhenPaused.STOPS) -> ShowtimeGate | None:
    """Lock a showtime to sell and say whether it is on sale, in one statement.

    Raises SalesPaused while sales are paused, unless the caller says that its act goes on. `tests/payments/test_pauses.py`
    lists the callers that do.
    """
    with prepared_cursor() as cursor:
        cursor.execute(LOCK_SHOWTIME, {"showtime": showtime_id})
        row = cursor.fetchone()
    if row is None:
        return None
    if row[3] is None:
        note_no_pause()
    elif stops(when_paused, PauseKind(row[3])):
        raise SalesPaused
    return ShowtimeGate(ShowtimeStatus(row[0]), row[1], row[2])


@locks_showtime
def lock_or_create_hold(
    *, showtime_id: int, holder: str, address: str, seconds: tuple[int, int], operator_id: int | None = None,
    one_at_a_time: bool = False,
) -> LockedHold:  # fmt: skip
    """The browser's live hold, or a new one of `seconds` (length, cap). The counter's says who of the staff holds.

    A theater's own length comes before the house's, and its cap leaves the same time after it. With `one_at_a_time`
    browsers of the hold's network take seats of this showtime one after the other until their transactions end, so that
    what they hold together can be counted.
    """
    origin = origin_of(address)
    wanted: dict[str, Any] = {
        "showtime": showtime_id, "holder": holder, "address": origin.address, "network": origin.network,
        "hold": seconds[0], "cap": seconds[1], "operator": operator_id, "one_at_a_time": one_at_a_time,
    }  # fmt: skip
    with prepared_cursor() as cursor:
        cursor.execute(LOCK_OR_CREATE_HOLD, wanted)
        row = cursor.fetchone()
        assert row is not None
    return LockedHold(*row[:-1])  # the last column waits for the lock of the network


@locks_showtime
def take_seats(
    *, showtime_id: int, holder: str, hold: LockedHold, labels: list[str], limits: TakeLimits
) -> TakeOutcome:
    """All of the labels or none of them, judged on the locked rows by the database's clock."""
    wanted: dict[str, Any] = {
        "showtime": showtime_id, "holder": holder, "labels": labels, "wanted": len(labels),
        "most": limits.per_hold, "most_here": limits.per_address, "hold": hold.id, "expires_at": hold.expires_at,
        "house": limits.with_house_seats, "share": Decimal(limits.share_per_address),
        "network_share": min(limits.share_per_address * NETWORK_FACTOR, Decimal(1)),
        "unpaid_share": Decimal(limits.share_unpaid), "least": LEAST_SEATS_PER_ADDRESS, "pair": SEATS_NEVER_REFUSED,
    }  # fmt: skip
    with prepared_cursor() as cursor:
        cursor.execute(TAKE_SEATS, wanted)
        row = cursor.fetchone()
        assert row is not None
    return TakeOutcome(*row)


def release_seats(*, hold_id: int, labels: list[str] | None) -> dict[str, str]:
    """Let go of those rows that are still this hold's (None: all of them); returns what each is now: free, or house."""
    with prepared_cursor() as cursor:
        cursor.execute(RELEASE_SEATS, {"hold": hold_id, "labels": labels})
        return dict(cursor.fetchall())


def lengthen_seats(*, hold_id: int, expires_at: datetime) -> None:
    with prepared_cursor() as cursor:
        cursor.execute(LENGTHEN_SEATS, {"hold": hold_id, "expires_at": expires_at})


def hand_over(booking: Booking) -> None:
    """A booking that was just written takes over the locked rows of its locked hold."""
    with prepared_cursor() as cursor:
        cursor.execute(HAND_OVER, {"hold": booking.hold_id, "booking": booking.pk, "held_until": booking.held_until})


@locks_showtime
def live_hold(*, showtime_id: int, holder: str) -> Hold | None:
    """The browser's hold that has not ended; it may have lapsed."""
    return (
        Hold.objects.select_for_update(no_key=True)
        .filter(showtime_id=showtime_id, holder=holder, ended_at__isnull=True)
        .first()
    )


@locks_showtime
def holds_of_showtime(showtime_id: int) -> list[Hold]:
    return list(Hold.objects.filter(showtime_id=showtime_id).order_by("pk").select_for_update(no_key=True))


def lapsed_holds(most: int) -> list[Hold]:
    """Holds whose time has passed and that nobody else is ending."""
    return list(Hold.objects.lapsed().order_by("expires_at").select_for_update(no_key=True, skip_locked=True)[:most])


def booking(booking_id: int) -> Booking:
    """Raises Booking.DoesNotExist."""
    return Booking.objects.select_for_update(no_key=True).get(pk=booking_id)


def unlocked_bookings(due: QuerySet[Booking], *, most: int) -> list[int]:
    """Those of the due bookings that nobody has locked at this moment, in their order. Waits for none of them."""
    with transaction.atomic():
        rows = due.select_for_update(no_key=True, skip_locked=True)
        return list(rows.values_list("pk", flat=True)[:most])


def tickets_of(booking_id: int) -> list[Ticket]:
    """After their booking: what changes a ticket's status holds one of the two."""
    return list(Ticket.objects.filter(booking_id=booking_id).order_by("pk").select_for_update(no_key=True))


def ticket_by_code(code: str) -> Ticket | None:
    """The door changes one ticket and nothing else, so it needs its row alone; the booking says whether it is frozen."""
    tickets = Ticket.objects.select_related("booking").select_for_update(no_key=True, of=("self",))
    return tickets.filter(code=code).first()


def ticket(ticket_id: int) -> Ticket:
    return Ticket.objects.select_for_update(no_key=True).get(pk=ticket_id)


def seats_of_hold(hold_id: int) -> list[ShowtimeSeat]:
    return list(
        ShowtimeSeat.objects.filter(hold_id=hold_id)
        .select_related("seat")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )


@locks_showtime
def lock_seats(showtime_id: int, *, labels: list[str], hold_id: int | None) -> None:
    """These seats, and all of a hold, in one order."""
    seats = ShowtimeSeat.objects.filter(Q(showtime_id=showtime_id, label__in=labels) | Q(hold_id=hold_id or 0))
    list(seats.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def lock_seats_of_holds(hold_ids: list[int]) -> set[int]:
    """Lock the seats of holds that nobody else has locked. Returns the holds all of whose seats are ours now."""
    seats = ShowtimeSeat.objects.filter(hold_id__in=hold_ids)
    mine = set(seats.order_by("pk").select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
    others = seats.exclude(pk__in=mine).values_list("hold_id", flat=True)
    return set(hold_ids).difference(others)


def seats_of_booking(booking_id: int) -> list[ShowtimeSeat]:
    return list(ShowtimeSeat.objects.filter(booking_id=booking_id).order_by("pk").select_for_update(no_key=True))


@locks_showtime
def seats_by_seat(*, showtime_id: int, seat_ids: list[int]) -> list[ShowtimeSeat]:
    return list(
        ShowtimeSeat.objects.filter(showtime_id=showtime_id, seat_id__in=seat_ids)
        .order_by("pk")
        .select_for_update(no_key=True)
    )


@locks_showtime
def seats_to_swap(*, showtime_id: int, seat_ids: list[int], labels: list[str]) -> list[ShowtimeSeat]:
    """The seats that tickets leave and those that they get, in one order."""
    seats = ShowtimeSeat.objects.filter(Q(seat_id__in=seat_ids) | Q(label__in=labels), showtime_id=showtime_id)
    return list(seats.order_by("pk").select_for_update(no_key=True))


@locks_showtime
def keep_back(*, showtime_id: int, labels: list[str], reason: str, release_minutes: int | None) -> list[str]:
    """Make those of the seats that are free house seats; returns their labels."""
    with connection.cursor() as cursor:
        wanted: dict[str, Any] = {
            "showtime": showtime_id,
            "labels": labels,
            "reason": reason,
            "minutes": release_minutes,
        }
        cursor.execute(KEEP_BACK, wanted)
        return [row[0] for row in cursor.fetchall()]


def mark_taken_seat(*, showtime_id: int, label: str, reason: str) -> None:
    """A seat that somebody has is a house seat as soon as it is left, whatever ends that. One row: the update locks it."""
    rows = ShowtimeSeat.objects.filter(~HOUSE_SEATS, showtime_id=showtime_id, label=label)
    rows.update(house_reason=reason)


@locks_showtime
def release_house_seats(*, showtime_id: int, labels: list[str] | None) -> dict[str, str]:
    """Put house seats on sale: these, or (None) those whose time has come. What each is now: free, unless the counter has it."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE_HOUSE, {"showtime": showtime_id, "labels": labels})
        return {label: shown_to_others(SeatState(state)) for label, state in cursor.fetchall()}


def paper_counter(*, theater_id: int, kind: str, series: str) -> PaperCounter:
    """Locked alone: while one paper gets its number the next one waits."""
    which = {"theater_id": theater_id, "kind": kind, "series": series}
    PaperCounter.objects.bulk_create([PaperCounter(**which)], ignore_conflicts=True)
    return PaperCounter.objects.select_for_update(no_key=True).get(**which)


def persons(keys: list[str]) -> None:
    """Whoever is known by one of these keys buys one booking after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT hashtextextended('person ' || key, 0) AS key"
            " FROM unnest(%s::text[]) AS key ORDER BY 1) AS sorted",
            [keys],
        )


def next_link_request() -> LinkRequest | None:
    """The oldest that no other worker answers just now. It is locked before any booking."""
    return LinkRequest.objects.select_for_update(skip_locked=True).order_by("pk").first()


def promo_code(promo_code_id: int) -> PromoCode:
    """The last lock of a transaction. Raises PromoCode.DoesNotExist."""
    return PromoCode.objects.select_for_update(no_key=True).get(pk=promo_code_id)


@locks_showtime
def seats_of_showtime(showtime_id: int) -> list[ShowtimeSeat]:
    return list(ShowtimeSeat.objects.filter(showtime_id=showtime_id).order_by("pk").select_for_update(no_key=True))


@locks_showtime
def tickets_of_showtime(showtime_id: int) -> list[Ticket]:
    return list(Ticket.objects.filter(showtime_id=showtime_id).order_by("pk").select_for_update(no_key=True))
