"""Staff exchange a customer's tickets for another showtime at the counter: as many seats, held by the seller.

Who may break the terms of the sale is asked by the view; what is broken is shown before and needs a reason.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.refusals import Refusal
from reservations import locks
from reservations.aftersale.exchange_choices import CannotExchange, begin_choice, seats_freed_by
from reservations.aftersale.exchange_plans import ExchangePlan, pair_tickets, why_no_money_back
from reservations.counter.counter_seats import CounterSeller, HouseSeatsChosen, Overrides, require_counter_open
from reservations.models import Booking, Exchange
from reservations.refusals.seats import HoldLapsed, LeavesSingleSeats
from reservations.selectors.exchange_terms import terms_against_exchange, why_never_exchange
from reservations.selectors.exchanges import showtimes_at_counter
from reservations.selling.selling_steps import HoldToSell, read_hold_to_sell, single_seats_left
from theaters.states import SalesChannel


@dataclass(frozen=True)
class CounterExchangePlan:
    """What the counter exchanges, and the terms of the sale that stand against it."""

    plan: ExchangePlan
    terms: tuple[str, ...]
    gives_back_against_terms: bool

    @property
    def mark(self) -> str:
        return "|".join([self.plan.mark, *self.terms])


@dataclass(frozen=True)
class TriedAtCounter:
    """`plan` is None while the exchange is impossible; `objection` says why, None where nothing is held yet."""

    plan: CounterExchangePlan | None = None
    objection: Refusal | None = None


def begin_at_counter(
    *, booking: Booking, seller: CounterSeller, labels: Collection[str], showtime_id: int, now: datetime
) -> Exchange:
    """The tickets for these seats (sofas whole) for seats of that showtime. Raises CannotExchange, BadChoice."""
    with transaction.atomic():
        locks.booking(booking.pk)
        if sentence := why_never_exchange(booking, now=now):
            raise CannotExchange(sentence)
        offered = {showtime.pk for showtime in showtimes_at_counter(booking, now=now)}
        return begin_choice(booking, holder=seller.holder, labels=labels, showtime_id=showtime_id, offered=offered)


def plan_at_counter(
    booking: Booking, exchange: Exchange, held: HoldToSell, *, allow: Overrides, now: datetime
) -> CounterExchangePlan:
    """Plan an exchange of a booking that was loaded with its names and tickets. Raises a Refusal."""
    if sentence := why_never_exchange(booking, now=now):
        raise CannotExchange(sentence)
    require_counter_open(held.showtime, allow=allow, now=now)
    if held.house and not allow.house_seats:
        raise HouseSeatsChosen(held.house)
    plan = pair_tickets(booking, exchange, held, channel=SalesChannel.COUNTER, now=now)
    left_over = single_seats_left(held, freed=seats_freed_by(exchange))
    if left_over and not allow.single_seats:
        raise LeavesSingleSeats(left_over)
    no_money_back = why_no_money_back(plan, booking.currency)
    terms = (terms_against_exchange(booking, now=now), no_money_back)
    return CounterExchangePlan(plan, tuple(filter(None, terms)), gives_back_against_terms=bool(no_money_back))


def try_at_counter(
    booking: Booking, exchange: Exchange, *, seller: CounterSeller, allow: Overrides, now: datetime
) -> TriedAtCounter:
    """Plan the exchange with what the seller holds, for display only: nothing is locked."""
    try:
        held = read_hold_to_sell(showtime_id=exchange.showtime_id, holder=seller.holder)
        return TriedAtCounter(plan_at_counter(booking, exchange, held, allow=allow, now=now))
    except HoldLapsed:
        return TriedAtCounter()
    except Refusal as refusal:
        return TriedAtCounter(objection=refusal)
