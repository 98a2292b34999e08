"""`python -m bench`: all rows in under four minutes; see docs/performance.md.

python -m bench                    everything
python -m bench --rows 1,3,5       some rows
python -m bench --sales 20         twenty rushes and twenty sell-outs instead of three
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial

from bench import results
from bench.results import Result
from bench.rows import expiry, holds, pages, sales, selling, size, start, stuck
from bench.servers import Servers
from dev.processes import ServerFailed

Group = Callable[[Servers], list[Result]]


def groups(options: argparse.Namespace) -> dict[str, tuple[set[int], Group]]:
    """What is measured together, and which rows come of it."""
    timed = {"rounds": options.rounds, "seconds": options.seconds}
    return {
        "Holds": ({1, 3}, partial(holds.holds, **timed)),
        "Buyers": ({2}, partial(holds.buyers, **timed)),
        "Rushes and sell-outs": ({4}, sales.sales),
        "Seat pages": ({5}, partial(pages.seat_pages, **timed)),
        "Listings": ({6}, partial(pages.listings, **timed)),
        "Statements of a sale": ({7}, selling.statements),
        "Bytes over the wire": ({8}, size.sizes),
        "Expiry": ({9}, expiry.expiry),
        "Start": ({12}, start.start),
        "A stuck showtime": ({13}, stuck.stuck_showtime),
    }


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="How fast the site is, against a bare Django.")
    parser.add_argument("--rows", help="only these, with commas between them")
    parser.add_argument("--rounds", type=int, default=3, help="of each measurement (default: 3)")
    parser.add_argument("--seconds", type=float, default=2.5, help="of load in each round (default: 2.5)")
    parser.add_argument("--sales", type=int, default=3, help="rushes and sell-outs of row 4 (default: 3)")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a goal is missed")
    return parser.parse_args()


def main() -> int:
    options = parse()
    wanted = {int(row) for row in options.rows.split(",")} if options.rows else None
    began = time.monotonic()
    found: list[Result] = []
    try:
        with Servers(sales=options.sales) as servers:
            print(f"servers up after {time.monotonic() - began:.0f} s", flush=True)
            for name, (rows, measure) in groups(options).items():
                if wanted is None or rows & wanted:
                    print(f"\n{name}", flush=True)
                    found += measure(servers)
    except (ServerFailed, RuntimeError) as failure:
        print(failure, file=sys.stderr)
        return 1
    found.sort(key=lambda result: result.row)
    results.write(found)
    print(f"\n{results.table(found)}\n\n{time.monotonic() - began:.0f} s; {results.LATEST}")
    return int(options.strict and not all(result.is_met for result in found))


if __name__ == "__main__":
    sys.exit(main())
