"""The context of every operation of the sandbox: its ledger, clock and switches."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dev.sandbox.clock import Clock
from dev.sandbox.faults import Faults
from dev.sandbox.ledger import Ledger
from dev.sandbox.switches import Switches

if TYPE_CHECKING:
    from dev.sandbox.probe import Probe

API_VERSION = "2026-10-28.endive"
RESET_WITHIN = 10.0


@dataclass(frozen=True)
class Cause:
    """The API request an event came from, as the event's `request` tells it."""

    request_id: str
    idempotency_key: str | None


cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


class InFlight:
    """How many requests are being answered, so that a reset does not meet the tail of an earlier one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def wait_until_none(self) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._count == 0, timeout=RESET_WITHIN):
                raise RuntimeError(f"{self._count} requests to the sandbox are still being answered.")


@dataclass
class Desk:
    ledger: Ledger
    clock: Clock
    secret_key: str
    webhook_secret: str
    webhook_url: str | None = None
    has_endpoint: bool = True
    restricted_keys: dict[str, frozenset[str]] = field(default_factory=dict)
    public_url: str | None = None
    probe: "Probe | None" = None
    faults: Faults = field(default_factory=Faults)
    switches: Switches = field(default_factory=Switches)
    in_flight: InFlight = field(default_factory=InFlight)
    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=10_000))
    violations: list[dict[str, Any]] = field(default_factory=list)
    wake: threading.Event = field(default_factory=threading.Event)
    delivering: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        self.faults.clear()
        self.in_flight.wait_until_none()
        self.switches.reset()
        self.restricted_keys.clear()
        self.ledger.forget()
        self.clock.reset()
        self.requests.clear()
        self.violations.clear()
