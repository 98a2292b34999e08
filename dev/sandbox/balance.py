"""Balance transactions: every movement of the account's money, read only."""

from typing import Any

from dev.sandbox.desk import Desk
from dev.sandbox.errors import missing_object
from dev.sandbox.expand import expanded
from dev.sandbox.ids import new_id
from dev.sandbox.lists import page
from dev.sandbox.params import EXPAND, INTEGER, RANGE, STRING, check

Body = dict[str, Any]
LIST = {
    "created": RANGE,
    "currency": STRING,
    "ending_before": STRING,
    "expand": EXPAND,
    "limit": INTEGER,
    "source": STRING,
    "starting_after": STRING,
    "type": STRING,
}
DISPUTE_FEE = 1500
# The category of Stripe's reports for each type; those of disputes are told by the caller.
CATEGORIES = {"charge": "charge", "refund": "refund", "refund_failure": "refund_failure"}
SETTLES_AFTER_SECONDS = 2 * 86_400


def move(desk: Desk, *, kind: str, source: Body, amount: int, fee: int = 0, category: str = "") -> Body:
    """Money came (a positive amount, in the smallest coins) or went; `source` is the charge, refund or dispute.

    The charge or refund names its first movement already: that one gets this id.
    """
    now = desk.clock.stamp()
    named = source.get("balance_transaction")
    is_first = named is not None and desk.ledger.get("balance_transaction", named) is None
    return desk.ledger.add(
        {
            "id": named if is_first else new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": now + SETTLES_AFTER_SECONDS,
            "balance_type": "payments",
            "created": now,
            "currency": source["currency"],
            "description": None,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [],
            "net": amount - fee,
            "reporting_category": category or CATEGORIES[kind],
            "source": source["id"],
            "status": "pending",
            "type": kind,
        }
    )


def retrieve(desk: Desk, params: Body, transaction_id: str) -> Body:
    checked = check({"expand": EXPAND}, params)
    found = desk.ledger.get("balance_transaction", transaction_id)
    if found is None:
        raise missing_object("balance transaction", transaction_id)
    return expanded(desk, found, checked.get("expand", []))


def list_all(desk: Desk, params: Body) -> Body:
    checked = check(LIST, params)
    conditions = [
        (f"json_extract(body, '$.{name}') = ?", [checked[name]])
        for name in ("currency", "source", "type")
        if name in checked
    ]
    found = page(
        desk, kind="balance_transaction", url="/v1/balance_transactions", params=checked, conditions=conditions
    )
    return expanded(desk, found, checked.get("expand", []))
