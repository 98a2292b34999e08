"""Pages in threads beside an event loop: whole answers, answers in parts, and readers who do not read."""

import asyncio
import threading

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from core.web.page_threads import PageThreads

SCOPE = {"type": "http", "http_version": "1.1", "method": "POST", "path": "/", "query_string": b"", "headers": []}


def application(respond):
    """A WSGI application whose answer is that of `respond`, which gets the body of the request."""

    def call(environ, start_response):
        response = respond(environ["wsgi.input"].read())
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response

    return call


def ask(respond, body=b"", *, send=None):
    told = []

    async def keep(message):
        told.append(message)

    async def asked():
        await PageThreads(application(respond), threads=1).answer(SCOPE, body, send or keep)

    asyncio.run(asked())
    return told


def test_a_page_is_sent_with_its_status_and_headers_as_one_part():
    head, part = ask(
        lambda body: HttpResponse([b"you ", b"said ", body], status=409, headers={"X-Seat": "A1"}), b"three"
    )
    assert (head["type"], head["status"]) == ("http.response.start", 409)
    assert dict(head["headers"])[b"x-seat"] == b"A1"
    assert part == {"type": "http.response.body", "body": b"you said three", "more_body": False}


def test_an_answer_in_parts_is_made_by_one_thread_and_closed():
    threads, closed = [], []

    def parts():
        for part in (b"one", b"two"):
            threads.append(threading.get_ident())
            yield part

    def respond(_):
        response = StreamingHttpResponse(parts())
        response.close = lambda: closed.append(threading.get_ident())
        return response

    _, *told = ask(respond)
    assert [(message["body"], message["more_body"]) for message in told] == [
        (b"one", True),
        (b"two", True),
        (b"", False),
    ]
    assert len({*threads, *closed}) == len(closed) == 1 and closed[0] != threading.get_ident()


def test_a_reader_who_stops_keeps_no_thread():
    async def never(_):
        await asyncio.Event().wait()

    async def asked():
        pages = PageThreads(application(lambda _: StreamingHttpResponse([b"x"] * 100)), threads=1)
        stopped = asyncio.create_task(pages.answer(SCOPE, b"", never))
        told = []

        async def keep(message):
            told.append(message)

        await asyncio.wait_for(pages.answer(SCOPE, b"", keep), timeout=10)
        assert len(told) == 102 and not stopped.done()
        stopped.cancel()

    asyncio.run(asked())


def test_an_error_of_the_application_reaches_the_server():
    def respond(_):
        raise MemoryError

    with pytest.raises(MemoryError):
        ask(respond)


def test_an_error_amid_an_answer_reaches_the_server():
    def parts():
        yield b"begun"
        raise MemoryError

    with pytest.raises(MemoryError):
        ask(lambda _: StreamingHttpResponse(parts()))
