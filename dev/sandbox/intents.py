"""PaymentIntents and Charges, read only: they come to be on the payment page."""

from typing import Any

from dev.sandbox.desk import Desk
from dev.sandbox.errors import missing_object
from dev.sandbox.expand import expanded
from dev.sandbox.lists import page
from dev.sandbox.params import EXPAND, INTEGER, RANGE, STRING, check

Body = dict[str, Any]
LIST = {"created": RANGE, "ending_before": STRING, "expand": EXPAND, "limit": INTEGER, "starting_after": STRING}


def retrieve(desk: Desk, params: Body, intent_id: str) -> Body:
    return _retrieve(desk, params, "payment_intent", intent_id, param="intent")


def list_all(desk: Desk, params: Body) -> Body:
    checked = check(LIST, params)
    found = page(desk, kind="payment_intent", url="/v1/payment_intents", params=checked, conditions=[])
    return expanded(desk, found, checked.get("expand", []))


def retrieve_charge(desk: Desk, params: Body, charge_id: str) -> Body:
    return _retrieve(desk, params, "charge", charge_id, param="id")


def list_charges(desk: Desk, params: Body) -> Body:
    checked = check(LIST | {"payment_intent": STRING}, params)
    conditions = [("payment_intent = ?", [checked["payment_intent"]])] if "payment_intent" in checked else []
    found = page(desk, kind="charge", url="/v1/charges", params=checked, conditions=conditions)
    return expanded(desk, found, checked.get("expand", []))


def _retrieve(desk: Desk, params: Body, kind: str, object_id: str, *, param: str) -> Body:
    checked = check({"expand": EXPAND}, params)
    found = desk.ledger.get(kind, object_id)
    if found is None:
        raise missing_object(kind, object_id, param=param)
    return expanded(desk, found, checked.get("expand", []))
