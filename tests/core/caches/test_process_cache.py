"""The cache that a process keeps for some seconds: a crowd shares one answer, and nothing is older than promised."""

import threading
import time
from types import SimpleNamespace

import pytest

from core.caches.process_cache import ProcessCache


@pytest.fixture
def memory():
    return ProcessCache(seconds=10, most=2)


@pytest.fixture
def clock(monkeypatch):
    """The clock of a process, which moves only when the test moves it."""
    now = SimpleNamespace(moment=1_000.0)
    monkeypatch.setattr("core.caches.process_cache.time", SimpleNamespace(monotonic=lambda: now.moment))
    return now


def test_a_value_is_made_once_and_again_when_it_is_too_old(memory, clock):
    assert [memory.get("a", lambda: 1), memory.get("a", lambda: 2)] == [1, 1]
    clock.moment += 10
    assert memory.get("a", lambda: 3) == 3


def test_more_than_fits_is_forgotten(memory):
    for key in "abc":
        memory.get(key, lambda: "old")
    assert memory.get("a", lambda: "new") == "new"


def test_a_crowd_waits_until_one_thread_has_made_the_value(memory):
    made, barrier = [], threading.Barrier(8)

    def make():
        made.append(1)
        time.sleep(0.05)
        return "value"

    def ask():
        barrier.wait()
        assert memory.get("a", make) == "value"

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


@pytest.mark.parametrize(("age", "seen"), [(15, "old"), (21, "new")])
def test_while_one_renews_it_others_use_the_old_one_unless_it_is_very_old(memory, clock, age, seen):
    memory.get("a", lambda: "old")
    clock.moment += age
    begun, go_on, answers = threading.Event(), threading.Event(), []

    def slowly():
        begun.set()
        go_on.wait(5)
        return "new"

    maker = threading.Thread(target=lambda: memory.get("a", slowly))
    maker.start()
    assert begun.wait(5)
    other = threading.Thread(target=lambda: answers.append(memory.get("a", lambda: "made twice")))
    other.start()
    if seen == "new":
        go_on.set()
    other.join(5)
    go_on.set()
    maker.join(5)
    assert answers == [seen]


def test_an_error_is_not_kept(memory):
    with pytest.raises(ZeroDivisionError):
        memory.get("a", lambda: 1 / 0)
    assert memory.get("a", lambda: 1) == 1


def test_an_old_value_outlasts_the_errors_that_are_named_and_is_made_anew_some_seconds_later(clock):
    memory = ProcessCache(seconds=10, most=2, outlasts=(ZeroDivisionError,))
    with pytest.raises(ZeroDivisionError):
        memory.get("a", lambda: 1 / 0)
    memory.get("a", lambda: 1)
    clock.moment += 3600
    assert memory.get("a", lambda: 1 / 0) == 1
    clock.moment += 4
    assert memory.get("a", lambda: 2) == 1, "nobody asks again for some seconds"
    clock.moment += 1
    assert memory.get("a", lambda: 3) == 3
    clock.moment += 10
    with pytest.raises(KeyError):
        memory.get("a", lambda: {}["b"])
