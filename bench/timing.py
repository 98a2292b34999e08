"""Every report, every grouping and every page with its time, over 100,000 tickets. Needs Django set up."""

import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from bench.million import run
from boxoffice.report_tables import ReportOptions
from boxoffice.selectors.dashboard import dashboard
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis
from boxoffice.views.reports import REPORTS
from houses.models import Theater

# Six sold-out showtimes of 200 seats a day: 100,000 tickets and some more.
FIRST, LAST = date(2025, 10, 9), date(2025, 12, 31)
GOAL = 2.0


def report(theater: Theater, owner: User, *, is_explained: bool) -> int:

    span = DayRange(theater, FIRST, LAST)
    print(f"{_tickets(span):,} tickets between {FIRST} and {LAST}", flush=True)
    slow = 0
    for which, one in REPORTS.items():
        for group, _ in one.groups or [("", "")]:
            for basis in Basis if one.has_basis else [Basis.SHOW]:
                wanted = ReportOptions(span, group=group, basis=basis)
                slow += _timed(f"{which} {group} {basis if one.has_basis else ''}", one.tables, wanted, is_explained)
    week = DayRange(theater, LAST - timedelta(days=6), LAST)
    for basis in Basis:
        slow += _timed(
            f"sales day {basis}, a week", REPORTS["sales"].tables, ReportOptions(week, "day", basis), is_explained
        )
    noon = datetime(2025, 12, 20, 12, tzinfo=UTC)
    slow += _timed("dashboard", lambda _: dashboard(owner, now=noon), None, is_explained)
    slow += _pages(owner, span)
    print(f"{slow} need more than {GOAL} s of a core; load average {os.getloadavg()[0]:.0f}")
    return slow


def _timed(name: str, work: Callable[[Any], Any], wanted: Any, is_explained: bool) -> bool:  # noqa: FBT001
    with CaptureQueriesContext(connection) as queries:
        took, busy = _clocked(lambda: work(wanted))
    print(f"{took:6.2f} s, {busy:5.2f} s of a core  {name}", flush=True)
    if is_explained:
        for query in queries.captured_queries:
            if float(query["time"]) > 0.1:
                _explain(query["sql"])
    return busy > GOAL


def _clocked(work: Callable[[], Any]) -> tuple[float, float]:
    """By the clock on the wall, and the time of a core that Python and its PostgreSQL process were given meanwhile."""
    run("SET max_parallel_workers_per_gather = 0")
    (pid,) = run("SELECT pg_backend_pid()")[0]
    wall, ours, theirs = time.monotonic(), time.process_time(), _core_time(pid)
    work()
    return time.monotonic() - wall, time.process_time() - ours + _core_time(pid) - theirs


def _core_time(pid: int) -> float:
    """Of a process on Linux: proc(5), utime and stime."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _explain(sql: str) -> None:

    print("\n".join(line for (line,) in run(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}")))


def _pages(owner: User, span: DayRange) -> int:
    """The whole pages, as the browser gets them."""

    client = Client()
    client.force_login(owner)
    asked = {"first": span.first.isoformat(), "last": span.last.isoformat()}
    slow = 0
    for which in REPORTS:
        url = reverse(f"admin:report_{which}")
        took, busy = _clocked(lambda url=url: client.get(url, asked))  # type: ignore[misc]
        print(f"{took:6.2f} s, {busy:5.2f} s of a core  page of {which}", flush=True)
        slow += busy > GOAL
    return slow


def _tickets(span: DayRange) -> int:

    start, end = span.bounds
    return run(
        "SELECT count(*) FROM reservations_ticket JOIN theaters_showtime ON theaters_showtime.id = showtime_id"
        " WHERE starts_at >= %s AND starts_at < %s", start, end,
    )[0][0]  # fmt: skip
