"""Writes the audit log as lines of a file."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from houses.models import Theater
from staff.models import AuditEntry
from staff.services.audit import record

BATCH = 500
UTC = ZoneInfo("UTC")
HEADER = ("number", "when", "time zone", "theater", "person", "action", "kind", "thing", "from → to", "reason")


def export_rows(entries: QuerySet[AuditEntry], *, before: int) -> Iterator[tuple[Any, ...]]:
    """The newest first, older than the entry `before`, in batches: the log may be longer than memory."""
    rows = entries.order_by("-pk").select_related("theater", "user")
    while batch := list(rows.filter(pk__lt=before)[:BATCH]):
        yield from (_cells(entry) for entry in batch)
        before = batch[-1].pk


def record_export(*, theaters: list[Theater] | None, actor: str, filters: dict[str, str], entries: int) -> int:
    """Write an audit entry at every theater whose lines are exported; without a list, one for all theaters.

    Returns the lowest number of these entries.
    """
    after = {**filters, "entries": entries}
    if theaters is None:
        log = AuditEntry(action="the", what_text="audit log")
        return record(actor=actor, action="export audit log", thing=log, theater=None, after=after).pk
    return min(
        record(actor=actor, action="export audit log", thing=theater, theater=theater, after=after).pk
        for theater in theaters
    )


def value_text(value: Any) -> str:
    """A value in readable form; None is ''."""
    if value in (None, "", [], {}):
        return ""
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _cells(entry: AuditEntry) -> tuple[Any, ...]:
    zone = entry.theater.zone if entry.theater else UTC
    changes = [f"{name}: {value_text(before)} → {value_text(after)}" for name, before, after in entry.changes]
    return (
        entry.pk,
        entry.at.astimezone(zone).isoformat(timespec="seconds"),
        zone.key,
        entry.theater.name if entry.theater else "The whole house",
        entry.who,
        entry.action,
        entry.what,
        entry.what_text,
        "; ".join(changes),
        entry.reason,
    )
