"""Columns that several apps share."""

from typing import Any

# An amount of any currency we sell in; its currency stands beside it.
MONEY: Any = {"max_digits": 10, "decimal_places": 2}
