"""Refunds that a person has to pay out at the counter: those that wait there, and those that a card did not take."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext

from core.clock import in_zone
from core.money import rounded
from core.refusals import Refusal
from houses.models import Theater
from payments.models import Refund
from payments.refunds.payouts import require_another_way, rounding_of_payout
from payments.states import BY_HAND_METHODS, PaymentMethod, RefundStatus
from reservations.models import Booking, first_booking

MOST_SHOWN = 100


@dataclass(frozen=True)
class Payout:
    """A refund that the counter pays out."""

    refund_id: int
    amount: Decimal
    in_cash: Decimal
    currency: str
    reference: str
    email: str
    theater: Theater
    movie: str
    starts_at: datetime
    paid_by: str
    since: datetime
    reason: str
    is_done: bool
    card_refused: str

    @property
    def is_instead(self) -> bool:
        """Whether a card did not take the refund, so that paying it out another way needs a reason."""
        return bool(self.card_refused)


def payouts_at(theaters: QuerySet[Theater], *, reference: str = "") -> list[Payout]:
    """The payouts, oldest first; `reference` may be the start of one."""
    at_counter = Q(method__in=BY_HAND_METHODS, status=RefundStatus.REQUESTED)
    failed = Q(pk__in=Refund.objects.needing_a_person().filter(status=RefundStatus.FAILED))
    found = _of(theaters).filter(at_counter | failed, payment__sale__reference__startswith=reference)
    return list(_payouts(found.order_by("created_at", "pk")[:MOST_SHOWN]))


def payout_at(theaters: QuerySet[Theater], *, refund_id: int) -> Payout | None:
    """One of them, also if it is paid out by now; None for a refund that goes to a card. Raises a Refusal where the card did
    not take it, and it is not paid out in another way any more.
    """
    refunds = _of(theaters).filter(pk=refund_id)
    if failed := refunds.filter(method=PaymentMethod.ONLINE, status=RefundStatus.FAILED).first():
        require_another_way(failed)
    return next(_payouts(refunds), None)


def _of(theaters: QuerySet[Theater]) -> QuerySet[Refund]:
    return (
        Refund.objects.filter(payment__sale__theater__in=theaters)
        .select_related("payment__sale__theater", "payment__sale__contact")
        .prefetch_related(Prefetch("payment__sale__bookings", Booking.objects.select_related("showtime__movie")))
    )


def _payouts(refunds: QuerySet[Refund]) -> Iterator[Payout]:
    for refund in refunds:
        is_card = refund.method == PaymentMethod.ONLINE
        amount = refund.amount
        if is_card:
            try:
                amount = require_another_way(refund)
            except Refusal:
                continue
        yield _payout(refund, amount, card_refused=(refund.last_error or gettext("not accepted")) if is_card else "")


def _payout(refund: Refund, amount: Decimal, *, card_refused: str) -> Payout:
    sale = refund.payment.sale
    booking, theater = first_booking(sale), sale.theater
    return Payout(
        refund_id=refund.pk,
        amount=rounded(amount, refund.currency),
        in_cash=rounded(amount + rounding_of_payout(amount, PaymentMethod.CASH, theater=theater), refund.currency),
        currency=refund.currency,
        reference=sale.reference,
        email=sale.contact.email,
        theater=theater,
        movie=booking.showtime.title,
        starts_at=in_zone(booking.showtime.starts_at, theater.zone),
        paid_by=PaymentMethod(refund.payment.method).label,
        since=in_zone(refund.created_at, theater.zone),
        reason=refund.reason,
        is_done=refund.status == RefundStatus.SUCCEEDED,
        card_refused=card_refused,
    )
