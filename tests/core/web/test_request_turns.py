"""Requests that may wait for locks never take all threads; while a showtime is stuck, its requests are refused one after
the other.
"""

import asyncio
from collections import Counter

import pytest

from core.web.request_turns import RequestTurns


def never() -> bool:
    return False


class Requests:
    """Requests that run until they are told to end."""

    def __init__(self, turns: RequestTurns) -> None:
        self.turns = turns
        self.running: Counter[str] = Counter()
        self.ends: list[tuple[str, asyncio.Event]] = []
        self.tasks: list[asyncio.Task[None]] = []

    def send(self, key: str, count: int, is_stuck=never) -> None:
        self.tasks += [asyncio.create_task(self._run(key, is_stuck)) for _ in range(count)]

    async def _run(self, key: str, is_stuck) -> None:
        async with self.turns.turn(key, is_stuck):
            self.running[key] += 1
            end = asyncio.Event()
            self.ends.append((key, end))
            await end.wait()
            self.running[key] -= 1

    async def settle(self) -> dict[str, int]:
        for _ in range(10):
            await asyncio.sleep(0)
        return {key: count for key, count in self.running.items() if count}

    def end(self, key: str) -> None:
        at = next(at for at, (its_key, _) in enumerate(self.ends) if its_key == key)
        self.ends.pop(at)[1].set()


def test_a_quarter_of_the_threads_is_left_for_pages_that_only_read():
    async def run() -> None:
        requests = Requests(RequestTurns(8))
        for number in range(10):
            requests.send(f"showtime {number}", 10)
        assert sum((await requests.settle()).values()) == 6

    asyncio.run(run())


def test_a_wanted_showtime_leaves_threads_to_the_others():
    async def run() -> None:
        requests = Requests(RequestTurns(8))
        requests.send("hot", 50)
        requests.send("other", 50)
        assert await requests.settle() == {"hot": 4, "other": 2}
        requests.end("hot")
        assert await requests.settle() == {"hot": 4, "other": 2}

    asyncio.run(run())


def test_everybody_gets_a_turn_in_the_order_of_coming():
    async def run() -> None:
        turns, served = RequestTurns(3), []

        async def ask(number: int) -> None:
            async with turns.turn("hot", never):
                served.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(ask(number) for number in range(30)))
        assert served == list(range(30))

    asyncio.run(run())


def test_who_waits_for_a_stuck_showtime_is_let_through_to_be_refused():
    async def run() -> None:
        stuck = False
        requests = Requests(RequestTurns(8))
        requests.send("hot", 20, lambda: stuck)
        assert await requests.settle() == {"hot": 4}
        stuck = True
        requests.turns._look_again()
        assert await requests.settle() == {"hot": 5}  # one at a time, and the four that already have a thread
        for _ in range(15):
            _, end = requests.ends.pop()
            end.set()
            await requests.settle()
        requests.send("other", 5)
        assert (await requests.settle())["other"] == 2

    asyncio.run(run())


def test_a_browser_that_gave_up_leaves_its_place():
    async def run() -> None:
        requests = Requests(RequestTurns(3))
        requests.send("hot", 2)
        await requests.settle()
        requests.tasks[1].cancel()
        requests.tasks[0].cancel()
        await requests.settle()
        requests.running.clear()
        requests.send("hot", 1)
        assert await requests.settle() == {"hot": 1}

    asyncio.run(run())


@pytest.mark.parametrize(("threads", "most", "each"), [(3, 1, 1), (4, 2, 1), (8, 6, 4), (16, 12, 10)])
def test_shares_of_small_and_large_processes(threads, most, each):
    turns = RequestTurns(threads)
    assert (turns.most, turns.most_per_key) == (most, each)


@pytest.mark.parametrize(("stuck", "longest", "is_refused"), [(6, 0, True), (5, 0, False), (6, 60, False)])
def test_behind_requests_that_are_all_stuck_nobody_waits_for_long(monkeypatch, stuck, longest, is_refused):
    """Six showtimes are locked at once: a request for a seventh would wait for three seconds before it waits for its own."""
    monkeypatch.setattr("core.web.request_turns.LONGEST_WAIT_BEHIND_STUCK", longest)
    answers = []

    async def wait_behind(turns: RequestTurns) -> None:
        async with turns.turn("seventh", never) as refuses:
            answers.append(refuses)

    async def run() -> None:
        waits = 0
        requests = Requests(RequestTurns(8, lambda: waits))
        for number in range(6):
            requests.send(f"showtime {number}", 1)
        await requests.settle()
        waits = stuck
        task = asyncio.create_task(wait_behind(requests.turns))
        await asyncio.sleep(0)
        await asyncio.sleep(0.15)
        assert answers == [True] * is_refused
        requests.end("showtime 0")
        await asyncio.sleep(0)
        await asyncio.wait_for(task, 1)

    asyncio.run(run())
    assert answers == [is_refused]
