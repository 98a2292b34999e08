"""When a request has waited half a second for a showtime's lock, the next one is refused at once."""

import pytest

from core.database import lock_waits
from core.database.lock_waits import ShowtimeBusy, is_stuck, waiting_for_showtime


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch, settings) -> Clock:
    settings.LOCK_WAIT_REFUSAL_SECONDS = 0.5
    clock = Clock()
    monkeypatch.setattr(lock_waits, "time", clock)
    return clock


def test_the_next_request_is_refused_only_behind_a_long_wait_for_the_same_showtime(clock):
    with waiting_for_showtime(1):
        clock.now += 0.5
        with waiting_for_showtime(1):
            pass
        clock.now += 0.01
        with pytest.raises(ShowtimeBusy), waiting_for_showtime(1):
            pass
        with waiting_for_showtime(2):
            assert not is_stuck(2)
    with waiting_for_showtime(1):
        assert not is_stuck(1)


def test_the_oldest_wait_counts(clock):
    with waiting_for_showtime(1):
        clock.now += 0.4
        with waiting_for_showtime(1):
            clock.now += 0.2
            assert is_stuck(1)
    assert not is_stuck(1)


def test_stuck_requests_are_counted_over_all_showtimes(clock):
    with waiting_for_showtime(1), waiting_for_showtime(2):
        clock.now += 0.6
        with waiting_for_showtime(3):
            assert lock_waits.count_stuck() == 2
    assert lock_waits.count_stuck() == 0


def test_a_request_that_must_not_wait_is_refused_at_any_showtime(clock):
    """The thread of a page has a copy of the context in which its turn was given (config/asgi.py)."""
    token = lock_waits.must_not_wait.set(True)
    try:
        with pytest.raises(ShowtimeBusy), waiting_for_showtime(1):
            pass
    finally:
        lock_waits.must_not_wait.reset(token)
    with waiting_for_showtime(1):
        pass


def test_it_can_be_switched_off(clock, settings):
    settings.LOCK_WAIT_REFUSAL_SECONDS = 0
    with waiting_for_showtime(1):
        clock.now += 60
        assert not is_stuck(1)
        assert lock_waits.count_stuck() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/showtimes/{}/seats/", "/showtimes/{}/release/"])
def test_a_refused_request_says_so_and_changes_nothing(clock, client, showtime, path):
    with waiting_for_showtime(showtime.pk):
        clock.now += 0.6
        answer = client.post(path.format(showtime.pk), {"take": "A1"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert b"Nothing was changed" in answer.content
