"""Reads `a[b][0]=c` forms and refuses what Stripe would refuse."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dev.sandbox.errors import invalid, missing_parameter, unknown_parameter

STRING, INTEGER, BOOLEAN, METADATA, URL, EMAIL = "string", "integer", "boolean", "metadata", "url", "email"
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500


@dataclass(frozen=True)
class OneOf:
    values: tuple[str, ...]


@dataclass(frozen=True)
class ListOf:
    item: Any


@dataclass(frozen=True)
class Required:
    spec: Any


@dataclass(frozen=True)
class EitherOf:
    """A plain integer, or an object: `created=1` and `created[gte]=1` are both right."""

    plain: Any
    nested: Mapping[str, Any]


RANGE = EitherOf(INTEGER, {"gt": INTEGER, "gte": INTEGER, "lt": INTEGER, "lte": INTEGER})
EXPAND = ListOf(STRING)


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nested dicts; lists stay dicts with number keys, or lists for `a[]=`, until they are checked."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        keys = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name)
        branch = tree
        for key in keys[:-1]:
            found = branch.setdefault(key, {})
            if not isinstance(found, dict):
                raise invalid("Invalid object", name)
            branch = found
        branch[keys[-1] or str(len(branch))] = value
    return tree


def check(spec: Mapping[str, Any], params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The parameters in their types; raises for the first that Stripe would not take."""
    for name in params:
        if name not in spec:
            raise unknown_parameter(_full_name(prefix, name))
    checked: dict[str, Any] = {}
    for name, rule in spec.items():
        full = _full_name(prefix, name)
        required = isinstance(rule, Required)
        if name in params:
            checked[name] = _value(rule.spec if required else rule, params[name], full)
        elif required:
            raise missing_parameter(full)
    return checked


def _full_name(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name


def _value(rule: Any, raw: Any, name: str) -> Any:
    if isinstance(rule, EitherOf):
        rule = rule.nested if isinstance(raw, dict) else rule.plain
    if isinstance(rule, Mapping):
        return check(rule, _as_object(raw, name), name)
    if isinstance(rule, ListOf):
        return [_value(rule.item, item, f"{name}[{place}]") for place, item in _as_object(raw, name).items()]
    if rule == METADATA:
        return _metadata(raw, name)
    if not isinstance(raw, str):
        raise invalid("Invalid string: expected a plain value", name)
    if isinstance(rule, OneOf):
        if raw not in rule.values:
            raise invalid(f"Invalid {name}: must be one of {', '.join(rule.values)}", name)
        return raw
    return PLAIN[rule](raw, name)


def _as_object(raw: Any, name: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise invalid("Invalid object", name)
    return raw


def _string(raw: str, name: str) -> str:
    if not raw:
        raise invalid(
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a value.",
            name,
            "parameter_invalid_empty",
        )
    return raw


def _integer(raw: str, name: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", raw):
        raise invalid(f"Invalid integer: {raw}", name, "parameter_invalid_integer")
    return int(raw)


def _boolean(raw: str, name: str) -> bool:
    if raw not in ("true", "false"):
        raise invalid(f"Invalid boolean: {raw}", name)
    return raw == "true"


def _url(raw: str, name: str) -> str:
    parts = urlsplit(_string(raw, name))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid("Not a valid URL", name, "url_invalid")
    return raw


def _email(raw: str, name: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", _string(raw, name)):
        raise invalid(f"Invalid email address: {raw}", name, "email_invalid")
    return raw


PLAIN = {STRING: _string, INTEGER: _integer, BOOLEAN: _boolean, URL: _url, EMAIL: _email}


def _metadata(raw: Any, name: str) -> dict[str, str]:
    pairs = {key: value for key, value in _as_object(raw, name).items() if value != ""}
    if len(pairs) > METADATA_KEYS:
        raise invalid(f"You can only have up to {METADATA_KEYS} metadata keys", name)
    for key, value in pairs.items():
        if not isinstance(value, str):
            raise invalid("Metadata values must be strings", f"{name}[{key}]")
        if len(key) > METADATA_KEY_LENGTH:
            raise invalid(f"Metadata keys can have up to {METADATA_KEY_LENGTH} characters", name)
        if len(value) > METADATA_VALUE_LENGTH:
            raise invalid(f"Metadata values can have up to {METADATA_VALUE_LENGTH} characters", f"{name}[{key}]")
    return pairs
