"""A provider's books beside ours, for a span of time: payments, refunds and disputes, in both directions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import batched

from django.db.models import Q

from core.installation import is_from_elsewhere, is_from_here
from core.money import format_money
from payments.models import Dispute, Payment, Refund
from payments.providers import errors
from payments.providers.answers import Charge, DisputeAnswer, Ledger, RefundAnswer
from payments.providers.port import Provider
from payments.states import CAPTURED_PAYMENTS, RefundStatus

ALIVE = (RefundStatus.PENDING, RefundStatus.SUCCEEDED)
ROWS_AT_ONCE = 1000


class Remedy(StrEnum):
    """The ways to mend a difference between the provider's books and ours."""

    SETTLE = "settle the payment"
    WRITE_SALE = "write the lost sale again"
    FOLLOW_REFUND = "write the refund down as the provider has it"
    FOLLOW_DISPUTE = "write the dispute down as the provider has it"
    CLOSE_SESSION = "close the payment session"
    PERSON = "a person has to look"


@dataclass(frozen=True)
class Difference:
    """`provider_id` is the object's id at the provider; for a lost sale that of its payment."""

    provider: str
    kind: str
    provider_id: str
    says: str
    remedy: Remedy
    booking: str = ""
    payment_id: int | None = None


@dataclass
class Books:
    """A provider's objects in a span of time. `ignored`: payments of other programs, and of lost sales whose money went
    back completely.
    """

    provider: Provider
    ledger: Ledger
    ignored: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.provider.name

    @property
    def there(self) -> str:
        return self.provider.display_name


def compare(providers: Iterable[Provider], *, since: datetime, until: datetime) -> list[Difference]:
    """Compare the books of each provider with ours between two moments. Raises errors.ProviderError."""
    return [difference for provider in providers for difference in compare_with(provider, since=since, until=until)]


def compare_with(provider: Provider, *, since: datetime, until: datetime) -> list[Difference]:
    """Open sessions first, then payments, refunds and disputes: in this order they can be mended.

    Raises errors.ProviderError.
    """
    books = Books(provider, provider.movements(since=since, until=until))
    return [
        *_sessions_there(books),
        *_payments_there(books),
        *_payments_here(books, since, until),
        *_refunds_there(books),
        *_refunds_here(books, since, until),
        *_disputes_there(books),
        *_disputes_here(books, since, until),
        *_in_other_currencies(books),
    ]


# Payment sessions.


def _sessions_there(books: Books) -> Iterator[Difference]:
    """Find open sessions that we created and have no row for: people could pay there for free seats."""
    ours = [session for session in books.ledger.open_sessions if is_from_here(session.metadata)]
    keys, names = [session.key for session in ours], [session.id for session in ours]
    rows = Payment.objects.filter(Q(key__in=keys) | Q(session_id__in=names), provider=books.name).values_list(
        "key", "session_id"
    )
    known = {name for row in rows for name in row}
    for session in ours:
        if not known & {session.key, session.id}:
            reference = session.metadata.get("booking", "")
            says = f"booking {reference} can still be paid for, and it is not here"
            yield Difference(books.name, "session", session.id, says, Remedy.CLOSE_SESSION, reference)


# Payments.


def _payments_there(books: Books) -> Iterator[Difference]:
    for part in batched(books.ledger.charges, ROWS_AT_ONCE, strict=False):
        intents = [charge.provider_payment_id for charge in part if charge.provider_payment_id]
        keys = [charge.metadata.get("payment", "") for charge in part]
        rows = list(
            Payment.objects.select_related("sale").filter(
                Q(provider_id__in=intents) | Q(key__in=keys), provider=books.name
            )
        )
        by_intent, by_key = {row.provider_id: row for row in rows}, {row.key: row for row in rows}
        for charge in part:
            payment = by_intent.get(charge.provider_payment_id)
            if payment is None and not is_from_elsewhere(charge.metadata):
                payment = by_key.get(charge.metadata.get("payment", ""))
            yield from _payment(charge, payment, books)


def _payment(charge: Charge, payment: Payment | None, books: Books) -> Iterator[Difference]:
    intent, came = charge.provider_payment_id or "", format_money(charge.amount, charge.currency)
    reference = charge.metadata.get("booking", "")
    if payment is None:
        if not is_from_here(charge.metadata) or charge.refunded == charge.amount:
            # Not from this installation, or a lost sale that was refunded completely.
            books.ignored.add(intent)
            return
        says = f"{came} came for booking {reference}, and this sale is not here"
        yield Difference(books.name, "payment", intent, says, Remedy.WRITE_SALE, reference)
    elif payment.status not in CAPTURED_PAYMENTS:
        says = f"{came} came for booking {payment.sale.reference}, and {payment} is {payment.status.lower()} here"
        yield Difference(books.name, "payment", intent, says, Remedy.SETTLE, payment.sale.reference, payment.pk)
    elif payment.provider_id != intent:
        says = f"{came} came a second time for {payment} of booking {payment.sale.reference}"
        yield Difference(books.name, "payment", intent, says, Remedy.PERSON, payment.sale.reference, payment.pk)
    elif (payment.taken, payment.taken_currency) != (charge.amount, charge.currency):
        yield _other_amount(payment, charge, books)


def _other_amount(payment: Payment, charge: Charge, books: Books) -> Difference:
    came, here = format_money(charge.amount, charge.currency), format_money(payment.taken, payment.taken_currency)
    says = f"{came} came for booking {payment.sale.reference}, and {payment} says {here}"
    return Difference(
        books.name, "payment", payment.provider_id or "", says, Remedy.PERSON, payment.sale.reference, payment.pk
    )


def _payments_here(books: Books, since: datetime, until: datetime) -> Iterator[Difference]:
    listed = {charge.provider_payment_id for charge in books.ledger.charges}
    ours = Payment.objects.filter(
        provider=books.name, status__in=CAPTURED_PAYMENTS, ended_at__gte=since, ended_at__lte=until
    )
    for payment in ours.select_related("sale").order_by("pk").iterator():
        if payment.provider_id in listed:
            continue
        charge = books.provider.charge_of(payment.provider_id) if payment.provider_id else None
        if charge is None:
            says = f"{payment} of booking {payment.sale.reference} succeeded here, and {books.there} has no money of it"
            yield Difference(
                books.name,
                "payment",
                payment.provider_id or "",
                says,
                Remedy.PERSON,
                payment.sale.reference,
                payment.pk,
            )
        elif (payment.taken, payment.taken_currency) != (charge.amount, charge.currency):
            yield _other_amount(payment, charge, books)


# Refunds.


def _refunds_there(books: Books) -> Iterator[Difference]:
    for part in batched(books.ledger.refunds, ROWS_AT_ONCE, strict=False):
        keys = [refund.key for refund in part if refund.key]
        rows = Refund.objects.select_related("payment__sale").filter(
            Q(provider_id__in=[refund.id for refund in part]) | Q(key__in=keys), provider=books.name
        )
        by_name = {name: row for row in rows for name in (row.provider_id, row.key) if name}
        payments = _payments_by_id(books, (refund.provider_payment_id for refund in part))
        for refund in part:
            row = by_name.get(refund.id) or by_name.get(refund.key)
            if row is not None:
                yield from _refund(refund, row, books)
            elif _is_known(refund.provider_payment_id, payments, books):
                says = f"a refund of {format_money(refund.amount, refund.currency)} is not here"
                reference = payments.get(refund.provider_payment_id or "", "")
                yield Difference(books.name, "refund", refund.id, says, Remedy.FOLLOW_REFUND, reference)
            elif _is_of_a_lost_sale(refund.provider_payment_id, books):
                yield _without_sale("refund", refund.id, books)


def _payments_by_id(books: Books, intents: Iterable[str | None]) -> dict[str, str]:
    """Map the provider's id of each payment here to the booking's reference."""
    names = [intent for intent in intents if intent]
    rows = Payment.objects.filter(provider=books.name, provider_id__in=names).values_list(
        "provider_id", "sale__reference"
    )
    return {str(intent): reference for intent, reference in rows}


def _is_known(intent: str | None, payments: dict[str, str], books: Books) -> bool:
    """Whether it belongs to a payment that is here, or will be once the lost sale is written or settled."""
    if not intent or intent in books.ignored:
        return False
    return intent in payments or intent in {charge.provider_payment_id for charge in books.ledger.charges}


def _is_of_a_lost_sale(intent: str | None, books: Books) -> bool:
    """Whether it is about a payment of this installation before the span, without a row here, whose money did not go
    back completely.
    """
    if not intent or intent in books.ignored:
        return False
    charge = books.provider.charge_of(intent)
    is_lost = charge is not None and is_from_here(charge.metadata) and charge.refunded < charge.amount
    if not is_lost:
        books.ignored.add(intent)
    return is_lost


def _without_sale(kind: str, provider_id: str, books: Books) -> Difference:
    says = f"a {kind} is about a sale of an earlier time that is not here: compare from an earlier moment"
    return Difference(books.name, kind, provider_id, says, Remedy.PERSON)


def _refund(refund: RefundAnswer, row: Refund, books: Books) -> Iterator[Difference]:
    reference, there = row.payment.sale.reference, format_money(refund.amount, refund.currency)
    if (row.amount, row.currency) != (refund.amount, refund.currency):
        says = f"{row} of booking {reference} is {format_money(row.amount, row.currency)} here and {there} at {books.there}"
        yield Difference(books.name, "refund", refund.id, says, Remedy.PERSON, reference)
    elif (row.status in ALIVE) != (refund.status in ALIVE):
        says = f"{row} of booking {reference}, {there}, is {row.status.lower()} here and {refund.status.lower()} at {books.there}"
        yield Difference(books.name, "refund", refund.id, says, Remedy.FOLLOW_REFUND, reference)


def _refunds_here(books: Books, since: datetime, until: datetime) -> Iterator[Difference]:
    listed = {refund.id for refund in books.ledger.refunds}
    ours = Refund.objects.filter(provider=books.name, status__in=ALIVE, created_at__gte=since, created_at__lte=until)
    for row in ours.select_related("payment__sale").order_by("pk").iterator():
        if row.provider_id in listed:
            continue
        refund = _found_there(books.provider.look_at_refund, row.provider_id or "")
        if refund is None:
            says = f"{row} of booking {row.payment.sale.reference} went out here, and {books.there} does not know it"
            yield Difference(
                books.name, "refund", row.provider_id or "", says, Remedy.PERSON, row.payment.sale.reference
            )
        else:
            yield from _refund(refund, row, books)


# Disputes.


def _disputes_there(books: Books) -> Iterator[Difference]:
    names = [dispute.id for dispute in books.ledger.disputes]
    rows = {
        row.provider_id: row
        for row in Dispute.objects.select_related("payment__sale").filter(provider=books.name, provider_id__in=names)
    }
    payments = _payments_by_id(books, (dispute.provider_payment_id for dispute in books.ledger.disputes))
    for dispute in books.ledger.disputes:
        row = rows.get(dispute.id)
        if row is not None:
            yield from _dispute(dispute, row, books)
        elif _is_known(dispute.provider_payment_id, payments, books):
            says = f"a dispute about {format_money(dispute.amount, dispute.currency)} is not here"
            reference = payments.get(dispute.provider_payment_id or "", "")
            yield Difference(books.name, "dispute", dispute.id, says, Remedy.FOLLOW_DISPUTE, reference)
        elif _is_of_a_lost_sale(dispute.provider_payment_id, books):
            yield _without_sale("dispute", dispute.id, books)


def _dispute(dispute: DisputeAnswer, row: Dispute, books: Books) -> Iterator[Difference]:
    if row.status != dispute.status:
        reference = row.payment.sale.reference
        says = (
            f"{row} of booking {reference} is {row.status.lower()} here and {dispute.status.lower()} at {books.there}"
        )
        yield Difference(books.name, "dispute", dispute.id, says, Remedy.FOLLOW_DISPUTE, reference)


def _disputes_here(books: Books, since: datetime, until: datetime) -> Iterator[Difference]:
    listed = {dispute.id for dispute in books.ledger.disputes}
    ours = Dispute.objects.filter(provider=books.name, created_at__gte=since, created_at__lte=until).exclude(
        provider_id__in=listed
    )
    for row in ours.select_related("payment__sale").order_by("pk"):
        dispute = _found_there(books.provider.look_at_dispute, row.provider_id)
        if dispute is None:
            says = f"{row} of booking {row.payment.sale.reference} is here, and {books.there} does not know it"
            yield Difference(books.name, "dispute", row.provider_id, says, Remedy.PERSON, row.payment.sale.reference)
        else:
            yield from _dispute(dispute, row, books)


# Objects that cannot be read because of their currency.


def _in_other_currencies(books: Books) -> Iterator[Difference]:
    """Find what is about our payments. Other programs of the account may take currencies in which we do not sell."""
    unread = books.ledger.other_currencies
    payments = _payments_by_id(books, (thing.provider_payment_id for thing in unread))
    for thing in unread:
        reference = payments.get(thing.provider_payment_id or "")
        if reference is not None or is_from_here(thing.metadata):
            yield Difference(books.name, thing.kind, thing.name, str(thing), Remedy.PERSON, reference or "")


def _found_there[Found](fetch: Callable[[str], Found], provider_id: str) -> Found | None:
    """Fetch an object from the provider; None when the provider has no such object."""
    try:
        return fetch(provider_id)
    except errors.Refused as refusal:
        if refusal.is_missing:
            return None
        raise
