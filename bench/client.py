"""A small HTTP/1.1 client: keep-alive, one request at a time per connection, cheap enough not to distort the
measurement.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes
    """As it came over the wire."""

    def headers(self, name: str) -> list[str]:
        wanted = name.lower().encode()
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return [value.strip().decode("latin-1") for key, _, value in lines if key.lower() == wanted]

    def header(self, name: str) -> str:
        return next(iter(self.headers(name)), "")

    def text(self) -> str:
        if self.header("content-encoding") == "gzip":
            return zlib.decompress(self.body, wbits=31).decode()
        return self.body.decode()


def request(
    method: str, path: str, *, host: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> bytes:
    """The bytes of a request; those that never change are made once."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept-Encoding: gzip"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


class Connection(asyncio.Protocol):
    """One connection to a server on this machine; opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None

    async def open(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    @property
    def local_port(self) -> int:
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    async def send(self, raw: bytes) -> Answer:
        """Raises ConnectionError or TimeoutError."""
        if self._transport is None or self._transport.is_closing():
            await self.open()
        assert self._transport is not None
        self._buffer.clear()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await self._waiting

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionResetError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answer = parse(self._buffer)
        if answer is not None and self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)


def parse(buffer: bytearray) -> Answer | None:
    """The whole answer to anything but HEAD; None while some of it is missing."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(buffer[:end])
    status = int(head[9:12])
    lowered = head.lower()
    if (at := lowered.find(b"\r\ncontent-length:")) >= 0:
        length = int(lowered[at + 17 :].split(b"\r\n", 1)[0])
        if len(buffer) < end + 4 + length:
            return None
        return Answer(status, head, bytes(buffer[end + 4 : end + 4 + length]))
    if b"\r\ntransfer-encoding: chunked" in lowered:
        body = _chunks(buffer, end + 4)
        return None if body is None else Answer(status, head, body)
    return Answer(status, head, b"")


def _chunks(buffer: bytearray, at: int) -> bytes | None:
    parts: list[bytes] = []
    while True:
        line_end = buffer.find(b"\r\n", at)
        if line_end < 0:
            return None
        size = int(buffer[at:line_end].split(b";")[0], 16)
        begin = line_end + 2
        if len(buffer) < begin + size + 2:
            return None
        if size == 0:
            return b"".join(parts)
        parts.append(bytes(buffer[begin : begin + size]))
        at = begin + size + 2
