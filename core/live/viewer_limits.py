"""How many live seat maps may be open: in this process, from one address, from one browser.

Each process tells the others through Redis how many an address and a browser have open in it. Without Redis each
process counts alone.
"""

import asyncio
import resource
import secrets
import time
from collections import Counter
from dataclasses import dataclass

import redis.asyncio
import redis.exceptions

MOST_VIEWERS = 10_000
# Open files that a process needs besides viewers: requests, connections to the database and to Redis, logs.
FILES_FOR_THE_REST = 256
# Counts of a process that was killed are forgotten after this time.
COUNTS_ARE_BELIEVED_SECONDS = 90
RENEW_SECONDS = 30
PAUSE_WITHOUT_REDIS_SECONDS = 5.0


@dataclass(frozen=True)
class MapViewer:
    """The viewer of a live map: the client's address ('' when not limited), and its browser ('' without a cookie)."""

    address: str
    browser: str

    @property
    def names(self) -> list[str]:
        return [f"{kind}:{name}" for kind, name in (("address", self.address), ("browser", self.browser)) if name]


def most_viewers() -> int:
    """How many streams this process may open, leaving files for other work. Raises the soft limit of files to the hard one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    files = MOST_VIEWERS * 2 if hard == resource.RLIM_INFINITY else hard
    return max(0, min(MOST_VIEWERS, files - FILES_FOR_THE_REST, files * 3 // 4))


class ViewerLimits:
    """Limits open streams; use it in one event loop only. A limit of 0 is off."""

    def __init__(self, redis_url: str, *, most: int, per_address: int, per_browser: int) -> None:
        self.redis = redis.asyncio.Redis.from_url(
            redis_url, socket_timeout=0.5, socket_connect_timeout=0.5, decode_responses=True
        )
        self.most = most
        self.limits = {"address": per_address, "browser": per_browser}
        self.process = secrets.token_hex(8)
        self.count = 0
        self._here: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._renewing: asyncio.Task[None] | None = None
        self._quiet_until = 0.0
        self._telling = asyncio.Lock()

    @property
    def is_full(self) -> bool:
        return self.count >= self.most

    async def enter(self, visitor: MapViewer) -> bool:
        """Count a visitor in; False when too many are open. Each True needs one leave()."""
        self._keep_renewing()
        self.count += 1
        names = self._limited(visitor)
        self._here.update(names)
        for name in names:
            if await self._open_anywhere(name) > self._limit(name):
                self.leave(visitor)
                return False
        return True

    def leave(self, visitor: MapViewer) -> None:
        self.count -= 1
        for name in self._limited(visitor):
            self._here[name] -= 1
            if not self._here[name]:
                del self._here[name]
            task = asyncio.ensure_future(self._report_counts([name]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.redis.aclose()

    def _limited(self, visitor: MapViewer) -> list[str]:
        return [name for name in visitor.names if self._limit(name)]

    def _limit(self, name: str) -> int:
        return self.limits[name.partition(":")[0]]

    async def _open_anywhere(self, name: str) -> int:
        """Open streams in this process and, as far as Redis knows, in others."""
        here = self._here[name]
        await self._report_counts([name])
        if self._is_redis_away:
            return here
        try:
            told = await self.redis.hgetall(_key(name))
        except (redis.exceptions.RedisError, OSError):
            self._quiet_until = time.monotonic() + PAUSE_WITHOUT_REDIS_SECONDS
            return here
        return here + sum(_believed(str(count)) for process, count in told.items() if process != self.process)

    async def _report_counts(self, names: list[str]) -> None:
        """Report counts to Redis one at a time, so that no old count arrives last."""
        async with self._telling:
            if not self._is_redis_away:
                await self._write([(name, self._here[name]) for name in names])

    async def _write(self, counts: list[tuple[str, int]]) -> None:
        pipe = self.redis.pipeline(transaction=False)
        for name, count in counts:
            if count:
                pipe.hset(_key(name), self.process, f"{count}@{time.time():.0f}")
                pipe.expire(_key(name), COUNTS_ARE_BELIEVED_SECONDS)
            else:
                pipe.hdel(_key(name), self.process)
        try:
            await pipe.execute()
        except (redis.exceptions.RedisError, OSError):
            self._quiet_until = time.monotonic() + PAUSE_WITHOUT_REDIS_SECONDS

    @property
    def _is_redis_away(self) -> bool:
        return time.monotonic() < self._quiet_until

    def _keep_renewing(self) -> None:
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.ensure_future(self._renew())

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._report_counts(list(self._here))


def _key(name: str) -> str:
    return f"live-maps:{name}"


def _believed(told: str) -> int:
    count, _, moment = told.partition("@")
    return int(count) if time.time() - int(moment) < COUNTS_ARE_BELIEVED_SECONDS else 0
