"""A goal, what was measured, and the table of all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LATEST = Path(__file__).resolve().parent / "results" / "latest.json"


@dataclass(frozen=True)
class Result:
    """One line of the table. `value` is a ratio against the ceiling of the same run unless `what` says otherwise."""

    row: int
    what: str
    goal: str
    value: float
    is_met: bool
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "what": self.what, "goal": self.goal, "value": self.value, "pass": self.is_met}


def at_least(row: int, what: str, least: float, value: float, *, unit: str = "", note: str = "") -> Result:
    return Result(row, what, f"≥ {least:g}{unit}", round(value, 3), value >= least, note)


def at_most(row: int, what: str, most: float, value: float, *, unit: str = "", note: str = "") -> Result:
    return Result(row, what, f"≤ {most:g}{unit}", round(value, 3), value <= most, note)


def write(results: list[Result], path: Path = LATEST) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([result.as_json() for result in results], indent=1, ensure_ascii=False) + "\n")


def table(results: list[Result]) -> str:
    rows = [("row", "what", "goal", "value", "", "")]
    rows += [
        (str(one.row), one.what, one.goal, f"{one.value:g}", "pass" if one.is_met else "MISSED", one.note)
        for one in results
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)).rstrip() for row in rows
    )
