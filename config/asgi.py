"""The ASGI application: Django's pages as WSGI in threads, and live seat maps as raw ASGI, on one port."""

import asyncio
import gc
import os
import re
from functools import partial
from typing import Any

# No garbage collection during the imports: they make hundreds of thousands of objects, and none of them is garbage.
gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
os.environ.setdefault("PROCESS", "web")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

from config import celery  # noqa: F401  (hints are sent through this app)
from core.database.lock_waits import count_stuck, is_stuck, must_not_wait
from core.database.start import refuse_wrong_session
from core.live.seat_map_hub import PATH
from core.web.answer_headers import with_default_headers
from core.web.charsets import reading_utf_8
from core.web.page_threads import PageThreads
from core.web.request_arrival import note_arrival
from core.web.request_bodies import Body, BodyMemory, MemoryFull, TooLarge
from core.web.request_turns import RequestTurns

MOST_BODY = 1024 * 1024
MOST_BODY_OF_STAFF = 6 * 1024 * 1024  # a poster of 5 MB
BODY_SECONDS = 5
BUSY = 503
REFUSED_BODIES: dict[type[Exception], tuple[int, bytes]] = {
    TimeoutError: (408, b"The request took too long to arrive."),
    TooLarge: (413, b"That is more than this site accepts."),
    MemoryFull: (
        BUSY,
        b"Many files are being sent at this moment. Nothing was changed; please try again in a few seconds.",
    ),
}
BODY_HEADERS = (b"content-length", b"transfer-encoding")
# What may wait for row locks: everything that changes something, and the return from the payment page.
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
RETURN_PATH = "/payments/return/"
SHOWTIME_PATH = re.compile(r"^(?:/counter)?/(?:showtimes|checkout)/(\d{1,18})/")

_django: Any = reading_utf_8(get_wsgi_application())
refuse_wrong_session()
# Models can be imported from here on.
from config.live_maps import hub, visitor_of
from payments.sessions.database_age import compare_at_start

# The first visitor should not wait for the import of every page.
get_resolver().url_patterns  # noqa: B018
pages = PageThreads(_django, threads=settings.WEB_THREADS)
turns = RequestTurns(settings.WEB_THREADS, count_stuck)
bodies = BodyMemory()
# Collect garbage again from here on, but never look at what was imported.
gc.freeze()
gc.enable()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        send = with_default_headers(send)
        if (live := PATH.match(scope["path"])) and scope["method"] == "GET":
            await hub.serve(int(live[1]), visitor_of(scope), receive, send)
        else:
            note_arrival()
            await _page(scope, receive, send)


async def _page(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Read the whole body before a thread is taken: half-sent requests must not hold the threads."""
    body = Body(bodies, most=MOST_BODY_OF_STAFF if scope["path"].startswith("/admin/") else MOST_BODY)
    try:
        try:
            text = await asyncio.wait_for(body.read(scope, receive), timeout=BODY_SECONDS) if _has_body(scope) else b""
        except tuple(REFUSED_BODIES) as refusal:
            await _say(send, *REFUSED_BODIES[type(refusal)])
        else:
            await _answer(scope, text, send)
    finally:
        body.give_back()


async def _answer(scope: dict[str, Any], body: bytes, send: Any) -> None:
    if scope["method"] in SAFE_METHODS and not scope["path"].startswith(RETURN_PATH):
        await pages.answer(scope, body, send)
        return
    showtime = SHOWTIME_PATH.match(scope["path"])
    key, is_hopeless = (showtime[1], partial(is_stuck, int(showtime[1]))) if showtime else (scope["path"], _never)
    async with turns.turn(key, is_hopeless) as is_refused:
        must_not_wait.set(is_refused)  # the thread of the page gets a copy of the context
        await pages.answer(scope, body, send)


def _never() -> bool:
    return False


def _has_body(scope: dict[str, Any]) -> bool:
    return any(name in BODY_HEADERS for name, _ in scope["headers"])


async def _say(send: Any, status: int, sentence: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    if status == BUSY:
        headers.append((b"retry-after", b"10"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence})


def _compare_database_age() -> None:
    compare_at_start()
    connections.close_all()


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            # Before the first request: after a restore nothing must be sold.
            await asyncio.to_thread(_compare_database_age)
        if message["type"] == "lifespan.shutdown":
            await hub.close()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
