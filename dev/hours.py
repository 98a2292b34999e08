"""Runs the tests at hours and on days on which faults are likely: `make test-hours`.

Debian's libfaketime shifts the clock of every process of the run but Playwright and Chromium: pytest, its PostgreSQL and
Valkey, and the site. The shift is one fixed number of seconds, so all processes agree; monotonic clocks stay as they are.
Chromium keeps the true time, as a customer's phone may have any.

    make test-hours HOURS="spring-night 04:45" ARGS="tests/payments -k refund"
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dev.state import CHECKOUT

LONDON = ZoneInfo("Europe/London")

# Where a run starts, in London's time. The business day turns at 05:00; clocks change at 01:00 UTC. All of them are past:
# while a program waits, the library shows the true time to its signal handlers, and PostgreSQL's timeouts never end when
# that seems too early.
HOURS = {
    "04:45": datetime(2026, 6, 16, 4, 45, tzinfo=LONDON),
    "05:15": datetime(2026, 6, 16, 5, 15, tzinfo=LONDON),
    "06:10": datetime(2026, 6, 16, 6, 10, tzinfo=LONDON),
    "spring-night": datetime(2026, 3, 29, 0, 55, tzinfo=LONDON),
    "autumn-night": datetime(2026, 10, 25, 1, 55, tzinfo=LONDON),
    "new-year": datetime(2025, 12, 31, 23, 50, tzinfo=LONDON),
    "leap-day": datetime(2024, 2, 29, 23, 50, tzinfo=LONDON),
}
PLACES = ("/usr/lib/*-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


def library() -> Path:
    """Debian's libfaketime for programs with threads."""
    found = [path for place in PLACES for path in sorted(Path("/").glob(place.lstrip("/")))]
    if not found:
        raise SystemExit("Debian's faketime is needed: apt-get install faketime")
    return found[0]


def environment(start: datetime) -> dict[str, str]:
    """The environment of a run that begins at this moment; the servers of another run, under the true time, are left out."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | shifted_clock(start.astimezone(UTC).timestamp() - time.time()) | {"TZ": "UTC"}


def shifted_clock(seconds: float) -> dict[str, str]:
    """Return the environment variables that shift the clock of a process by this many seconds."""
    return {
        "LD_PRELOAD": str(library()),
        "FAKETIME": f"{round(seconds):+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # With its own idea of such clocks a wait for the interpreter lock ends at once: threads spin, ten times as slow.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        # PostgreSQL runs as another user, who could not open the shared memory; a fixed shift needs none.
        "FAKETIME_DISABLE_SHM": "1",
        # Times of files stay true: Python would compile all modules anew.
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(CHECKOUT / "dev" / "faketime"),
    }


def clock_of_this_run() -> dict[str, str]:
    """Return the variables that give another process the clock of this test run: none when the run has the true time."""
    return shifted_clock(float(os.environ["FAKETIME"])) if "FAKETIME" in os.environ else {}


def run(hour: str, arguments: Sequence[str]) -> bool:
    """Whether the tests pass at this hour."""
    start = HOURS[hour]
    print(f"\n== {hour}: from {start:%A %-d %B %Y, %H:%M} London time", flush=True)
    return (
        subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment(start), check=False).returncode
        == 0
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", nargs="+", choices=list(HOURS), default=list(HOURS), metavar="HOUR")
    parser.add_argument("arguments", nargs="*", help="given to pytest, after --")
    chosen = parser.parse_args()
    failed = [hour for hour in chosen.hours if not run(hour, chosen.arguments)]
    print(f"\nRed at: {', '.join(failed)}" if failed else f"\nGreen at: {', '.join(chosen.hours)}")
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
