"""A cache inside one process, for some seconds: many requests for the same value cost one query."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

LONGEST_WAIT_SECONDS = 1.0
_all: list["Memory[Any, Any]"] = []


class Memory[K: Hashable, V]:
    """When a value is too old one thread makes it anew: the others use the old one meanwhile, or wait if it is very old."""

    def __init__(self, *, seconds: float, most: int) -> None:
        self.seconds = seconds
        self.most = most
        self._kept: dict[K, tuple[float, V]] = {}
        self._making: dict[K, threading.Lock] = {}
        _all.append(self)

    def get(self, key: K, make: Callable[[], V]) -> V:
        known = self._kept.get(key)
        age = time.monotonic() - known[0] if known else float("inf")
        if known and age < self.seconds:
            return known[1]
        making = self._making.setdefault(key, threading.Lock())
        is_mine = making.acquire(timeout=0 if age < 2 * self.seconds else LONGEST_WAIT_SECONDS)
        try:
            newer = self._kept.get(key)
            if newer and (newer is not known or (not is_mine and age < 2 * self.seconds)):
                return newer[1]
            return self.put(key, make())
        finally:
            if is_mine:
                self._making.pop(key, None)
                making.release()

    def clear(self) -> None:
        self._kept.clear()

    def put(self, key: K, value: V) -> V:
        """Keep a value that was read another way."""
        if len(self._kept) >= self.most:
            self._kept.clear()
        self._kept[key] = (time.monotonic(), value)
        return value


def forget_everything() -> None:
    """For tests: a process outlives their databases."""
    for memory in _all:
        memory.clear()
