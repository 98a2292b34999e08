"""A frozen process is ended by its parent and starts again; one that only waits for Redis is left alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.heartbeats import Watch, is_running, parent_of
from dev.state import CHECKOUT

PATIENCE = 40
NO_REDIS = "redis://127.0.0.1:1/0"


def eventually(true):
    deadline = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
    return found


def children_of(pid: int) -> set[int]:
    return {
        int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and parent_of(int(path.name)) == pid
    }


@pytest.fixture
def parent(tmp_path):
    """The mail worker, and what sweeps for it, under a parent with short time limits, without a Redis."""
    environment = {**os.environ, "REDIS_URL": NO_REDIS, "TMPDIR": str(tmp_path), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "config.celery_parent", "worker", "mail", "--frozen-after", "2"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stderr=log, stdout=log, start_new_session=True
        )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def workers_of(parent) -> set[int]:
    """The Celery processes: they have a pool, what sweeps for them has none."""
    return {pid for pid in children_of(parent.pid) if children_of(pid)}


def beating(tmp_path) -> set[int]:
    return {int(file.name) for file in tmp_path.glob("marquee-heartbeats-*/*")}


@pytest.mark.long
def test_a_frozen_worker_and_a_frozen_process_of_its_pool_are_ended_and_healthy_ones_are_not(parent, tmp_path):
    (main,) = eventually(lambda: workers_of(parent))
    (pooled,) = eventually(lambda: children_of(main) & beating(tmp_path))
    (sweeping,) = children_of(parent.pid) - {main}
    os.kill(pooled, signal.SIGSTOP)
    eventually(lambda: not is_running(pooled))
    # The worker waits for Redis all this time, which is no reason to end it.
    assert children_of(parent.pid) == {main, sweeping}
    os.kill(main, signal.SIGSTOP)
    (fresh,) = eventually(lambda: children_of(parent.pid) - {main, sweeping})
    eventually(lambda: not {main, pooled} & beating(tmp_path))
    os.kill(sweeping, signal.SIGSTOP)
    eventually(lambda: not is_running(sweeping))
    parent.send_signal(signal.SIGTERM)
    assert (parent.wait(PATIENCE), children_of(parent.pid)) == (0, set())
    assert not Path(f"/proc/{fresh}").exists() and list(tmp_path.glob("marquee-heartbeats-*")) == []


@pytest.mark.long
def test_who_kills_the_parent_kills_all(parent, tmp_path):
    (main,) = eventually(lambda: workers_of(parent))
    (pooled,) = eventually(lambda: children_of(main) & beating(tmp_path))
    (sweeping,) = children_of(parent.pid) - {main}
    eventually(lambda: sweeping in beating(tmp_path))
    parent.kill()
    parent.wait()
    eventually(lambda: not any(map(is_running, (main, pooled, sweeping))))


# Which process has been silent for how long.


@pytest.fixture
def watch(tmp_path):
    (tmp_path / str(os.getpid())).touch()
    return Watch(tmp_path, silent_after=10)


def beat_of(watch: Watch, at: int) -> None:
    os.utime(watch.directory / str(os.getpid()), ns=(at, at))


def test_silence_is_measured_by_what_was_seen_not_by_dates(watch):
    beat_of(watch, 0)  # a date long ago
    assert [watch.silent(now) for now in (100, 104, 108)] == [[], [], []]
    beat_of(watch, 1)
    assert [watch.silent(now) for now in (110, 114, 118, 120)] == [[], [], [], []]
    assert watch.silent(124) == [os.getpid()]


def test_a_watcher_that_slept_itself_blames_nobody(watch):
    assert watch.silent(100) == []
    assert watch.silent(900) == []


def test_a_process_that_has_gone_is_forgotten(watch):
    (watch.directory / "999999999").touch()
    assert watch.silent(100) == []
    assert [file.name for file in watch.directory.iterdir()] == [str(os.getpid())]
