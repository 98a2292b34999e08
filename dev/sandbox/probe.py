"""Looks, while Stripe is being called, whether the site has left a transaction open in its database."""

import time
from typing import Any, Protocol

from dev.sandbox.desk import Desk

# A connection that works on something else moves on within this time; one that waits for Stripe's answer cannot.
PATIENCE = 0.05

Sightings = dict[tuple[int, Any], dict[str, Any]]


class ProbeFailed(Exception):
    """The database could not be asked."""


class Probe(Protocol):
    def idle_transactions(self) -> Sightings:
        """Open and idle transactions by connection and moment of their last move."""

    def close(self) -> None: ...


def look(desk: Desk, method: str, path: str) -> None:
    """Two looks: a transaction that is idle in both, unmoved, is held open over the call."""
    if desk.probe is None:
        return
    request = {"method": method, "path": path}
    try:
        first = desk.probe.idle_transactions()
        if not first:
            return
        time.sleep(PATIENCE)
        second = desk.probe.idle_transactions()
    except ProbeFailed as error:
        # A probe that cannot look must not pass for a probe that found nothing.
        desk.violations.append(request | {"kind": "probe failed", "error": str(error)})
        return
    for key in first.keys() & second.keys():
        desk.violations.append(request | {"kind": "idle in transaction"} | second[key])
