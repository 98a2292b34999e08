"""Lists as Stripe pages them: newest first, a cursor that is the id of an object."""

from typing import Any

from dev.sandbox.desk import Desk
from dev.sandbox.errors import invalid, missing_object

Body = dict[str, Any]
COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
DEFAULT_LIMIT, LARGEST_LIMIT = 10, 100


def page(desk: Desk, *, kind: str, url: str, params: Body, conditions: list[tuple[str, Any]]) -> Body:
    limit = _limit(params)
    clauses = [*conditions, *_created(params)]
    backwards = "ending_before" in params
    if "starting_after" in params:
        clauses.append(("seq < ?", [_place(desk, kind, params["starting_after"], "starting_after")]))
    if backwards:
        clauses.append(("seq > ?", [_place(desk, kind, params["ending_before"], "ending_before")]))
    where = " AND ".join(["1", *(clause for clause, _ in clauses)])
    values = [value for _, given in clauses for value in given]
    order = "seq ASC" if backwards else "seq DESC"
    found = desk.ledger.find(kind, where, *values, order=order, limit=limit + 1)
    data = found[:limit]
    if backwards:
        data.reverse()
    return {"object": "list", "data": data, "has_more": len(found) > limit, "url": url}


def _limit(params: Body) -> int:
    limit: int = params.get("limit", DEFAULT_LIMIT)
    if limit > LARGEST_LIMIT:
        raise invalid(
            f"This value must be less than or equal to {LARGEST_LIMIT}.", "limit", "parameter_invalid_integer"
        )
    if limit < 1:
        raise invalid("This value must be greater than or equal to 1.", "limit", "parameter_invalid_integer")
    return limit


def _created(params: Body) -> list[tuple[str, list[int]]]:
    created = params.get("created")
    if created is None:
        return []
    if isinstance(created, int):
        return [("created = ?", [created])]
    return [(f"created {COMPARISONS[name]} ?", [moment]) for name, moment in created.items()]


def _place(desk: Desk, kind: str, object_id: str, param: str) -> int:
    rows = desk.ledger.query("SELECT seq FROM objects WHERE id = ? AND kind = ?", object_id, kind)
    if not rows:
        raise missing_object(kind, object_id, param=param, status=400)
    return int(rows[0]["seq"])
