"""Live seat maps: who may connect, what arrives, and that every connection ends when the process stops."""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis
from django.conf import settings

from core.live.seat_map_changes import CHANNEL_PREFIX
from core.live.seat_map_hub import MOST_WAITING, SeatMapHub, _Viewer
from core.live.viewer_limits import MapViewer, ViewerLimits, most_viewers

KNOWN, UNKNOWN, UNSURE = 7, 8, 9
opened: list[Any] = []
streams: list[asyncio.Task[None]] = []


def make_limits(*, most: int = 100, per_address: int = 0, per_browser: int = 0, url: str = "") -> ViewerLimits:
    limits = ViewerLimits(url or settings.REDIS_URL, most=most, per_address=per_address, per_browser=per_browser)
    opened.append(limits)
    return limits


def make_hub(**limits: Any) -> SeatMapHub:
    async def is_known(showtime_id: int) -> bool | None:
        return {KNOWN: True, UNKNOWN: False}.get(showtime_id)

    hub = SeatMapHub(settings.REDIS_URL, is_known=is_known, limits=make_limits(**limits))
    opened.append(hub)
    return hub


def somebody(address: str = "192.0.2.1", browser: str = "") -> MapViewer:
    """A viewer whose address and browser occur only once, because counts in Redis outlive a test."""
    mark = uuid.uuid4().hex
    return MapViewer(f"{address}-{mark}", f"{browser}-{mark}" if browser else "")


class Stream:
    """An open EventSource: the status it got, and the messages so far."""

    def __init__(self, hub: SeatMapHub, visitor: MapViewer, showtime_id: int = KNOWN) -> None:
        self.sent: list[dict[str, Any]] = []
        self.closed = asyncio.Event()
        self.task = asyncio.create_task(hub.serve(showtime_id, visitor, self._receive, self._send))
        streams.append(self.task)

    async def _receive(self) -> dict[str, Any]:
        await self.closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def answer(self) -> int:
        await until(lambda: self.sent)
        return int(self.sent[0]["status"])

    async def close(self) -> None:
        self.closed.set()
        await asyncio.wait_for(self.task, 5)

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


def running(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test in an event loop and close everything it opened."""

    async def run() -> None:
        opened.clear()
        streams.clear()
        await test()
        hubs = [thing for thing in opened if isinstance(thing, SeatMapHub)]
        for hub in hubs:
            hub.stop()
        await asyncio.gather(*streams)
        for thing in [*hubs, *opened]:
            await thing.close()

    asyncio.run(run())


def test_a_viewer_is_greeted_and_hears_of_changes():
    async def run() -> None:
        hub = make_hub()
        stream = Stream(hub, somebody())
        assert await stream.answer() == 200
        await until(lambda: "event: refresh" in stream.text)
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            client.publish(f"{CHANNEL_PREFIX}{KNOWN}", json.dumps({"C7": "held"}))
            client.publish(f"{CHANNEL_PREFIX}{UNKNOWN}", json.dumps({"A1": "held"}))
            client.publish(f"{CHANNEL_PREFIX}{KNOWN}", json.dumps({"C7": "free", "C8": "sold"}))
        await until(lambda: "data: {}" in stream.text and "C8" in stream.text)
        assert stream.text.startswith("retry: ")
        assert stream.text.endswith('data: {"C7":"free","C8":"sold"}\n\n')
        assert "A1" not in stream.text
        await stream.close()
        assert (hub.viewers, hub.limits.count) == ({}, 0)

    running(run)


def test_a_showtime_that_is_not_there_has_no_live_map():
    async def run() -> None:
        hub = make_hub()
        unknown, unsure = Stream(hub, somebody(), UNKNOWN), Stream(hub, somebody(), UNSURE)
        assert (await unknown.answer(), await unsure.answer()) == (404, 503)
        assert (b"retry-after", b"30") in unsure.sent[0]["headers"]
        assert (hub.viewers, hub.limits.count, hub.listening) == ({}, 0, None)

    running(run)


def test_a_full_process_says_when_to_come_back():
    async def run() -> None:
        hub = make_hub(most=2)
        open_maps = [Stream(hub, somebody()) for _ in range(3)]
        assert sorted([await stream.answer() for stream in open_maps]) == [200, 200, 503]
        await open_maps[0].close()
        assert await Stream(hub, somebody()).answer() == 200
        hub.stop()

    running(run)


@pytest.mark.parametrize(("kind", "limits"), [("address", {"per_address": 2}), ("browser", {"per_browser": 2})])
def test_a_visitor_has_a_few_maps_open_over_all_processes(kind, limits):
    async def run() -> None:
        first, second = make_limits(**limits), make_limits(**limits)
        visitor, other = somebody(browser="b"), somebody(browser="b")
        assert [await first.enter(visitor), await second.enter(visitor)] == [True, True]
        assert [await first.enter(visitor), await second.enter(visitor)] == [False, False]
        assert await second.enter(other)
        second.leave(visitor)
        async with asyncio.timeout(5):
            while not await first.enter(visitor):
                await asyncio.sleep(0.01)
        assert (first.count, second.count) == (2, 1)

    running(run)


def test_without_a_limit_an_address_may_open_many():
    async def run() -> None:
        limits, visitor = make_limits(), somebody(browser="b")
        assert all([await limits.enter(visitor) for _ in range(100)])

    running(run)


def test_without_redis_each_process_counts_alone():
    async def run() -> None:
        limits, visitor = make_limits(per_address=2, url="redis://127.0.0.1:1/0"), somebody()
        assert [await limits.enter(visitor) for _ in range(3)] == [True, True, False]
        limits.leave(visitor)
        assert await limits.enter(visitor)

    running(run)


def test_what_a_dead_process_had_open_is_not_counted_for_ever(monkeypatch):
    async def run() -> None:
        dead, alive, visitor = make_limits(per_address=1), make_limits(per_address=1), somebody()
        assert await dead.enter(visitor)
        assert not await alive.enter(visitor)
        monkeypatch.setattr("core.live.viewer_limits.COUNTS_ARE_BELIEVED_SECONDS", -1)
        assert await alive.enter(visitor)

    running(run)


def test_a_count_that_its_process_has_not_renewed_is_not_believed():
    async def run() -> None:
        alive, visitor = make_limits(per_address=1), somebody()
        told = f"5@{time.time() - 91:.0f}"
        await alive.redis.hset(f"live-maps:{visitor.names[0]}", "a process that is gone", told)
        assert await alive.enter(visitor)

    running(run)


def test_what_a_process_has_open_is_told_again_before_it_is_forgotten(monkeypatch):
    monkeypatch.setattr("core.live.viewer_limits.RENEW_SECONDS", 0.01)

    async def run() -> None:
        here, elsewhere, visitor = make_limits(per_address=1), make_limits(per_address=1), somebody()
        assert await here.enter(visitor)
        await here.redis.delete(f"live-maps:{visitor.names[0]}")
        async with asyncio.timeout(10):
            while not await here.redis.exists(f"live-maps:{visitor.names[0]}"):
                await asyncio.sleep(0.01)
        assert not await elsewhere.enter(visitor)

    running(run)


def test_all_streams_end_at_once_when_the_process_stops():
    async def run() -> None:
        hub = make_hub()
        open_maps = [Stream(hub, somebody()) for _ in range(20)]
        assert {await stream.answer() for stream in open_maps} == {200}
        hub.stop()
        await asyncio.wait_for(asyncio.gather(*(stream.task for stream in open_maps)), 1)
        assert all(
            stream.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False} for stream in open_maps
        )
        late = Stream(hub, somebody())
        assert (await late.answer(), hub.limits.count) == (503, 0)

    running(run)


def test_a_slow_viewer_keeps_the_newest_messages_and_has_them_in_one_piece():
    async def run() -> None:
        viewer = _Viewer()
        for number in range(MOST_WAITING + 10):
            viewer.put(b"%d " % number)
        waiting = (await viewer.next_messages()).split()
        assert waiting == [b"%d" % number for number in range(10, MOST_WAITING + 10)]
        assert not viewer.messages

    running(run)


def test_a_viewer_who_waits_has_a_message_at_once_and_nothing_once_it_has_left():
    async def run() -> None:
        viewer = _Viewer()
        waiting = asyncio.create_task(viewer.next_messages())
        await asyncio.sleep(0)
        viewer.put(b"a")
        viewer.put(b"b")
        assert await waiting == b"ab"
        waiting = asyncio.create_task(viewer.next_messages())
        await asyncio.sleep(0)
        viewer.leave()
        assert await waiting == b""
        viewer.put(b"c")
        assert await viewer.next_messages() == b""

    running(run)


def test_a_silent_stream_is_kept_open_by_pings_and_a_busy_one_needs_none(monkeypatch):
    monkeypatch.setattr("core.live.seat_map_hub.PING_SECONDS", 0.05)

    async def run() -> None:
        hub = make_hub()
        silent = Stream(hub, somebody())
        assert await silent.answer() == 200
        await until(lambda: ": ping" in silent.text)
        hub.pinging.cancel()
        busy, quiet = _Viewer(), _Viewer()
        busy.was_sent_something = True
        hub.viewers[KNOWN] |= {busy, quiet}
        hub.keep_open()
        assert (list(busy.messages), list(quiet.messages)) == ([], [b": ping\n\n"])
        hub.keep_open()
        assert list(busy.messages) == [b": ping\n\n"]
        hub.stop()

    running(run)


@pytest.mark.parametrize(("files", "most"), [(1024, 768), (400, 144), (256, 0), (65536, 10_000), (-1, 10_000)])
def test_viewers_leave_files_for_the_pages(monkeypatch, files, most):
    asked = []
    monkeypatch.setattr("resource.getrlimit", lambda _: (512, files))
    monkeypatch.setattr("resource.setrlimit", lambda _, limits: asked.append(limits))
    assert most_viewers() == most
    assert asked == [(files, files)]
