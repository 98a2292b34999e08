"""The beginning of an exchange: a customer chooses tickets and a showtime. Nothing is promised yet."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext

from core.clock import ClockTimestamp, from_now
from core.refusals import BadChoice, Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.aftersale.cancellation import with_sofas
from reservations.models import Booking, Exchange, ShowtimeSeat, Ticket
from reservations.refusals.seats import Paying, SeatsOfSharedBlock
from reservations.seats.state import HOUSE_SEATS
from reservations.seats.taking import Browser, release_hold
from reservations.selectors.exchange_terms import exchangeable, why_no_exchange
from reservations.selectors.exchanges import showtimes_to_choose
from reservations.states import EXCHANGE_MOVES, ExchangeStatus

# The cookie of a browser that chooses seats for an exchange; without it pages do not look for one.
EXCHANGING = "exchanging"
# After this time a browser that left the map without finishing or canceling the exchange buys seats as usual.
CHOICE_SECONDS = 1800


class CannotExchange(Refusal):
    staff_can = (
        "Exchange them at the counter (“Another showtime” on the page of the sale), or swap the seats of the booking."
    )
    title = _("That is no longer possible")
    way_on = WayOn(_("See the booking"), to="booking")
    sentence = _("These tickets cannot be exchanged here.")


def begin_exchange(
    *, booking: Booking, holder: str, labels: Collection[str], showtime_id: int, now: datetime
) -> Exchange:
    """The tickets for these seats (sofas whole) for seats of that showtime. Raises CannotExchange, BadChoice."""
    with transaction.atomic():
        locks.booking(booking.pk)
        if sentence := why_no_exchange(booking, now=now):
            raise CannotExchange(sentence)
        offered = {showtime.pk for showtime in showtimes_to_choose(booking, now=now)}
        return begin_choice(booking, holder=holder, labels=labels, showtime_id=showtime_id, offered=offered)


def begin_choice(
    booking: Booking, *, holder: str, labels: Collection[str], showtime_id: int, offered: Collection[int]
) -> Exchange:
    """Write down what a browser exchanges, in the place of what it chose before; the booking is locked. `offered`: the
    ids of the showtimes that may be chosen. Raises BadChoice.
    """
    tickets = exchangeable(booking)
    named = [ticket.pk for ticket in tickets if ticket.seat.label in labels]
    if not named:
        raise BadChoice("ticket", gettext("Choose at least one ticket."))
    if showtime_id not in offered:
        raise BadChoice("showtime", gettext("Choose a showtime from the list."))
    end_choices(booking.exchanges.filter(holder=holder))
    return Exchange.objects.create(
        booking=booking,
        holder=holder,
        showtime_id=showtime_id,
        ticket_ids=sorted(ticket.pk for ticket in with_sofas(tickets, named)),
    )


def stop_choosing(*, exchange: Exchange, browser: Browser) -> None:
    """End an exchange before it is done: the tickets stay and the newly chosen seats are free again."""
    with transaction.atomic():
        locks.booking(exchange.booking_id)
        end_choices(Exchange.objects.filter(booking=exchange.booking_id, holder=browser.holder))
    with suppress(Paying, SeatsOfSharedBlock):  # other seats there, which the browser pays for or a friend keeps, stay
        release_hold(showtime_id=exchange.showtime_id, browser=browser)


def end_choices(exchanges: models.QuerySet[Exchange]) -> None:
    """End choices of seats that are given up; the tickets stay."""
    for exchange in exchanges.filter(status=ExchangeStatus.CHOOSING):
        EXCHANGE_MOVES.move(exchange, ExchangeStatus.ENDED, ended_at=ClockTimestamp())


def choice_for(*, showtime_id: int, holder: str) -> Exchange | None:
    """Find the exchange for which this browser chooses seats of this showtime."""
    return _choices(holder).filter(showtime=showtime_id).first()


def choice_of(*, booking_id: int, holder: str) -> Exchange | None:
    """Find the exchange that this browser has begun for this booking."""
    return _choices(holder).filter(booking=booking_id).first()


def seats_freed_by(exchange: Exchange) -> list[str]:
    """The labels of the seats that become free at this showtime when the exchange is done, without house seats."""
    old = Ticket.objects.filter(pk__in=exchange.ticket_ids).values("seat")
    own = ShowtimeSeat.objects.filter(
        ~HOUSE_SEATS, showtime=exchange.showtime_id, booking=exchange.booking_id, area=None
    )
    return list(own.filter(seat__in=old).order_by("pk").values_list("label", flat=True))


def _choices(holder: str) -> models.QuerySet[Exchange]:
    lately = Exchange.objects.filter(status=ExchangeStatus.CHOOSING, started_at__gt=from_now(-CHOICE_SECONDS))
    named = lately.select_related("booking__sale", "showtime__movie", "showtime__auditorium__theater", "showtime__plan")
    return named.filter(holder=holder).order_by("-pk")
