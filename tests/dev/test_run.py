"""`make run` as people use it: the whole system starts, stops by a signal, is killed, and starts again with its data."""

import http.client
import json
import os
import signal
import subprocess
import sys

import pytest

from dev import leftovers, processes
from dev.state import CHECKOUT

PARTS = ("web", "worker", "beat", "postgres", "redis", "sandbox", "supervisor")
UP_SECONDS = 120
STOPS_WITHIN = 15


@pytest.fixture
def system(spawned, bare_environment, tmp_path, eventually):
    """A function that starts the system, any number of times on the same state; returns what it wrote into run.json."""

    def start():
        port = str(processes.free_port())
        log = (tmp_path / "log").open("w")
        command = (sys.executable, "-m", "dev.run", "--port", port, "--without-demo")
        child = spawned(*command, env=bare_environment, stdout=log, start_new_session=True)
        log.close()
        path = tmp_path / "state" / "run.json"
        eventually(lambda: written_by(child.pid, path) or child.poll() is not None, UP_SECONDS)
        assert child.poll() is None, (tmp_path / "log").read_text()
        return child, json.loads(path.read_text())

    yield start
    leftovers.end_leftovers(tmp_path / "state", {})


def written_by(supervisor, path):
    return path.exists() and json.loads(path.read_text())["pids"]["supervisor"] == supervisor


def manage(environment, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def status_of(site, path):
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def assert_all_gone(run):
    assert {name for name in PARTS if processes.is_alive(run["pids"][name])} <= {"supervisor"}


# One account of staff, and one that the test makes.
COUNT = "from accounts.models import User; print('users', User.objects.count())"
CREATE = "from accounts.models import User; User.objects.create_user(email='a@example.com', password='x')"


@pytest.mark.long
def test_up_stopped_and_up_again_with_its_data(system, bare_environment, tmp_path, eventually):
    child, run = system()
    assert set(run) == {"site", "database_url", "redis_url", "sandbox", "mail", "staff", "pids"}
    assert all(processes.is_alive(run["pids"][name]) for name in PARTS)
    assert (status_of(run["site"], "/healthz"), status_of(run["site"], "/dev/mail/")) == (200, 200)
    assert manage(bare_environment, "shell", "--no-imports", "-c", CREATE).returncode == 0

    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=STOPS_WITHIN) == 0
    assert_all_gone(run)
    assert not (tmp_path / "state" / "run.json").exists()
    assert "no system is running here" in manage(bare_environment, "check").stderr

    child, run = system()
    assert "users 2" in manage(bare_environment, "shell", "--no-imports", "-c", COUNT).stdout

    os.kill(child.pid, signal.SIGKILL)
    eventually(lambda: not processes.is_alive(run["pids"]["postgres"]))
    child, run = system()
    assert "users 2" in manage(bare_environment, "shell", "--no-imports", "-c", COUNT).stdout

    os.killpg(child.pid, signal.SIGINT)
    assert child.wait(timeout=STOPS_WITHIN) == 0
    assert_all_gone(run)


def test_a_second_run_of_the_same_checkout_is_refused(bare_environment, tmp_path, spawned):
    from dev.run import take_lock

    with take_lock(tmp_path / "state"):
        second = spawned(sys.executable, "-m", "dev.run", env=bare_environment)
        said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "This checkout is already running" in said
    assert "Traceback" not in said


def test_a_live_stripe_key_is_refused(bare_environment, spawned):
    given = {"DATABASE_URL": "postgres://a@127.0.0.1:1/a", "REDIS_URL": "redis://127.0.0.1:1/0"}
    environment = {**bare_environment, **given, "STRIPE_SECRET_KEY": "sk_live_not_a_real_one"}
    run = spawned(sys.executable, "-m", "dev.run", env=environment)
    said, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "the one in DATABASE_URL (127.0.0.1:1/a)" in said
    assert "is a live key" in said
