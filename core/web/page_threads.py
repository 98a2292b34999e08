"""Answers requests by a WSGI application in threads, beside an event loop.

With a2wsgi's own class a thread waits for the loop before each part of an answer, and for the body of a form: four times for a
click. Here it waits for nothing: the body is there, and what it answers is put into a queue.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from io import BytesIO
from typing import Any

from a2wsgi.wsgi import build_environ

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Tell = Callable[..., object]


class PageThreads:
    def __init__(self, application: Any, *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="WSGI")

    async def answer(self, scope: dict[str, Any], body: bytes, send: Send) -> None:
        """Answer a request whose body was read. Returns when the thread is free again and everything was sent."""
        loop = asyncio.get_running_loop()
        # Without a limit: with one, readers of large answers who stop reading would keep their threads for good.
        messages: asyncio.Queue[Message | None] = asyncio.Queue()

        def tell(*told: Message) -> None:
            loop.call_soon_threadsafe(_put_all, messages, told)

        sending = loop.create_task(_send_all(messages, send))
        try:
            environ: Any = build_environ(scope, BytesIO(body))  # type: ignore[arg-type]
            await loop.run_in_executor(self._threads, partial(copy_context().run, self._work, environ, tell))
            messages.put_nowait(None)
            await sending
        finally:
            sending.cancel()

    def _work(self, environ: dict[str, Any], tell: Tell) -> None:
        head: Message = {}

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            head.update(type="http.response.start", status=int(status[:3]), headers=named)

        response = self._application(environ, start_response)
        try:
            if response.streaming:
                tell(head)
                for part in response:
                    tell(_part(part, more=True))
                tell(_part(b"", more=False))
            else:
                tell(head, _part(b"".join(response), more=False))
        finally:
            response.close()


def _part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


def _put_all(messages: asyncio.Queue[Message | None], told: tuple[Message, ...]) -> None:
    for message in told:
        messages.put_nowait(message)


async def _send_all(messages: asyncio.Queue[Message | None], send: Send) -> None:
    """Send until the end, which is None."""
    while (message := await messages.get()) is not None:
        await send(message)
