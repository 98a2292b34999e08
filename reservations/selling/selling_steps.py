"""The steps of a sale that the web and the counter share: lock the hold, make the quote, write the booking."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from core.clock import ClockTimestamp
from core.refusals import BadChoice
from reservations import locks
from reservations.models import Booking, Hold, ShowtimeSeat, Ticket
from reservations.records.status_changes import log_moves
from reservations.refusals.seats import HoldLapsed, SeatsElsewhere
from reservations.refusals.selling import SeatsChanged
from reservations.seats.geometry import PlanSeat
from reservations.seats.single_seat_check import judge_held, rule_of
from reservations.seats.single_seats import LeftOver
from reservations.seats.state import is_house_seat
from reservations.selling.discounts import Promotion
from reservations.selling.party_rules import companions_alone
from reservations.selling.promo_codes import redeem
from reservations.selling.quotes import Quote, make_quote
from reservations.selling.ticket_rows import new_ticket
from reservations.states import HoldEnd
from sales.services.opening import Customer, open_sale
from theaters.models import Seat, Showtime
from theaters.prices.cancel_tiers import terms_in_words
from theaters.prices.prices import PriceTable, pinned_prices
from theaters.states import SalesChannel


@dataclass(frozen=True)
class HoldToSell:
    """A locked hold with its locked seats; `now` is the database's clock when they were read."""

    showtime: Showtime
    hold: Hold
    seats: tuple[Seat, ...]
    house: tuple[str, ...]  # labels of house seats among them, which the counter may sell by a right
    prices: PriceTable
    now: datetime


def lock_hold_to_sell(*, showtime_id: int, holder: str) -> HoldToSell:
    """Lock the hold, after its showtime. Raises HoldLapsed."""
    hold = locks.live_hold(showtime_id=showtime_id, holder=holder)
    if hold is None:
        raise why_ended(showtime_id, holder)
    return hold_to_sell(hold, locks.seats_of_hold(hold.pk))


def read_hold_to_sell(*, showtime_id: int, holder: str) -> HoldToSell:
    """Read the hold for a page, without a lock. Raises HoldLapsed."""
    hold = Hold.objects.live().filter(showtime=showtime_id, holder=holder).first()
    if hold is None:
        raise why_ended(showtime_id, holder)
    return hold_to_sell(hold, list(hold.seats.select_related("seat").order_by("pk")))


def why_ended(showtime_id: int, holder: str) -> HoldLapsed:
    """The refusal for a browser that holds nothing at the showtime any more."""
    newest = Hold.objects.filter(showtime=showtime_id, holder=holder).order_by("started_at", "pk").last()
    return SeatsElsewhere() if newest is not None and newest.end == HoldEnd.MOVED else HoldLapsed()


def hold_to_sell(hold: Hold, rows: list[ShowtimeSeat]) -> HoldToSell:
    """Check a hold and its rows, locked or only read. Raises HoldLapsed."""
    # Read in a statement after the last lock.
    showtime = Showtime.objects.with_names().with_age_rule().annotate(read_at=ClockTimestamp()).get(pk=hold.showtime_id)
    if hold.expires_at <= showtime.read_at or not rows:
        raise HoldLapsed
    return HoldToSell(
        showtime=showtime,
        hold=hold,
        seats=tuple(row.seat for row in rows),
        house=tuple(row.label for row in rows if is_house_seat(row)),
        prices=pinned_prices(hold.price_version_id or showtime.price_version_id),
        now=showtime.read_at,
    )


def single_seats_left(held: HoldToSell, *, freed: Collection[str] = ()) -> LeftOver[PlanSeat] | None:
    """The single seats that these seats leave over although there is a better choice, by the theater's rule. A query
    for two seats or more.

    `freed`: the seats that an exchange for these gives up.
    """
    return judge_held(
        showtime_id=held.showtime.pk,
        plan_id=held.showtime.plan_id,
        hold_id=held.hold.pk,
        labels=[seat.label for seat in held.seats],
        rule=rule_of(held.showtime.auditorium.theater),
        freed=freed,
    )


def quote_to_sell(
    held: HoldToSell,
    *,
    choices: Mapping[str, str],
    promotion: Promotion | None,
    channel: SalesChannel = SalesChannel.ONLINE,
) -> Quote:
    """Price a hold. Raises SeatsChanged if its seats changed, BadChoice for an impossible party."""
    if {seat.label for seat in held.seats} != set(choices):
        raise SeatsChanged
    quote = make_quote(
        showtime=held.showtime,
        seats=held.seats,
        choices=choices,
        prices=held.prices,
        promotion=promotion,
        channel=channel,
    )
    if quote.objections:
        raise BadChoice("types", quote.objections[0].sentence)
    return quote


def write_booking(
    held: HoldToSell,
    quote: Quote,
    *,
    customer: Customer,
    language: str,
    payable_until: datetime,
    held_until: datetime,
    **facts: Any,
) -> Booking:
    """A sale with one booking, which takes the seats over from its hold, with a ticket for each. Raises PromoRefused.

    `facts` are columns of the sale that only the counter knows.
    """
    theater = held.showtime.auditorium.theater
    with translation.override(language):  # `terms` may be a lazy translation
        terms = {
            "terms": terms_in_words(theater),
            "cancel_tiers": theater.cancel_tiers,
            "exchange_minutes": theater.exchange_minutes,
        }
        sale = open_sale(
            customer,
            theater=theater,
            language=language,
            currency=quote.currency,
            total=quote.total,
            payable_until=payable_until,
            held_until=held_until,
            **terms | facts,
        )
    booking = Booking.objects.create(
        sale=sale,
        showtime=held.showtime,
        hold=held.hold,
        holder=held.hold.holder,
        total=quote.total,
        promo_code_id=quote.redeemed.promo_code_id if quote.redeemed else None,
    )
    _hand_over(booking, quote)
    _note_released_seats(booking, quote)
    if quote.redeemed is not None:
        redeem(booking, quote.redeemed, discount=quote.discount, customer=customer)
    return booking


def _note_released_seats(booking: Booking, quote: Quote) -> None:
    """Write sales of companion seats without a wheelchair space, possible once every other seat is sold, to the log of
    moves.
    """
    if released := companions_alone(quote.places):
        actor = f"staff:{booking.sale.operator_id}" if booking.sale.operator_id else "customer"
        note = f"every other seat is sold: {', '.join(place.label for place in released)}"
        log_moves("accessible", [(booking.pk, "KEPT", "RELEASED")], actor=actor, note=note)


def _hand_over(booking: Booking, quote: Quote) -> None:
    locks.hand_over(booking)
    written = Ticket.objects.bulk_create(new_ticket(booking, line, tax_rate=quote.tax_rate) for line in quote.lines)
    booking.written_tickets = tuple(sorted(written, key=lambda ticket: ticket.seat_id))
