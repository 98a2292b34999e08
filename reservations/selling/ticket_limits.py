"""How many tickets of a showtime one person has: limited at Pay, with a lock, and said before by panel and checkout page.

A person is known by the e-mail address (without case and alias), the account, or the browser: one of them is enough.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max, Q

from core.clock import ClockTimestamp
from reservations import locks
from reservations.models import Booking, ExchangedTicket, SharedBlock, ShowtimeSeat, Ticket, TicketAllowance
from reservations.refusals.limits import NEAR_THE_LIMIT, TooManyTickets, words_for_limit
from reservations.seats.house_seats import count_seats_of_group
from reservations.states import ExchangeStatus
from sales.services.opening import Customer
from sales.states import Channel


@dataclass(frozen=True)
class Person:
    customer: Customer
    holder: str

    @property
    def keys(self) -> list[str]:
        """The keys by which this person is locked."""
        account = [] if self.customer.user_id is None else [f"account {self.customer.user_id}"]
        address = [f"e-mail {self.customer.key}"] if self.customer.email else []
        return [*account, *address, f"browser {self.holder}"]

    @property
    def is_known(self) -> bool:
        """Whether we know an e-mail address or account, not only the browser."""
        return bool(self.customer.email) or self.customer.user_id is not None

    @property
    def bookings(self) -> Q:
        same = Q(holder=self.holder)
        if self.customer.email:
            same |= Q(sale__contact__customer=self.customer.key)
        if self.customer.user_id is not None:
            same |= Q(sale__user_id=self.customer.user_id)
        return same

    @property
    def blocks(self) -> Q:
        """The shared blocks that this person organizes, as a filter."""
        same = Q(holder=self.holder)
        if self.customer.email:
            same |= Q(customer=self.customer.key)
        if self.customer.user_id is not None:
            same |= Q(user_id=self.customer.user_id)
        return same


def require_tickets_left(*, showtime_id: int, person: Person, count: int) -> None:
    """Lock the person and check their limit, after the seats. Raises TooManyTickets."""
    usual = settings.TICKETS_PER_PERSON_AND_SHOWTIME
    if not usual:
        return
    locks.persons(person.keys)
    has = _tickets_and_kept_seats(showtime_id, person, count)
    if has + count <= usual:
        return
    most = most_tickets(showtime_id, person)
    if has + count > most:
        raise TooManyTickets(has=has, most=most)


def limit_in_words(*, showtime_id: int, person: Person, count: int, has: int | None = None) -> str:
    """Tell what the ticket limit means for these seats, for panel and checkout; '' while it is far away.

    `has`: the tickets that this browser bought here, where they were counted already. For a person of whom only the
    browser is known these are all.
    """
    usual = settings.TICKETS_PER_PERSON_AND_SHOWTIME
    if not usual:
        return ""
    most = usual
    if has is None or person.is_known:
        has, most = _tickets_and_kept_seats(showtime_id, person, count), most_tickets(showtime_id, person)
    words = words_for_limit(most=most, has=has, count=count)
    if not words:
        return ""
    mine = Q(showtime=showtime_id, hold__holder=person.holder, hold__ended_at=None)
    outside = count - count_seats_of_group(mine)
    return words_for_limit(most=most, has=has, count=outside) if outside > 0 else ""


def tickets_of(*, showtime_id: int, bookings: Q) -> int:
    """Live and reserved tickets for this showtime, bought online, of the bookings that `bookings` finds.

    Tickets of other showtimes count when the difference is being paid to exchange them for tickets of this one.
    """
    found = Booking.objects.filter(bookings).order_by()
    own = Ticket.objects.bought_online().filter(
        showtime_id=showtime_id, booking__in=found.filter(showtime_id=showtime_id)
    )
    coming = ExchangedTicket.objects.filter(
        exchange__showtime=showtime_id, exchange__status=ExchangeStatus.PAYING,
        exchange__hold__expires_at__gt=ClockTimestamp(), exchange__booking__in=found,
        exchange__booking__sale__channel=Channel.ONLINE,
    ).exclude(old_ticket__showtime=showtime_id)  # fmt: skip
    counts = [rows.order_by().values(name).annotate(number=Count("pk")).values_list("number") for rows, name in
              ((own, "showtime"), (coming, "exchange__showtime"))]  # fmt: skip
    return sum(number for (number,) in counts[0].union(counts[1], all=True).order_by("number"))


def _tickets_and_kept_seats(showtime_id: int, person: Person, count: int) -> int:
    """Count the person's tickets, and the seats they hold for friends that nobody took.

    Seats for friends are not looked up if the most that one may hold would not reach the limit.
    """
    has, most_held = tickets_of(showtime_id=showtime_id, bookings=person.bookings), settings.MAX_SEATS_PER_HOLD
    if most_held and has + count + most_held + NEAR_THE_LIMIT <= settings.TICKETS_PER_PERSON_AND_SHOWTIME:
        return has
    blocks = SharedBlock.objects.open().filter(person.blocks, showtime=showtime_id)
    return has + ShowtimeSeat.objects.filter(hold__in=blocks.values("hold")).count()


def most_tickets(showtime_id: int, person: Person) -> int:
    """The limit for this person: the usual one, or what staff allowed."""
    allowed = TicketAllowance.objects.filter(showtime_id=showtime_id, customer=person.customer.key)
    return max(settings.TICKETS_PER_PERSON_AND_SHOWTIME, allowed.aggregate(most=Max("most"))["most"] or 0)
