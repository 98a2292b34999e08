"""The servers of one benchmark: PostgreSQL with durable commits, Valkey, the Stripe sandbox, the ceiling, the site."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM
from types import TracebackType
from typing import Any, Self
from urllib.request import Request, urlopen

import psycopg

from bench.world import World
from dev import processes
from dev.postgres import Postgres, remove_data_elsewhere, start_postgres, stop_postgres
from dev.processes import ServerFailed
from dev.valkey import Valkey, start_valkey, stop_valkey

CHECKOUT = Path(__file__).resolve().parent.parent
WEB_PROCESSES = 2
UP_SECONDS = 60
# Libraries import these where they find them, and only the tools of development bring them: production starts without.
NOT_IN_PRODUCTION = ("rich", "yaml")
GUNICORN = f"import sys; sys.modules |= dict.fromkeys({NOT_IN_PRODUCTION}); from gunicorn.app.wsgiapp import run; run()"


@dataclass(frozen=True)
class Web:
    """A site of two processes, with the time from its start to its first answer."""

    name: str
    port: int
    pid: int
    workers: tuple[int, ...]
    seconds_to_answer: float
    database: int
    """The database server's first process: all of its others are below it."""

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"


@dataclass
class Servers:
    """`with Servers(sales=3) as servers:` starts all of them on free ports and leaves nothing behind."""

    sales: int
    state: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="marquee-bench-", dir="/var/tmp")))
    processes: list[int] = field(default_factory=list)

    def __enter__(self) -> Self:
        # PostgreSQL does not run as root: whoever it runs as has to reach its data.
        self.state.chmod(0o755)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        self.postgres: Postgres = start_postgres(self.state, database="bench", durable=True)
        self.valkey: Valkey = start_valkey(self.state, persist=False)
        self.site_port, self.ceiling_port, self.sandbox_port = (processes.free_port() for _ in range(3))
        self.environment = self._environment()
        self._start_sandbox()
        self._run("-m", "django", "migrate", "--no-input", "--verbosity", "0")
        self._run("-m", "django", "grant_roles", "--web", "bench_web", "--worker", "bench_worker", "--verbosity", "0")
        self._run("-m", "django", "collectstatic", "--no-input", "--verbosity", "0")
        self.world = World(**json.loads(self._run("-c", _filling("bench.filling", str(self.sales)))))
        self._run("-c", _filling("bench.ceiling.filling", ""), DJANGO_SETTINGS_MODULE="bench.ceiling.settings")
        self.sql("VACUUM ANALYZE")
        self.ceiling = self._start_web(
            "ceiling", "bench.ceiling.asgi", self.ceiling_port, DJANGO_SETTINGS_MODULE="bench.ceiling.settings"
        )
        self.site = self._start_site("site", self.site_port)

    def _environment(self) -> dict[str, str]:
        """Production as it is, limits included, but for https and for how often an impatient buyer may click.

        Each buyer comes from an address of its own, by a proxy that says so.
        """
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "SENTRY_"))},
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "PYTHONPATH": str(CHECKOUT),
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "SITE_URL": f"http://localhost:{self.site_port}",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "STRIPE_SECRET_KEY": f"sk_test_{secrets.token_hex(8)}",
            "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(8)}",
            "STRIPE_API_BASE": f"http://localhost:{self.sandbox_port}",
            "STRIPE_CHECKOUT_ORIGIN": f"http://localhost:{self.sandbox_port}",
            "EMAIL_URL": (self.state / "mail").as_uri(),
            "STATIC_ROOT": str(self.state / "static"),
            "TRUSTED_PROXY_COUNT": "1",
            "HOLDS_PER_MINUTE_PER_HOLDER": "0",
            "HOLDS_PER_MINUTE_PER_ADDRESS": "0",
            "UNPAID_HOLD_PAUSE_SECONDS": "0",
        }

    def _url_of(self, role: str) -> str:
        """The server trusts who comes by loopback."""
        return self.postgres.url.replace("//app@", f"//{role}@")

    def _run(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**self.environment, **environment},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ServerFailed(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def run_python(self, code: str) -> str:
        """What some lines print that need the site's settings."""
        return self._run("-c", code)

    def manage(self, *arguments: str) -> tuple[int, str]:
        """A command of the site's own; its exit code and what it printed."""
        command = [sys.executable, "-m", "django", *arguments]
        done = subprocess.run(command, env=self.environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def _start_sandbox(self) -> None:
        given = {
            "--port": str(self.sandbox_port),
            "--ledger": str(self.state / "sandbox.sqlite3"),
            "--webhook-url": f"http://localhost:{self.site_port}/payments/stripe/webhook/",
            "--webhook-secret": self.environment["STRIPE_WEBHOOK_SECRET"],
            "--secret-key": self.environment["STRIPE_SECRET_KEY"],
        }
        options = [part for pair in given.items() for part in pair]
        self._spawn("sandbox", ["-m", "dev.sandbox", *options, "--control"], {})
        _wait_for_port(self.sandbox_port)

    def _start_web(self, name: str, module: str, port: int, **environment: str) -> Web:
        """As deploy/web.sh does."""
        began = time.monotonic()
        worker = "config.web_worker.WebWorker" if module == "config.asgi" else "asgi"
        arguments = [
            "-c", GUNICORN, "-k", worker, f"{module}:application", "--bind", f"127.0.0.1:{port}",
            "--workers", str(WEB_PROCESSES), "--no-control-socket", "--worker-tmp-dir", "/dev/shm",
            "--log-level", "warning", "--keep-alive", "30", "--graceful-timeout", "15",
        ]  # fmt: skip
        pid = self._spawn(name, arguments, environment)
        if not processes.wait_until(lambda: _answers(port, "/"), seconds=UP_SECONDS):
            raise ServerFailed(f"{name} does not answer:\n{self.log(name)[-3000:]}")
        took = time.monotonic() - began
        if not processes.wait_until(lambda: len(children(pid)) >= WEB_PROCESSES, seconds=UP_SECONDS):
            raise ServerFailed(f"{name} has not started all of its processes")
        return Web(name, port, pid, tuple(children(pid)), took, self.postgres.pid)

    def _start_site(self, name: str, port: int) -> Web:
        known = {"PROCESS": "web", "APPLICATION_NAME": name, "DATABASE_URL": self._url_of("bench_web")}
        return self._start_web(name, "config.asgi", port, **known)

    def start_another_site(self, name: str) -> Web:
        """On the same database, at a port of its own."""
        return self._start_site(name, processes.free_port())

    def start_again(self, site: Web) -> Web:
        return self._start_site(site.name, site.port)

    def start_worker(self) -> int:
        """Worker and schedule in one process: the sweeps, the settling, the mail."""
        arguments = ["-m", "celery", "--quiet", "-A", "config", "worker", "--beat", "--concurrency=1"]
        arguments += ["--loglevel=WARNING", "--scheduler=celery.beat:Scheduler", f"--schedule={self.state / 'beat'}"]
        return self._spawn(
            "worker",
            arguments,
            {"APPLICATION_NAME": "worker", "PROCESS": "worker", "DATABASE_URL": self._url_of("bench_worker")},
        )

    def _spawn(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> int:
        with (self.state / f"{name}.log").open("ab") as output:
            child = processes.spawn(
                [sys.executable, *arguments],
                output=output,
                dies_with_us=SIGTERM,
                environment={**self.environment, **environment},
                cwd=str(CHECKOUT),
            )
        self.processes.append(child.pid)
        return child.pid

    def end(self, pid: int) -> None:
        processes.end(pid, SIGTERM, seconds=20)
        self.processes.remove(pid)

    def log(self, name: str) -> str:
        return (self.state / f"{name}.log").read_text(errors="replace")

    def pay_at_stripe(self, session_id: str) -> None:
        """What the customer does on Stripe's page."""
        url = f"http://127.0.0.1:{self.sandbox_port}/_control/sessions/{session_id}/pay"
        with urlopen(Request(url, method="POST", data=b""), timeout=10) as answer:
            answer.read()

    def sql(self, statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Straight to the database, for what is prepared and checked beside the load."""
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)
            return list(cursor.fetchall()) if cursor.description else []

    def stop(self) -> None:
        for pid in reversed(self.processes):
            below = children(pid)
            processes.end(pid, SIGTERM, seconds=4)
            for child in below:
                processes.end(child, SIGKILL, seconds=1)
        if hasattr(self, "valkey"):
            stop_valkey(self.valkey)
        if hasattr(self, "postgres"):
            stop_postgres(self.postgres)
        remove_data_elsewhere(self.state)
        shutil.rmtree(self.state, ignore_errors=True)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _filling(module: str, arguments: str) -> str:
    return f"import django; django.setup(); from {module} import fill; print(fill({arguments}))"


def _wait_for_port(port: int) -> None:
    if not processes.wait_until(lambda: not processes.is_port_free(port), seconds=UP_SECONDS):
        raise ServerFailed(f"nothing listens on port {port}")


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
