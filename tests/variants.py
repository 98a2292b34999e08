"""Parameters of one rule: some of them are tried every time, the others in `make test-long`."""

from collections.abc import Iterable
from typing import Any

import pytest


def some(values: Iterable[Any], *, every: int) -> list[Any]:
    """Keep the first value and each `every`-th after it; mark the others as long. A tuple is one set of arguments."""
    return [value if number % every == 0 else _long(value) for number, value in enumerate(values)]


def _long(value: Any) -> Any:
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.long)
