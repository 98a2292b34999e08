"""The sandbox's time, which tests may move."""

import time
from collections.abc import Callable


class Clock:
    """Wall time plus an offset, so that an hour passes without anybody waiting for it."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0

    def now(self) -> float:
        return self._source() + self._offset

    def stamp(self) -> int:
        """Whole seconds, as Stripe writes moments."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        self._offset += seconds

    def reset(self) -> None:
        self._offset = 0.0
