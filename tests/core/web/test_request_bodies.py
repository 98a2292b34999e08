"""Request bodies are read before a thread is taken: large ones share a limited part of the memory, and small ones always
get in.
"""

import asyncio
import importlib

import pytest

from core.web.request_bodies import SMALL_BYTES, Body, BodyMemory, MemoryFull, TooLarge

MB = 1024 * 1024


def receiver(*parts: bytes, stays=False):
    """A client that sends these parts; if it `stays`, it then sends nothing more and keeps the connection open."""
    waiting = list(parts)

    async def receive():
        if not waiting:
            await asyncio.Event().wait()
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": stays or bool(waiting)}

    return receive


def scope(**headers):
    return {"headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]}


def read(memory, *parts, most=6 * MB, **headers) -> Body:
    body = Body(memory, most=most)
    assert asyncio.run(body.read(scope(**headers), receiver(*parts))) == b"".join(parts)
    return body


def test_what_is_declared_as_too_large_is_not_read():
    async def never():
        raise AssertionError("read")

    with pytest.raises(TooLarge):
        asyncio.run(Body(BodyMemory(), most=MB).read(scope(content_length=str(100 * MB)), never))


@pytest.mark.parametrize("length", ["", "x", "-5", "9" * 30])
def test_what_is_not_declared_is_counted_while_it_comes(length):
    with pytest.raises(TooLarge):
        read(BodyMemory(), *[b"x" * MB] * 2, most=MB, content_length=length)


def test_large_bodies_share_the_room_and_give_it_back():
    memory = BodyMemory(5 * MB)
    first = read(memory, b"x" * MB * 3)
    with pytest.raises(MemoryFull):
        read(memory, b"x" * MB, b"x" * MB * 2)
    # The refused request keeps its part of the memory until it ends.
    assert memory.left == 2 * MB + SMALL_BYTES - MB + SMALL_BYTES
    first.give_back()
    first.give_back()
    assert read(memory, b"x" * MB * 3)._taken == 3 * MB - SMALL_BYTES


def test_forms_of_customers_come_in_while_there_is_no_memory():
    memory = BodyMemory(0)
    read(memory, b"x" * SMALL_BYTES)
    with pytest.raises(MemoryFull):
        read(memory, b"x" * (SMALL_BYTES + 1))


@pytest.mark.django_db
class TestSite:
    @pytest.fixture
    def site(self, monkeypatch):
        site = importlib.import_module("config.asgi")
        monkeypatch.setattr(site, "bodies", BodyMemory(8 * MB))
        monkeypatch.setattr(site, "BODY_SECONDS", 0.2)
        return site

    def ask(self, site, *requests):
        """Send several requests at once, each as (path, parts, whether it stays); returns their statuses."""

        async def one(path, parts, *, stays):
            said = []

            async def send(message):
                said.append(message)

            asked = {
                "type": "http",
                "method": "POST",
                "path": path,
                "query_string": b"",
                **scope(transfer_encoding="chunked"),
            }
            await site.application(asked, receiver(*parts, stays=stays), send)
            return said[0]["status"], dict(said[0]["headers"])

        async def all_of_them():
            return await asyncio.gather(*(one(path, parts, stays=stays) for path, parts, stays in requests))

        return asyncio.run(all_of_them())

    def test_many_large_ones_at_once_are_refused_and_take_nothing_for_good(self, site):
        large = ("/admin/theaters/movie/add/", [b"x" * 3 * MB], True)
        answers = self.ask(site, large, large, large, large)
        assert [status for status, _ in answers] == [408, 408, 503, 503]
        assert answers[3][1][b"retry-after"] == b"10"
        assert site.bodies.left == 8 * MB

    def test_staff_alone_send_more_than_a_megabyte(self, site):
        (answer,) = self.ask(site, ("/showtimes/1/seats/", [b"x" * 2 * MB], False))
        assert answer[0] == 413
