"""Reads signed deliveries, refuses what PostgreSQL cannot store, and finds the object that a delivery is about."""

import json
import math
from datetime import UTC, datetime
from typing import Any, NoReturn

from payments.providers.answers import News, Subject, Topic
from payments.providers.errors import Meaningless, Unstorable

# Stripe's own events are about ten levels deep.
DEEPEST = 100
LONGEST_ID = 200
LONGEST_KIND = 80
# Fields of Stripe's objects that say who paid: names, addresses, telephone numbers.
PERSONAL = {
    "billing_details", "collected_information", "custom_fields", "customer_address", "customer_details", "customer_email",
    "customer_name", "customer_phone", "evidence", "receipt_email", "shipping", "shipping_details",
}  # fmt: skip


def read_delivery(body: bytes) -> News:
    """Read the body of a delivery. Raises Unstorable."""
    try:
        payload = json.loads(body.decode(), parse_constant=_refuse_constant)
    except RecursionError:
        raise Unstorable("it is nested too deep") from None
    except ValueError as error:
        raise Unstorable(f"it is not JSON: {error}"[:200]) from None
    return delivery_of(payload)


def delivery_of(payload: Any) -> News:
    """Read a delivery from parsed JSON. Raises Unstorable."""
    if not isinstance(payload, dict) or payload.get("object") != "event":
        raise Unstorable("it is not an event")
    _require_storable(payload)
    return News(
        id=_name(payload, "id", LONGEST_ID),
        kind=_name(payload, "type", LONGEST_KIND),
        payload=_without_persons(payload),
    )


def _without_persons(value: Any) -> Any:
    """Remove the fields about the person who paid: deliveries are kept for ever, and only ids and states are read from
    them.
    """
    if isinstance(value, dict):
        return {name: _without_persons(inner) for name, inner in value.items() if name not in PERSONAL}
    return [_without_persons(inner) for inner in value] if isinstance(value, list) else value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _name(payload: dict[str, Any], field: str, longest: int) -> str:
    value = payload.get(field)
    if not isinstance(value, str) or not value or len(value) > longest:
        raise Unstorable(f"its {field} is not a text of 1 to {longest} characters")
    return value


def _require_storable(payload: dict[str, Any]) -> None:
    """Raise Unstorable for values that jsonb refuses. Works level by level, without recursion."""
    level: list[Any] = [payload]
    for _ in range(DEEPEST):
        for value in level:
            _require_storable_value(value)
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise Unstorable("it is nested too deep")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _require_storable_value(value: Any) -> None:
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise Unstorable("it has a character that cannot be kept")
    if isinstance(value, float) and not math.isfinite(value):
        raise Unstorable("it has a number that cannot be kept")


def topic_of(payload: dict[str, Any]) -> Topic:
    """Tell which object a stored event is about. Raises Meaningless."""
    said = _object_in(payload)
    what, name = said.get("object"), said.get("id")
    subject = {"dispute": Subject.DISPUTE, "refund": Subject.REFUND}.get(str(what), Subject.PAYMENT)
    if subject != Subject.PAYMENT and (not isinstance(name, str) or not name):
        raise Meaningless("its object has no id")
    carried = said.get("metadata")
    metadata: dict[str, Any] = carried if isinstance(carried, dict) else {}
    intent = name if what == "payment_intent" else said.get("payment_intent")
    keys = (said.get("client_reference_id"), metadata.get("payment"))
    return Topic(
        subject=subject,
        what=str(what),
        id=str(name if name is not None else ""),
        created_at=_moment(said.get("created")),
        keys=tuple(key for key in keys if isinstance(key, str) and key),
        session_id=name if what == "checkout.session" and isinstance(name, str) else None,
        provider_payment_id=intent if isinstance(intent, str) and intent else None,
        metadata=metadata,
        says_paid=_says_paid(payload, said),
    )


def _says_paid(payload: dict[str, Any], said: dict[str, Any]) -> bool:
    kind = str(payload.get("type"))
    if kind == "payment_intent.succeeded":
        return True
    return kind.startswith("checkout.session.") and said.get("payment_status") == "paid"


def _object_in(payload: dict[str, Any]) -> dict[str, Any]:
    data = payload.get("data")
    said = data.get("object") if isinstance(data, dict) else None
    if not isinstance(said, dict):
        raise Meaningless("it names no object")
    return said


def _moment(stamp: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int) else None
    except (OverflowError, OSError, ValueError):
        return None
