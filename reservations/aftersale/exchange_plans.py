"""Plans an exchange: which ticket for which held seat, at which price, and the difference.

The customer agrees to the plan as it was shown.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext

from core.money import format_money
from core.refusals import BadChoice, Refusal
from core.texts.lazy_text import gettext_lazy as _
from reservations.aftersale.cancellation import with_sofas
from reservations.aftersale.exchange_choices import CannotExchange, seats_freed_by
from reservations.models import Booking, Exchange, Ticket
from reservations.refusals.cancellation import CannotCancel
from reservations.refusals.seats import HoldLapsed, LeavesSingleSeats
from reservations.seats.taking import require_no_shared_block
from reservations.selectors.cancel_terms import ALL
from reservations.selectors.exchange_terms import exchangeable, least_percent, why_no_exchange
from reservations.selling.party_left import require_company
from reservations.selling.party_rules import PartySeat, objections
from reservations.selling.quotes import Quote, QuoteLine, make_quote
from reservations.selling.selling_steps import HoldToSell, read_hold_to_sell, single_seats_left
from theaters.models import AgeRule, Seat
from theaters.prices.prices import pinned_prices
from theaters.states import SalesChannel


class OtherNumberOfSeats(Refusal):
    """Refused: as many seats must be held as tickets are exchanged."""

    status = 422


class NoMoneyBack(Refusal):
    """Refused: the exchange would give back more than canceling the old tickets does."""

    status = 422
    staff_can = "Cancel the tickets on the page of the booking, with all of the money, and sell others."


class ExchangeChanged(Refusal):
    sentence = _("Something changed since this page was shown. Nothing was exchanged; please look again.")


@dataclass(frozen=True)
class PlannedTicket:
    old: Ticket
    new: QuoteLine


@dataclass(frozen=True)
class ExchangePlan:
    """`credit`: what the old tickets cost. The customer pays `to_pay` or gets `back`; one of the two is 0.

    `percent`: how much of their price the old tickets give back when they are canceled now.
    """

    lines: tuple[PlannedTicket, ...]
    credit: Decimal
    quote: Quote
    percent: int

    @property
    def to_pay(self) -> Decimal:
        return max(self.quote.total - self.credit, self.credit * 0)

    @property
    def back(self) -> Decimal:
        return max(self.credit - self.quote.total, self.credit * 0)

    @property
    def most_percent(self) -> int | None:
        """The largest share of the new tickets' price that canceling gives back; None for all of it."""
        return None if self.percent == ALL else self.percent

    @property
    def mark(self) -> str:
        """A fingerprint of the plan, which the form posts back, so that only the plan that was shown is agreed to."""
        steps = (f"{line.old.pk}:{line.new.label}:{line.new.ticket_type.code}" for line in self.lines)
        return "|".join([*steps, str(self.credit), str(self.quote.total), str(self.percent)])


def plan_exchange(booking: Booking, exchange: Exchange, held: HoldToSell, *, now: datetime) -> ExchangePlan:
    """Plan an exchange of a booking that was loaded with its names and tickets. Raises a Refusal."""
    if sentence := why_no_exchange(booking, now=now):
        raise CannotExchange(sentence)
    plan = pair_tickets(booking, exchange, held, now=now)
    if left_over := single_seats_left(held, freed=seats_freed_by(exchange)):
        raise LeavesSingleSeats(left_over)
    if sentence := why_no_money_back(plan, booking.currency):
        raise NoMoneyBack(sentence)
    return plan


def pair_tickets(
    booking: Booking,
    exchange: Exchange,
    held: HoldToSell,
    *,
    channel: SalesChannel = SalesChannel.ONLINE,
    now: datetime,
) -> ExchangePlan:
    """The plan without the house's terms of exchange: tickets, seats, party and prices. Raises a Refusal."""
    require_no_shared_block(held.hold)
    # The sofas are looked up again, because staff may have given these tickets other seats meanwhile.
    tickets = with_sofas(exchangeable(booking), exchange.ticket_ids)
    if {ticket.pk for ticket in tickets} != set(exchange.ticket_ids):
        raise CannotExchange(gettext("Your tickets have changed since you began. Please start again."))
    if len(held.seats) != len(tickets):
        raise OtherNumberOfSeats(
            gettext("Choose exactly as many as you exchange: you hold %(seats)s for %(tickets)s.")
            % {"seats": len(held.seats), "tickets": len(tickets)}
        )
    pairs = _pairs(tickets, list(held.seats))
    choices = {seat.label: ticket.ticket_type.code for ticket, seat in pairs}
    quote = make_quote(showtime=held.showtime, seats=held.seats, choices=choices, prices=held.prices, channel=channel)
    lines = {line.seat.pk: line for line in quote.lines}
    _require_party(booking, tickets, quote, held)
    credit = sum((ticket.price for ticket in tickets), quote.total * 0)
    planned = tuple(PlannedTicket(ticket, lines[seat.pk]) for ticket, seat in pairs)
    return ExchangePlan(planned, credit, quote, percent=least_percent(booking, tickets, now=now))


def why_no_money_back(plan: ExchangePlan, currency: str) -> str:
    """Why a cheaper exchange is refused while canceling gives back only a part of the price; '' when it is not."""
    if not plan.back or plan.percent == ALL:
        return ""
    facts = {"percent": plan.percent, "amount": format_money(plan.credit, currency)}
    if not plan.percent:
        says = gettext(
            "These tickets give no money back any more. Choose tickets that cost at least %(amount)s together, "
            "or keep your tickets."
        )
    else:
        says = gettext(
            "Canceling these tickets gives back only %(percent)s%% of their price now, so an exchange gives no money back. "
            "Choose tickets that cost at least %(amount)s together, or keep your tickets."
        )
    return says % facts


@dataclass(frozen=True)
class TriedPlan:
    """`plan` is None while the exchange is impossible; `objection` says why, and is '' where nothing is chosen yet."""

    plan: ExchangePlan | None = None
    objection: Refusal | None = None


def try_plan(booking: Booking, exchange: Exchange, *, holder: str, now: datetime) -> TriedPlan:
    """Plan the exchange with the seats this browser holds, for display only: nothing is locked."""
    try:
        held = read_hold_to_sell(showtime_id=exchange.showtime_id, holder=holder)
        return TriedPlan(plan_exchange(booking, exchange, held, now=now))
    except HoldLapsed:
        return TriedPlan()
    except Refusal as refusal:
        return TriedPlan(objection=refusal)


def _pairs(tickets: list[Ticket], seats: list[Seat]) -> list[tuple[Ticket, Seat]]:
    """Pair old tickets with new seats in reading order, in the same seat category where possible."""
    left, pairs = list(seats), {}
    for ticket in tickets:
        if alike := next((seat for seat in left if seat.category == ticket.seat.category), None):
            pairs[ticket.pk] = alike
            left.remove(alike)
    return [(ticket, pairs[ticket.pk] if ticket.pk in pairs else left.pop(0)) for ticket in tickets]


def _require_party(booking: Booking, tickets: list[Ticket], quote: Quote, held: HoldToSell) -> None:
    """Check the rules of a party for the new tickets and for those that stay; for both together if they are for the
    same showtime.
    """
    if held.showtime.pk != booking.showtime_id:
        if quote.objections:
            raise BadChoice("types", quote.objections[0].sentence)
        _require_company(booking, tickets)
        return
    prices = pinned_prices(booking.hold.price_version_id or booking.showtime.price_version_id)
    live = list(booking.tickets.live().select_related("seat", "ticket_type").order_by("pk"))
    before = {
        one.pk: PartySeat(one.seat.label, one.seat.category, prices.type_as_pinned(one.ticket_type), one.seat.unit)
        for one in live
    }
    leaving = {ticket.pk for ticket in tickets}
    new = [PartySeat(line.label, line.seat.category, line.ticket_type, line.seat.unit) for line in quote.lines]
    after = [*(place for pk, place in before.items() if pk not in leaving), *new]
    known = {one.sentence for one in objections(places=list(before.values()), ages=AgeRule())}
    if found := [one for one in objections(places=after, ages=AgeRule()) if one.sentence not in known]:
        raise BadChoice("types", found[0].sentence)


def _require_company(booking: Booking, tickets: list[Ticket]) -> None:
    try:
        require_company(booking, leaving={ticket.pk for ticket in tickets})
    except CannotCancel as refusal:
        raise CannotExchange(refusal.sentence) from None
