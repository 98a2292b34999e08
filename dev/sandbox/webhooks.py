"""Delivers events to the site: signed, retried with growing pauses, remembered over a restart."""

import hashlib
import hmac
import http.client
import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dev.sandbox.desk import Desk
from dev.sandbox.shapes import present

Body = dict[str, Any]
Post = Callable[[bytes, str], int]

PAUSES = (1, 2, 4, 8, 16, 32, 60)
GIVES_UP_AFTER = 3 * 86_400
ANSWER_WITHIN = 10.0


@dataclass(frozen=True)
class Letter:
    """One delivery, ready to be posted."""

    delivery_id: int
    event: Body
    body: bytes
    signature: str

    @property
    def type(self) -> str:
        return str(self.event["type"])


def queue_delivery(desk: Desk, event: Body) -> None:
    """One row per copy to send, as the rules say; the caller's transaction carries it."""
    if not desk.has_endpoint:
        return
    copies, delay, state = 1, 0.0, "due"
    for rule in desk.switches.rules_for(event["type"]):
        if rule.action == "duplicate":
            copies += rule.copies
        elif rule.action == "delay":
            delay += rule.seconds
        else:
            state = {"drop": "dropped", "swallow": "swallowed"}[rule.action]
    now = desk.clock.now()
    for _ in range(copies):
        desk.ledger.write(
            "INSERT INTO deliveries (event_id, state, attempts, first_at, next_at) VALUES (?, ?, 0, ?, ?)",
            *(event["id"], state, now, now + delay),
        )
    desk.wake.set()


def letters_due(desk: Desk) -> list[Letter]:
    """What should be posted now; the pause switch stops the courier, not somebody who asks."""
    rows = desk.ledger.query(
        "SELECT id, event_id FROM deliveries WHERE state = 'due' AND next_at <= ? ORDER BY id", desk.clock.now()
    )
    if desk.switches.order == "reversed":
        rows.reverse()
    return [_letter(desk, row) for row in rows]


def _letter(desk: Desk, row: sqlite3.Row) -> Letter:
    event = desk.ledger.get("event", row["event_id"])
    assert event is not None, row["event_id"]
    text = json.dumps(present(event) | {"pending_webhooks": 1}, indent=2)
    # The signature carries real time: the site compares it with its own clock, which the sandbox's tests do not move.
    signature = signed(text, desk.webhook_secret, at=int(time.time()))
    return Letter(row["id"], event, text.encode(), signature)


def signed(body: str, secret: str, *, at: int) -> str:
    """The Stripe-Signature header of a body."""
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def note_answer(desk: Desk, letter: Letter, *, status: int | None, error: str | None = None) -> None:
    """Record the answer: 2xx ends the delivery, anything else plans the next try."""
    now = desk.clock.now()
    with desk.ledger.transaction():
        rows = desk.ledger.query("SELECT attempts, first_at FROM deliveries WHERE id = ?", letter.delivery_id)
        if not rows:
            return  # the ledger was reset while the letter was on its way
        row = rows[0]
        attempts = row["attempts"] + 1
        state = "due"
        if status is not None and 200 <= status < 300:
            state = "delivered"
        elif now - row["first_at"] > GIVES_UP_AFTER:
            state = "failed"
        pause = PAUSES[min(attempts, len(PAUSES)) - 1]
        desk.ledger.write(
            "UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, last_status = ?, last_error = ? WHERE id = ?",
            *(state, attempts, now + pause, status, error, letter.delivery_id),
        )


def deliver_due(desk: Desk, post: Post) -> int:
    """Posts everything that is due, one after another; how many got a 2xx."""
    delivered = 0
    with desk.delivering:
        for letter in letters_due(desk):
            try:
                status = post(letter.body, letter.signature)
            except (OSError, http.client.HTTPException) as failure:
                note_answer(desk, letter, status=None, error=repr(failure))
                continue
            note_answer(desk, letter, status=status)
            delivered += 200 <= status < 300
    return delivered


def make_due(desk: Desk) -> None:
    """Make deliveries that wait for their next try due now."""
    desk.ledger.write("UPDATE deliveries SET next_at = ? WHERE state = 'due'", desk.clock.now())
    desk.wake.set()


def resend(desk: Desk, event_id: str) -> int:
    """The dashboard's Resend: one more delivery of an event, whatever became of the earlier ones."""
    now = desk.clock.now()
    if desk.ledger.get("event", event_id) is None:
        return 0
    desk.wake.set()
    return desk.ledger.write(
        "INSERT INTO deliveries (event_id, state, attempts, first_at, next_at) VALUES (?, 'due', 0, ?, ?)",
        *(event_id, now, now),
    )


def waiting(desk: Desk) -> list[Body]:
    """The deliveries that are neither delivered nor given up."""
    return [row for row in deliveries(desk) if row["state"] == "due"]


def deliveries(desk: Desk) -> list[Body]:
    rows = desk.ledger.query(
        "SELECT d.*, o.type FROM deliveries d LEFT JOIN objects o ON o.id = d.event_id ORDER BY d.id"
    )
    return [dict(row) for row in rows]


def http_post(url: str) -> Post:
    """Post like Stripe: redirects are not followed, and a slow endpoint counts as failed."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (sandbox)"}
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def post(body: bytes, signature: str) -> int:
        connection = kind(parts.hostname or "localhost", parts.port, timeout=ANSWER_WITHIN)
        try:
            connection.request("POST", target, body, headers | {"Stripe-Signature": signature})
            return connection.getresponse().status
        finally:
            connection.close()

    return post
