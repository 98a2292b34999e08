"""Facts about the cards of a payment: declines, which end a payment session, and the card that paid.

The provider is asked for them; an event is only a hint to ask.
"""

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from core.clock import ClockTimestamp
from payments import locks
from payments.models import Payment
from payments.providers import errors
from payments.providers.answers import Session
from payments.providers.registry import provider_named
from payments.records.money_alerts import alert_staff
from payments.records.provider_silence import Silence
from payments.records.status_changes import move_payment
from payments.states import CAPTURED_PAYMENTS, PaymentStatus
from reservations.models import Booking, TicketAllowance
from reservations.selling.ticket_limits import tickets_of

MOST_DECLINES = 5
CLOSED_BY_DECLINES = "Cards were declined too often"
logger = structlog.get_logger(__name__)


def follow_declines(payment: Payment, session: Session) -> bool:
    """Note how often a card was declined in an unpaid session; the fifth time closes it. True when it is closed by that.

    Raises errors.ProviderError.
    """
    if session.provider_payment_id is None or session.is_processing:
        return False
    provider = provider_named(payment.provider)
    declines = provider.cards_of(session.provider_payment_id).declines
    if declines > payment.declines:
        logger.info("cards_declined", payment=payment.pk, declines=declines)
        newer = Payment.objects.filter(pk=payment.pk, declines__lt=declines)
        newer.update(declines=declines, declined_at=ClockTimestamp())
    if declines < MOST_DECLINES or not session.is_open:
        return False
    try:
        provider.close_session(session.id)
    except (errors.Refused, errors.Unproven):
        # The session was paid or ended meanwhile: the next look shows which.
        return False
    with transaction.atomic():
        locked = locks.payment(payment.pk)
        if locked.status == PaymentStatus.OPEN:
            move_payment(
                locked, PaymentStatus.CLOSED, actor="declines", last_error=CLOSED_BY_DECLINES, ended_at=ClockTimestamp()
            )
    return True


def note_paid_cards(*, most: int = 50) -> int:
    """Record which card paid, for payments of the last day that nobody has asked about."""
    due = list(Payment.objects.with_unknown_card().order_by("looks", "ended_at")[:most])
    silence = Silence()
    for done, payment in enumerate(due, start=1):
        if silence.is_away(after_doubt=not _is_answered(payment)):
            return done
    return len(due)


def _is_answered(payment: Payment) -> bool:
    """Note the card of a payment. False when the provider was silent; that payment is then asked about last."""
    try:
        note_paid_card(payment)
    except errors.ProviderError as error:
        logger.warning("card_not_known", payment=payment.pk, error=str(error)[:200])
        Payment.objects.filter(pk=payment.pk).update(looks=F("looks") + 1)
        return not errors.is_silence(error)
    return True


def note_paid_card(payment: Payment) -> None:
    """Record which card paid, and how often one was declined before. Raises errors.ProviderError."""
    assert payment.provider_id is not None
    cards = provider_named(payment.provider).cards_of(payment.provider_id)
    facts = {"card": cards.paid_with, "card_last4": cards.last4, "declines": max(cards.declines, payment.declines)}
    with transaction.atomic():
        if cards.declines > payment.declines:
            facts["declined_at"] = payment.ended_at
        Payment.objects.filter(pk=payment.pk).update(card_noted_at=ClockTimestamp(), **facts)
        if cards.paid_with:
            for booking in payment.sale.bookings.all():
                _alert_about_one_person(booking, card=cards.paid_with)


def _alert_about_one_person(booking: Booking, *, card: str) -> None:
    """Alert staff when one card pays for several people's bookings, which may be one person's. Nothing is taken back."""
    most = settings.TICKETS_PER_PERSON_AND_SHOWTIME
    if not most:
        return
    by_card = Payment.objects.filter(
        card=card, sale__bookings__showtime=booking.showtime_id, status__in=CAPTURED_PAYMENTS
    )
    bookings = list(Booking.objects.filter(sale__in=by_card.order_by().values("sale"), showtime=booking.showtime_id))
    customers = {booking.sale.contact.customer for booking in bookings if booking.sale.contact.customer}
    same = Q(pk__in=[booking.pk for booking in bookings]) | Q(sale__contact__customer__in=customers)
    same |= Q(holder__in={booking.holder for booking in bookings})
    same |= Q(sale__user__in={booking.sale.user_id for booking in bookings if booking.sale.user_id is not None})
    has = tickets_of(showtime_id=booking.showtime_id, bookings=same)
    allowances = TicketAllowance.objects.filter(showtime=booking.showtime_id, customer__in=customers)
    allowed = max([most, *allowances.values_list("most", flat=True)])
    if has > allowed:
        references = ", ".join(sorted(booking.reference for booking in bookings))
        alert_staff(
            booking,
            purpose=f"one-card:{booking.showtime_id}:{card[:32]}",
            says=f"One card paid for bookings of {booking.showtime} that have {has} tickets together; one person can have "
            f"{allowed}. Bookings: {references}. Nothing was done about it.",
        )
