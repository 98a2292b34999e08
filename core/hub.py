"""Live seat maps: one Redis subscription a process, one short queue a viewer, changes gathered for a moment.

Raw ASGI beside Django's pages: a viewer costs some kilobytes here, and a hundred through Django's own handler.
"""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import redis.asyncio
import redis.exceptions
import structlog

from core.live import CHANNEL_PREFIX

logger = structlog.get_logger(__name__)
PATH = re.compile(r"^/showtimes/(\d{1,18})/events/$")
GATHER_SECONDS = 0.25
PING_SECONDS = 20.0
MOST_WAITING = 50
MOST_VIEWERS = 10_000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Hub:
    def __init__(self, redis_url: str) -> None:
        self.redis_url = redis_url
        self.viewers: dict[int, set[asyncio.Queue[bytes]]] = defaultdict(set)
        self.gathered: dict[int, dict[str, str]] = {}
        self.listening: asyncio.Task[None] | None = None
        self.count = 0

    async def serve(self, showtime_id: int, receive: Receive, send: Send) -> None:
        """One viewer until it goes away."""
        if self.count >= MOST_VIEWERS:
            await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"30")]})
            await send({"type": "http.response.body", "body": b""})
            return
        queue: asyncio.Queue[bytes] = asyncio.Queue(maxsize=MOST_WAITING)
        self._ensure_listening()
        self.viewers[showtime_id].add(queue)
        self.count += 1
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _stream(queue, gone, send)
        except OSError:
            pass
        finally:
            gone.cancel()
            self.count -= 1
            self.viewers[showtime_id].discard(queue)
            if not self.viewers[showtime_id]:
                del self.viewers[showtime_id]

    def _ensure_listening(self) -> None:
        if self.listening is None or self.listening.done():
            self.listening = asyncio.ensure_future(self._listen())

    async def _listen(self) -> None:
        pause = 0.5
        while True:
            try:
                client = redis.asyncio.Redis.from_url(
                    self.redis_url, socket_connect_timeout=2, socket_keepalive=True, health_check_interval=15
                )
                async with client, client.pubsub() as subscription:
                    await subscription.psubscribe(f"{CHANNEL_PREFIX}*")
                    # What happened meanwhile is lost: everybody asks for the map again.
                    self._tell_all(b"event: refresh\ndata: {}\n\n")
                    pause = 0.5
                    async for message in subscription.listen():
                        if message["type"] == "pmessage":
                            self._gather(message["channel"], message["data"])
            except Exception as error:  # the hub lives as long as its process, whatever one message did
                logger.warning("live_hub_without_redis", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(10.0, pause * 2)

    def _gather(self, channel: bytes, data: bytes) -> None:
        showtime_id = int(channel.decode().removeprefix(CHANNEL_PREFIX))
        if showtime_id not in self.viewers:
            return
        waiting = self.gathered.get(showtime_id)
        if waiting is None:
            waiting = self.gathered[showtime_id] = {}
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._send_gathered, showtime_id)
        waiting.update(json.loads(data))

    def _send_gathered(self, showtime_id: int) -> None:
        states = self.gathered.pop(showtime_id, {})
        message = f"data: {json.dumps(states, separators=(',', ':'))}\n\n".encode()
        for queue in self.viewers.get(showtime_id, ()):
            _put(queue, message)

    def _tell_all(self, message: bytes) -> None:
        for queues in self.viewers.values():
            for queue in queues:
                _put(queue, message)


def _put(queue: asyncio.Queue[bytes], message: bytes) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(message)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stream(queue: asyncio.Queue[bytes], gone: asyncio.Future[None], send: Send) -> None:
    # The first event makes the page ask for what changed between its drawing and this connection.
    await send({"type": "http.response.body", "body": b"retry: 3000\nevent: hello\ndata: {}\n\n", "more_body": True})
    while not gone.done():
        getting = asyncio.ensure_future(queue.get())
        both: list[asyncio.Future[Any]] = [getting, gone]
        await asyncio.wait(both, timeout=PING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            getting.cancel()
            return
        if getting.done():
            body = getting.result()
        else:
            getting.cancel()
            body = b": ping\n\n"
        await send({"type": "http.response.body", "body": body, "more_body": True})
