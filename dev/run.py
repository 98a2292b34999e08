"""`make run`: the whole system with demo data in this checkout, until Ctrl-C.

    python -m dev.run [--port 8123]

What the environment names (DATABASE_URL, REDIS_URL, STRIPE_*) is used instead of servers of our own.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
import time
from pathlib import Path
from typing import IO

from dev import leftovers, output, processes
from dev.backing import the_database, the_redis
from dev.processes import ServerFailed
from dev.services import Services
from dev.state import (
    CHECKOUT,
    ROLES,
    STAFF_EMAIL,
    Secrets,
    colleague,
    ensure_secrets,
    given_stripe,
    state_dir,
    write_privately,
)
from dev.supervisor import RunFailed, StopRequested, Supervisor

USUAL_PORT = 8000
STOP_SECONDS = 5
CARDS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0025 0000 3155", "asks for 3-D Secure"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, help=f"of the site (default: {USUAL_PORT}, or the next free one)")
    parser.add_argument("--parent", type=int, help="end when this parent process ends or is interrupted")
    parser.add_argument("--without-demo", action="store_true", help="leave an empty database empty")
    arguments = parser.parse_args()
    began = time.monotonic()
    supervisor = Supervisor(checkout=CHECKOUT, parent_to_follow=arguments.parent)
    run: Run | None = None
    try:
        supervisor.listen()
        lock = take_lock(state_dir())
        end_leftovers(state_dir())
        run = Run(supervisor, port=choose_port(arguments.port), lock=lock)
        run.start(with_demo=not arguments.without_demo)
        output.say(f"up after {time.monotonic() - began:.1f} s")
        run.show_table()
        supervisor.run()
    except StopRequested:
        output.say("stopping")
        return 0
    except (RunFailed, ServerFailed) as failure:
        output.say(str(failure))
        return 1
    finally:
        if run is not None:
            run.stop()
    return 0


def take_lock(directory: Path) -> IO[str]:
    """One run at a time in a checkout; the kernel gives the lock back however the run ends."""
    try:
        directory.mkdir(exist_ok=True)
        lock = (directory / "lock").open("a+")
    except PermissionError:
        raise RunFailed(f"{directory} belongs to another user. Use a checkout of your own.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        holder = lock.read().strip() or "starting"
        lock.close()
        raise RunFailed(f"This checkout is already running ({holder}). Stop it first.") from None
    lock.truncate(0)
    return lock


def end_leftovers(state: Path) -> None:
    """Before anything else: what a killed run left behind may hold the port that we want."""
    (state / "run.json").unlink(missing_ok=True)
    try:
        known = json.loads((state / "processes.json").read_text())
    except (OSError, ValueError):
        known = {}
    ended = leftovers.end_leftovers(state, known)
    if ended:
        output.say(f"ended {ended} processes that an earlier run left behind")
    (state / "processes.json").unlink(missing_ok=True)


def choose_port(asked: int | None) -> int:
    # ::1 too: browsers try it first for localhost, and would show somebody else's site.
    hosts = ("127.0.0.1", "::1")
    if asked is not None:
        if not 0 < asked < 65536:
            raise RunFailed(f"PORT={asked} is no port.")
        if not processes.is_port_free(asked, hosts):
            raise RunFailed(f"Port {asked} is taken, or you may not use it. Choose another: make run PORT={asked + 1}")
        return asked
    port = next((port for port in range(USUAL_PORT, USUAL_PORT + 200) if processes.is_port_free(port, hosts)), None)
    if port is None:
        raise RunFailed(f"No free port from {USUAL_PORT} on. Choose one: make run PORT=9123")
    if port != USUAL_PORT:
        output.say(f"port {USUAL_PORT} is taken, so the site is on {port} (make run PORT=... chooses)")
    return port


class Run:
    """One run of this checkout, from the first server to `.dev/run.json`."""

    def __init__(self, supervisor: Supervisor, *, port: int, lock: IO[str]) -> None:
        self.supervisor = supervisor
        self.state = state_dir()
        self.lock = lock
        self.site = f"http://localhost:{port}"
        self.lock.write(f"{self.site}, process {os.getpid()}")
        self.lock.flush()
        self.secrets: Secrets = ensure_secrets()
        self.database = the_database(self.state, os.environ.get("DATABASE_URL"))
        self.redis = the_redis(self.state, os.environ.get("REDIS_URL"))
        self.services = Services(supervisor, port=port, state=self.state, secrets=self.secrets)
        self.written: dict[str, object] = {}
        self.with_demo = True

    def start(self, *, with_demo: bool) -> None:
        self.supervisor.watchers.append(self._note_processes)
        output.say(self.database.start())
        self.supervisor.watchers.append(self.database.tend)
        output.say(self.redis.start())
        self.supervisor.watchers.append(self.redis.tend)
        self.services.use(database_url=self.database.url, redis_url=self.redis.url)
        self.services.migrate()
        self.services.make_roles()
        self.with_demo = with_demo
        self.services.load_demo(whole=with_demo)
        self.services.start_sandbox()
        self.services.start_site()
        self.supervisor.watchers.append(self.write_down)
        self.write_down()

    def _note_processes(self) -> None:
        path = self.state / "processes.json"
        known = {str(s.pid): processes.started_at(s.pid) for s in self.supervisor.services if s.pid}
        text = json.dumps({pid: moment for pid, moment in known.items() if moment})
        if not path.exists() or path.read_text() != text:
            path.write_text(text)

    def write_down(self) -> None:
        """Tell other programs what is where; again whenever a process was replaced."""
        facts: dict[str, object] = {
            "site": self.site,
            "database_url": self.database.url,
            "redis_url": self.redis.url,
            "sandbox": self.services.sandbox_url,
            "mail": self.mail_url,
            "staff": {"email": STAFF_EMAIL, "password": self.secrets.staff_password},
            "pids": {
                **{name: self.services.pid(name) for name in ("web", "worker", "beat")},
                "postgres": self.database.pid,
                "redis": self.redis.pid,
                "sandbox": self.services.pid("sandbox"),
                "supervisor": os.getpid(),
            },
        }
        if facts != self.written:
            write_privately(self.state / "run.json", facts)
            self.written = facts

    @property
    def mail_url(self) -> str | None:
        return None if os.environ.get("EMAIL_URL") else f"{self.site}/dev/mail/"

    def show_table(self) -> None:
        colleagues = f"{colleague(ROLES[0])} and {', '.join(role.lower() for role in ROLES[1:])}   same password"
        rows = [
            ("Site", f"{self.site}/"),
            ("Staff", f"{self.site}/admin/   {STAFF_EMAIL}   {self.secrets.staff_password}"),
            *([("London", colleagues)] if self.with_demo else []),
            ("", "The second factor is off here; in production nobody comes in without one."),
            ("Mail", self.mail_url or "sent by EMAIL_URL"),
            ("Stripe", self.services.sandbox_url or "as the environment says"),
        ]
        if not given_stripe():
            rows += [("Card" if number == 0 else "", f"{card}   {what}") for number, (card, what) in enumerate(CARDS)]
        output.table([*rows, ("Stop", f"Ctrl-C, or kill {os.getpid()}")])

    def stop(self) -> None:
        """Everything ends within STOP_SECONDS, also on a busy machine: what a hurried end costs is mended at the start."""
        began = time.monotonic()
        (self.state / "run.json").unlink(missing_ok=True)
        self.supervisor.stop()
        self.redis.stop(seconds=0.5)
        self.database.stop(seconds=max(0.5, STOP_SECONDS - 1 - (time.monotonic() - began)))
        (self.state / "processes.json").unlink(missing_ok=True)
        self.lock.truncate(0)
        self.lock.close()
        output.say("stopped")


if __name__ == "__main__":
    sys.exit(main())
