"""Writes sales again that the provider has and a restored database lacks, from the metadata of their payment session."""

from datetime import timedelta

import structlog
from django.db import transaction

from core.clock import ClockTimestamp, database_now, from_now
from core.pauses import read_pause
from payments.models import Payment
from payments.providers.answers import Session
from payments.providers.registry import provider_named
from payments.sessions.sale_facts import SaleFactsUnreadable, unpack
from payments.sessions.settlement import SettlementResult, settle_lost
from payments.states import PaymentStatus
from reservations.moving_in.lost_bookings import CannotBeWritten, require_writable, write_lost_booking
from reservations.records.status_changes import log_moves

logger = structlog.get_logger(__name__)
FIRST_LOOK = timedelta(minutes=1)
LONGEST_KEY = 32


class SalesRun(CannotBeWritten):
    """Refused: sales must be paused first, or a lost sale's seats could be sold while we look."""


def write_lost_sale(*, provider: str, provider_payment_id: str, actor: str) -> SettlementResult:
    """Write booking, tickets and payment in one transaction, then settle: it gets its seats where they are free, else
    its money back.

    A second time changes nothing. Raises CannotBeWritten and errors.ProviderError.
    """
    if read_pause() is None:
        raise SalesRun(
            "sales run; pause them first (manage.py pause_sales), so that nobody takes these seats meanwhile"
        )
    session = provider_named(provider).session_of(provider_payment_id)
    if session is None or not 0 < len(session.key) <= LONGEST_KEY:
        raise CannotBeWritten("the payment provider shows no payment session of it")
    payment = _written(provider, session, actor=actor)
    logger.warning("lost_sale_written", booking=payment.sale.reference, session=session.id)
    return settle_lost(payment_id=payment.pk, actor=actor)


def _written(provider: str, session: Session, *, actor: str) -> Payment:
    if "exchange" in session.metadata:
        raise CannotBeWritten(
            "it paid for an exchange that is not here, so the old tickets are valid: "
            "refund it at the payment provider, then exchange the tickets again"
        )
    try:
        sold = unpack(session.metadata)
    except SaleFactsUnreadable as error:
        raise CannotBeWritten(str(error)) from error
    require_writable(sold)
    with transaction.atomic():
        known = Payment.objects.select_related("sale").filter(key=session.key).first()
        if known is not None:
            return known
        booking = write_lost_booking(sold, email=session.email, bought_at=session.made_at or database_now())
        payment = Payment.objects.create(
            sale=booking.sale,
            provider=provider,
            # Written as closed, not open: no payment page is asked for again, and the booking may have another open
            # payment.
            status=PaymentStatus.CLOSED,
            key=session.key,
            request={"written_again_from": session.id},
            amount=session.amount if session.amount is not None else sold.total,
            currency=session.currency,
            session_id=session.id,
            ended_at=ClockTimestamp(),
            look_at=from_now(FIRST_LOOK.total_seconds()),
        )
        log_moves("payment", [(payment.pk, PaymentStatus.CREATED, PaymentStatus.CLOSED)], actor=actor, note=session.id)
        return payment
