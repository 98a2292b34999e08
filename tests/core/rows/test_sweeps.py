"""A row that fails or is locked does not keep a sweep from the rows behind it, and no code swallows a task's time limit."""

import ast
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from core.rows.sweeps import next_row_on_error
from dev.state import CHECKOUT

APPS = ("accounts", "boxoffice", "config", "core", "houses", "payments", "reservations", "sales", "staff", "theaters")
# Threads and loops that live as long as their process. They run no tasks, so no time limit reaches them.
NO_TASK_RUNS_HERE = {
    "config/silent_queues.py",
    "core/live/seat_map_hub.py",
    "core/caches/redis_sender.py",
    "theaters/error_pages.py",
}


def test_an_error_of_one_row_does_not_end_the_sweep():
    with next_row_on_error("row_failed", row=1):
        raise ValueError


def test_the_time_limit_ends_the_sweep():
    with pytest.raises(SoftTimeLimitExceeded), next_row_on_error("row_failed", row=1):
        raise SoftTimeLimitExceeded


def product_files() -> list[Path]:
    return [path for app in APPS for path in sorted((CHECKOUT / app).rglob("*.py")) if "migrations" not in path.parts]


def names(kind: ast.expr | None) -> set[str]:
    return {node.id for node in ast.walk(kind) if isinstance(node, ast.Name)} if kind is not None else {"BaseException"}


def swallows_time_limit(clause: ast.Try) -> bool:
    """Whether this handler catches every Exception without raising SoftTimeLimitExceeded again before it."""
    for handler in clause.handlers:
        if "SoftTimeLimitExceeded" in names(handler.type) and isinstance(handler.body[-1], ast.Raise):
            return False
        if names(handler.type) & {"Exception", "BaseException"}:
            return not isinstance(handler.body[-1], ast.Raise)
    return False


def test_nothing_swallows_the_time_limit_of_a_task():
    found = []
    for path in product_files():
        name = str(path.relative_to(CHECKOUT))
        if name in NO_TASK_RUNS_HERE:
            continue
        text = path.read_text()
        if "except" not in text:
            continue
        clauses = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Try)]
        found += [f"{name}:{clause.lineno}" for clause in clauses if swallows_time_limit(clause)]
    assert found == []


@pytest.mark.parametrize(
    ("code", "swallows"),
    [
        ("try: x\nexcept Exception: pass", True),
        ("try: x\nexcept: pass", True),
        ("try: x\nexcept (ValueError, Exception): pass", True),
        ("try: x\nexcept SoftTimeLimitExceeded: raise\nexcept Exception: pass", False),
        ("try: x\nexcept Exception:\n    note()\n    raise", False),
        ("try: x\nexcept ValueError: pass", False),
    ],
)
def test_the_check_finds_code_that_swallows_it(code, swallows):
    (clause,) = ast.parse(code).body
    assert swallows_time_limit(clause) is swallows
