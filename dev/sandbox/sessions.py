"""Checkout Sessions: created, read, listed, expired by the site or by time."""

from typing import Any

from dev.sandbox import events
from dev.sandbox.currencies import check_currency, check_total, check_unit_amount
from dev.sandbox.desk import Desk
from dev.sandbox.errors import invalid, missing_object, missing_parameter, refused
from dev.sandbox.expand import expanded, lines_of
from dev.sandbox.lists import page
from dev.sandbox.params import (
    BOOLEAN,
    EMAIL,
    EXPAND,
    INTEGER,
    METADATA,
    RANGE,
    STRING,
    URL,
    ListOf,
    OneOf,
    Required,
    check,
)
from dev.sandbox.shapes import line_shape, session_shape

Body = dict[str, Any]

MINUTE, DAY = 60, 86_400
SHORTEST, LONGEST = 30 * MINUTE, DAY
PRODUCT = {"name": Required(STRING), "description": STRING, "images": ListOf(URL), "metadata": METADATA}
PRICE = {
    "currency": Required(STRING),
    "product_data": Required(PRODUCT),
    "tax_behavior": OneOf(("exclusive", "inclusive", "unspecified")),
    "unit_amount": Required(INTEGER),
}
CREATE = {
    "cancel_url": URL,
    "client_reference_id": STRING,
    "customer_email": EMAIL,
    "expand": EXPAND,
    "expires_at": INTEGER,
    "line_items": ListOf({"price_data": Required(PRICE), "quantity": INTEGER, "metadata": METADATA}),
    "locale": STRING,
    "metadata": METADATA,
    "mode": Required(OneOf(("payment", "setup", "subscription"))),
    "payment_intent_data": {
        "description": STRING,
        "metadata": METADATA,
        "receipt_email": EMAIL,
        "statement_descriptor": STRING,
        "statement_descriptor_suffix": STRING,
    },
    "adaptive_pricing": {"enabled": BOOLEAN},
    "payment_method_types": ListOf(OneOf(("card", "link"))),
    "submit_type": OneOf(("auto", "book", "donate", "pay", "subscribe")),
    "success_url": URL,
    "ui_mode": OneOf(("elements", "embedded_page", "form", "hosted_page")),
}
LIST = {
    "created": RANGE,
    "ending_before": STRING,
    "expand": EXPAND,
    "limit": INTEGER,
    "payment_intent": STRING,
    "starting_after": STRING,
    "status": OneOf(("complete", "expired", "open")),
}
LONGEST_REFERENCE = 200


def create(desk: Desk, params: Body, url_base: str) -> Body:
    checked = check(CREATE, params)
    now = desk.clock.stamp()
    _check_kind(checked)
    checked["expires_at"] = _deadline(checked, now)
    lines, currency = _lines(checked)
    total = sum(line["amount_total"] for line in lines)
    check_total(total, currency)
    session = session_shape(now=now, params=checked, lines=lines, total=total, currency=currency, url_base=url_base)
    desk.ledger.add(session)
    return expanded(desk, session, checked.get("expand", []))


def _check_kind(checked: Body) -> None:
    if checked["mode"] != "payment" or checked.get("ui_mode", "hosted_page") != "hosted_page":
        raise refused("The sandbox speaks mode `payment` with ui_mode `hosted_page` only.", param="mode")
    if "success_url" not in checked:
        raise missing_parameter("success_url")
    if len(checked.get("client_reference_id", "")) > LONGEST_REFERENCE:
        raise invalid(f"Must be at most {LONGEST_REFERENCE} characters", "client_reference_id")


def _deadline(checked: Body, now: int) -> int:
    """Stripe's own rule; it counts from the moment the request arrives."""
    deadline: int = checked.get("expires_at", now + LONGEST)
    if deadline < now + SHORTEST:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at"
        )
    if deadline > now + LONGEST:
        raise invalid(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at"
        )
    return deadline


def _lines(checked: Body) -> tuple[list[Body], str]:
    items = checked.get("line_items")
    if not items:
        raise missing_parameter("line_items")
    lines = []
    currencies = set()
    for place, item in enumerate(items):
        name, price, quantity = f"line_items[{place}]", item["price_data"], item.get("quantity", 1)
        currency = check_currency(price["currency"], f"{name}[price_data][currency]")
        check_unit_amount(price["unit_amount"], currency, f"{name}[price_data][unit_amount]")
        if quantity < 1:
            raise invalid(
                "This value must be greater than or equal to 1.", f"{name}[quantity]", "parameter_invalid_integer"
            )
        product = price["product_data"]
        lines.append(
            line_shape(
                name=product["name"],
                description=product.get("description"),
                unit_amount=price["unit_amount"],
                quantity=quantity,
                currency=currency,
            )
        )
        currencies.add(currency)
    if len(currencies) > 1:
        raise refused("All prices on a Checkout Session must have the same currency.", param="line_items")
    return lines, currencies.pop()


def fetch(desk: Desk, session_id: str) -> Body:
    """The session as it is now: a deadline that has passed has closed it."""
    expire_overdue(desk)
    session = desk.ledger.get("checkout.session", session_id)
    if session is None:
        raise missing_object("checkout.session", session_id)
    return session


def retrieve(desk: Desk, params: Body, session_id: str) -> Body:
    checked = check({"expand": EXPAND}, params)
    return expanded(desk, fetch(desk, session_id), checked.get("expand", []))


def list_lines(desk: Desk, params: Body, session_id: str) -> Body:
    check({"limit": INTEGER}, params)
    return lines_of(fetch(desk, session_id))


def list_all(desk: Desk, params: Body) -> Body:
    checked = check(LIST, params)
    expire_overdue(desk)
    conditions = [(f"{name} = ?", [checked[name]]) for name in ("payment_intent", "status") if name in checked]
    found = page(desk, kind="checkout.session", url="/v1/checkout/sessions", params=checked, conditions=conditions)
    return expanded(desk, found, checked.get("expand", []))


def expire(desk: Desk, params: Body, session_id: str) -> Body:
    checked = check({"expand": EXPAND}, params)
    with desk.ledger.transaction():
        session = fetch(desk, session_id)
        if session["status"] != "open":
            raise refused(
                'Only Checkout Sessions with a status in ["open"] can be expired. '
                f"This Checkout Session has a status of `{session['status']}`."
            )
        close(desk, session)
    return expanded(desk, session, checked.get("expand", []))


def expire_overdue(desk: Desk) -> int:
    """Sessions past their deadline; called before every look and by the background worker."""
    now = desk.clock.stamp()
    if not desk.ledger.find("checkout.session", "status = 'open' AND expires_at <= ?", now, limit=1):
        return 0
    with desk.ledger.transaction():
        overdue = desk.ledger.find("checkout.session", "status = 'open' AND expires_at <= ?", now)
        for session in overdue:
            close(desk, session)
    return len(overdue)


def close(desk: Desk, session: Body) -> None:
    """Close a session, so that nobody can pay it any more; a tried payment is canceled with it."""
    session |= {"status": "expired", "url": None}
    desk.ledger.save(session)
    intent = desk.ledger.get("payment_intent", session["payment_intent"] or "")
    if intent:
        intent |= {"status": "canceled", "canceled_at": desk.clock.stamp(), "next_action": None}
        intent["cancellation_reason"] = "expired"
        desk.ledger.save(intent)
        events.record(desk, "payment_intent.canceled", intent)
    events.record(desk, "checkout.session.expired", session)
