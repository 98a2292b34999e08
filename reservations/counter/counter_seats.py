"""The seats of a sale at the counter: the same rows, locks and rules as online; each override needs a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from core.actors import staff_actor_name
from core.live import seat_map_changes
from core.money import format_money
from core.refusals import BadChoice
from core.texts.lazy_text import gettext_lazy
from reservations import locks
from reservations.models import Booking, Hold, PromoCode, ShowtimeSeat
from reservations.records.status_changes import log_moves
from reservations.refusals.on_sale import NotOnSale
from reservations.refusals.seats import HoldLapsed, LeavesSingleSeats, SeatGone, UnknownSeat
from reservations.refusals.selling import QuoteChanged
from reservations.seats import taking
from reservations.seats.places import PlacesWanted, lock_places
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.state import HOUSE_SEATS
from reservations.seats.taking import Browser, clean_labels, end_hold, require_published
from reservations.seats.units import with_mates
from reservations.selling.comps import NO_LIMITS, TERMS
from reservations.selling.discounts import Promotion
from reservations.selling.promo_codes import clean_code, find_promotion
from reservations.selling.quotes import Quote, comp_quote, with_prices
from reservations.selling.selling_steps import (
    HoldToSell,
    lock_hold_to_sell,
    quote_to_sell,
    read_hold_to_sell,
    single_seats_left,
    write_booking,
)
from reservations.states import HoldEnd
from sales.services.opening import Customer, language_of
from sales.states import Channel, PaidWith
from staff.services.audit import record
from theaters.cash_rounding import rounding_of_payment
from theaters.counter_law import require_lawful_counter
from theaters.models import Showtime
from theaters.states import SalesChannel

WITH_HOUSE_SEATS = locks.TakeLimits(per_hold=0, per_address=0, with_house_seats=True)


@dataclass(frozen=True)
class CounterSeller:
    """The seller at the counter: the hash of a random value of the device or session, the operator, and the device.

    `device_id` is None for people who signed in with their account.
    """

    holder: str
    operator_id: int
    device_id: int | None = None

    @property
    def actor(self) -> str:
        return staff_actor_name(self.operator_id, self.device_id)

    @property
    def browser(self) -> Browser:
        return Browser(holder=self.holder, address="")


@dataclass(frozen=True)
class Overrides:
    """The rules an operator breaks, and why. The view has checked that the operator may."""

    house_seats: bool = False
    sales_close: bool = False
    single_seats: bool = False
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    reason: str = ""


NOTHING = Overrides()


@dataclass(frozen=True, kw_only=True)
class CounterOrder:
    """The sale as the screen showed it. `choices`: ticket type codes by label. With a `comp_reason` the tickets are
    comps.
    """

    choices: Mapping[str, str]
    expected_total: Decimal
    email: str = ""
    promo_code: str = ""
    comp_reason: str = ""
    allow: Overrides = NOTHING

    @property
    def customer(self) -> Customer:
        return Customer(email=self.email)


class CounterClosed(NotOnSale):
    sentence = gettext_lazy(
        "The counter does not sell this showtime any more. A manager may, with a reason, until it ends."
    )


class HouseSeatsChosen(BadChoice):
    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__(
            "house",
            gettext("Kept back: %(seats)s. Selling it needs the right and a reason.") % {"seats": ", ".join(labels)},
        )


def take_at_counter(
    *, showtime_id: int, seller: CounterSeller, labels: list[str], allow: Overrides = NOTHING, now: datetime
) -> None:
    """Hold all of these seats or none; taking seats that this seller holds already changes nothing. Without limits of
    pace and number.

    Raises a Refusal; then nothing is changed.
    """
    wanted = clean_labels(labels)
    for _ in range(2):
        if _take_seats(showtime_id, seller, wanted, allow, now):
            return
    raise HoldLapsed


def change_places_at_counter(
    *, showtime_id: int, seller: CounterSeller, wanted: PlacesWanted, allow: Overrides = NOTHING, now: datetime
) -> None:
    """Hold this many places of an area in all. Raises a Refusal; then nothing is changed."""
    if taking.give_places_back(showtime_id, seller.browser, wanted):
        return
    for _ in range(2):
        if _take_seats(showtime_id, seller, [], allow, now, places=wanted):
            return
    raise HoldLapsed


def swap_at_counter(
    *,
    showtime_id: int,
    seller: CounterSeller,
    take: list[str],
    release: list[str],
    allow: Overrides = NOTHING,
    now: datetime,
) -> None:
    """Take some seats and give others back, both or neither. Raises a Refusal; then nothing is changed."""
    wanted, returned = clean_labels(take), clean_labels(release)
    for _ in range(2):
        if _take_seats(showtime_id, seller, wanted, allow, now, returned=returned):
            return
    raise HoldLapsed


def _take_seats(
    showtime_id: int,
    seller: CounterSeller,
    wanted: list[str],
    allow: Overrides,
    now: datetime,
    *,
    returned: Sequence[str] = (),
    places: PlacesWanted | None = None,
) -> bool:
    """Take or give back seats. False when an old hold had run out: it is ended, and the caller begins a new one."""
    with transaction.atomic():
        gate = require_published(locks.showtime_gate(showtime_id))
        wanted = with_mates(mates_of_plan(gate.plan_id), wanted)
        showtime = Showtime.objects.with_names().get(pk=showtime_id)
        require_counter_open(showtime, allow=allow, now=now)
        hold = locks.lock_or_create_hold(
            showtime_id=showtime_id, holder=seller.holder, address="", operator_id=seller.operator_id,
            seconds=(settings.HOLD_SECONDS, settings.HOLD_CAP_SECONDS),
        )  # fmt: skip
        if not hold.is_alive:
            end_hold(Hold.objects.get(pk=hold.id), end=HoldEnd.LAPSED)
            return False
        if returned:
            # All rows by id at once: giving back and then taking would lock them out of order.
            locks.lock_seats(showtime_id, labels=[*wanted, *returned], hold_id=hold.id)
            release_at_counter(showtime_id=showtime_id, seller=seller, labels=list(returned))
        if places is not None:
            wanted = lock_places(showtime_id=showtime_id, wanted=places, hold_id=hold.id)
        _take_free_seats(showtime, hold, seller, wanted, allow)
        return True


def _take_free_seats(
    showtime: Showtime, hold: locks.LockedHold, seller: CounterSeller, wanted: list[str], allow: Overrides
) -> None:
    mine = set(ShowtimeSeat.objects.filter(hold=hold.id).values_list("label", flat=True))
    limits = WITH_HOUSE_SEATS if allow.house_seats else NO_LIMITS
    outcome = locks.take_seats(showtime_id=showtime.pk, holder=seller.holder, hold=hold, labels=wanted, limits=limits)
    if outcome.found < len(wanted):
        raise UnknownSeat
    if not outcome.taken:
        raise SeatGone
    if allow.house_seats:
        _note_house_seats(showtime, sorted(set(wanted) - mine), seller, allow.reason)
    seat_map_changes.publish_on_commit(showtime.pk, dict.fromkeys(wanted, seat_map_changes.held_until(hold.expires_at)))


def _note_house_seats(showtime: Showtime, labels: list[str], seller: CounterSeller, reason: str) -> None:
    """Log house seats that were just taken, with the reason of the override. Raises BadChoice without a reason."""
    rows = ShowtimeSeat.objects.filter(HOUSE_SEATS, showtime=showtime, label__in=labels).order_by("pk")
    house = {row.label: row.house_reason for row in rows}
    if not house:
        return
    _require_reason(reason)
    log_moves("house", [(row.pk, "HOUSE", "HELD") for row in rows], actor=seller.actor, note=reason)
    record(
        actor=seller.actor,
        action="take house seats",
        thing=showtime,
        theater=showtime.auditorium.theater,
        before={"kept for": house},
        after={"seats": ", ".join(house)},
        reason=reason,
    )


def release_at_counter(*, showtime_id: int, seller: CounterSeller, labels: list[str] | None = None) -> None:
    """Give these seats back (None: all of them, and the hold ends). House seats are house seats again."""
    if labels is None:
        taking.release_hold(showtime_id=showtime_id, browser=seller.browser)
    else:
        taking.release_seats(showtime_id=showtime_id, browser=seller.browser, labels=labels)


def require_counter_open(showtime: Showtime, *, allow: Overrides, now: datetime) -> None:
    """Check that the counter still sells: until the theater's time after the start, by right to the end.

    Raises CounterClosed.
    """
    if showtime.ends_at <= now:
        raise CounterClosed(gettext("This showtime is over."))
    if showtime.counter_closes_at <= now:
        if not allow.sales_close:
            raise CounterClosed
        _require_reason(allow.reason)


def quote_at_counter(*, showtime_id: int, seller: CounterSeller, order: CounterOrder) -> Quote:
    """The quote for the held seats, for the screen; ignores `expected_total`. Raises a Refusal."""
    return _quote(read_hold_to_sell(showtime_id=showtime_id, holder=seller.holder), order)


def open_counter_booking(
    *, showtime_id: int, seller: CounterSeller, order: CounterOrder, paid_with: PaidWith, now: datetime
) -> Booking:
    """The hold becomes a pending booking, inside the caller's transaction. Raises a Refusal; then nothing is changed."""
    require_published(locks.showtime_gate(showtime_id))
    held = lock_hold_to_sell(showtime_id=showtime_id, holder=seller.holder)
    require_counter_open(held.showtime, allow=order.allow, now=now)
    quote = _quote(held, order)
    if quote.total != order.expected_total:
        raise QuoteChanged
    if not order.comp_reason:
        require_lawful_counter(held.showtime.auditorium.theater.country)
    left_over = single_seats_left(held)
    if left_over and not order.allow.single_seats:
        raise LeavesSingleSeats(left_over)
    broken = _broken_rules(held, quote, order, now)
    if left_over:
        broken["single seats"] = ", ".join(seat.label for seat in left_over.singles)
    facts: dict[str, Any] = {
        "channel": Channel.COUNTER, "operator_id": seller.operator_id, "device_id": seller.device_id,
        "paid_with": paid_with if quote.total else "",
    }  # fmt: skip
    if paid_with == PaidWith.CASH:
        theater = held.showtime.auditorium.theater
        facts["cash_rounding"] = rounding_of_payment(quote.total, country=theater.country, currency=quote.currency)
    if broken:
        _require_reason(order.allow.reason)
        facts["override_reason"] = order.allow.reason.strip()[:200]
    if order.comp_reason:
        reason = order.comp_reason.strip()[:200]
        facts |= {"channel": Channel.COMP, "comp_reason": reason, "terms": TERMS, "cancel_tiers": []}
    booking = write_booking(
        held, quote, customer=order.customer,
        # Not the language of the page: that is the operator's, not the customer's.
        language=language_of(order.customer, house_id=held.showtime.auditorium.theater.house_id),
        payable_until=held.hold.expires_at, held_until=held.hold.expires_at, **facts,
    )  # fmt: skip
    _record(booking, quote, broken, seller)
    return booking


def _quote(held: HoldToSell, order: CounterOrder) -> Quote:
    if held.house and not order.allow.house_seats:
        raise HouseSeatsChosen(held.house)
    if order.promo_code and (order.allow.prices or order.comp_reason):
        raise BadChoice("promo", gettext("A promo code goes with the prices of the list alone."))
    quote = quote_to_sell(held, choices=order.choices, promotion=_promotion(held, order), channel=SalesChannel.COUNTER)
    if order.comp_reason:
        return comp_quote(quote, held.prices)
    return with_prices(quote, order.allow.prices, held.prices) if order.allow.prices else quote


def _promotion(held: HoldToSell, order: CounterOrder) -> Promotion | None:
    code = clean_code(order.promo_code)
    if not code:
        return None
    found = find_promotion(code=code, showtime=held.showtime, customer=order.customer, now=held.now)
    is_counted = PromoCode.objects.filter(pk=found.promo_code_id, most_uses_each__isnull=False).exists()
    if is_counted and not order.email:
        raise BadChoice(
            "email",
            gettext("The code %(code)s counts how often somebody uses it: ask for their e-mail address.")
            % {"code": code},
        )
    return found


def _broken_rules(held: HoldToSell, quote: Quote, order: CounterOrder, now: datetime) -> dict[str, Any]:
    """Describe the rules that this sale breaks with an override; empty when it breaks none."""
    cheaper = (
        {} if order.comp_reason else {line.label: line for line in quote.lines if line.label in order.allow.prices}
    )
    broken: dict[str, Any] = {
        "house seats": ", ".join(held.house),
        "prices": {
            label: f"{format_money(line.full_price, quote.currency)} → {format_money(line.price, quote.currency)}"
            for label, line in cheaper.items()
            if line.discount
        },
        "after the close": held.showtime.counter_closes_at <= now and f"{now:%H:%M} UTC",
    }
    return {name: fact for name, fact in broken.items() if fact}


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise BadChoice("reason", gettext("Please give a reason: people who look at this later need it."))


def _record(booking: Booking, quote: Quote, broken: dict[str, Any], seller: CounterSeller) -> None:
    theater = booking.showtime.auditorium.theater
    if booking.sale.comp_reason:
        seats = [line.label for line in quote.lines]
        after = {"seats": seats, "contact": str(booking.sale.contact_id)}
        record(
            actor=seller.actor, action="give tickets away", thing=booking, theater=theater, after=after,
            reason=booking.sale.comp_reason,
        )  # fmt: skip
    if broken:
        record(
            actor=seller.actor, action="sell against a rule", thing=booking, theater=theater, after=broken,
            reason=booking.sale.override_reason,
        )  # fmt: skip
