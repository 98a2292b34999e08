"""Money going back: all of it, a part, too much, twice, pending, failed."""

from typing import Any

from dev.sandbox import balance, events
from dev.sandbox.currencies import shown
from dev.sandbox.desk import Desk
from dev.sandbox.errors import StripeError, invalid, missing_object, refused
from dev.sandbox.expand import expanded
from dev.sandbox.lists import page
from dev.sandbox.params import EXPAND, INTEGER, METADATA, RANGE, STRING, OneOf, check
from dev.sandbox.shapes import refund_shape

Body = dict[str, Any]
CREATE = {
    "amount": INTEGER,
    "charge": STRING,
    "expand": EXPAND,
    "metadata": METADATA,
    "payment_intent": STRING,
    "reason": OneOf(("duplicate", "fraudulent", "requested_by_customer")),
}
LIST = {
    "charge": STRING,
    "created": RANGE,
    "ending_before": STRING,
    "expand": EXPAND,
    "limit": INTEGER,
    "payment_intent": STRING,
    "starting_after": STRING,
}


def create(desk: Desk, params: Body) -> Body:
    checked = check(CREATE, params)
    if not {"charge", "payment_intent"} & checked.keys():
        raise StripeError("One of the following params should be provided for this request: payment_intent or charge.")
    if checked.get("amount", 1) < 1:
        raise invalid("Invalid positive integer", "amount", "parameter_invalid_integer")
    with desk.ledger.transaction():
        charge = _charge(desk, checked)
        amount = _amount(desk, charge, checked)
        mode = _mode(desk, charge)
        status = "pending" if mode == "pending" else "succeeded"
        refund = refund_shape(now=desk.clock.stamp(), charge=charge, amount=amount, status=status, params=checked)
        if mode == "pending":
            refund["pending_reason"] = "processing"
        desk.ledger.add(refund)
        _count(desk, charge, amount)
        balance.move(desk, kind="refund", source=refund, amount=-amount)
        events.record(desk, "refund.created", refund)
        events.record(desk, "charge.refunded", charge)
        answer = expanded(desk, refund, checked.get("expand", []))
        if mode == "failed":
            _fail(desk, refund, "unknown")  # after the answer: the site hears of it later, as with a real bank
        return answer


def _charge(desk: Desk, checked: Body) -> Body:
    if "charge" in checked:
        charge = desk.ledger.get("charge", checked["charge"])
        if charge is None:
            raise missing_object("charge", checked["charge"], param="charge")
    else:
        intent = desk.ledger.get("payment_intent", checked["payment_intent"])
        if intent is None:
            raise missing_object("payment_intent", checked["payment_intent"], param="payment_intent")
        charge = desk.ledger.get("charge", intent["latest_charge"] or "")
    if charge is None or charge["status"] != "succeeded":
        raise refused("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
    return charge


def _amount(desk: Desk, charge: Body, checked: Body) -> int:
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] and not desk.ledger.find("dispute", "charge = ? AND status = 'won'", charge["id"]):
        raise refused(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if left == 0:
        raise refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount: int = checked.get("amount", left)
    if amount > left:
        currency = charge["currency"]
        raise refused(
            f"Refund amount ({shown(amount, currency)}) is greater than unrefunded amount on charge "
            f"({shown(left, currency)})",
            param="amount",
        )
    return amount


def _mode(desk: Desk, charge: Body) -> str:
    """A card made for it decides, otherwise the switch."""
    mode: str = charge["_refund_mode"] or desk.switches.refunds
    if mode == "insufficient_balance":
        raise refused("Insufficient funds in your Stripe balance to refund this amount.", code="balance_insufficient")
    return mode


def _count(desk: Desk, charge: Body, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    desk.ledger.save(charge)


def succeed(desk: Desk, refund_id: str) -> Body:
    """Let a pending refund arrive."""
    with desk.ledger.transaction():
        refund = fetch(desk, refund_id)
        if refund["status"] != "pending":
            raise refused("Only a pending refund can succeed.")
        refund["status"] = "succeeded"
        refund.pop("pending_reason", None)
        _announce(desk, refund)
        return refund


def reference_is_known(desk: Desk, refund_id: str, reference: str) -> Body:
    """Set the number by which the bank finds a refund, which the card network gives it some days later."""
    with desk.ledger.transaction():
        refund = fetch(desk, refund_id)
        refund["destination_details"]["card"] |= {
            "reference": reference,
            "reference_status": "available",
            "reference_type": "acquirer_reference_number",
        }
        _announce(desk, refund)
        return refund


def fail(desk: Desk, refund_id: str, *, reason: str = "expired_or_canceled_card") -> Body:
    """Let a refund fail, also after it had succeeded, because banks send money back weeks later."""
    with desk.ledger.transaction():
        refund = fetch(desk, refund_id)
        if refund["status"] == "failed":
            raise refused("This refund has failed already.")
        _fail(desk, refund, reason)
        return refund


def _fail(desk: Desk, refund: Body, reason: str) -> None:
    refund |= {"status": "failed", "failure_reason": reason}
    refund.pop("pending_reason", None)
    charge = desk.ledger.get("charge", refund["charge"])
    assert charge is not None
    _count(desk, charge, -refund["amount"])
    back = balance.move(desk, kind="refund_failure", source=refund, amount=refund["amount"])
    refund["failure_balance_transaction"] = back["id"]
    _announce(desk, refund)
    events.record(desk, "refund.failed", refund)


def _announce(desk: Desk, refund: Body) -> None:
    desk.ledger.save(refund)
    events.record(desk, "refund.updated", refund)
    events.record(desk, "charge.refund.updated", refund)


def fetch(desk: Desk, refund_id: str) -> Body:
    refund = desk.ledger.get("refund", refund_id)
    if refund is None:
        raise missing_object("refund", refund_id, param="refund")
    return refund


def retrieve(desk: Desk, params: Body, refund_id: str) -> Body:
    checked = check({"expand": EXPAND}, params)
    return expanded(desk, fetch(desk, refund_id), checked.get("expand", []))


def list_all(desk: Desk, params: Body) -> Body:
    checked = check(LIST, params)
    conditions = [(f"{name} = ?", [checked[name]]) for name in ("charge", "payment_intent") if name in checked]
    found = page(desk, kind="refund", url="/v1/refunds", params=checked, conditions=conditions)
    return expanded(desk, found, checked.get("expand", []))
