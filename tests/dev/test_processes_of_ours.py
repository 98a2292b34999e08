"""A child process that has ended is waited for, also when its threads end one after the other."""

import subprocess

from dev import processes


class ManyThreads:
    """A child whose first thread has ended before the others: the kernel calls it a zombie, but has no exit code yet."""

    returncode = None

    def poll(self):
        return self.returncode

    def wait(self, timeout):
        self.returncode = 0
        return 0


class Stuck(ManyThreads):
    def wait(self, timeout):
        raise subprocess.TimeoutExpired("valkey", timeout)


def forgotten(child, monkeypatch) -> bool:
    monkeypatch.setattr(processes, "_children", {7: child})
    monkeypatch.setattr(processes, "is_alive", lambda pid: False)
    processes.forget(7)
    return processes._children == {}


def test_one_of_several_threads_is_reaped(monkeypatch):
    child = ManyThreads()
    assert (forgotten(child, monkeypatch), child.returncode) == (True, 0)


def test_one_that_never_ends_stops_nobody(monkeypatch):
    assert not forgotten(Stuck(), monkeypatch)
