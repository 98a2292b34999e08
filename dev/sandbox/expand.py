"""`expand[]=payment_intent.latest_charge`: ids in an answer replaced by the objects they name."""

from collections.abc import Iterable
from typing import Any

from dev.sandbox.desk import Desk
from dev.sandbox.errors import StripeError
from dev.sandbox.shapes import present

Body = dict[str, Any]

LINKS = {
    ("checkout.session", "payment_intent"): "payment_intent",
    ("payment_intent", "latest_charge"): "charge",
    ("charge", "payment_intent"): "payment_intent",
    ("refund", "charge"): "charge",
    ("refund", "payment_intent"): "payment_intent",
    ("dispute", "charge"): "charge",
    ("dispute", "payment_intent"): "payment_intent",
}
DEEPEST = 4


def expanded(desk: Desk, body: Body, paths: Iterable[str]) -> Body:
    """The answer as the client sees it."""
    wanted = [path.split(".") for path in paths]
    for path in wanted:
        if len(path) > DEEPEST:
            raise StripeError("You cannot expand more than 4 levels of a property.", param="expand")
    if body.get("object") == "list":
        inner = [_under_data(path) for path in wanted]
        return body | {"data": [_object(desk, item, inner) for item in body["data"]]}
    return _object(desk, body, wanted)


def _under_data(path: list[str]) -> list[str]:
    if path[0] != "data" or len(path) < 2:
        raise _not_expandable(path[0])
    return path[1:]


def _object(desk: Desk, body: Body, paths: list[list[str]]) -> Body:
    shown = present(body)
    for name in dict.fromkeys(path[0] for path in paths):
        deeper = [path[1:] for path in paths if path[0] == name and len(path) > 1]
        shown[name] = _linked(desk, body, name, deeper)
    return shown


def _linked(desk: Desk, body: Body, name: str, deeper: list[list[str]]) -> Any:
    kind = body["object"]
    if (kind, name) == ("checkout.session", "line_items"):
        return lines_of(body)
    if (kind, name) == ("charge", "refunds"):
        found = desk.ledger.find("refund", "charge = ?", body["id"], order="seq DESC")
        url = f"/v1/charges/{body['id']}/refunds"
        return {"object": "list", "data": [present(item) for item in found], "has_more": False, "url": url}
    if (kind, name) not in LINKS:
        raise _not_expandable(name)
    target = body[name]
    if target is None:
        return None
    linked = desk.ledger.get(LINKS[kind, name], target)
    return _object(desk, linked, deeper) if linked else target


def lines_of(session: Body) -> Body:
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": [present(line) for line in session["_lines"]], "has_more": False, "url": url}


def _not_expandable(name: str) -> StripeError:
    return StripeError(f"This property cannot be expanded ({name}).", param="expand")
