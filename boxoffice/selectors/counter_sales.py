"""The price of a sale at the counter before it is made, and its facts afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext, pgettext

from accounts.models import User
from core.clock import ZonedMoment, in_zone
from core.money import rounded
from houses.business_days import day_bounds
from houses.models import Theater
from payments.models import Payment
from payments.selectors import held_quote
from payments.states import CAPTURED_PAYMENTS, PaymentMethod
from reservations.models import Booking
from reservations.seats.own_seats import OwnSeats
from reservations.selectors.bookings import BookingPage, booking_page
from reservations.selectors.papers import PaperLink, paper_links
from reservations.selling.discounts import Promotion
from reservations.selling.quotes import Quote, with_prices
from reservations.states import LIVE_TICKETS
from sales.states import Channel, PaidWith
from theaters.models import Showtime
from theaters.prices.prices import pinned_prices
from theaters.states import SalesChannel

MOST_SALES = 100


def counter_quote(
    *,
    showtime: Showtime,
    own: OwnSeats,
    choices: Mapping[str, str],
    prices: Mapping[str, Decimal],
    promotion: Promotion | None = None,
) -> Quote:
    """The quote for the held seats, some of them for a price that staff chose. Raises BadChoice and PromoRefused."""
    quote = held_quote(showtime=showtime, own=own, choices=choices, promotion=promotion, channel=SalesChannel.COUNTER)
    changed = {line.label: prices[line.label] for line in quote.lines if line.label in prices}
    return with_prices(quote, changed, pinned_prices(own.version_id or showtime.price_version_id)) if changed else quote


def sold_at(theaters: QuerySet[Theater]) -> QuerySet[Booking]:
    """Bookings that the counters of these theaters sold or gave away."""
    return bookings_at(theaters).filter(sale__operator__isnull=False)


def bookings_at(theaters: QuerySet[Theater]) -> QuerySet[Booking]:
    """Confirmed bookings of these theaters' showtimes, online ones too."""
    return (
        Booking.objects.filter(confirmed_at__isnull=False, showtime__auditorium__theater__in=theaters)
        .with_names()
        .with_tickets()
        .select_related("sale__operator", "made_by")
        .prefetch_related(Prefetch("sale__payments", Payment.objects.order_by("pk"), to_attr="taken"))
    )


@dataclass(frozen=True)
class BookingAtCounter:
    """A booking as the counter sees it: how it was paid, and what went back over the counter at once."""

    page: BookingPage
    url: str
    # `?showtime=17` where the reference alone does not name it; else ''.
    showtime_query: str
    method: str
    amount: Decimal
    tendered: Decimal | None
    # What was really taken: in cash the amount in the coins of the country.
    taken: Decimal
    rounding: Decimal
    change: Decimal
    operator: str
    is_gift: bool
    comp_reason: str
    override_reason: str
    is_online: bool
    is_moved_in: bool
    payer: str
    valid: int

    @property
    def is_whole(self) -> bool:
        """Whether no ticket of the booking was canceled."""
        return self.valid == len(self.page.tickets)


def sale_of(booking: Booking, *, now: datetime) -> BookingAtCounter:
    """Describe a booking loaded by `bookings_at`. No query."""
    made_by = getattr(booking, "made_by", None)
    captured = [payment for payment in booking.sale.taken if payment.status in CAPTURED_PAYMENTS]  # type: ignore[attr-defined]
    payment = next((payment for payment in captured if made_by is None or payment.exchange_id == made_by.pk), None)
    rounding = payment.rounding if payment else Decimal(0)
    return BookingAtCounter(
        page=booking_page(booking, now=now),
        url=booking.address_of("counter_sale"),
        showtime_query=booking.showtime_query,
        method=gettext("Exchanged") if made_by and payment is None else _method(booking, payment),
        amount=rounded(booking.total, booking.currency),
        tendered=rounded(payment.tendered, booking.currency) if payment and payment.tendered is not None else None,
        taken=rounded(booking.total + rounding, booking.currency),
        rounding=rounding,
        change=rounded(payment.change, booking.currency) if payment else Decimal(0),
        operator=name_of(booking.sale.operator),
        is_gift=bool(booking.sale.comp_reason),
        comp_reason=booking.sale.comp_reason,
        override_reason=booking.sale.override_reason,
        is_online=booking.sale.operator_id is None and booking.sale.channel != Channel.MOVED_IN,
        is_moved_in=booking.sale.channel == Channel.MOVED_IN,
        payer=booking.sale.contact.payer_name,
        valid=sum(ticket.status in LIVE_TICKETS for ticket in booking.tickets.all()),
    )


def _method(booking: Booking, payment: Payment | None) -> str:
    if payment is not None:
        if payment.method == PaymentMethod.MOVED_IN:
            return gettext("Moved in")
        return gettext("Card online") if payment.is_online else str(PaidWith(payment.method).label)
    return gettext("Given away") if booking.sale.comp_reason else pgettext("price", "Free")


def name_of(user: User | None) -> str:
    return (user.get_full_name() or user.email) if user else ""


def latest_sales(*, theater: Theater, operator_id: int, day: date, now: datetime) -> list[BookingAtCounter]:
    """This person's sales of one business day, latest first."""
    start, end = day_bounds(theater, day)
    found = sold_at(Theater.objects.filter(pk=theater.pk)).filter(
        sale__operator_id=operator_id, confirmed_at__gte=start, confirmed_at__lt=end
    )
    return [sale_of(booking, now=now) for booking in found.order_by("-confirmed_at", "-pk")[:MOST_SALES]]


@dataclass(frozen=True)
class LastSale:
    """The latest sale. `sold_at` is in the theater's zone."""

    reference: str
    url: str
    sold_at: ZonedMoment


def last_sale(*, theater: Theater, reference: str | None, showtime_id: int | None = None) -> LastSale | None:
    """The last sale of this browser, of all showtimes or one, for an operator whose answer to the sale was lost."""
    if not reference:
        return None
    sold = Booking.objects.filter(sale__reference=reference, sale__operator__isnull=False, confirmed_at__isnull=False)
    if showtime_id is not None:
        sold = sold.filter(showtime=showtime_id)
    found = sold.filter(showtime__auditorium__theater=theater).select_related("sale").first()
    if found is None or found.confirmed_at is None:
        return None
    return LastSale(reference, found.address_of("counter_sale"), in_zone(found.confirmed_at, theater.zone))


def staff_papers(booking: Booking) -> tuple[PaperLink, ...]:
    """The receipt and credit notes of a booking, with addresses for staff."""
    return paper_links(booking, receipt_page="counter_receipt", note_page="counter_credit_note")
