"""What Stripe says, read into the port's answers. Knows the shapes, not the library; minor units live here alone."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from core.money import decimals
from payments.providers.answers import Charge, Created, DisputeAnswer, RefundAnswer, Session, SessionStatus
from payments.providers.errors import Unreadable
from payments.states import DisputeStatus, RefundStatus

LONGEST_NAME = 200
LONGEST_REFERENCE = 64
LAST4 = re.compile(r"[0-9]{4}")
SESSION_STATUSES = {
    "open": SessionStatus.OPEN,
    "complete": SessionStatus.COMPLETE,
    "expired": SessionStatus.CLOSED,
}
REFUND_STATUSES = {
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
# Whatever they add later is a dispute that is open.
DISPUTE_STATUSES = {
    "warning_needs_response": DisputeStatus.INQUIRY,
    "warning_under_review": DisputeStatus.INQUIRY,
    "warning_closed": DisputeStatus.CLOSED,
    "prevented": DisputeStatus.CLOSED,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}
REFUSED_INTENTS = frozenset({"requires_payment_method", "canceled"})


def to_minor(amount: Decimal, currency: str) -> int:
    """Convert an amount to the smallest coin. Raises ValueError when it has too many decimals."""
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
    """Read a Checkout Session. Raises Unreadable for another object, or an open session without an address."""
    expect(session, "checkout.session")
    if session.status not in SESSION_STATUSES or (session.status == "open" and not session.url):
        raise Unreadable("the answer is not a whole checkout.session")
    currency = str(session.currency or "").upper()
    total, is_paid = session.amount_total, session.payment_status == "paid"
    return Session(
        id=session.id,
        url=session.url or "",
        status=SESSION_STATUSES[session.status],
        is_paid=is_paid,
        amount=None if total is None else from_minor(total, currency),
        currency=currency,
        provider_payment_id=_id_of(session.payment_intent),
        key=session.client_reference_id or "",
        is_live=bool(session.livemode),
        metadata=metadata_of(session),
        email=_email_of(session),
        payer_name=_name_of(session),
        made_at=datetime.fromtimestamp(session.created, UTC) if getattr(session, "created", None) else None,
        **_received(session.payment_intent, may_wait=session.status == "complete" and not is_paid),
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


def _received(intent: Any, *, may_wait: bool) -> dict[str, Any]:
    """What an expanded payment intent tells beyond its id. `may_wait`: the session is complete and not paid."""
    if intent is None or isinstance(intent, str):
        return {}
    expect(intent, "payment_intent")
    currency = str(intent.currency).upper()
    has_money = intent.status == "succeeded"
    return {
        "is_processing": may_wait and intent.status == "processing",
        "has_failed": may_wait and intent.status in REFUSED_INTENTS,
        "received": from_minor(intent.amount_received, currency) if has_money else None,
        "received_currency": currency if has_money else "",
    }


def as_refund(refund: Any) -> RefundAnswer:
    expect(refund, "refund")
    currency = str(refund.currency).upper()
    return RefundAnswer(
        id=refund.id,
        status=REFUND_STATUSES.get(refund.status, RefundStatus.PENDING),
        failure=getattr(refund, "failure_reason", None) or "",
        amount=from_minor(refund.amount, currency),
        currency=currency,
        provider_payment_id=_id_of(refund.payment_intent),
        created=as_created(refund, "refund"),
        bank_reference=_bank_reference(refund),
    )


def _bank_reference(refund: Any) -> str:
    """The acquirer's reference number (ARN). Stripe hears of it some days after the refund."""
    details = getattr(refund, "destination_details", None)
    card = getattr(details, "card", None)
    return str(getattr(card, "reference", None) or "")[:LONGEST_REFERENCE]


def as_charge(charge: Any) -> Charge:
    """Read a charge that succeeded."""
    expect(charge, "charge")
    currency = str(charge.currency).upper()
    return Charge(
        id=charge.id,
        provider_payment_id=_id_of(charge.payment_intent),
        amount=from_minor(charge.amount_captured, currency),
        currency=currency,
        refunded=from_minor(charge.amount_refunded, currency),
        made_at=datetime.fromtimestamp(charge.created, UTC),
        metadata=metadata_of(charge),
    )


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


def as_dispute(dispute: Any) -> DisputeAnswer:
    expect(dispute, "dispute")
    currency = str(dispute.currency).upper()
    due_by = dispute.evidence_details.due_by if dispute.evidence_details else None
    return DisputeAnswer(
        id=dispute.id,
        status=DISPUTE_STATUSES.get(dispute.status, DisputeStatus.OPEN),
        amount=from_minor(dispute.amount, currency),
        currency=currency,
        provider_payment_id=_id_of(dispute.payment_intent),
        reason=str(dispute.reason or ""),
        answer_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
    )


def _id_of(thing: Any) -> str | None:
    return thing if thing is None or isinstance(thing, str) else str(thing.id)
