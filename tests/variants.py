"""Parameters of one rule, of which `make test` tries some and `make test-long` the others."""

from collections.abc import Iterable
from typing import Any

import pytest


def some(values: Iterable[Any], *, every: int) -> list[Any]:
    """Keep the first value and every `every`-th after it, and mark the others as long. A tuple is one set of arguments."""
    return [value if number % every == 0 else _long(value) for number, value in enumerate(values)]


def _long(value: Any) -> Any:
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.long)
