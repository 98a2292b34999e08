"""What Stripe says, in our own words: frozen facts, amounts in `Decimal`. Knows the shapes, not the library."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from core.money import decimals
from payments.stripe_errors import Unreadable

LONGEST_NAME = 200
LAST4 = re.compile(r"[0-9]{4}")
SESSION_STATUSES = frozenset({"open", "complete", "expired"})


@dataclass(frozen=True)
class Session:
    """A Checkout Session as Stripe knows it now. `received` is what its payment really took: None until
    it is fetched and the payment has succeeded."""

    id: str
    url: str
    status: str
    is_paid: bool
    amount: Decimal | None
    currency: str
    intent_id: str | None
    client_reference: str
    is_live: bool
    intent_status: str = ""
    received: Decimal | None = None
    received_currency: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    email: str = ""
    payer_name: str = ""
    made_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def is_closed(self) -> bool:
        return self.status == "expired"

    @property
    def is_processing(self) -> bool:
        """Filled in and accepted, but the bank has not decided: nobody can pay here again, and no money is there."""
        return self.status == "complete" and not self.is_paid and self.intent_status == "processing"

    @property
    def has_failed(self) -> bool:
        """The bank decided late, and against it."""
        return (
            self.status == "complete"
            and not self.is_paid
            and self.intent_status in {"requires_payment_method", "canceled"}
        )


@dataclass(frozen=True)
class CardUse:
    """What Stripe knows of the cards of a payment: how often one was declined, and which one paid ('' for none).

    `last4`: the last four digits of that card.
    """

    declines: int
    paid_with: str
    last4: str = ""


@dataclass(frozen=True)
class StripeRefund:
    """A refund, ours or made in the dashboard: then it carries no key."""

    id: str
    status: str
    failure: str
    amount: Decimal
    currency: str
    intent_id: str | None
    created: "Created"

    @property
    def key(self) -> str:
        """Our refund's key."""
        return self.created.key


@dataclass(frozen=True)
class StripeCharge:
    """A charge that brought money. `refunded`: what of it went back by now."""

    id: str
    intent_id: str | None
    amount: Decimal
    currency: str
    refunded: Decimal
    made_at: datetime
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Movement:
    """A movement of the balance at Stripe: `source` is the id of the charge, refund or dispute behind it, if any."""

    id: str
    kind: str
    source: str


@dataclass(frozen=True)
class StripeDispute:
    id: str
    status: str
    amount: Decimal
    currency: str
    intent_id: str | None
    reason: str
    answer_by: datetime | None


@dataclass(frozen=True)
class Created:
    """That something was created at Stripe: a session, a payment intent or a refund. `key` is that of our row."""

    kind: str
    id: str
    key: str
    created_at: datetime
    metadata: dict[str, str]


@dataclass(frozen=True)
class Delivery:
    """A verified webhook: a hint at what to fetch, nothing to believe."""

    id: str
    kind: str
    payload: dict[str, Any]


def to_minor(amount: Decimal, currency: str) -> int:
    """Raises ValueError when the amount has more decimals than its currency."""
    minor = amount.scaleb(decimals(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} is not a whole number of its smallest coin")
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-decimals(currency))


def metadata_of(thing: Any) -> dict[str, str]:
    return dict(thing.metadata.to_dict()) if thing.metadata else {}


def expect(thing: Any, kind: str, *, stripe_id: str | None = None) -> Any:
    """The object that was asked for, by its kind and, where it is known, its id. Raises Unreadable for anything else."""
    found, name = getattr(thing, "object", None), getattr(thing, "id", None)
    if found != kind or not isinstance(name, str) or not name or stripe_id not in {None, name}:
        raise Unreadable(f"the answer is not the {kind} that was asked for")
    return thing


def expect_page(page: Any) -> Any:
    """One page of a list. Raises Unreadable for anything else, which must not pass for an empty list."""
    is_page = getattr(page, "object", None) == "list" and isinstance(getattr(page, "data", None), list)
    if not is_page or not isinstance(getattr(page, "has_more", None), bool):
        raise Unreadable("the answer is not a list")
    return page


def as_session(session: Any) -> Session:
    """Raises Unreadable for what is no Checkout Session, or one that is open and has no address."""
    expect(session, "checkout.session")
    if session.status not in SESSION_STATUSES or (session.status == "open" and not session.url):
        raise Unreadable("the answer is not a whole checkout.session")
    currency = str(session.currency or "").upper()
    total = session.amount_total
    return Session(
        id=session.id,
        url=session.url or "",
        status=session.status,
        is_paid=session.payment_status == "paid",
        amount=None if total is None else from_minor(total, currency),
        currency=currency,
        intent_id=_id_of(session.payment_intent),
        client_reference=session.client_reference_id or "",
        is_live=bool(session.livemode),
        metadata=metadata_of(session),
        email=_email_of(session),
        payer_name=_name_of(session),
        made_at=datetime.fromtimestamp(session.created, UTC) if getattr(session, "created", None) else None,
        **_received(session.payment_intent),
    )


def _email_of(session: Any) -> str:
    """The address that the session was opened with, or what its customer typed there."""
    details = getattr(session, "customer_details", None)
    return str(getattr(session, "customer_email", None) or getattr(details, "email", None) or "")


def _name_of(session: Any) -> str:
    """What the customer typed as their name on the payment page, as one line that the database can store."""
    details = getattr(session, "customer_details", None)
    text = str(getattr(details, "name", None) or "").encode(errors="ignore").decode()
    return " ".join("".join(sign for sign in text if sign.isprintable()).split())[:LONGEST_NAME]


def _received(intent: Any) -> dict[str, Any]:
    """What an expanded payment intent tells beyond its id."""
    if intent is None or isinstance(intent, str):
        return {}
    expect(intent, "payment_intent")
    currency = str(intent.currency).upper()
    has_money = intent.status == "succeeded"
    return {
        "intent_status": intent.status,
        "received": from_minor(intent.amount_received, currency) if has_money else None,
        "received_currency": currency if has_money else "",
    }


def as_refund(refund: Any) -> StripeRefund:
    expect(refund, "refund")
    currency = str(refund.currency).upper()
    return StripeRefund(
        id=refund.id,
        status=refund.status or "pending",
        failure=getattr(refund, "failure_reason", None) or "",
        amount=from_minor(refund.amount, currency),
        currency=currency,
        intent_id=_id_of(refund.payment_intent),
        created=as_created(refund, "refund"),
    )


def as_charge(charge: Any) -> StripeCharge:
    """Of a charge that succeeded."""
    expect(charge, "charge")
    currency = str(charge.currency).upper()
    return StripeCharge(
        id=charge.id,
        intent_id=_id_of(charge.payment_intent),
        amount=from_minor(charge.amount_captured, currency),
        currency=currency,
        refunded=from_minor(charge.amount_refunded, currency),
        made_at=datetime.fromtimestamp(charge.created, UTC),
        metadata=metadata_of(charge),
    )


def as_movement(movement: Any) -> Movement:
    expect(movement, "balance_transaction")
    return Movement(id=movement.id, kind=str(movement.type), source=_id_of(movement.source) or "")


def as_card(charge: Any) -> str:
    """The fingerprint of the card that was charged: the same card has the same one. '' for anything but a card."""
    return str(getattr(_card_of(charge), "fingerprint", None) or "")[:64]


def last4_of(charge: Any) -> str:
    """The last four digits of the card that was charged; '' for anything else."""
    digits = str(getattr(_card_of(charge), "last4", None) or "")
    return digits if LAST4.fullmatch(digits) else ""


def _card_of(charge: Any) -> Any:
    details = charge.payment_method_details
    return getattr(details, "card", None) if details else None


def as_created(thing: Any, kind: str) -> Created:
    metadata = metadata_of(expect(thing, kind))
    key = metadata.get("key" if kind == "refund" else "payment", "")
    return Created(kind, thing.id, key, datetime.fromtimestamp(thing.created, UTC), metadata)


def as_dispute(dispute: Any) -> StripeDispute:
    expect(dispute, "dispute")
    currency = str(dispute.currency).upper()
    due_by = dispute.evidence_details.due_by if dispute.evidence_details else None
    return StripeDispute(
        id=dispute.id,
        status=dispute.status,
        amount=from_minor(dispute.amount, currency),
        currency=currency,
        intent_id=_id_of(dispute.payment_intent),
        reason=str(dispute.reason or ""),
        answer_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
    )


def _id_of(thing: Any) -> str | None:
    return thing if thing is None or isinstance(thing, str) else str(thing.id)
