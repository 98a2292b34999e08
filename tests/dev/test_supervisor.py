"""The supervisor with small stand-ins: a process that dies is started again a few times, and all processes end when they must."""

import os
import signal
import sys
import time

import pytest

from dev import processes
from dev.supervisor import GRACE_SECONDS, RESTARTS, RunFailed, Service, Supervisor

PATIENT = "import os, signal; print('here', os.getpid(), flush=True); signal.pause()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PATIENT}"
WITH_A_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); {PATIENT}"


@pytest.fixture
def supervisor(tmp_path):
    supervisor = Supervisor(checkout=tmp_path)
    yield supervisor
    supervisor.stop()


def service(program, name="web"):
    return Service(name, [sys.executable, "-c", program], dict(os.environ))


def turn_until(supervisor, condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        supervisor.turn(0.05)
        assert time.monotonic() < deadline, "it did not happen in time"


def test_a_killed_service_is_started_again_and_that_is_said(supervisor, capfd):
    web = service(PATIENT)
    supervisor.start(web)
    first = web.pid
    os.kill(first, signal.SIGKILL)
    turn_until(supervisor, lambda: web.pid != first and processes.is_alive(web.pid))
    assert f"web ended (by SIGKILL); starting it again (1 of {RESTARTS})" in capfd.readouterr().out


@pytest.mark.long
def test_a_service_that_always_dies_ends_the_run_with_a_sentence(supervisor, monkeypatch):
    monkeypatch.setattr("dev.supervisor.RESTARTS", 2)
    supervisor.start(service("raise SystemExit(3)"))
    with pytest.raises(RunFailed, match=r"web ended \(exit code 3\), for the 3th time"):
        turn_until(supervisor, lambda: False)


def test_lines_carry_the_name_of_who_said_them(supervisor, capfd):
    supervisor.start(service(PATIENT))
    turn_until(supervisor, lambda: "web      | here " in capfd.readouterr().out)


def test_stop_ends_processes_that_ignore_it_and_their_children(supervisor, capfd, eventually):
    supervisor.start(service(WITH_A_CHILD))
    here = []

    def both_are_here():
        here.extend(int(line.split()[-1]) for line in capfd.readouterr().out.splitlines())
        return len(here) == 2

    turn_until(supervisor, both_are_here)
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < GRACE_SECONDS + 5
    eventually(lambda: not any(map(processes.is_alive, here)))


def test_a_failed_step_shows_its_output(supervisor, capfd):
    with pytest.raises(RunFailed, match=r"migrate failed \(exit code 1\)"):
        supervisor.run_step(service("print('no such table'); raise SystemExit(1)", name="migrate"))
    assert "migrate  | no such table" in capfd.readouterr().out


def test_a_successful_step_prints_nothing(supervisor, capfd):
    supervisor.run_step(service("print('42 rows')"))
    assert capfd.readouterr().out == ""
