"""Idempotency keys: each is executed once and always gets the same answer."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dev.sandbox.desk import Desk
from dev.sandbox.errors import StripeError

LONGEST_KEY = 255
KEPT_FOR = 86_400


@dataclass(frozen=True)
class Answer:
    """A sent answer, stored to be sent again."""

    status: int
    body: str
    request_id: str


class KeysInUse:
    """Keys of requests being executed now; a crash forgets them, as it should."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[str] = set()

    @contextmanager
    def claimed(self, key: str) -> Iterator[None]:
        with self._lock:
            if key in self._keys:
                raise StripeError(
                    "There is currently another in-progress request using this Idempotent Key (that probably means "
                    f"you submitted twice, and the other request is still going through): {key}. "
                    "Please try again later.",
                    status=409,
                    code="idempotency_key_in_use",
                )
            self._keys.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key)


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def earlier_answer(desk: Desk, key: str, print_now: str) -> Answer | None:
    if len(key) > LONGEST_KEY:
        raise StripeError("Idempotency keys can be at most 255 characters long.", kind="idempotency_error")
    rows = desk.ledger.query("SELECT * FROM answers WHERE key = ? AND created > ?", key, desk.clock.stamp() - KEPT_FOR)
    if not rows:
        return None
    if rows[0]["fingerprint"] != print_now:
        raise StripeError(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    return Answer(rows[0]["status"], rows[0]["body"], rows[0]["request_id"])


def keep(desk: Desk, key: str, print_now: str, answer: Answer) -> None:
    """In the transaction of the work, so that neither exists without the other."""
    desk.ledger.write(
        "INSERT OR REPLACE INTO answers (key, fingerprint, status, body, request_id, created)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        *(key, print_now, answer.status, answer.body, answer.request_id, desk.clock.stamp()),
    )
