"""The pages /healthz (up), /readyz (ready) and /metrics (figures)."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from core.caches.redis import ask
from core.clock import CLOCKS_DIFFER_SECONDS, database_now, web_clock_ahead
from core.models import Heartbeat
from core.pauses import read_pause

SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Readiness:
    is_ready: bool
    parts: dict[str, str]


def readiness() -> Readiness:
    """Only the database and its migrations decide. Redis, beat, any queue's workers, a wrong clock: named as degraded."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            return Readiness(False, {"database": f"{len(missing)} migrations missing"})
        seen = dict(Heartbeat.objects.values_list("name", "at"))
        now = database_now()
    except DatabaseError:
        return Readiness(False, {"database": "unreachable"})
    parts = {"database": "ok", "redis": "ok" if ask(lambda redis: bool(redis.ping()), False) else "degraded"}
    for part, names in {"worker": [f"worker {queue}" for queue in settings.WORKER_QUEUES], "beat": ["beat"]}.items():
        alive = all(name in seen and now - seen[name] < SILENT_AFTER for name in names)
        parts[part] = "ok" if alive else "degraded"
    parts["clock"] = "ok" if abs(web_clock_ahead()) <= CLOCKS_DIFFER_SECONDS else "degraded"
    if (pause := read_pause()) is not None:
        parts["sales"] = f"paused {pause.kind.label.lower()}"
    return Readiness(True, parts)
