"""Stored values that this release may not know: during a rolling update the next one writes rows already."""

from enum import Enum


def known[Kind: Enum](kind: type[Kind], stored: object) -> Kind | None:
    """The member with a stored value; None for one of another release. Pages then say something general.

    For what people read. What decides about money or seats asks the enum itself, and fails.
    """
    try:
        return kind(stored)
    except ValueError:
        return None
