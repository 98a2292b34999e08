"""Interleaved rounds: this machine's speed changes by the minute, so only what was measured side by side compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median

from bench.load import Load

Measure = Callable[[], Load]


class Rounds:
    """Runs every measure once per round, each round in another order; ratios are taken inside a round, then their
    median.
    """

    def __init__(self, measures: Mapping[str, Measure], *, count: int) -> None:
        self.measures = measures
        self.loads: dict[str, list[Load]] = {name: [] for name in measures}
        names = list(measures)
        for number in range(count):
            for name in names if number % 2 == 0 else reversed(names):
                self.loads[name].append(measures[name]())

    def rate(self, name: str) -> float:
        return median(load.rate for load in self.loads[name])

    def percentile(self, name: str, percent: float) -> float:
        return median(load.percentile(percent) for load in self.loads[name])

    def ratio(self, name: str, to: str) -> float:
        pairs = zip(self.loads[name], self.loads[to], strict=True)
        return median(one.rate / other.rate for one, other in pairs)

    def percentile_ratio(self, name: str, to: str, percent: float) -> float:
        pairs = zip(self.loads[name], self.loads[to], strict=True)
        return median(one.percentile(percent) / other.percentile(percent) for one, other in pairs)

    def lines(self) -> list[str]:
        """What was measured, for people."""
        return [
            f"  {name:<34} {self.rate(name):7.0f}/s   p50 {self.percentile(name, 50):6.1f} ms   "
            f"p95 {self.percentile(name, 95):6.1f} ms   p99 {self.percentile(name, 99):6.1f} ms   "
            f"web {median(load.server_ms for load in loads):5.2f} ms + "
            f"database {median(load.database_ms for load in loads):4.2f} ms each   "
            f"clients {median(load.client_share for load in loads):.0%} of a core"
            for name, loads in self.loads.items()
        ]
