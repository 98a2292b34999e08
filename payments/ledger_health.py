"""Facts for the lights in the head of each office page: checks of seats and money, and the provider. One statement."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from payments.models import InvariantRun, KeyRefusal, LedgerComparison, ProviderEvent

STATEMENT = """
SELECT clock_timestamp(), (SELECT count(*) FROM ({set_aside}) AS set_aside), ({check}), ({missing_right}), ({comparison}),
       ({unanswered})
"""


@dataclass(frozen=True)
class FinishedRun:
    """A finished check of seats and money, or a finished comparison with the provider. `found`: how much was wrong."""

    pk: int
    finished_at: datetime
    found: int
    checked: int = 0


@dataclass(frozen=True)
class MissingRight:
    """A right at a provider that our key lacks."""

    provider: str
    right: str


_RIGHT = JSONObject(provider="provider", right="right")


@dataclass(frozen=True)
class LedgerHealth:
    """`now` is the database's clock. `unanswered_since`: when the provider was asked for a comparison and did not answer."""

    now: datetime
    events_set_aside: int
    check: FinishedRun | None
    missing_right: MissingRight | None
    comparison: FinishedRun | None
    unanswered_since: datetime | None


def ledger_health() -> LedgerHealth:
    now, events, check, missing_right, comparison, unanswered_since = _read_facts(
        set_aside=ProviderEvent.objects.set_aside().values("pk"),
        check=_last(InvariantRun.objects.finished(), found="broken", checked="checked"),
        missing_right=KeyRefusal.objects.present().order_by("pk").values_list(_RIGHT)[:1],
        comparison=_last(LedgerComparison.objects.finished(), found="differences"),
        unanswered=LedgerComparison.objects.unanswered().values("asked_at")[:1],
    )
    return LedgerHealth(
        now, events, _finished_run(check), _right(missing_right), _finished_run(comparison), unanswered_since
    )


def _last(runs: QuerySet[Any], **facts: str) -> QuerySet[Any]:
    return runs.order_by("-pk").values_list(JSONObject(pk="pk", finished_at="finished_at", **facts))[:1]


def _read_facts(**parts: QuerySet[Any]) -> tuple[Any, ...]:
    """Run the statement; its parameters must follow the order of its parts."""
    written = {name: part.query.sql_with_params() for name, part in parts.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT.format(**{name: sql for name, (sql, _) in written.items()}),
            [value for _, values in written.values() for value in values],
        )
        row: Any = cursor.fetchone()
    return row


def _finished_run(facts: Any) -> FinishedRun | None:
    if facts is None:
        return None
    facts = _facts(facts)
    return FinishedRun(**{**facts, "finished_at": datetime.fromisoformat(facts["finished_at"])})


def _right(facts: Any) -> MissingRight | None:
    return None if facts is None else MissingRight(**_facts(facts))


def _facts(facts: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(facts) if isinstance(facts, str) else facts
    return read
