"""Live seat maps: one Redis subscription a process, one short queue a viewer, changes gathered for a moment.

Raw ASGI beside Django's pages: a viewer costs some kilobytes here, and a hundred through Django's own handler.
"""

import asyncio
import json
import random
import re
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

import redis.asyncio
import redis.exceptions
import structlog

from core.live.seat_map_changes import CHANNEL_PREFIX
from core.live.viewer_limits import MapViewer, ViewerLimits

logger = structlog.get_logger(__name__)
PATH = re.compile(r"^/showtimes/(\d{1,18})/events/$")
GATHER_SECONDS = 0.25
PING_SECONDS = 10.0
MOST_WAITING = 50
# The longest wait of a browser before it connects again, in milliseconds, so that not all come at once.
RECONNECT_MS = (2_000, 6_000)
RETRY_AFTER_SECONDS = 30
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
IsKnown = Callable[[int], Awaitable[bool | None]]


class _Viewer:
    """The queue of messages for one browser. It waits on one future at a time, because a task for each message would be
    most of the cost of a thousand viewers.
    """

    def __init__(self) -> None:
        self.messages: deque[bytes] = deque(maxlen=MOST_WAITING)
        self.is_gone = False
        self.was_sent_something = False
        self._awake: asyncio.Future[None] | None = None

    def leave(self) -> None:
        """End the stream: the browser has gone, or this process stops."""
        self.is_gone = True
        self._wake()

    def put(self, message: bytes) -> None:
        """Queue a message; when too many wait, the oldest is dropped."""
        self.messages.append(message)
        self._wake()

    def _wake(self) -> None:
        if self._awake is not None and not self._awake.done():
            self._awake.set_result(None)

    async def next_messages(self) -> bytes:
        """Wait for messages and return them all; [] once the viewer has left."""
        if not self.messages and not self.is_gone:
            self._awake = asyncio.get_running_loop().create_future()
            await self._awake
        body = b"".join(self.messages)
        self.messages.clear()
        self.was_sent_something = True
        return b"" if self.is_gone else body


class SeatMapHub:
    """Sends changes of seats to browsers. `is_known`: whether a showtime exists; None if unknown."""

    def __init__(self, redis_url: str, *, is_known: IsKnown, limits: ViewerLimits) -> None:
        self.redis_url = redis_url
        self.is_known = is_known
        self.limits = limits
        self.viewers: dict[int, set[_Viewer]] = defaultdict(set)
        self.gathered: dict[int, dict[str, str]] = {}
        self.listening: asyncio.Task[None] | None = None
        self.pinging: asyncio.Task[None] | None = None
        self.is_stopping = False

    async def serve(self, showtime_id: int, visitor: MapViewer, receive: Receive, send: Send) -> None:
        """One viewer until it goes away: 404 for an unknown showtime, 429 over a visitor's limit, 503 when full."""
        if self.is_stopping or self.limits.is_full:
            await _refuse(send, 503)
            return
        is_known = await self.is_known(showtime_id)
        if not is_known:
            await _refuse(send, 503 if is_known is None else 404)
        elif not await self.limits.enter(visitor):
            await _refuse(send, 429)
        else:
            try:
                await self._stream(showtime_id, receive, send)
            finally:
                self.limits.leave(visitor)

    async def _stream(self, showtime_id: int, receive: Receive, send: Send) -> None:
        viewer = _Viewer()
        self._ensure_listening()
        self.viewers[showtime_id].add(viewer)
        watching = asyncio.ensure_future(_until_gone(receive, viewer))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _send_messages(viewer, send)
        except OSError:
            pass
        finally:
            watching.cancel()
            self.viewers[showtime_id].discard(viewer)
            if not self.viewers[showtime_id]:
                del self.viewers[showtime_id]

    def stop(self) -> None:
        """End all streams now: this process is about to stop, and the browsers come back to another one."""
        self.is_stopping = True
        for viewers in self.viewers.values():
            for viewer in viewers:
                viewer.leave()

    async def close(self) -> None:
        """Cancel the tasks at the end of the process, after stop()."""
        tasks = [task for task in (self.listening, self.pinging) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.limits.close()

    def _ensure_listening(self) -> None:
        if self.listening is None or self.listening.done():
            self.listening = asyncio.ensure_future(self._listen())
            self.pinging = self.pinging or asyncio.ensure_future(self._ping())

    async def _listen(self) -> None:
        pause = 0.5
        while True:
            try:
                client = redis.asyncio.Redis.from_url(
                    self.redis_url, socket_connect_timeout=2, socket_keepalive=True, health_check_interval=15
                )
                async with client, client.pubsub() as subscription:
                    await subscription.psubscribe(f"{CHANNEL_PREFIX}*")
                    # Changes of the time without Redis are lost, so every page loads its map again.
                    self._tell_all(b"event: refresh\ndata: {}\n\n")
                    pause = 0.5
                    async for message in subscription.listen():
                        if message["type"] == "pmessage":
                            self._gather(message["channel"], message["data"])
            except Exception as error:  # one faulty message must not end the hub
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
        for viewer in self.viewers.get(showtime_id, ()):
            viewer.put(message)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            self.keep_open()

    def keep_open(self) -> None:
        """Send something within two PING_SECONDS, because proxies close silent streams."""
        for viewers in self.viewers.values():
            for viewer in viewers:
                if not viewer.was_sent_something:
                    viewer.put(b": ping\n\n")
                viewer.was_sent_something = False

    def _tell_all(self, message: bytes) -> None:
        for viewers in self.viewers.values():
            for viewer in viewers:
                viewer.put(message)


async def _refuse(send: Send, status: int) -> None:
    """Answer without a body, which an EventSource would not show (static/js/seats.js)."""
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    if status != 404:
        headers.append((b"retry-after", str(RETRY_AFTER_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive, viewer: _Viewer) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.leave()


async def _send_messages(viewer: _Viewer, send: Send) -> None:
    # From here on the page gets every change; for changes before it was connected it loads the map.
    hello = f"retry: {random.randint(*RECONNECT_MS)}\nevent: hello\ndata: {{}}\n\n"  # noqa: S311
    await send({"type": "http.response.body", "body": hello.encode(), "more_body": True})
    while body := await viewer.next_messages():
        await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
