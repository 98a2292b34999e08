"""A refusal that says "too often" also says how long to wait."""

import inspect

from boxoffice import refusals as _boxoffice  # noqa: F401  (all refusals of the product are loaded)
from core.refusals import Refusal, TooOften
from payments.sessions import session_limits as _payments  # noqa: F401
from reservations.links import booking_addresses as _reservations  # noqa: F401


def all_kinds(kind: type[Refusal]) -> set[type[Refusal]]:
    return {kind}.union(*(all_kinds(below) for below in kind.__subclasses__()))


def test_every_429_says_for_how_long():
    too_many = {kind for kind in all_kinds(Refusal) if kind.status == 429}
    assert len(too_many) > 5
    assert [
        kind for kind in too_many if not kind.retry_after and "retry_after" not in inspect.signature(kind).parameters
    ] == []


def test_the_sentence_says_the_same_in_minutes():
    kinds = all_kinds(TooOften) - {TooOften}
    assert all("an hour." not in kind(601).sentence and "11 minutes" in kind(601).sentence for kind in kinds)
    assert all("a minute" in kind(59).sentence for kind in kinds)
