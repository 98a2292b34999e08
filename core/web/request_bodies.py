"""Bodies of requests, which are read whole before a thread is taken. What they take of the memory of a process is bounded.

Forms of customers are small and always read. Larger bodies (posters, plans, files of movies) share what is left for them, so
that somebody who sends many of them at once is refused, and nobody else is.
"""

from typing import Any

from core.web.posted_numbers import posted_number

SMALL_BYTES = 64 * 1024
MOST_TOGETHER_BYTES = 48 * 1024 * 1024


class TooLarge(Exception):
    """More than this address takes."""


class MemoryFull(Exception):
    """Too many large bodies are being read or answered at this moment."""


class BodyMemory:
    """Counts the bytes that large bodies of this process take together. Belongs to one event loop."""

    def __init__(self, most: int = MOST_TOGETHER_BYTES) -> None:
        self.left = most


class Body:
    """The body of one request; `give_back` when its answer is there."""

    def __init__(self, memory: BodyMemory, *, most: int) -> None:
        self._memory, self._most = memory, most
        self._size = self._taken = 0

    async def read(self, scope: dict[str, Any], receive: Any) -> bytes:
        """Read the body; b"" when the client has gone. Raises TooLarge, at once if the size is declared, or MemoryFull."""
        if _declared(scope) > self._most:
            raise TooLarge
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b""
            parts.append(message.get("body", b""))
            self._grow(len(parts[-1]))
            if not message.get("more_body", False):
                return b"".join(parts)

    def give_back(self) -> None:
        self._memory.left += self._taken
        self._taken = 0

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > self._most:
            raise TooLarge
        more = max(0, self._size - SMALL_BYTES) - self._taken
        if more > self._memory.left:
            raise MemoryFull
        self._memory.left -= more
        self._taken += more


def _declared(scope: dict[str, Any]) -> int:
    """Bytes; 0 where the request does not say, or says nonsense: then they are counted while they come."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return posted_number(length.decode("latin-1")) or 0
