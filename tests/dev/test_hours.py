"""No test depends on the hour: what begins so long from now is put there by tests/clock.py.

A show at "now plus half an hour" is on another business day at 04:45, and on another date before midnight.
"""

import ast
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dev import hours
from dev.state import CHECKOUT

NOW = {"timezone.now", "datetime.now", "date.today", "timezone.localdate", "timezone.localtime"}
# How many sums with the present a file has whose result is right at any hour: no day of a theater is made of it.
ALLOWED = {
    "tests/boxoffice/test_changes.py": 2,  # a week and half an hour ahead, and the end of an offer
    "tests/boxoffice/test_counter.py": 1,  # when a hold began
    "tests/boxoffice/test_door.py": 2,  # when sales close, of a show put by begins_in(); a scan that is half an hour old
    "tests/boxoffice/test_house_seats.py": 2,  # a minute around the moment when house seats go on sale
    "tests/core/test_query_counts.py": 1,  # within the day put by put_day_around_now()
    "tests/payments/test_database_roles.py": 1,  # until when an invitation is open
    "tests/payments/ledger/test_export.py": 1,  # a business day that starts in a minute
    "tests/race/test_approvals.py": 1,  # a second later
    "tests/reservations/test_aftersale_mails.py": 1,  # a refund that is three days old
    "tests/reservations/test_apology.py": 1,  # in some days at 02:30
    "tests/reservations/test_swaps.py": 1,  # a show that is over
}


def is_now(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in NOW


def is_moment_near_now(node: ast.AST) -> bool:
    """`timezone.now() + …`, `timezone.now() - …` or `… + timezone.now()`; what is left until now is no moment."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)):
        return False
    return is_now(node.left) or (isinstance(node.op, ast.Add) and is_now(node.right))


def moments_near_now(source: str) -> int:
    return sum(map(is_moment_near_now, ast.walk(ast.parse(source))))


def found() -> dict[str, int]:
    files = [path for path in sorted((CHECKOUT / "tests").rglob("*.py")) if path != CHECKOUT / "tests" / "clock.py"]
    counted = {str(path.relative_to(CHECKOUT)): moments_near_now(path.read_text()) for path in files}
    return {name: count for name, count in counted.items() if count}


def test_moments_near_now_come_from_the_clock_of_tests():
    """A new one uses evening() or begins_in(). One that is right at any hour is counted in ALLOWED."""
    assert found() == ALLOWED


def test_what_counts_as_a_moment_near_now():
    sums = ["timezone.now() + x", "x + timezone.now()", "datetime.now(UTC) - x", "date.today() - x"]
    assert [moments_near_now(one) for one in [*sums, "x - timezone.now()", "evening(1) + x"]] == [1, 1, 1, 1, 0, 0]


def test_all_processes_of_a_run_are_shifted_by_the_same_seconds(monkeypatch):
    monkeypatch.setattr(hours, "library", lambda: Path("/lib/libfaketimeMT.so.1"))
    start = datetime(2028, 2, 29, 23, 50, tzinfo=UTC)
    found = hours.environment(start)
    assert abs(float(found["FAKETIME"]) + time.time() - start.timestamp()) < 2
    assert found["LD_PRELOAD"] == "/lib/libfaketimeMT.so.1"
    assert not {"DATABASE_URL", "REDIS_URL"} & set(found)


def test_the_hours_are_those_that_go_wrong():
    """Both nights in which clocks change are begun minutes before they do."""
    changes = {name: hours.HOURS[name] for name in ("spring-night", "autumn-night")}
    for moment in changes.values():
        before, after = moment.astimezone(UTC), moment.astimezone(UTC) + timedelta(minutes=5)
        assert before.astimezone(hours.LONDON).utcoffset() != after.astimezone(hours.LONDON).utcoffset()
