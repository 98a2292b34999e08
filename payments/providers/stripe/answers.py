"""Converts Stripe's objects into the port's answers. Imports nothing of the SDK; minor units are used in this module
alone.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from core.money import CURRENCIES, rounded
from payments.providers.answers import Charge, Created, DisputeAnswer, RefundAnswer, Session, SessionStatus
from payments.providers.errors import OtherCurrency, Unreadable
from payments.providers.stripe.charges import is_in_coins, minor_digits
from payments.states import DisputeStatus, RefundStatus

LONGEST_ID = 200
LONGEST_ADDRESS = 2000
LONGEST_NAME = 200
LONGEST_REFERENCE = 64
# No amount at Stripe has more than twelve digits.
LARGEST_MINOR = 10**12 - 1
LARGEST_RECEIVED = 10**8 - 1  # of our own payments: what a column for money keeps, in whole units
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
# A status that Stripe adds later counts as an open dispute.
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
    """Convert an amount to minor units. Raises ValueError when it has too many decimals."""
    if not is_in_coins(amount, currency):
        raise ValueError(f"{amount} {currency} is not a whole number of its smallest coin")
    return int(amount.scaleb(minor_digits(currency)))


def from_minor(minor: Any, currency: str) -> Decimal:
    """Read an amount in minor units. Raises Unreadable for anything but a whole number of coins that is not negative."""
    if type(minor) is not int or not 0 <= minor <= LARGEST_MINOR:
        raise Unreadable("an amount is not a whole number of coins")
    amount = Decimal(minor).scaleb(-minor_digits(currency))
    if not is_in_coins(amount, currency):
        raise Unreadable("an amount is not a whole number of coins")
    return rounded(amount, currency)


def metadata_of(thing: Any) -> dict[str, str]:
    """The metadata of an object. Values of other programs that our columns cannot store are left out."""
    carried: dict[str, Any] = thing.metadata.to_dict() if thing.metadata else {}
    return {name: value for name, value in carried.items() if isinstance(value, str) and value.isprintable()}


def expect(thing: Any, kind: str, *, stripe_id: str | None = None) -> Any:
    """The object that was asked for, by its kind and, where it is known, its id. Raises Unreadable for anything else."""
    found, name = getattr(thing, "object", None), getattr(thing, "id", None)
    if found != kind or not _is_id(name) or stripe_id not in {None, name}:
        raise Unreadable(f"the answer is not the {kind} that was asked for")
    return thing


def _is_id(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= LONGEST_ID and name.isascii() and name.isprintable()


def expect_page(page: Any) -> Any:
    """One page of a list. Raises Unreadable for anything else, which must not pass for an empty list."""
    is_page = getattr(page, "object", None) == "list" and isinstance(getattr(page, "data", None), list)
    if not is_page or not isinstance(getattr(page, "has_more", None), bool):
        raise Unreadable("the answer is not a list")
    return page


def as_session(session: Any) -> Session:
    """Read a Checkout Session. Raises Unreadable for another object, or an open session without an address."""
    expect(session, "checkout.session")
    if session.status not in SESSION_STATUSES or (session.status == "open" and not _is_address(session.url)):
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


def _is_address(url: Any) -> bool:
    """Whether a browser can be sent there. Raises ValueError for an address that cannot be taken apart."""
    if not isinstance(url, str) or len(url) > LONGEST_ADDRESS or not (url.isascii() and url.isprintable()):
        return False
    parts = urlsplit(url)
    return parts.scheme in {"https", "http"} and bool(parts.hostname)


def _email_of(session: Any) -> str:
    """The address that the session was opened with, or what its customer typed there."""
    details = getattr(session, "customer_details", None)
    return str(getattr(session, "customer_email", None) or getattr(details, "email", None) or "")


def _name_of(session: Any) -> str:
    """The name that the customer typed on the payment page, as one line that the database can store."""
    details = getattr(session, "customer_details", None)
    return _one_line(getattr(details, "name", None))[:LONGEST_NAME]


def _one_line(text: Any) -> str:
    """As one line that the database can store; '' for nothing."""
    return " ".join("".join(sign for sign in str(text or "") if sign.isprintable()).split())


def _received(intent: Any, *, may_wait: bool) -> dict[str, Any]:
    """The facts of an expanded payment intent. `may_wait`: the session is complete and not paid."""
    if intent is None or isinstance(intent, str):
        return {}
    expect(intent, "payment_intent")
    currency = str(intent.currency).upper()
    has_money = intent.status == "succeeded"
    received = from_minor(intent.amount_received, currency) if has_money else None
    if received is not None and not 0 < received <= LARGEST_RECEIVED:
        raise Unreadable("a payment succeeded, and what came is no price")
    return {
        "is_processing": may_wait and intent.status == "processing",
        "has_failed": may_wait and intent.status in REFUSED_INTENTS,
        "received": received,
        "received_currency": currency if has_money else "",
    }


def as_refund(refund: Any) -> RefundAnswer:
    currency = _currency_of(expect(refund, "refund"))
    return RefundAnswer(
        id=refund.id,
        status=REFUND_STATUSES.get(refund.status, RefundStatus.PENDING),
        failure=_one_line(getattr(refund, "failure_reason", None)),
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
    return _one_line(getattr(card, "reference", None))[:LONGEST_REFERENCE]


def as_charge(charge: Any) -> Charge:
    """Read a charge that succeeded."""
    currency = _currency_of(expect(charge, "charge"))
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
    return _one_line(getattr(_card_of(charge), "fingerprint", None))[:64]


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
    currency = _currency_of(expect(dispute, "dispute"))
    due_by = dispute.evidence_details.due_by if dispute.evidence_details else None
    return DisputeAnswer(
        id=dispute.id,
        status=DISPUTE_STATUSES.get(dispute.status, DisputeStatus.OPEN),
        amount=from_minor(dispute.amount, currency),
        currency=currency,
        provider_payment_id=_id_of(dispute.payment_intent),
        reason=_one_line(dispute.reason),
        answer_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
    )


def _currency_of(thing: Any) -> str:
    """The currency of a movement. Raises OtherCurrency for one that we do not sell in."""
    currency = str(thing.currency).upper()
    if currency not in CURRENCIES:
        raise OtherCurrency(thing.object, thing.id, _id_of(thing.payment_intent), metadata_of(thing))
    return currency


def _id_of(thing: Any) -> str | None:
    """The id of an object, expanded or not; None where there is none. Raises Unreadable."""
    name = thing if thing is None or isinstance(thing, str) else thing.id
    if name is not None and not _is_id(name):
        raise Unreadable("an id cannot be read")
    return str(name) if name is not None else None
