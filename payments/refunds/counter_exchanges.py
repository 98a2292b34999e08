"""An exchange at the counter: the difference is taken in cash or by card, and all of it happens in one transaction.

Money back goes by the way it was paid: to the card by itself, or out of a drawer, where it waits under "Pay out". The old tickets
work at the door until the exchange is done (docs/adr/0080-the-counter-exchanges-as-customers-do.md).
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from core.money import format_money
from core.pauses import WhenPaused
from core.refusals import BadChoice, Refusal
from core.texts.lazy_text import gettext_lazy as _
from payments.models import Payment
from payments.refunds.exchanges import lock_to_exchange
from payments.sessions.counter_sales import record_counter_payment, require_enough
from payments.sessions.settlement import give_back_the_rest
from payments.states import COUNTER_METHODS, PaymentMethod
from reservations import locks as reservation_locks
from reservations.aftersale.exchange_choices import CannotExchange
from reservations.aftersale.exchange_plans import ExchangeChanged
from reservations.aftersale.exchanges import finish_exchange, write_lines
from reservations.counter.counter_seats import CounterSeller, Overrides
from reservations.counter.exchanges import CounterExchangePlan, plan_at_counter
from reservations.locks import LockedSale
from reservations.models import Exchange, Hold
from reservations.seats.taking import require_published
from reservations.selectors.exchanges import exchange_being_paid
from reservations.selling.selling_steps import why_ended
from reservations.states import ExchangeStatus
from sales.states import PaidWith
from staff.services.audit import record
from theaters.cash_rounding import rounding_of_payment
from theaters.counter_law import require_lawful_counter


class GivesTooMuchBack(Refusal):
    status = 422
    sentence = _(
        "By the terms of the sale this gives no money back, and you may not give any. Choose dearer tickets, or ask "
        "somebody who may."
    )


@dataclass(frozen=True, kw_only=True)
class ExchangeOrder:
    """What the page showed (`mark`), how the difference is paid, and why the terms of the sale are broken.

    `may_give_back`: the most that this person may give back against the terms; 0 for nothing.
    """

    mark: str
    method: PaymentMethod | None = None
    tendered: Decimal | None = None
    reason: str = ""
    allow: Overrides
    may_give_back: Decimal = Decimal(0)


def exchange_at_counter(*, exchange_id: int, seller: CounterSeller, order: ExchangeOrder, now: datetime) -> Exchange:
    """Exchange what the page showed; a second press changes nothing. Raises a Refusal; then nothing is changed."""
    known = Exchange.objects.select_related("booking").get(pk=exchange_id)
    with transaction.atomic():
        gates = reservation_locks.gates_of_sale(
            known.booking.sale_id, and_showtime=known.showtime_id, when_paused=WhenPaused.STOPS
        )
        require_published(gates[known.showtime_id])
        hold = reservation_locks.live_hold(showtime_id=known.showtime_id, holder=seller.holder)
        whole = reservation_locks.sale_behind(gates, known.booking.sale_id)
        exchange = Exchange.objects.get(pk=exchange_id)
        if exchange.status == ExchangeStatus.DONE:
            return exchange
        if exchange.status != ExchangeStatus.CHOOSING or exchange.holder != seller.holder:
            raise CannotExchange(gettext("This exchange has ended. The tickets are as they were."))
        if hold is None:
            raise why_ended(known.showtime_id, seller.holder)
        _exchange(exchange, whole, hold, seller=seller, order=order, now=now)
    return exchange


def _exchange(
    exchange: Exchange, whole: LockedSale, hold: Hold, *, seller: CounterSeller, order: ExchangeOrder, now: datetime
) -> None:
    payments, _, held = lock_to_exchange(exchange, whole, hold)
    require_lawful_counter(whole.sale.theater.country)
    planned = plan_at_counter(exchange.booking, exchange, held, allow=order.allow, now=now)
    _require_agreed(planned, exchange, order)
    write_lines(exchange, planned.plan, held)
    if planned.plan.to_pay:
        payments = [*payments, _take_difference(exchange, whole, planned.plan.to_pay, seller=seller, order=order)]
    if not finish_exchange(exchange, whole, hold, actor=seller.actor):
        raise ExchangeChanged
    give_back_the_rest(whole, payments, actor=seller.actor, reason="Exchanged for cheaper tickets")
    _record(exchange, planned, seller, order)


def _require_agreed(planned: CounterExchangePlan, exchange: Exchange, order: ExchangeOrder) -> None:
    """Check that this is what the page showed, and that somebody answers for broken terms. Raises a Refusal."""
    if planned.mark != order.mark:
        raise ExchangeChanged
    if exchange_being_paid(exchange.booking) is not None:
        raise CannotExchange(
            gettext("The customer is paying for another exchange of this booking. Wait, or let them stop it.")
        )
    if planned.terms and not order.reason:
        raise BadChoice("reason", gettext("Please give a reason: people who look at this later need it."))
    if planned.gives_back_against_terms and planned.plan.back > order.may_give_back:
        raise GivesTooMuchBack


def _take_difference(
    exchange: Exchange, whole: LockedSale, amount: Decimal, *, seller: CounterSeller, order: ExchangeOrder
) -> Payment:
    if order.method not in COUNTER_METHODS:
        raise BadChoice("method", gettext("Choose how it is paid: cash, or a card at the counter."))
    sale, rounding, tendered = whole.sale, Decimal(0), None
    if order.method == PaymentMethod.CASH:
        rounding = rounding_of_payment(amount, country=sale.theater.country, currency=sale.currency)
        tendered = order.tendered
    if tendered is not None:
        require_enough(tendered, amount + rounding, sale.currency)
    exchange.paid_with, exchange.cash_rounding = PaidWith(order.method), rounding
    exchange.save(update_fields=["paid_with", "cash_rounding"])
    return record_counter_payment(
        sale, seller, amount=amount, method=order.method, tendered=tendered, rounding=rounding, exchange=exchange
    )


def _record(exchange: Exchange, planned: CounterExchangePlan, seller: CounterSeller, order: ExchangeOrder) -> None:
    plan, currency = planned.plan, exchange.booking.currency
    after = {
        "seats": [line.new.label for line in plan.lines],
        "showtime": exchange.showtime_id,
        "paid": format_money(plan.to_pay, currency),
        "given back": format_money(plan.back, currency),
    }
    record(
        actor=seller.actor,
        action="exchange at the counter",
        thing=exchange.booking,
        theater=exchange.booking.sale.theater_id,
        before={"seats": [line.old.seat.label for line in plan.lines]},
        after=after | ({"against the terms": list(planned.terms)} if planned.terms else {}),
        reason=order.reason,
    )
