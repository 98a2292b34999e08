"""Everything the sandbox remembers, in one SQLite file.

Write-ahead log and a commit before every answer: after `kill -9` the next start finds what was answered.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Body = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, created INTEGER NOT NULL,
    status TEXT, type TEXT, payment_intent TEXT, charge TEXT, expires_at INTEGER, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_by_intent ON objects (payment_intent);
CREATE INDEX IF NOT EXISTS objects_by_deadline ON objects (kind, status, expires_at);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    request_id TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    first_at REAL NOT NULL, next_at REAL NOT NULL, last_status INTEGER, last_error TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, next_at);
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event_id);
"""
INDEXED = ("status", "type", "payment_intent", "charge", "expires_at")


class Ledger:
    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=10)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One writer at a time; nested blocks join the outer one."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def query(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: Any) -> int:
        """Rows touched."""
        with self.transaction():
            return self._connection.execute(sql, values).rowcount

    def add(self, body: Body) -> Body:
        columns = [body.get(name) for name in INDEXED]
        self.write(
            "INSERT INTO objects (id, kind, created, status, type, payment_intent, charge, expires_at, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(body["id"], body["object"], body["created"], *columns, json.dumps(body)),
        )
        return body

    def save(self, body: Body) -> Body:
        columns = [body.get(name) for name in INDEXED]
        self.write(
            "UPDATE objects SET status = ?, type = ?, payment_intent = ?, charge = ?, expires_at = ?, body = ?"
            " WHERE id = ?",
            *(*columns, json.dumps(body), body["id"]),
        )
        return body

    def get(self, kind: str, object_id: str) -> Body | None:
        rows = self.query("SELECT body FROM objects WHERE id = ? AND kind = ?", object_id, kind)
        return json.loads(rows[0]["body"]) if rows else None

    def find(self, kind: str, condition: str = "1", *values: Any, order: str = "seq", limit: int = -1) -> list[Body]:
        rows = self.query(
            f"SELECT body FROM objects WHERE kind = ? AND {condition} ORDER BY {order} LIMIT ?",  # noqa: S608
            *(kind, *values, limit),
        )
        return [json.loads(row["body"]) for row in rows]

    def forget(self) -> None:
        with self.transaction():
            for table in ("objects", "answers", "deliveries"):
                self.write(f"DELETE FROM {table}")  # noqa: S608

    def snapshot(self) -> bytes:
        """All of it, for `restore`; of a ledger in memory."""
        with self._lock:
            return self._connection.serialize()

    def restore(self, kept: bytes) -> None:
        with self._lock:
            self._connection.deserialize(kept)

    def close(self) -> None:
        with self._lock:
            self._connection.close()
