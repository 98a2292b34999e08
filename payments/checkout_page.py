"""The page of a checkout: its context and its status, from one read of what the browser holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from accounts.states import Need
from core.clock import database_now
from core.money import rounded
from core.refusals import BadChoice, Refusal, WayOn
from houses.selectors import terms_now
from payments.forms import CheckoutForm
from payments.models import Payment
from payments.providers.registry import online_provider
from payments.selectors import held_quote
from payments.states import PaymentStatus
from reservations.models import Booking, SharedBlock
from reservations.refusals.on_sale import NotOnSale, ShowtimeCanceled, ShowtimeMoves
from reservations.refusals.promo_codes import PromoRefused
from reservations.seats.best_page import better_choice
from reservations.seats.countdown import Countdown, countdown_of, countdown_to
from reservations.seats.map_reads import own_seats
from reservations.seats.own_seats import OwnSeats
from reservations.seats.single_seat_check import rule_of
from reservations.seats.taking import Browser
from reservations.selectors.bookings import TypedCheckout, typed_before
from reservations.selectors.door_needs import needs_to_tell
from reservations.selling.promo_codes import Customer, try_promotion
from reservations.selling.proposed_types import carer_beside_wheelchair
from reservations.selling.ticket_limits import Person, limit_in_words
from theaters.models import Showtime
from theaters.prices.cancel_tiers import exchange_in_words, terms_in_words
from theaters.seat_labels import labels_counted, only_places, seats_said
from theaters.selectors import showtime_facts
from theaters.states import ShowtimeStatus

Context = dict[str, Any]


@dataclass(frozen=True)
class CheckoutVisitor:
    """The visitor of the checkout: the browser, the account (None: not signed in), and the address that is
    suggested for the tickets.

    `brings_assistant`: saved among their needs. `needs`: in the browser alone; they may be told to the staff with the sale.
    """

    browser: Browser
    user_id: int | None
    suggested_email: str
    brings_assistant: bool = False
    needs: tuple[Need, ...] = ()

    def customer(self, email: str) -> Customer:
        return Customer(email=email, user_id=self.user_id)


@dataclass(frozen=True)
class PendingBooking:
    """The page of a booking that waits for its payment."""

    reference: str
    change_seats_url: str
    has_only_places: bool
    tickets_text: str
    seats_text: str
    total: Decimal
    currency: str
    was_declined: bool
    countdown: Countdown | None


@dataclass(frozen=True)
class CheckoutPage:
    """`has_seats`: held, being paid for, or lately run out; without any there is nothing to show.

    `leaves_single_seats`: the sentence, when these seats leave single seats over; the seat map offers others.
    """

    has_seats: bool = True
    leaves_single_seats: str = ""
    is_paying: bool = False
    context: Context | None = None

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait when too many promo codes were tried; else None."""
        return self.context.get("retry_after") if self.context else None

    @property
    def status(self) -> int:
        return 200 if self.retry_after is None else 429


def read_checkout_page(
    *, showtime_id: int, visitor: CheckoutVisitor, form: CheckoutForm, refusal: Refusal | None, now: datetime
) -> CheckoutPage:
    """The page for this browser, with the typed fields and the sentence of a refusal.

    Raises Http404, and a Refusal that ends the sale: it has a page of its own.
    """
    showtime = _showtime(showtime_id)
    if refusal is not None and refusal.is_final:
        raise _with_way_on(refusal, showtime)
    own = own_seats(showtime_id=showtime.pk, holder=visitor.browser.holder)
    if not (own.is_holding or own.is_paying or own.retake):
        return CheckoutPage(has_seats=False)
    if not own.is_paying:
        _require_on_sale(showtime, now)
    context: Context = {
        "showtime": showtime_facts(showtime, now=now),
        "terms": terms_in_words(showtime.auditorium.theater),
        "exchange_terms": exchange_in_words(showtime.auditorium.theater),
        "house_terms": terms_now(showtime.auditorium.theater.house_id),
        "errors": {refusal.field or "form": refusal.sentence} if refusal else {},
        "payment_page_of": online_provider().display_name,
        "moves": ShowtimeMoves.sentence if _is_moving(showtime) else "",
    }
    if own.is_paying:
        return CheckoutPage(is_paying=True, context=context | {"pending": _pending(own)})
    better = better_choice(
        showtime_id=showtime.pk, plan_id=showtime.plan_id, rule=rule_of(showtime.auditorium.theater), own=own
    )
    if better is not None:
        return CheckoutPage(leaves_single_seats=better.sentence)
    if not own.is_holding:
        return CheckoutPage(context=context | {"lapsed": own.retake, "typed": form.kept})
    return CheckoutPage(context=context | _to_fill_in(showtime, own, visitor, form, errors=context["errors"], now=now))


def _showtime(showtime_id: int) -> Showtime:
    showtimes = Showtime.objects.with_names().with_age_rule().exclude(status=ShowtimeStatus.DRAFT)
    showtime = showtimes.filter(pk=showtime_id).first()
    if showtime is None:
        raise Http404("There is no showtime at this address.")
    return showtime


def _is_moving(showtime: Showtime) -> bool:
    """Whether staff look at its move to another auditorium: Pay is refused meanwhile."""
    paused_until = showtime.sales_paused_until
    return paused_until is not None and paused_until > database_now()


def _require_on_sale(showtime: Showtime, now: datetime) -> None:
    if showtime.status == ShowtimeStatus.CANCELED:
        raise _with_way_on(ShowtimeCanceled(), showtime)
    if showtime.sales_close_at <= now:
        raise _with_way_on(NotOnSale(), showtime)


def _with_way_on(refusal: Refusal, showtime: Showtime) -> Refusal:
    if refusal.way_on is None:
        refusal.sentence = f"{refusal.sentence} {gettext('Nothing was charged.')}"
        refusal.way_on = WayOn(
            gettext("Other showtimes of %(title)s") % {"title": showtime.shown_title},
            url=showtime.movie.get_absolute_url(),
        )
    return refusal


def _pending(own: OwnSeats) -> PendingBooking:
    assert own.booking_id is not None
    booking = Booking.objects.get(pk=own.booking_id)
    last = Payment.objects.filter(sale=booking.sale_id).order_by("-pk").only("status", "declines").first()
    return PendingBooking(
        reference=booking.reference,
        change_seats_url=reverse("change_seats", args=[booking.reference]),
        has_only_places=only_places(own.labels),
        tickets_text=labels_counted(own.labels),
        seats_text=seats_said(own.labels),
        total=rounded(booking.total, booking.currency),
        currency=booking.currency,
        was_declined=last is not None and last.status == PaymentStatus.CLOSED and last.declines > 0,
        countdown=countdown_to(own.payable_until, seconds=settings.CHECKOUT_SECONDS, now=own.now),
    )


def _to_fill_in(
    showtime: Showtime,
    own: OwnSeats,
    visitor: CheckoutVisitor,
    form: CheckoutForm,
    *,
    errors: dict[str, str],
    now: datetime,
) -> Context:
    """The form with its total. Errors of choices and of the promo code are added to `errors`."""
    before = TypedCheckout()
    if not form.is_sent and own.started_at is not None:
        # Fields that the customer typed before changing seats; those of the form come first.
        before = typed_before(showtime_id=showtime.pk, holder=visitor.browser.holder, started_at=own.started_at)
    typed = TypedPromoCode(
        code=form.promo_code or before.promo_code,
        customer=visitor.customer(form.email or before.email or visitor.suggested_email),
        browser=visitor.browser,
    )
    context: Context = {
        "countdown": _time_to_pay(own),
        "email": typed.customer.email,
        "promo": typed.code,
        "needs_to_tell": needs_to_tell(visitor.needs),
        "tells_needs": "tell" in form.posted or before.tells_needs,
        "ticket_limit": limit_in_words(
            showtime_id=showtime.pk,
            person=Person(typed.customer, visitor.browser.holder),
            count=len(own.labels),
            has=own.bought,
        ),
    }
    choices = form.choices
    if visitor.brings_assistant and not form.is_sent:
        proposed = carer_beside_wheelchair(held_quote(showtime=showtime, own=own, choices={}))
        context["proposed"] = proposed
        choices = {proposed.label: proposed.code} if proposed else {}
    try:
        return context | _priced(showtime, own, choices, typed, errors=errors, now=now)
    except BadChoice as choice:
        errors["types"] = choice.sentence
        refused = choice.field.removeprefix("type-") if choice.field.startswith("type-") else ""
        return context | {"refused_seat": refused, "quote": held_quote(showtime=showtime, own=own, choices={})}


def _time_to_pay(own: OwnSeats) -> Countdown | None:
    """The countdown of the hold; a friend's ends when the payment pages of the shared block close."""
    countdown = countdown_of(own)
    if own.shared_block_id is None or own.expires_at is None:
        return countdown
    last = SharedBlock.objects.get(pk=own.shared_block_id).payable_until(own.expires_at)
    return countdown_to(last, seconds=countdown.hold_seconds, now=own.now)


@dataclass(frozen=True)
class TypedPromoCode:
    """A promo code ('' for none) and who wants to use it."""

    code: str
    customer: Customer
    browser: Browser


def _priced(
    showtime: Showtime,
    own: OwnSeats,
    choices: Mapping[str, str],
    typed: TypedPromoCode,
    *,
    errors: dict[str, str],
    now: datetime,
) -> Context:
    """The quote with the promo code if it counts here; else without it, and beside its field the page says why."""
    retry_after = None
    if typed.code and "promo" not in errors:
        try:
            promotion = try_promotion(
                code=typed.code, showtime=showtime, customer=typed.customer, browser=typed.browser, now=now
            )
            return {"quote": held_quote(showtime=showtime, own=own, choices=choices, promotion=promotion)}
        except PromoRefused as refused:
            errors["promo"] = refused.sentence
            retry_after = refused.retry_after
    return {"quote": held_quote(showtime=showtime, own=own, choices=choices), "retry_after": retry_after}
