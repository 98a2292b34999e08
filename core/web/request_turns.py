"""Limits on the threads that requests may take. Requests that can wait for row locks never take all threads of the process.

Pages that only read always find a thread: at least a quarter of them is never given to requests that may lock. Among
those, one showtime gets at most its share. A request that has to wait for its turn waits here, without a thread; not for
long while all who have a turn are stuck at locks, as when many showtimes are locked at once.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

LOOK_AGAIN_SECONDS = 0.1
REFUSALS_AT_ONCE = 1
# With the three seconds that a lock is waited for, an answer comes within five.
LONGEST_WAIT_BEHIND_STUCK = 1.0


def _none() -> int:
    return 0


@dataclass(eq=False)
class _Waiting:
    key: str
    is_stuck: Callable[[], bool]
    since: float = field(default_factory=time.monotonic)
    granted: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class RequestTurns:
    """Shares the process's `threads` between requests. Use it in one event loop only.

    `count_stuck` says how many of the requests with a turn have waited long for a lock.
    """

    def __init__(self, threads: int, count_stuck: Callable[[], int] = _none) -> None:
        self._count_stuck = count_stuck
        self.most = max(1, threads - max(2, threads // 4))
        self.most_per_key = max(1, self.most - 2)
        self._running: Counter[str] = Counter()
        self._refusing = 0
        self._queue: deque[_Waiting] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, key: str, is_stuck: Callable[[], bool]) -> AsyncIterator[bool]:
        """Wait until a request of this key may have a thread. When `is_stuck` it gets one soon, to be refused: then this
        gives True, as for one that has waited long behind requests that are all stuck.
        """
        waiting = _Waiting(key, is_stuck)
        self._queue.append(waiting)
        self._grant()
        try:
            refuses = await waiting.granted
        except asyncio.CancelledError:
            self._leave(waiting)
            raise
        try:
            yield refuses
        finally:
            self._give_back(key, refuses=refuses)

    def _grant(self) -> None:
        """Give turns in order of arrival, skipping keys that use their whole share."""
        for waiting in list(self._queue):
            if waiting.is_stuck() or self._is_behind_stuck(waiting):
                if self._refusing < REFUSALS_AT_ONCE:
                    self._refusing += 1
                    self._let_go(waiting, refuses=True)
            elif self._running.total() < self.most and self._running[waiting.key] < self.most_per_key:
                self._running[waiting.key] += 1
                self._let_go(waiting, refuses=False)
        if self._queue and self._timer is None:
            # Whether a showtime is stuck depends on time, so look again although no request came or ended.
            self._timer = asyncio.get_running_loop().call_later(LOOK_AGAIN_SECONDS, self._look_again)

    def _is_behind_stuck(self, waiting: _Waiting) -> bool:
        return time.monotonic() - waiting.since > LONGEST_WAIT_BEHIND_STUCK and self._count_stuck() >= self.most

    def _look_again(self) -> None:
        self._timer = None
        self._grant()

    def _let_go(self, waiting: _Waiting, *, refuses: bool) -> None:
        self._queue.remove(waiting)
        waiting.granted.set_result(refuses)

    def _leave(self, waiting: _Waiting) -> None:
        if waiting in self._queue:
            self._queue.remove(waiting)
        elif waiting.granted.done() and not waiting.granted.cancelled():
            self._give_back(waiting.key, refuses=waiting.granted.result())

    def _give_back(self, key: str, *, refuses: bool) -> None:
        if refuses:
            self._refusing -= 1
        else:
            self._running[key] -= 1
            if not self._running[key]:
                del self._running[key]
        self._grant()
