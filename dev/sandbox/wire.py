"""Plays the faults of the wire around a piece of work, and can cut a connection for good."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from dev.sandbox.faults import Fault

LONGEST_HOLD = 30.0
transports: dict[tuple[str, int], asyncio.Transport] = {}


class CuttableProtocol(H11Protocol):
    """Remembers its connection under the client's address, so that a request can find and cut it."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._client_address = transport.get_extra_info("peername")[:2]
        transports[self._client_address] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        transports.pop(self._client_address, None)
        super().connection_lost(exc)


def cut(request: Request) -> Response:
    """Reset the connection of the client; the returned answer goes nowhere."""
    client = request.client
    transport = transports.get((client.host, client.port)) if client else None
    if transport:
        transport.abort()
    return Response(status_code=500)


async def play_dead(request: Request, faults: list[Fault]) -> Response | None:
    """Cut the connection if the sandbox plays a dead host; None if it does not."""
    for fault in faults:
        if fault.kind in ("cut", "hang"):
            if fault.kind == "hang":
                await pause(fault, LONGEST_HOLD)
            return cut(request)
    return None


async def play(request: Request, faults: list[Fault], work: Callable[[], Awaitable[Response]]) -> Response:
    """Slow, held, lost and replaced answers; errors are the caller's to play, because they decide what is kept."""
    for fault in faults:
        if fault.kind in ("slow", "hold") and fault.stage == "before":
            await pause(fault, fault.seconds or LONGEST_HOLD)
    in_between = next((fault for fault in faults if fault.replaces), None)
    if in_between and in_between.stage == "before":
        return replaced(in_between, "")
    response = await work()
    for fault in faults:
        if fault.kind in ("slow", "hold") and fault.stage != "before":
            await pause(fault, fault.seconds or LONGEST_HOLD)
    if any(fault.kind == "lose_reply" for fault in faults):
        return cut(request)
    return replaced(in_between, bytes(response.body).decode()) if in_between else response


def replaced(fault: Fault, answer: str) -> Response:
    """Without any header of Stripe's: something in between has written it; a `stripes_reply` has the id of a request."""
    body, media_type = fault.replacement(answer)
    headers = {"Request-Id": "req_of_a_fault"} if fault.kind == "stripes_reply" else None
    return Response(body, fault.status, headers=headers, media_type=media_type)


async def pause(fault: Fault, seconds: float) -> None:
    """Wait until released or until the time is over."""
    fault.reached.set()
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not fault.released.is_set() and loop.time() < end:
        await asyncio.sleep(min(0.005, seconds))
