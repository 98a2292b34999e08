"""The life of a booking: opened at Pay, confirmed by a payment, expired by time. Its seats and tickets change with it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import get_language

from accounts.states import Need
from core.clock import ClockTimestamp, database_now
from core.live import seat_map_changes
from houses.selectors import terms_now
from reservations import locks
from reservations.letters.mail_rows import add_mails
from reservations.models import Booking, Hold, OutgoingMail, SharedBlock
from reservations.records.status_changes import move_booking, move_tickets
from reservations.refusals.on_sale import NoTermsYet
from reservations.refusals.seats import LeavesSingleSeats
from reservations.refusals.selling import QuoteChanged, ShowingChanged, TooLateToPay
from reservations.seats.house_seats import count_seats_of_group
from reservations.seats.owners import leave_seats, return_seats_to_hold, sell_seats
from reservations.seats.state import SeatState, state_of
from reservations.seats.taking import Browser, require_on_sale
from reservations.selling.discounts import Promotion
from reservations.selling.promo_codes import find_promotion
from reservations.selling.selling_steps import (
    HoldToSell,
    lock_hold_to_sell,
    quote_to_sell,
    single_seats_left,
    write_booking,
)
from reservations.selling.ticket_limits import Person, require_tickets_left
from reservations.states import BookingStatus, MailKind, TicketStatus
from sales.services.opening import Customer

LEAST_SECONDS_TO_PAY = 60


@dataclass(frozen=True)
class PayForm:
    """The form of Pay: the shown total and the customer's choices."""

    email: str
    choices: Mapping[str, str]
    expected_total: Decimal
    user_id: int | None = None
    promo_code: str = ""
    showing: str = ""
    told_needs: tuple[Need, ...] = ()

    @property
    def customer(self) -> Customer:
        return Customer(email=self.email, user_id=self.user_id, told_needs=self.told_needs)


def open_booking(*, showtime_id: int, browser: Browser, form: PayForm) -> Booking:
    """The hand-over of hold to booking, inside the caller's transaction. Raises a Refusal; then nothing is changed."""
    require_on_sale(locks.showtime_gate(showtime_id))
    held = lock_hold_to_sell(showtime_id=showtime_id, holder=browser.holder)
    if form.showing and form.showing != f"{held.showtime.movie.slug} {int(held.showtime.starts_at.timestamp())}":
        raise ShowingChanged
    quote = quote_to_sell(held, choices=form.choices, promotion=_promotion(held, form))
    if quote.total != form.expected_total:
        raise QuoteChanged
    person = Person(form.customer, browser.holder)
    # For a group staff decided the number of seats; others that were added on the map are a person's own.
    of_group = count_seats_of_group(Q(hold=held.hold)) if held.house else 0
    if (own := len(quote.lines) - of_group) > 0:
        require_tickets_left(showtime_id=showtime_id, person=person, count=own)
    if left_over := single_seats_left(held):
        raise LeavesSingleSeats(left_over)
    terms = terms_now(held.showtime.auditorium.theater.house_id)
    if terms is None:
        raise NoTermsYet
    payable_until = _payable_until(held)
    held_until = payable_until + timedelta(seconds=settings.PAYMENT_GRACE_SECONDS)
    return write_booking(
        held,
        quote,
        customer=form.customer,
        language=get_language() or settings.LANGUAGE_CODE,
        payable_until=payable_until,
        held_until=held_until if held.hold.shared_block is None else min(held_until, held.hold.cap_at),
        terms_text_id=terms.id,
    )


def _promotion(held: HoldToSell, form: PayForm) -> Promotion | None:
    if not form.promo_code:
        return None
    return find_promotion(code=form.promo_code, showtime=held.showtime, customer=form.customer, now=held.now)


def _payable_until(held: HoldToSell) -> datetime:
    """Raises TooLateToPay."""
    block, cap_at = held.hold.shared_block, held.hold.cap_at
    last = cap_at if block is None else block.payable_until(cap_at)
    payable_until = min(held.now + timedelta(seconds=settings.CHECKOUT_SECONDS), last)
    if payable_until - held.now < timedelta(seconds=min(LEAST_SECONDS_TO_PAY, settings.CHECKOUT_SECONDS // 4)):
        raise TooLateToPay
    return payable_until


def confirm_booking(booking: Booking, *, actor: str) -> bool:
    """Give a locked booking its seats for good; False when any of them is somebody else's now.

    Also for late money: a seat that lapsed or came free again is taken back, all of them or none.
    """
    return _confirm_booking(booking, {SeatState.FREE}, actor=actor)


def confirm_lost_booking(booking: Booking, *, actor: str) -> bool:
    """Like `confirm_booking`, for a booking that a restore had lost.

    Its seats were sold after the dump: those who held them at the dump (friends, a group and the waiting list, too) had
    given them up or are the buyers, and house seats had been released. So it gets all of its seats except those that
    somebody is paying for or has bought.
    """
    return _confirm_booking(booking, {SeatState.FREE, SeatState.HELD, SeatState.HOUSE}, actor=actor)


def _confirm_booking(booking: Booking, to_be_had: Set[SeatState], *, actor: str) -> bool:
    tickets = list(booking.tickets.order_by("seat_id"))
    rows = locks.seats_by_seat(showtime_id=booking.showtime_id, seat_ids=[ticket.seat_id for ticket in tickets])
    now = database_now()
    mine = [row for row in rows if row.booking_id == booking.pk or state_of(row, now) in to_be_had]
    if not tickets or len(mine) != len(tickets):
        return False
    is_late = booking.status != BookingStatus.PENDING or booking.sale.held_until <= now
    sold = sell_seats(mine, booking=booking)
    move_booking(
        booking, BookingStatus.CONFIRMED, actor=actor, confirmed_at=ClockTimestamp(), ended_at=None, is_late=is_late
    )
    move_tickets(tickets, TicketStatus.VALID, actor=actor)
    write_mail(booking, MailKind.CONFIRMATION)
    seat_map_changes.publish_on_commit(booking.showtime_id, sold)
    return True


def expire_booking(booking: Booking, *, actor: str) -> None:
    """A locked pending booking runs out: its seats are free at once. Its payment session is closed, or its time over.

    A friend's seats are the friends' again while their shared block is open.
    """
    _give_up(booking, actor=actor)
    if (kept := open_hold_of_friends(booking)) is not None:
        return_seats_to_hold(locks.seats_of_booking(booking.pk), hold=kept)
        return
    freed = leave_seats(locks.seats_of_booking(booking.pk), booking=booking)
    seat_map_changes.publish_on_commit(booking.showtime_id, freed)


def open_hold_of_friends(booking: Booking) -> Hold | None:
    """The locked hold of the shared block that the seats come from; None when that is over, and for everybody else."""
    block = SharedBlock.objects.open().filter(friends_holds=booking.hold_id).first()
    kept = None if block is None else locks.hold_by_id(block.hold_id)
    return kept if kept is not None and kept.ended_at is None and kept.expires_at > database_now() else None


def reopen_hold(booking: Booking, *, actor: str) -> None:
    """Change seats: the locked booking expires and its rows go back to a hold with the old start and cap.

    When the cap has passed, or the browser holds other seats by now, they are free instead.
    """
    old = Hold.objects.get(pk=booking.hold_id)
    # The hold is locked before the seats, as everywhere: a click in another tab has locked its hold when it waits for a
    # seat.
    hold = _successor(old, now=database_now())
    if hold is None:
        expire_booking(booking, actor=actor)
        return
    _give_up(booking, actor=actor)
    return_seats_to_hold(locks.seats_of_booking(booking.pk), hold=hold)


def _successor(old: Hold, *, now: datetime) -> Hold | None:
    expires_at = min(max(old.expires_at, now + timedelta(seconds=settings.HOLD_EXTENSION_SECONDS)), old.cap_at)
    if expires_at <= now:
        return None
    try:
        with transaction.atomic():
            return Hold.objects.create(
                showtime_id=old.showtime_id,
                holder=old.holder,
                address=old.address,
                network=old.network,
                has_paid=old.has_paid,
                root_id=old.root_id or old.pk,
                price_version_id=old.price_version_id,
                shared_block_id=old.shared_block_id,
                group_block_id=old.group_block_id,
                started_at=old.started_at,
                expires_at=expires_at,
                cap_at=old.cap_at,
                extended_at=old.extended_at,
            )
    except IntegrityError:
        return None


def _give_up(booking: Booking, *, actor: str) -> None:
    move_booking(booking, BookingStatus.EXPIRED, actor=actor, ended_at=ClockTimestamp())
    move_tickets(list(booking.tickets.all()), TicketStatus.VOID, actor=actor)


def refuse_booking(booking: Booking, *, actor: str) -> None:
    """End a locked booking that was paid but cannot have its seats. A confirmed one stays as it is."""
    if booking.status == BookingStatus.PENDING:
        expire_booking(booking, actor=actor)
    if booking.status == BookingStatus.EXPIRED:
        move_booking(booking, BookingStatus.REFUNDED, actor=actor, ended_at=ClockTimestamp())
        write_mail(booking, MailKind.APOLOGY)


def write_mail(booking: Booking, kind: MailKind, *, about: int | str | None = None, **facts: str | int) -> None:
    """Put a mail into the outbox; its purpose is unique, so a second time changes nothing.

    A booking has one mail of a kind, or one for each thing the mail is about: `cancellation:12`. Customers of the
    counter without an address get none.
    """
    if not booking.email:
        return
    purpose = f"{kind.lower()}:{booking.pk if about is None else about}"
    if about is not None:
        facts["about"] = about
    add_mails([OutgoingMail(purpose=purpose, kind=kind, booking=booking, contact=booking.sale.contact, facts=facts)])
