"""A customer's bank takes the money back, and how that ends."""

from typing import Any

from dev.sandbox import balance, events
from dev.sandbox.desk import Desk
from dev.sandbox.errors import missing_object, refused
from dev.sandbox.expand import expanded
from dev.sandbox.lists import page
from dev.sandbox.params import EXPAND, INTEGER, RANGE, STRING, check
from dev.sandbox.shapes import dispute_shape

Body = dict[str, Any]
LIST = {
    "charge": STRING,
    "created": RANGE,
    "ending_before": STRING,
    "expand": EXPAND,
    "limit": INTEGER,
    "payment_intent": STRING,
    "starting_after": STRING,
}


def open_dispute(desk: Desk, charge_id: str, *, reason: str = "fraudulent") -> Body:
    with desk.ledger.transaction():
        charge = desk.ledger.get("charge", charge_id)
        if charge is None:
            raise missing_object("charge", charge_id)
        if charge["disputed"] or charge["status"] != "succeeded":
            raise refused(f"Charge {charge_id} cannot be disputed.")
        dispute = desk.ledger.add(dispute_shape(now=desk.clock.stamp(), charge=charge, reason=reason))
        desk.ledger.save(charge | {"disputed": True})
        _move(desk, dispute, -dispute["amount"], fee=balance.DISPUTE_FEE, category="dispute")
        events.record(desk, "charge.dispute.created", dispute)
        events.record(desk, "charge.dispute.funds_withdrawn", dispute)
        return dispute


def _move(desk: Desk, dispute: Body, amount: int, *, category: str, fee: int = 0) -> None:
    moved = balance.move(desk, kind="adjustment", source=dispute, amount=amount, fee=fee, category=category)
    dispute["balance_transactions"].append(moved)
    desk.ledger.save(dispute)


def win(desk: Desk, dispute_id: str) -> Body:
    with desk.ledger.transaction():
        dispute = _close(desk, dispute_id, "won")
        _move(desk, dispute, dispute["amount"], category="dispute_reversal")
        events.record(desk, "charge.dispute.funds_reinstated", dispute)
        return dispute


def lose(desk: Desk, dispute_id: str) -> Body:
    with desk.ledger.transaction():
        return _close(desk, dispute_id, "lost")


def reopen(desk: Desk, dispute_id: str) -> Body:
    """The bank takes a decided dispute up again. It holds the money meanwhile, as after a lost one."""
    with desk.ledger.transaction():
        dispute = _fetch(desk, dispute_id)
        if dispute["status"] not in ("won", "lost"):
            raise refused(f"This dispute is {dispute['status']}.")
        if dispute["status"] == "won":
            _move(desk, dispute, -dispute["amount"], category="dispute")
            events.record(desk, "charge.dispute.funds_withdrawn", dispute)
        dispute["status"] = "under_review"
        desk.ledger.save(dispute)
        events.record(desk, "charge.dispute.updated", dispute)
        return dispute


def _close(desk: Desk, dispute_id: str, status: str) -> Body:
    dispute = _fetch(desk, dispute_id)
    if dispute["status"] in ("won", "lost"):
        raise refused(f"This dispute is already {dispute['status']}.")
    dispute["status"] = status
    desk.ledger.save(dispute)
    events.record(desk, "charge.dispute.closed", dispute)
    return dispute


def _fetch(desk: Desk, dispute_id: str) -> Body:
    dispute = desk.ledger.get("dispute", dispute_id)
    if dispute is None:
        raise missing_object("dispute", dispute_id, param="dispute")
    return dispute


def retrieve(desk: Desk, params: Body, dispute_id: str) -> Body:
    checked = check({"expand": EXPAND}, params)
    return expanded(desk, _fetch(desk, dispute_id), checked.get("expand", []))


def list_all(desk: Desk, params: Body) -> Body:
    checked = check(LIST, params)
    conditions = [(f"{name} = ?", [checked[name]]) for name in ("charge", "payment_intent") if name in checked]
    found = page(desk, kind="dispute", url="/v1/disputes", params=checked, conditions=conditions)
    return expanded(desk, found, checked.get("expand", []))
