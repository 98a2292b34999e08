"""Faults on the wire: slow answers, errors, lost replies, a dead host, answers that are not Stripe's own."""

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal

from dev.sandbox.switches import check_choice

Kind = Literal["slow", "error", "lose_reply", "cut", "hang", "hold", "proxy", "truncate", "reply", "stripes_reply"]
Stage = Literal["before", "during", "after"]
PAGE = "<!doctype html><title>{status}</title><h1>This is not Stripe</h1>"


@dataclass
class Fault:
    """One rule; it applies to the next `times` matching requests (None: until cleared).

    Stage says how much had happened: `before` nothing, nothing is kept; `during` the endpoint had begun but changed
    nothing, its error is kept under the idempotency key; `after` the work is done.
    """

    kind: Kind
    path: str = "*"
    method: str = "*"
    times: int | None = None
    stage: Stage = "before"
    status: int = 500
    seconds: float = 0.0
    body: str = "{}"
    reached: threading.Event = field(default_factory=threading.Event, repr=False)
    released: threading.Event = field(default_factory=threading.Event, repr=False)

    def __post_init__(self) -> None:
        check_choice(Kind, self.kind)
        check_choice(Stage, self.stage)

    def matches(self, method: str, path: str) -> bool:
        return fnmatch(method, self.method) and fnmatch(path, self.path)

    @property
    def replaces(self) -> bool:
        return self.kind in ("proxy", "truncate", "reply", "stripes_reply")

    def replacement(self, answer: str) -> tuple[str, str]:
        """What comes instead of an answer, and its media type."""
        if self.kind == "proxy":
            return PAGE.format(status=self.status), "text/html"
        return (answer[: len(answer) // 2] if self.kind == "truncate" else self.body), "application/json"

    def release(self) -> None:
        """Let a held request go on."""
        self.released.set()

    def as_json(self) -> dict[str, Any]:
        names = ("kind", "path", "method", "times", "stage", "status", "seconds", "body")
        return {name: getattr(self, name) for name in names} | {"reached": self.reached.is_set()}


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []
        self._used: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._rules.append(fault)
        return fault

    def take(self, method: str, path: str) -> list[Fault]:
        """The rules for this request; each use counts."""
        with self._lock:
            found = [rule for rule in self._rules if rule.matches(method, path)]
            for rule in found:
                if rule.times is not None:
                    rule.times -= 1
            self._rules = [rule for rule in self._rules if rule.times is None or rule.times > 0]
            self._used += found
            return found

    def release(self) -> None:
        """Every held request goes on."""
        with self._lock:
            for rule in self._rules + self._used:
                rule.release()

    def clear(self) -> None:
        self.release()
        with self._lock:
            self._rules.clear()
            self._used.clear()

    def as_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [rule.as_json() for rule in self._rules]
