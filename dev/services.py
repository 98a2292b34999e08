"""The processes of a run that are part of this checkout: sandbox, web, worker, beat; and the commands that prepare
them.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
from pathlib import Path

from dev import leftovers, output, processes, roles
from dev.state import STAFF_EMAIL, Secrets, given_stripe
from dev.supervisor import RunFailed, Service, Supervisor

WEB_WORKERS = 2
# A busy machine takes minutes; a process that ends is seen at once.
UP_SECONDS = 180


class Services:
    def __init__(self, supervisor: Supervisor, *, port: int, state: Path, secrets: Secrets) -> None:
        self.supervisor = supervisor
        self.port = port
        self.state = state
        self.secrets = secrets
        self.sandbox_url: str | None = None
        self.role_urls: dict[str, str] = {}
        self.environment = {
            **os.environ,
            **leftovers.mark(state),
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.local"),
            "PYTHONUNBUFFERED": "1",
            "SITE_URL": os.environ.get("SITE_URL") or f"http://localhost:{port}",
            "EMAIL_URL": os.environ.get("EMAIL_URL") or (state / "mail").as_uri(),
            "SECRET_KEY": os.environ.get("SECRET_KEY") or secrets.secret_key,
            "STATE_DIR": os.environ.get("STATE_DIR") or str(state / "newest"),
        }

    def use(self, *, database_url: str, redis_url: str) -> None:
        self.environment |= {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        if given_stripe():
            self._use_given_stripe()
        else:
            self.sandbox_url = f"http://localhost:{self._sandbox_port()}"
            self.environment |= {
                "STRIPE_API_BASE": self.sandbox_url,
                "STRIPE_SECRET_KEY": self.secrets.stripe_secret_key,
                "STRIPE_WEBHOOK_SECRET": self.secrets.stripe_webhook_secret,
            }

    def _use_given_stripe(self) -> None:
        if os.environ.get("STRIPE_SECRET_KEY", "").startswith(("sk_live", "rk_live")):
            raise RunFailed("STRIPE_SECRET_KEY is a live key. `make run` is for development: use a test key, or none.")
        if not os.environ.get("STRIPE_API_BASE"):
            self.environment["STRIPE_API_BASE"] = "https://api.stripe.com"
            self.environment.setdefault("STRIPE_CHECKOUT_ORIGIN", "https://checkout.stripe.com")

    def _sandbox_port(self) -> int:
        """The same in every run: checkout pages of earlier runs are linked from the database."""
        path = self.state / "sandbox.json"
        try:
            noted = int(json.loads(path.read_text())["port"])
        except (OSError, ValueError, KeyError):
            noted = None
        port = processes.free_port(noted)
        path.write_text(json.dumps({"port": port}))
        return port

    # Preparing

    def migrate(self) -> None:
        with output.timed("migrations: done"):
            self._manage("migrate", "--no-input", "--verbosity", "0")

    def make_roles(self) -> None:
        """Web and workers come with roles of their own, as in production, where the given database allows it."""
        owner = self.environment["DATABASE_URL"]
        urls = roles.role_urls(owner, secret=self.environment["SECRET_KEY"])
        if roles.may_make_roles(owner):
            with output.timed("database roles: granted"):
                self._manage(
                    "grant_roles", "--verbosity", "0", **urls, RETENTION_DATABASE_ROLE=roles.retention_role(owner)
                )
        if all(roles.can_log_in(url) for url in urls.values()):
            self.role_urls = urls
        else:
            output.say("database roles: none, web and workers share the user of DATABASE_URL (it may not make roles)")

    def _database_of(self, kind: str) -> dict[str, str]:
        url = self.role_urls.get(f"{kind.upper()}_DATABASE_URL")
        return {} if url is None else {"DATABASE_URL": url, "DATABASE_ROLES": "true"}

    def load_demo(self, *, whole: bool) -> None:
        """The demo world, or of it nothing but the account that may do everything."""
        staff = {"DEMO_STAFF_EMAIL": STAFF_EMAIL, "DEMO_STAFF_PASSWORD": self.secrets.staff_password}
        with output.timed("demo world: there" if whole else "no demo world: there is the account of staff alone"):
            self._manage("load_demo", *([] if whole else ["--staff-alone"]), **staff)

    def _manage(self, command: str, *arguments: str, **environment: str) -> None:
        line = [sys.executable, "manage.py", command, *arguments]
        self.supervisor.run_step(Service(command, line, {**self.environment, **environment}))

    # Running

    def start_sandbox(self) -> None:
        if self.sandbox_url is None:
            output.say("Stripe: the one in the environment (STRIPE_API_BASE, STRIPE_SECRET_KEY)")
            return
        port = int(self.sandbox_url.rpartition(":")[2])
        sandbox = self._start("sandbox", "dev.sandbox", *self._sandbox_arguments(port))
        self.supervisor.wait_for(sandbox, lambda: not processes.is_port_free(port), seconds=UP_SECONDS)
        output.say(f"Stripe sandbox: {self.sandbox_url}")

    def _sandbox_arguments(self, port: int) -> list[str]:
        given = {
            "--port": str(port),
            "--ledger": str(self.state / "sandbox.sqlite3"),
            "--webhook-url": f"http://127.0.0.1:{self.port}/payments/stripe/webhook/",
            "--webhook-secret": self.secrets.stripe_webhook_secret,
            "--secret-key": self.secrets.stripe_secret_key,
        }
        return [*(part for pair in given.items() for part in pair), "--control"]

    def start_site(self) -> None:
        """Web, worker and beat at once: each takes about as long to import everything."""
        of_web = {"PROCESS": "web", "PYTHONWARNINGS": FOUND_IN_PLACE, **self._database_of("web")}
        web = self._start("web", "gunicorn", *self._gunicorn_arguments(), **of_web)
        of_worker = {"PYTHONWARNINGS": NO_ROOT_WARNING, **self._database_of("worker")}
        if self.role_urls:
            of_worker["RETENTION_DATABASE_ROLE"] = roles.retention_role(self.environment["DATABASE_URL"])
        self._start("worker", CELERY_PARENT, "worker", *CELERY_ARGUMENTS, **of_worker)
        self._start("beat", CELERY_PARENT, "beat", *CELERY_ARGUMENTS, **of_worker)
        self.supervisor.wait_for(web, self._answers, seconds=UP_SECONDS)
        output.say(f"web: http://localhost:{self.port}/")
        output.say("worker: started")
        output.say("beat: started")

    def _gunicorn_arguments(self) -> list[str]:
        return [
            "-k", "config.web_worker.WebWorker", "config.asgi:application", "--no-control-socket", "--graceful-timeout", "2",
            "--workers", str(WEB_WORKERS), "--bind", f"127.0.0.1:{self.port}", "--log-level", "warning",
        ]  # fmt: skip

    def _start(self, name: str, module: str, *arguments: str, **environment: str) -> Service:
        environment = {**self.environment, "APPLICATION_NAME": f"marquee-{name}", **environment}
        service = Service(name, [sys.executable, "-m", module, *arguments], environment)
        self.supervisor.start(service)
        return service

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def pid(self, name: str) -> int | None:
        return next((service.pid for service in self.supervisor.services if service.name == name), None)


# Celery warns root at length; in a container root is who one is.
NO_ROOT_WARNING = "ignore:You're running the worker with superuser privileges"
# whitenoise misses the collected files of production; here it finds each where it is written.
FOUND_IN_PLACE = "ignore:No directory at"
CELERY_PARENT = "config.celery_parent"
CELERY_ARGUMENTS = ("--", "--loglevel=WARNING")
