"""Tickets that staff give away: the same locks and status changes as a sale, no payment, and a reason that stays."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from core.texts.languages import speaking
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.models import Booking, ShowtimeSeat, Ticket
from reservations.refusals.on_sale import NotOnSale, NotYetOnSale, ShowtimeCanceled
from reservations.refusals.seats import SeatGone, UnknownSeat
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.taking import clean_labels
from reservations.seats.units import with_mates
from reservations.selling.bookings import confirm_booking
from sales.services.opening import Customer, language_of, open_sale
from sales.states import Channel
from staff.services.audit import record
from theaters.models import Showtime, TicketType
from theaters.states import ShowtimeStatus

NO_LIMITS = locks.TakeLimits(per_hold=0, per_address=0)
TERMS = _("These tickets were given away: no money goes back for them.")


@dataclass(frozen=True)
class Comp:
    """Tickets to give away: the seats, who gets the mail, and why."""

    labels: list[str]
    email: str
    reason: str


def give_comp(*, showtime_id: int, comp: Comp, actor: str, now: datetime) -> Booking:
    """Give tickets for these seats away, sofas whole, all or none. Possible until the end of the show, also after
    online sales have closed.

    Raises a Refusal; then nothing is changed.
    """
    labels = clean_labels(comp.labels)
    with transaction.atomic():
        # Locked, so that no other transaction changes the showtime after it is read next.
        locks.showtime_gate(showtime_id)
        showtime = Showtime.objects.with_names().get(pk=showtime_id)
        labels = with_mates(mates_of_plan(showtime.plan_id), labels)
        require_open_for_comps(showtime, now=now)
        hold = _hold(showtime_id)
        _take_seats(showtime_id, hold, labels)
        booking = _write_booking(showtime, hold, comp)
        locks.hand_over(booking)
        _write_tickets(booking, showtime)
        assert confirm_booking(booking, actor=actor)
        record(
            actor=actor,
            action="give tickets away",
            thing=booking,
            theater=showtime.auditorium.theater,
            after={"seats": labels, "contact": str(booking.sale.contact_id)},
            reason=comp.reason,
        )
    return booking


def require_open_for_comps(showtime: Showtime, *, now: datetime) -> None:
    """Check that seats of this showtime may be given away. Raises a Refusal."""
    if showtime.status == ShowtimeStatus.DRAFT:
        raise NotYetOnSale(gettext("This showtime is not published yet: it has no seats to give."))
    if showtime.status == ShowtimeStatus.CANCELED:
        raise ShowtimeCanceled
    if showtime.ends_at <= now:
        raise NotOnSale(gettext("This showtime is over."))


def _hold(showtime_id: int) -> "_Held":
    """Hold the seats for no browser, so that only the link in the mail opens the booking."""
    holder = sha256(secrets.token_bytes(16)).hexdigest()
    seconds = (settings.HOLD_SECONDS, settings.HOLD_CAP_SECONDS)
    locked = locks.lock_or_create_hold(showtime_id=showtime_id, holder=holder, address="", seconds=seconds)
    return _Held(holder, locked)


@dataclass(frozen=True)
class _Held:
    holder: str
    locked: locks.LockedHold


def _take_seats(showtime_id: int, hold: _Held, labels: list[str]) -> None:
    outcome = locks.take_seats(
        showtime_id=showtime_id, holder=hold.holder, hold=hold.locked, labels=labels, limits=NO_LIMITS
    )
    if outcome.found < len(labels):
        raise UnknownSeat
    if not outcome.taken:
        raise SeatGone(
            gettext("One of these seats is not free any more. Nothing was given; the plan shows what is free.")
        )


def _write_booking(showtime: Showtime, hold: _Held, comp: Comp) -> Booking:
    theater, customer = showtime.auditorium.theater, Customer(email=comp.email)
    language = language_of(customer, house_id=theater.house_id)
    with speaking(language):
        terms = str(TERMS)
    sale = open_sale(
        customer,
        theater=theater,
        channel=Channel.COMP,
        currency=theater.currency,
        total=0,
        language=language,
        terms=terms,
        payable_until=hold.locked.expires_at,
        held_until=hold.locked.expires_at,
        comp_reason=comp.reason,
    )
    return Booking.objects.create(sale=sale, showtime=showtime, hold_id=hold.locked.id, holder=hold.holder, total=0)


def _write_tickets(booking: Booking, showtime: Showtime) -> None:
    theater = showtime.auditorium.theater
    kind = _usual_type(theater.pk)
    rows = ShowtimeSeat.objects.filter(booking=booking).order_by("pk")
    Ticket.objects.bulk_create(
        Ticket(
            booking=booking,
            showtime=showtime,
            seat_id=row.seat_id,
            ticket_type=kind,
            type_name=kind.name,
            price=0,
            list_price=0,
            tax=0,
            tax_rate=theater.tax_rate,
            currency=theater.currency,
        )
        for row in rows
    )


def _usual_type(theater_id: int) -> TicketType:
    kinds = TicketType.objects.filter(theater_id=theater_id, is_empty_place=False).order_by(
        "-is_default", "position", "pk"
    )
    kind = kinds.first()
    if kind is None:
        raise NotYetOnSale(gettext("This theater has no ticket types."))
    return kind
