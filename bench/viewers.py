"""Row 10: how soon 1,000 viewers of one live seat map have a change, against a bare asyncio server in the same run.

python -m bench.viewers [--rounds 5]

The hub runs as it does in production, in one process of gunicorn. Both servers hear of a change from Valkey and send it to
1,000 open connections each. The hub gathers changes for a moment first, which is taken off its times.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from signal import SIGTERM

import redis
import redis.asyncio

from core.live.seat_map_changes import CHANNEL_PREFIX
from core.live.seat_map_hub import GATHER_SECONDS, SeatMapHub
from core.live.viewer_limits import MapViewer, ViewerLimits, most_viewers
from dev import processes
from dev.valkey import start_valkey, stop_valkey

VIEWERS = 1_000
CHANGES = 10
PAUSE_SECONDS = 0.6
OF_HUB, OF_BARE = 1, 2
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
REDIS_URL = os.environ.get("REDIS_URL", "")

_hub: SeatMapHub | None = None


async def application(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
    """The hub alone, for gunicorn."""
    global _hub
    if scope["type"] != "http":
        return
    if _hub is None:
        limits = ViewerLimits(REDIS_URL, most=most_viewers(), per_address=0, per_browser=0)
        _hub = SeatMapHub(REDIS_URL, is_known=_everything_is_known, limits=limits)
    await _hub.serve(OF_HUB, MapViewer("", ""), receive, send)


async def _everything_is_known(_showtime_id: int) -> bool:
    return True


async def bare(port: int) -> None:
    """What asyncio gives at best: a change is written to every open connection."""
    writers: list[asyncio.StreamWriter] = []

    async def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD)
        writers.append(writer)

    await asyncio.start_server(enter, "127.0.0.1", port, backlog=VIEWERS)
    async with redis.asyncio.Redis.from_url(REDIS_URL) as client, client.pubsub() as subscription:
        await subscription.psubscribe(f"{CHANNEL_PREFIX}*")
        async for message in subscription.listen():
            if message["type"] == "pmessage" and message["channel"].endswith(f"{OF_BARE}".encode()):
                body = b"data: " + message["data"] + b"\n\n"
                chunk = b"%x\r\n%b\r\n" % (len(body), body)
                for writer in writers:
                    writer.write(chunk)


class Viewer(asyncio.Protocol):
    def __init__(self, arrivals: list[float]) -> None:
        self.arrivals = arrivals

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(f"GET /showtimes/{OF_HUB}/events/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if b'"A1"' in data:
            self.arrivals.append(time.monotonic())


async def latencies(ports: dict[str, int], *, rounds: int) -> dict[str, list[list[float]]]:
    """Milliseconds from the change to its arrival at each viewer, for each round of each server."""
    arrivals: dict[str, list[float]] = {name: [] for name in ports}
    loop = asyncio.get_running_loop()
    for name, port in ports.items():
        for _ in range(VIEWERS):
            await loop.create_connection(lambda name=name: Viewer(arrivals[name]), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.sleep(3)
    publisher = redis.Redis.from_url(REDIS_URL)
    found: dict[str, list[list[float]]] = {name: [] for name in ports}
    for _ in range(rounds):
        for name, gathered, channel in (("bare", 0.0, OF_BARE), ("hub", GATHER_SECONDS, OF_HUB)):
            times: list[float] = []
            for _ in range(CHANGES):
                arrivals[name].clear()
                began = time.monotonic() + gathered
                publisher.publish(f"{CHANNEL_PREFIX}{channel}", json.dumps({"A1": "held"}))
                await asyncio.sleep(gathered + PAUSE_SECONDS)
                times += [1000 * (at - began) for at in arrivals[name]]
            if len(times) != VIEWERS * CHANGES:
                raise RuntimeError(f"{name}: {len(times)} of {VIEWERS * CHANGES} changes arrived")
            found[name].append(times)
    return found


def p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def lines(found: dict[str, list[list[float]]]) -> list[str]:
    ratios = [p99(hub) / p99(plain) for hub, plain in zip(found["hub"], found["bare"], strict=True)]
    each = [
        f"{name:6} median {statistics.median(map(statistics.median, rounds)):7.1f} ms"
        f"   p99 {statistics.median(map(p99, rounds)):7.1f} ms"
        for name, rounds in found.items()
    ]
    return [*each, f"hub / bare at p99: {statistics.median(ratios):.2f} ({', '.join(f'{one:.2f}' for one in ratios)})"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.viewers", description="1,000 viewers of a live seat map.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bare", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        asyncio.run(bare(options.bare))
        return
    with tempfile.TemporaryDirectory(prefix="marquee-viewers-") as state:
        valkey = start_valkey(Path(state), persist=False)
        globals()["REDIS_URL"] = valkey.url
        ports = {"bare": processes.free_port(), "hub": processes.free_port()}
        commands = [
            ["bench.viewers", "--bare", str(ports["bare"])],
            ["gunicorn", "-k", "asgi", "bench.viewers:application", "--bind", f"127.0.0.1:{ports['hub']}", "--backlog", "2048",
             "--worker-connections", "4000", "--no-control-socket", "--log-level", "warning"],
        ]  # fmt: skip
        environment = {**os.environ, "REDIS_URL": valkey.url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        log = Path(state) / "log"
        with log.open("ab") as output:
            pids = [
                processes.spawn([sys.executable, "-m", *command], output=output, dies_with_us=SIGTERM,
                                environment=environment, cwd=str(Path(__file__).resolve().parent.parent)).pid
                for command in commands
            ]  # fmt: skip
        try:
            if not processes.wait_until(lambda: not any(map(processes.is_port_free, ports.values())), seconds=60):
                raise SystemExit(log.read_text())
            print("\n".join(lines(asyncio.run(latencies(ports, rounds=options.rounds)))))
        finally:
            for pid in pids:
                processes.end(pid, SIGTERM, seconds=5)
            stop_valkey(valkey)


if __name__ == "__main__":
    main()
