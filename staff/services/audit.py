"""The audit log: written beside the change, in its transaction; never changed, never deleted."""

from typing import Any

from django.db import models

from core.actors import device_id_of, user_id_of
from core.monitoring.security_log import SecurityEvent, write_security_event
from houses.models import Theater
from staff.models import AuditEntry

# Changes of accounts and rights.
PEOPLE = ("accounts.", "theaters.staff", "staff.invitation")
NEVER_TOLD = ("password", "secret", "token", "seed")


def record(
    *,
    actor: str,
    action: str,
    thing: models.Model,
    theater: Theater | int | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write to the audit log who (`staff_actor(user)`, `acting.actor`) did what to which thing, and where.

    `before` and `after` hold the fields that changed, as they read.
    """
    if thing._meta.label_lower.startswith(PEOPLE):
        facts = {"what": thing._meta.label_lower, "what_id": thing.pk, "act": action, "actor": actor}
        write_security_event(SecurityEvent.ROLE_CHANGED, **facts)
    return AuditEntry.objects.create(
        actor=actor,
        user_id=user_id_of(actor),
        device_id=device_id_of(actor),
        action=action,
        what=thing._meta.label_lower,
        what_id=thing.pk,
        what_text=str(thing)[:200],
        theater_id=theater.pk if isinstance(theater, Theater) else theater,
        before=_readable_values(before or {}),
        after=_readable_values(after or {}),
        reason=reason.strip(),
    )


def _readable_values(values: dict[str, Any]) -> dict[str, Any]:
    """Values as readable JSON; secrets only show that they changed."""
    return {
        name: "(secret)" if any(word in name.lower() for word in NEVER_TOLD) else _readable(value)
        for name, value in values.items()
    }


def _readable(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict):
        return {str(name): _readable(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [_readable(item) for item in value]
    return str(value)
