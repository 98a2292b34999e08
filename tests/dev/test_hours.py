"""No test depends on the hour at which it runs: showtimes that begin soon are placed by tests/clock.py.

A showtime at "now plus half an hour" is on another business day at 04:45, and on another date before midnight.
"""

import ast
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dev import hours
from dev.state import CHECKOUT

NOW = {"timezone.now", "datetime.now", "date.today", "timezone.localdate", "timezone.localtime"}
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# Files that may calculate with the present, and how often: the result is right at any hour, because no day of a theater comes of
# it.
ALLOWED = {
    "tests/boxoffice/test_archive.py": 1,  # archived a day after a showtime that is over
    "tests/boxoffice/test_audit_log.py": 2,  # entries that are a month old
    "tests/boxoffice/test_showtime_changes.py": 2,  # a week and half an hour ahead, and the end of an offer
    "tests/boxoffice/test_counter.py": 1,  # when a hold began
    "tests/boxoffice/test_first_day.py": 1,  # a showtime that began an hour ago: only its moment counts, not its day
    "tests/boxoffice/test_dashboard.py": 2,  # sold a week ago, around this moment, within the day put by put_day_around_now()
    "tests/boxoffice/test_device_sales.py": 2,  # an operator who is idle for three minutes
    "tests/staff/test_devices.py": 3,  # a link of ten minutes, and a device that was used a minute ago
    "tests/boxoffice/test_door.py": 2,  # when sales close, of a show put by begins_in(); a scan that is half an hour old
    "tests/boxoffice/test_group_blocks.py": 3,  # ends of blocks that are over, and a showtime that began a second ago
    "tests/boxoffice/test_group_mails.py": 1,  # the end of a block, long before its showtime
    "tests/boxoffice/test_house_seats.py": 2,  # a minute around the moment when house seats go on sale
    "tests/boxoffice/test_staff_languages.py": 1,  # when sales close, of a show put by begins_in()
    "tests/browser/test_groups.py": 1,  # a block that ends in two hours, long before its showtime
    "tests/browser/test_lost_answers.py": 1,  # the clock of a device, an hour behind
    "tests/core/database/test_query_counts.py": 1,  # within the day put by put_day_around_now()
    "tests/core/test_showtime_copies.py": 1,  # two hundred days later it is the next evening too
    "tests/factories.py": 1,  # a block that ends in an hour
    "tests/payments/refunds/test_changed_showtimes.py": 1,  # an offer of seven days that was made eight days ago
    "tests/payments/privacy/test_database_roles.py": 3,  # until when an invitation is open
    "tests/payments/ledger/test_export.py": 1,  # a business day that starts in two hours
    "tests/payments/refunds/test_counter_exchanges.py": 1,  # five minutes before the start: only its moment counts, not its day
    "tests/reservations/aftersale/test_needs_of_takers.py": 1,  # a payment that is nine days old
    "tests/payments/refunds/test_offer_page.py": 1,  # an offer of seven days that was made eight days ago
    "tests/payments/refunds/test_outages.py": 2,  # an outage that was to end an hour ago; a month after the showtime
    "tests/payments/test_wrong_clocks.py": 2,  # the clock itself is moved, by minutes
    "tests/race/test_approvals.py": 1,  # a second later
    "tests/race/test_group_blocks.py": 4,  # ends of blocks, long before their showtime
    "tests/reservations/letters/test_aftersale_mails.py": 1,  # a refund that is three days old
    "tests/reservations/letters/test_apology.py": 1,  # in some days at 02:30
    "tests/reservations/groups/test_groups.py": 1,  # a block that is over
    "tests/reservations/selling/test_price_rules_on_sale.py": 2,  # hours before the start, whatever the time is
    "tests/payments/sessions/test_told_needs.py": 1,  # a payment that was closed nine days ago
    "tests/payments/sessions/test_shared_news.py": 1,  # a block of a group that ended a second ago
    "tests/reservations/groups/test_shared_block_moves.py": 1,  # sales that close in ten minutes, before the block would end
    "tests/reservations/groups/test_shared_blocks.py": 1,  # sales of a show that close in two minutes, before the block would end
    "tests/reservations/aftersale/test_swaps.py": 1,  # a showtime that is over
}


def is_now(node: ast.AST, names: frozenset[str] = frozenset()) -> bool:
    """Whether this is a call like `timezone.now()`, or a name that was given its result."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.NamedExpr):
        return is_now(node.value, names)
    return isinstance(node, ast.Call) and ast.unparse(node.func) in NOW


def names_of_now(scope: ast.AST) -> frozenset[str]:
    """Names to which a scope gives the present: `now = timezone.now()`, `now, later = timezone.now(), x`, `(now := …)`."""
    found = set()
    for node in own_nodes(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                pairs = [(target, value) for target in targets]
            case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                pairs = [(target, value)]
            case _:
                continue
        for target, value in pairs:
            both = zip(target.elts, value.elts, strict=False) if is_pair(target, value) else [(target, value)]
            found |= {
                name.id for name, given in both if isinstance(name, ast.Name) and given is not None and is_now(given)
            }
    return frozenset(found)


def is_pair(target: ast.expr, value: ast.expr | None) -> bool:
    return isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those of functions inside it."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, SCOPES):
            yield from own_nodes(node)


def is_moment_near_now(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether this is `timezone.now() + …`, `now - …` or `… + now`. The time left until now is no moment."""
    if isinstance(node, ast.AugAssign):
        return isinstance(node.op, ast.Add | ast.Sub) and is_now(node.target, names)
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)):
        return False
    return is_now(node.left, names) or (isinstance(node.op, ast.Add) and is_now(node.right, names))


def moments_in(scope: ast.AST, names: frozenset[str] = frozenset()) -> int:
    """Moments near now in a scope. Names of outer scopes are known inside, unless an argument has the same name."""
    if isinstance(scope, SCOPES):
        arguments = scope.args
        names -= {argument.arg for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
    names |= names_of_now(scope)
    own = list(own_nodes(scope))
    inner = sum(moments_in(node, names) for node in own if isinstance(node, SCOPES))
    return inner + sum(is_moment_near_now(node, names) for node in own)


def moments_near_now(source: str) -> int:
    return moments_in(ast.parse(source))


def found() -> dict[str, int]:
    files = [path for path in sorted((CHECKOUT / "tests").rglob("*.py")) if path != CHECKOUT / "tests" / "clock.py"]
    counted = {str(path.relative_to(CHECKOUT)): moments_near_now(path.read_text()) for path in files}
    return {name: count for name, count in counted.items() if count}


@pytest.mark.long
def test_moments_near_now_come_from_the_clock_of_tests():
    """New code uses evening() or begins_in(); code that is right at any hour is counted in ALLOWED."""
    assert found() == ALLOWED


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("timezone.now() + x", 1),
        ("x + timezone.now()", 1),
        ("datetime.now(UTC) - x", 1),
        ("date.today() - x", 1),
        ("x - timezone.now()", 0),
        ("evening(1) + x", 0),
        ("now = timezone.now()\nshow(starts_at=now + x)", 1),
        ("now, later = timezone.now(), y\nx + now\nlater + x", 1),
        ("now: datetime = timezone.now()\nnow - x", 1),
        ("(now := timezone.now()) + x", 1),
        ("now = timezone.now()\nnow += x", 1),
        ("now = timezone.now()\nx - now", 0),
        ("def test():\n    now = timezone.now()\n    if y:\n        now + x", 1),
        ("NOW = timezone.now()\ndef test():\n    return lambda y: NOW + y", 1),
        ("now = timezone.now()\ndef test(now):\n    now + x", 0),
        ("def test():\n    now = timezone.now()\ndef other():\n    now = evening(1)\n    now + x", 0),
    ],
)
def test_what_counts_as_a_moment_near_now(source, count):
    assert moments_near_now(source) == count


def test_all_processes_of_a_run_are_shifted_by_the_same_seconds(monkeypatch):
    monkeypatch.setattr(hours, "library", lambda: Path("/lib/libfaketimeMT.so.1"))
    start = datetime(2028, 2, 29, 23, 50, tzinfo=UTC)
    found = hours.environment(start)
    assert abs(float(found["FAKETIME"]) + time.time() - start.timestamp()) < 2
    assert found["LD_PRELOAD"] == "/lib/libfaketimeMT.so.1"
    # Python's own clock for waits is left alone.
    assert (found["FAKETIME_DONT_FAKE_MONOTONIC"], found["FAKETIME_FORCE_MONOTONIC_FIX"]) == ("1", "0")
    assert not {"DATABASE_URL", "REDIS_URL"} & set(found)


def test_a_process_with_an_environment_of_its_own_shares_the_clock_of_the_run(monkeypatch):
    monkeypatch.setattr(hours, "library", lambda: Path("/lib/libfaketimeMT.so.1"))
    monkeypatch.delenv("FAKETIME", raising=False)
    assert hours.clock_of_this_run() == {}
    monkeypatch.setenv("FAKETIME", "-3600")
    shared = hours.clock_of_this_run()
    assert (shared["FAKETIME"], shared["LD_PRELOAD"]) == ("-3600", "/lib/libfaketimeMT.so.1")
    assert set(shared.items()) < set(hours.environment(datetime.fromtimestamp(time.time() - 3600, UTC)).items())


@pytest.mark.long
def test_chromium_and_playwright_have_the_same_clock():
    """Each program that is started with the library says here that it cannot be loaded: only this first one does."""
    starts = "from dev.browser import running_chromium\nwith running_chromium():\n    pass"
    shifted = {**os.environ, "LD_PRELOAD": "/nowhere/libfaketimeMT.so.1"}
    run = subprocess.run(
        [sys.executable, "-c", starts], cwd=CHECKOUT, env=shifted, capture_output=True, text=True, check=True
    )
    assert run.stderr.count("/nowhere/libfaketimeMT.so.1") == 1


def test_the_hours_lie_in_the_past():
    """With a time in the future PostgreSQL's timeouts would not end. The day is fixed, because this test runs at odd
    hours too.
    """
    assert max(hours.HOURS.values()) < datetime(2026, 11, 29, tzinfo=UTC)


def test_the_hours_are_those_that_go_wrong():
    """Both nights in which clocks change start minutes before they do."""
    changes = {name: hours.HOURS[name] for name in ("spring-night", "autumn-night")}
    for moment in changes.values():
        before, after = moment.astimezone(UTC), moment.astimezone(UTC) + timedelta(minutes=5)
        assert before.astimezone(hours.LONDON).utcoffset() != after.astimezone(hours.LONDON).utcoffset()
