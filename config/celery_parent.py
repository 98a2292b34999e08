"""The parent of our Celery processes: starts them, starts them again when they end, ends them when they are frozen.

    python -m config.celery_parent worker              a process for each queue of config/queues.py, and silent_queues.py
    python -m config.celery_parent worker money mail   only these queues
    python -m config.celery_parent beat

What stands after `--` goes to Celery. SIGTERM and SIGINT end all of them after their tasks; SIGKILL takes them along.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType

from config import env, heartbeats
from config.queues import MONEY, PROCESSES

LOOK_SECONDS = 0.5
FROZEN_AFTER_SECONDS = 30.0
GRACE_SECONDS = 25.0
MOST_DEATHS = 5
WITHIN_SECONDS = 60.0


@dataclass
class Child:
    """One process: what it runs, and when it is started."""

    name: str
    run: Callable[[], int]
    pid: int = 0
    start_at: float = 0.0
    deaths: deque[float] = field(default_factory=deque)


class Parent:
    def __init__(self, children: list[Child], *, frozen_after: float) -> None:
        self.children = children
        self.directory = Path(tempfile.mkdtemp(prefix="marquee-heartbeats-"))
        self.watch = heartbeats.Watch(self.directory, silent_after=frozen_after)
        self.is_stopping = False

    def run(self) -> int:
        """Run until told to stop (returns 0), or until a child ends too often (returns 1)."""
        os.environ[heartbeats.DIRECTORY] = str(self.directory)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        try:
            while not self.is_stopping:
                self._look_after_children(time.monotonic())
                if any(len(child.deaths) > MOST_DEATHS for child in self.children):
                    say("a process ended too often; see above for why")
                    return 1
                time.sleep(LOOK_SECONDS)
            return 0
        finally:
            self._stop()
            shutil.rmtree(self.directory, ignore_errors=True)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _look_after_children(self, now: float) -> None:
        self._reap(now)
        for child in self.children:
            if not child.pid and now >= child.start_at and not self.is_stopping:
                self._start(child)
        ours = {child.pid for child in self.children if child.pid}
        for pid in self.watch.silent(now):
            if pid in ours or heartbeats.parent_of(pid) in ours:
                say(f"process {pid} is frozen; ending it")
                os.kill(pid, signal.SIGKILL)

    def _reap(self, now: float) -> None:
        for child in self.children:
            if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
                child.pid = 0
                if self.is_stopping:
                    continue
                child.deaths = deque([*(at for at in child.deaths if now - at < WITHIN_SECONDS), now])
                child.start_at = now + 0.2 * 2 ** len(child.deaths)
                say(f"{child.name} ended; starting it again")

    def _start(self, child: Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        child.pid = os.fork()
        if child.pid == 0:
            os._exit(child.run())

    def _stop(self) -> None:
        """SIGTERM to all of them; SIGKILL to those that are still there after GRACE_SECONDS."""
        for child in self.children:
            if child.pid:
                os.kill(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.pid for child in self.children):
            self._reap(time.monotonic())
            if time.monotonic() > deadline:
                for child in self.children:
                    if child.pid:
                        os.kill(child.pid, signal.SIGKILL)
            time.sleep(0.05)


def run_celery(arguments: list[str]) -> int:
    """Run Celery in the forked process; returns its exit code."""
    from config.celery import app  # noqa: PLC0415  (loaded by the parent, so that the processes share its memory)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    heartbeats.begin()
    try:
        code = app.start(argv=arguments)
    except SystemExit as leaving:
        code = leaving.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return code if isinstance(code, int) else 0


def worker_of(queue: str, *, more: Sequence[str]) -> Child:
    processes = (
        env.integer("WORKER_CONCURRENCY", PROCESSES[queue], least=1, most=64) if queue == MONEY else PROCESSES[queue]
    )
    arguments = ["--quiet", "worker", "--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", str(processes)]
    arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat", *more]
    return Child(queue, partial(run_celery, arguments))


def beat_child(*, more: Sequence[str]) -> Child:
    # The schedule is code and every task looks for rows that are due: there is nothing to remember between starts.
    arguments = ["--quiet", "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=", *more]
    return Child("beat", partial(run_celery, arguments))


def sweeping_child(queues: Sequence[str]) -> Child:
    def run() -> int:
        from config import silent_queues  # noqa: PLC0415  (needs the settings)

        return silent_queues.run(queues)

    return Child("sweeps", run)


def load() -> None:
    """Import all that children need, once for all of them. Raises WrongSession."""
    import django  # noqa: PLC0415

    django.setup()
    from config.celery import app  # noqa: PLC0415
    from core.database.start import refuse_wrong_session  # noqa: PLC0415

    refuse_wrong_session()
    app.loader.import_default_modules()
    app.finalize()
    gc.collect()
    gc.freeze()


def refuse_wrong_role() -> None:
    """Workers alone forget, so beat need not know the role for it. Raises WrongRole."""
    from payments.privacy import retention  # noqa: PLC0415

    retention.refuse_wrong_role()


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="config.celery_parent", description=__doc__)
    parser.add_argument("--frozen-after", type=float, default=FROZEN_AFTER_SECONDS, help="seconds without a heartbeat")
    parser.add_argument("kind", choices=["worker", "beat"])
    parser.add_argument("queues", nargs="*", help=f"of {', '.join(PROCESSES)}; default all")
    ours, more = (argv[: argv.index("--")], argv[argv.index("--") + 1 :]) if "--" in argv else (argv, [])
    given = parser.parse_args(ours)
    if unknown := set(given.queues) - set(PROCESSES):
        parser.error(f"no such queue: {', '.join(sorted(unknown))}")
    os.environ["PROCESS"] = given.kind
    load()
    if given.kind == "worker":
        refuse_wrong_role()
    queues = given.queues or list(PROCESSES)
    workers = [*(worker_of(queue, more=more) for queue in queues), sweeping_child(queues)]
    children = [beat_child(more=more)] if given.kind == "beat" else workers
    return Parent(children, frozen_after=given.frozen_after).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
