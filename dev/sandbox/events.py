"""Writes an event for every change, in the same transaction as the change, and queues its delivery."""

from typing import Any

from dev.sandbox.desk import API_VERSION, Desk, cause
from dev.sandbox.errors import missing_object
from dev.sandbox.ids import new_id
from dev.sandbox.lists import page
from dev.sandbox.params import BOOLEAN, EXPAND, INTEGER, RANGE, STRING, ListOf, check
from dev.sandbox.shapes import present
from dev.sandbox.webhooks import queue_delivery

Body = dict[str, Any]

LIST = {
    "created": RANGE,
    "delivery_success": BOOLEAN,
    "ending_before": STRING,
    "expand": EXPAND,
    "limit": INTEGER,
    "starting_after": STRING,
    "type": STRING,
    "types": ListOf(STRING),
}
UNDELIVERED = "id IN (SELECT event_id FROM deliveries WHERE state IN ('due', 'dropped', 'failed'))"


def record(desk: Desk, event_type: str, subject: Body) -> Body:
    came_from = cause.get()
    request = {"id": came_from.request_id, "idempotency_key": came_from.idempotency_key} if came_from else None
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": desk.clock.stamp(),
        "data": {"object": present(subject)},
        "livemode": False,
        "pending_webhooks": 0,
        "request": request or {"id": None, "idempotency_key": None},
        "type": event_type,
    }
    with desk.ledger.transaction():
        desk.ledger.add(event)
        queue_delivery(desk, event)
    return event


def counted(desk: Desk, event: Body) -> Body:
    """With the number of endpoints that have not answered 2xx yet."""
    rows = desk.ledger.query("SELECT 1 FROM deliveries WHERE event_id = ? AND state = 'due'", event["id"])
    return event | {"pending_webhooks": min(len(rows), 1)}


def retrieve(desk: Desk, params: Body, event_id: str) -> Body:
    check({"expand": EXPAND}, params)
    event = desk.ledger.get("event", event_id)
    if event is None:
        raise missing_object("event", event_id)
    return counted(desk, event)


def list_all(desk: Desk, params: Body) -> Body:
    checked = check(LIST, params)
    conditions: list[tuple[str, Any]] = []
    kinds = checked.get("types", []) + ([checked["type"]] if "type" in checked else [])
    if kinds:
        wanted = " OR ".join("type GLOB ?" for _ in kinds)
        conditions.append((f"({wanted})", kinds))
    if "delivery_success" in checked:
        conditions.append((f"NOT {UNDELIVERED}" if checked["delivery_success"] else UNDELIVERED, []))
    found = page(desk, kind="event", url="/v1/events", params=checked, conditions=conditions)
    found["data"] = [counted(desk, event) for event in found["data"]]
    return found
