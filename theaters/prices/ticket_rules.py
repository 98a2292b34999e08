"""Rules of ticket types as they are stored with the prices of showtimes on sale."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from typing import Any

from theaters.models import TicketType

# The pinned fields of each type, with their default values. Name and note are not pinned, because nothing that was
# bought depends on them.
RULES: Mapping[str, Any] = {
    "position": 0,
    "is_default": False,
    "min_age": None,
    "max_age": None,
    "is_adult": False,
    "needs_adult": False,
    "needs_wheelchair": False,
    "is_empty_place": False,
    "categories": [],
    "people": 1,
    "least": None,
    "most": None,
    "channel": "",
    "needs_code": False,
    "weekdays": [],
    "last_on": None,
}
Rules = dict[str, dict[str, Any]]


def rules_of(types: Iterable[TicketType]) -> Rules:
    """The rules as JSON, by the code of each type; days are ISO 8601."""
    return {kind.code: {name: _stored(getattr(kind, name)) for name in RULES} for kind in types}


def same_rules(pinned: Rules, now: Rules) -> bool:
    """Whether rules are equal. A rule missing in old JSON counts as not set."""
    return {code: {**RULES, **rules} for code, rules in pinned.items()} == now


def with_pinned_rules(kind: TicketType, pinned: Rules) -> TicketType:
    """The type as it was when it was pinned: to read, never to save. Older versions have no pinned rules: then the type
    is returned as it is now.
    """
    if kind.code not in pinned:
        return kind
    as_pinned = copy(kind)
    for name, nothing in RULES.items():
        setattr(as_pinned, name, _read_value(name, pinned[kind.code].get(name, nothing)))
    return as_pinned


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value


def _read_value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "last_on" and value else value
