"""The site as a process of its own: gunicorn on a free port, on this worker's test database, with Stripe's stand-in behind it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import requests
from django.db import connection

from dev import processes
from dev.sandbox.testing import SandboxServer
from dev.state import CHECKOUT

UP_SECONDS = 60


class Site:
    def __init__(self, folder: Path) -> None:
        self.port = processes.free_port()
        self.url = f"http://localhost:{self.port}"
        self.mails = folder / "mails"
        self.log = folder / "site.log"
        # A test may serve another site here, which is allowed to embed our widget.
        self.widget_port = processes.free_port()
        self.stripe = SandboxServer(webhook_url=f"http://127.0.0.1:{self.port}/payments/stripe/webhook/")
        self._folder = folder
        self._read = 0

    def __enter__(self):
        # Connections of another site on the same database, which continues after this one has ended.
        self._others = sessions("state IS NOT NULL")
        self.stripe.__enter__()
        command = [
            sys.executable, "-m", "gunicorn", "-k", "config.web_worker.WebWorker", "config.asgi:application",
            "--no-control-socket",
            "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--graceful-timeout", "1", "--log-level", "warning",
        ]  # fmt: skip
        with self.log.open("wb") as output:
            self._process = processes.spawn(
                command,
                output=output,
                dies_with_us=signal.SIGTERM,
                environment=self._environment(),
                cwd=CHECKOUT,
            )
        if not processes.wait_until(self._answers, seconds=UP_SECONDS, pause=0.1):
            self.__exit__()
            raise RuntimeError(f"The site did not start:\n{self.log.read_text()}")
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        self.stripe.__exit__(None, None, None)
        processes.forget(self._process.pid)
        # The database is dropped next; PostgreSQL allows that once it has noticed that nobody is connected.
        processes.wait_until(lambda: sessions("state IS NOT NULL") <= self._others, seconds=10)

    def _environment(self) -> dict[str, str]:
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": database.geturl(),
            "SITE_URL": self.url,
            "WIDGET_ORIGINS": f"http://127.0.0.1:{self.widget_port}",
            "HINTS_ENABLED": "true",
            "LOG_LEVEL": "ERROR",
            "EMAIL_URL": self.mails.as_uri(),
            "MEDIA_ROOT": str(self._folder / "media"),
            "STRIPE_API_BASE": self.stripe.base_url,
            "STRIPE_CHECKOUT_ORIGIN": self.stripe.base_url,
            "STRIPE_SECRET_KEY": self.stripe.secret_key,
            "STRIPE_WEBHOOK_SECRET": self.stripe.webhook_secret,
        }

    def _answers(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=10).status_code == 200
        except requests.RequestException:
            return False

    def rest(self) -> None:
        """Wait until nothing that a test began is still running, because the tables are emptied next."""
        self.stripe.heal()
        self.stripe.reset()
        self.stripe.wait_for_courier()
        # A request looks idle between two statements, and a ticket's service worker may still be fetching its pages.
        busy = "state <> 'idle' OR state_change > clock_timestamp() - interval '100 ms'"
        assert processes.wait_until(lambda: sessions(f"({busy})") == 0, seconds=60)

    def errors(self) -> str:
        """Return the log since the last call if it has a stack trace, else an empty text."""
        said = self.log.read_text()[self._read :]
        self._read += len(said)
        return said if "Traceback" in said else ""

    def deliver(self) -> None:
        """Wait until the site has received all webhooks of the sandbox."""
        assert processes.wait_until(lambda: not self.stripe.letters(), seconds=60)
        self.stripe.wait_for_courier()


def sessions(condition: str) -> int:
    """The number of other connections to this worker's database that meet an SQL condition on pg_stat_activity."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            f" AND pid <> pg_backend_pid() AND {condition}"
        )
        return cursor.fetchone()[0]
