"""Looks, while Stripe is being called, whether the site has left a transaction open in its database."""

import time
from typing import Any, Protocol

from dev.sandbox.desk import Desk

# A connection that works on something else moves on within one of these pauses, however busy the machine is; one that
# waits for Stripe's answer cannot.
PAUSES = (0.05, 0.2, 0.75)

Sightings = dict[tuple[int, Any], dict[str, Any]]


class ProbeFailed(Exception):
    """The database could not be asked."""


class Probe(Protocol):
    def idle_transactions(self) -> Sightings:
        """Open and idle transactions by connection and moment of their last move."""

    def close(self) -> None: ...


def look(desk: Desk, method: str, path: str) -> None:
    """Look several times: a transaction that is idle and unchanged in all of them is held open during the call."""
    if desk.probe is None:
        return
    request = {"method": method, "path": path}
    try:
        held = _held_open(desk.probe)
    except ProbeFailed as error:
        # A probe that cannot look must not pass for a probe that found nothing.
        desk.violations.append(request | {"kind": "probe failed", "error": str(error)})
        return
    for seen in held.values():
        desk.violations.append(request | {"kind": "idle in transaction"} | seen)


def _held_open(probe: Probe) -> Sightings:
    held = probe.idle_transactions()
    for pause in PAUSES:
        if not held:
            break
        time.sleep(pause)
        held = {key: seen for key, seen in probe.idle_transactions().items() if key in held}
    return held
