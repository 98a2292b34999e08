"""A cache inside one process, for some seconds: many requests for the same value cost one query."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

from core.texts.languages import current_language

LONGEST_WAIT_SECONDS = 1.0
# How long an old value stands after an error, before somebody tries to make it anew.
RETRY_SECONDS = 5.0
_all: list["ProcessCache[Any, Any]"] = []


class ProcessCache[K: Hashable, V]:
    """Values kept in memory. When a value is too old one thread makes it anew: the others use the old one
    meanwhile, or wait if it is very old.

    Each language has values of its own, because a value may hold sentences, unless has_sentences is False. `outlasts`:
    errors of making a value anew after which the old one stands, however old it is.
    """

    def __init__(
        self, *, seconds: float, most: int, has_sentences: bool = True, outlasts: tuple[type[Exception], ...] = ()
    ) -> None:
        self.seconds = seconds
        self.outlasts = outlasts
        self.most = most
        self.has_sentences = has_sentences
        self._kept: dict[tuple[str, K], tuple[float, V]] = {}
        self._making: dict[tuple[str, K], threading.Lock] = {}
        _all.append(self)

    def get(self, key: K, make: Callable[[], V]) -> V:
        place = self._place(key)
        known = self._kept.get(place)
        age = time.monotonic() - known[0] if known else float("inf")
        if known and age < self.seconds:
            return known[1]
        making = self._making.setdefault(place, threading.Lock())
        is_mine = making.acquire(timeout=0 if age < 2 * self.seconds else LONGEST_WAIT_SECONDS)
        try:
            newer = self._kept.get(place)
            if newer and (newer is not known or (not is_mine and age < 2 * self.seconds)):
                return newer[1]
            return self.put(key, make())
        except self.outlasts:
            if known is None:
                raise
            self._kept[place] = (time.monotonic() - self.seconds + RETRY_SECONDS, known[1])
            return known[1]
        finally:
            if is_mine:
                self._making.pop(place, None)
                making.release()

    def get_all(self, keys: set[K], make: Callable[[set[K]], dict[K, V]]) -> dict[K, V]:
        """The values of several keys; those missing or too old are made by a single call."""
        kept = {key: self._kept.get(self._place(key)) for key in keys}
        now = time.monotonic()
        found = {key: known[1] for key, known in kept.items() if known and now - known[0] < self.seconds}
        if missing := keys - found.keys():
            made = make(missing)
            found |= {key: self.put(key, value) for key, value in made.items()}
        return found

    def clear(self) -> None:
        self._kept.clear()

    def forget(self, key: K) -> None:
        self._kept.pop(self._place(key), None)

    def put(self, key: K, value: V) -> V:
        """Store a value that was read in another way."""
        if len(self._kept) >= self.most:
            self._kept.clear()
        self._kept[self._place(key)] = (time.monotonic(), value)
        return value

    def _place(self, key: K) -> tuple[str, K]:
        return (current_language() if self.has_sentences else "", key)


def forget_everything() -> None:
    """Clear all caches, for tests, whose process outlives their databases."""
    for memory in _all:
        memory.clear()
