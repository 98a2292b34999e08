"""Comparing the provider's ledger with ours, mending what can be mended, and comparing again (docs/adr/0030)."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from payments.books.ledger_comparison import Difference, Remedy, compare
from payments.books.lost_sales import write_lost_sale
from payments.books.payment_sweep import send_and_learn
from payments.models import Refund
from payments.providers import errors
from payments.providers.port import Provider
from payments.providers.registry import provider_named
from payments.refunds.dashboard_refunds import adopt_refund
from payments.refunds.disputes import follow_dispute
from payments.sessions.settlement import settle
from payments.states import PaymentMethod, RefundStatus
from reservations.moving_in.lost_bookings import CannotBeWritten

logger = structlog.get_logger(__name__)
# Mending one difference may show others, which the next round mends.
ROUNDS = 3
WITHOUT_LOST_SALES = frozenset({Remedy.SETTLE, Remedy.FOLLOW_REFUND, Remedy.FOLLOW_DISPUTE})
EVERYTHING = WITHOUT_LOST_SALES | {Remedy.WRITE_SALE, Remedy.CLOSE_SESSION}


@dataclass(frozen=True)
class Reconciliation:
    """The differences found, and those left after mending. The books agree when none is left."""

    found: tuple[Difference, ...]
    left: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return not self.left

    @property
    def mended(self) -> tuple[Difference, ...]:
        names = {(difference.kind, difference.provider_id) for difference in self.left}
        return tuple(found for found in self.found if (found.kind, found.provider_id) not in names)


def compare_books(*, providers: Sequence[Provider], since: datetime, until: datetime) -> Reconciliation:
    """Compare the books with the providers' and change nothing. Raises errors.ProviderError."""
    found = tuple(compare(providers, since=since, until=until))
    return Reconciliation(found, found)


def reconcile(
    *, providers: Sequence[Provider], since: datetime, until: datetime, remedies: frozenset[Remedy], actor: str
) -> Reconciliation:
    """Compare, mend by these remedies, and compare again. Raises errors.ProviderError when the provider cannot be asked."""
    found = left = compare(providers, since=since, until=until)
    reasons: dict[tuple[str, str], str] = {}
    for _ in range(ROUNDS):
        to_mend = [difference for difference in left if difference.remedy in remedies]
        if not to_mend:
            break
        reasons = _mend_all(to_mend, actor=actor)
        left = compare(providers, since=since, until=until)
        found = found + [difference for difference in left if not _is_among(difference, found)]
        if len(reasons) == len(to_mend):
            break
    return Reconciliation(tuple(found), tuple(_with_reasons(left, reasons)))


def _is_among(difference: Difference, found: Iterable[Difference]) -> bool:
    return any((other.kind, other.provider_id) == (difference.kind, difference.provider_id) for other in found)


def _mend_all(differences: list[Difference], *, actor: str) -> dict[tuple[str, str], str]:
    """Mend differences in the order of `compare`; returns why some could not be. A failure does not stop the others."""
    reasons = {}
    for difference in differences:
        try:
            _mend(difference, actor=actor)
        except (CannotBeWritten, errors.ProviderError) as error:
            logger.warning("difference_not_mended", provider_id=difference.provider_id, reason=str(error)[:200])
            reasons[difference.kind, difference.provider_id] = str(error)[:200]
    _send_refunds(difference.booking for difference in differences if difference.kind == "payment")
    return reasons


def _mend(difference: Difference, *, actor: str) -> None:
    match difference.remedy:
        case Remedy.SETTLE if difference.payment_id is not None:
            settle(payment_id=difference.payment_id, actor=actor)
        case Remedy.WRITE_SALE:
            write_lost_sale(provider=difference.provider, provider_payment_id=difference.provider_id, actor=actor)
        case Remedy.FOLLOW_REFUND:
            adopt_refund(provider=difference.provider, provider_id=difference.provider_id)
        case Remedy.FOLLOW_DISPUTE:
            follow_dispute(provider=difference.provider, provider_id=difference.provider_id)
        case Remedy.CLOSE_SESSION:
            _close_session(difference, actor=actor)


def _close_session(difference: Difference, *, actor: str) -> None:
    """Close a session without a row, and write the sale if somebody had paid in it before."""
    provider = provider_named(difference.provider)
    with suppress(errors.Refused, errors.Unproven):
        provider.close_session(difference.provider_id)
    session = provider.look_at_session(difference.provider_id)
    if session.is_paid and session.provider_payment_id:
        write_lost_sale(provider=difference.provider, provider_payment_id=session.provider_payment_id, actor=actor)


def _send_refunds(references: Iterable[str]) -> None:
    """Send refunds that became owed because seats could not be given, after the provider's own refunds were recorded."""
    waiting = Refund.objects.due().filter(
        payment__sale__reference__in=list(references), method=PaymentMethod.ONLINE, status=RefundStatus.REQUESTED
    )
    for refund_id in waiting.values_list("pk", flat=True):
        send_and_learn(refund_id=refund_id)


def _with_reasons(left: Iterable[Difference], reasons: dict[tuple[str, str], str]) -> Iterable[Difference]:
    for difference in left:
        why = reasons.get((difference.kind, difference.provider_id))
        yield replace(difference, says=f"{difference.says} ({why})") if why else difference
