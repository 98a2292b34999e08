"""Web, worker and beat, started as the image starts them: production settings and real servers, for a short time."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

import pytest
import redis
import requests
from django.db import connection

from config.queues import PROCESSES
from dev import processes
from dev.sandbox.testing import SandboxServer
from payments.models import ProviderEvent, Refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, Hold, OutgoingMail
from reservations.states import CancelCause
from tests.aging import lapse, past_time_to_pay
from tests.deploy.conftest import VENV_BIN
from tests.deploy.hanging_mail import HangingMailServer, hanging_mail_server
from tests.factories import begin_paying, buy, hold_seats, make_browser, make_showtime
from tests.payments.books.test_webhook import post

STARTS_WITHIN = 90
STOPS_WITHIN = 20
HOST = {"Host": "tickets.example.com"}
BY_HTTPS = {**HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
def servers(production, logins, transactional_db) -> dict[str, str]:
    """The servers of this test run: its migrated database under the owner's role, and a Redis database of our own."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    broker = urlsplit(os.environ["REDIS_URL"])._replace(path="/15")
    return {**production, "DATABASE_URL": urlunsplit(database), "REDIS_URL": urlunsplit(broker)}


@pytest.fixture
def showtime_id(transactional_db) -> int:
    return make_showtime().pk


class Part:
    """A start script that runs, and its output."""

    def __init__(self, script: str, *, app, env, log):
        self.app, self.env, self.log = app, env, log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(app / "deploy" / script)],
                cwd="/",
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def says(self, words: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return words in self.log.read_text()

    def ends(self) -> int:
        """Return its exit code; if it does not end by itself, it is ended."""
        try:
            return self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait()


def wait_until(true) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_healthy(name: str, part: Part) -> bool:
    """Run the image's health check as Docker would."""
    assert part.process.poll() in {None, 0}, part.log.read_text()
    command = [str(VENV_BIN / "python"), "deploy/healthcheck.py", name]
    return subprocess.run(command, cwd=part.app, env=part.env, capture_output=True).returncode == 0


@pytest.fixture
def mail() -> Iterator[HangingMailServer]:
    with hanging_mail_server() as server:
        yield server


@pytest.fixture
def stripe(sandbox_process, settings) -> SandboxServer:
    """The sandbox, for the processes and the test. Their transactions are not checked, because several processes have
    some of their own.
    """
    sandbox_process.heal()
    sandbox_process.reset()
    settings.STRIPE_API_BASE = sandbox_process.base_url
    settings.STRIPE_SECRET_KEY = sandbox_process.secret_key
    settings.STRIPE_WEBHOOK_SECRET = sandbox_process.webhook_secret
    return sandbox_process


@pytest.fixture
def parts(image, servers, logins, tmp_path, mail, stripe) -> Iterator[dict[str, Part]]:
    """Start web, worker and beat, and end those that still run afterwards."""
    port = processes.free_port(None)
    servers |= {
        "EMAIL_URL": mail.url,
        "STRIPE_API_BASE": stripe.base_url,
        "STRIPE_SECRET_KEY": stripe.secret_key,
        "STRIPE_WEBHOOK_SECRET": stripe.webhook_secret,
        "RETENTION_DATABASE_ROLE": logins.retention,
    }
    web = {"WEB_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1", "HEALTH_URL": f"http://127.0.0.1:{port}"}
    roles = {"web": logins.web, "worker": logins.worker, "beat": logins.worker}
    started = {
        name: Part(
            f"{name}.sh", app=image, env={**servers, **web, "DATABASE_URL": logins.url(role)}, log=tmp_path / name
        )
        for name, role in roles.items()
    }
    yield started
    for part in started.values():
        if part.process.poll() is None:
            os.killpg(part.process.pid, signal.SIGKILL)
            part.process.wait()
    with redis.Redis.from_url(servers["REDIS_URL"]) as client:
        client.flushdb()


def open_live_map(url: str, showtime_id: int) -> HTTPResponse:
    assert requests.get(f"{url}/showtimes/999999999/events/", headers=BY_HTTPS, timeout=5).status_code == 404
    return urlopen(Request(f"{url}/showtimes/{showtime_id}/events/", headers=BY_HTTPS), timeout=STOPS_WITHIN)


@dataclass(frozen=True)
class Work:
    """Work for the sweeps: an expired hold, a paid session whose event is stored, a requested refund, a session to close."""

    hold: Hold
    paid: Booking
    refunded: Booking
    abandoned: Booking

    def is_done(self, stripe) -> bool:
        return (
            Hold.objects.filter(pk=self.hold.pk, end="LAPSED").exists()
            and not ProviderEvent.objects.filter(done_at=None).exists()
            and Booking.objects.get(pk=self.paid.pk).status == "CONFIRMED"
            and Refund.objects.filter(payment__sale=self.refunded.sale, status="SUCCEEDED").exists()
            and stripe.session(self.abandoned.sale.payments.get().session_id)["status"] == "expired"
            and Booking.objects.get(pk=self.abandoned.pk).status == "EXPIRED"
        )


def leave_work(stripe, showtime) -> Work:
    """Leave work for the sweeps: no hint of it reaches the started processes."""
    hold = hold_seats(showtime, make_browser(1), "A1")
    lapse(hold)
    refunded = buy(stripe, showtime, make_browser(2), "A2")
    cancel_and_refund(
        booking_id=refunded.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")
    )
    abandoned = begin_paying(showtime, make_browser(3), "A3")
    past_time_to_pay(abandoned)
    paid = begin_paying(showtime, make_browser(4), "A4")
    stripe.pay(paid.sale.payments.get().session_id)
    stripe.deliver_to(lambda body, signature: post(body, signature).status_code)
    return Work(hold, paid, refunded, abandoned)


def work_is_done_while_mail_hangs(stripe, mail) -> None:
    showtime = make_showtime()
    buy(stripe, showtime, make_browser(9), "B1")
    wait_until(lambda: mail.callers > 0)
    work = leave_work(stripe, showtime)
    wait_until(lambda: work.is_done(stripe))
    assert mail.callers > 0 and not OutgoingMail.objects.exclude(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_web_worker_and_beat_start_answer_work_while_mail_hangs_and_stop(parts, showtime_id, stripe, mail):
    web = parts["web"]
    wait_until(lambda: is_healthy("web", web))
    wait_until(lambda: all(parts["worker"].says(f"{queue}@") for queue in PROCESSES))
    wait_until(lambda: parts["worker"].log.read_text().count(" ready.") == len(PROCESSES))
    wait_until(lambda: parts["beat"].says("beat: Starting"))
    site_answers_as_it_should(web.env["HEALTH_URL"])
    work_is_done_while_mail_hangs(stripe, mail)
    mail.close()
    with open_live_map(web.env["HEALTH_URL"], showtime_id) as live_map:
        for part in parts.values():
            part.process.send_signal(signal.SIGTERM)
        assert b"event: hello" in live_map.read()  # and the stream ended
    assert [part.ends() for part in parts.values()] == [0, 0, 0], parts["worker"].log.read_text()
    # An open map does not delay the shutdown by the 15 s that a running answer would get.
    assert "Forcing close" not in web.log.read_text()
    assert not is_healthy("web", web)


def answer_to(message: bytes, url: str) -> bytes:
    """What the web server itself answers to bytes that reach no page."""
    with socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=5) as connection:
        connection.sendall(message)
        return connection.recv(10_000)


def site_answers_as_it_should(url: str) -> None:
    assert b"x-content-type-options: nosniff" in answer_to(b"NOT HTTP AT ALL\r\n\r\n", url)
    ready = requests.get(f"{url}/readyz", headers=HOST, timeout=5)
    assert ready.json() | {"worker": "", "beat": ""} == {
        "ready": True, "database": "ok", "redis": "ok", "worker": "", "beat": "", "clock": "ok",
    }  # fmt: skip
    plain = requests.get(f"{url}/", headers=HOST, timeout=5, allow_redirects=False)
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://tickets.example.com/")
    assert requests.get(f"{url}/", headers={**BY_HTTPS, "Host": "other.example"}, timeout=5).status_code == 400
    page = requests.get(f"{url}/accounts/login/", headers=BY_HTTPS, timeout=5)
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "__Host-csrftoken" in page.headers["Set-Cookie"]
    sheet = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = requests.get(url + sheet, headers=BY_HTTPS, timeout=5)
    assert (style.status_code, "immutable" in style.headers["Cache-Control"]) == (200, True)


@pytest.mark.long
def test_the_migration_job_passes_the_deploy_check_and_grants(image, servers, logins):
    roles = {"WEB_DATABASE_URL": logins.url(logins.web), "WORKER_DATABASE_URL": logins.url(logins.worker)}
    command = [str(image / "deploy" / "migrate.sh"), "--check"]
    done = subprocess.run(command, cwd="/", env=servers | roles, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # The silenced check is HSTS preloading, which is the operator's own decision.
    assert done.stdout == (
        "System check identified no issues (1 silenced).\n"
        f"{logins.web} and {logins.worker} may sell and read, marquee_audit may read; none may rewrite.\n"
        "Workers are to be started with RETENTION_DATABASE_ROLE=marquee_retention.\n"
    )
    assert done.stderr == ""


@pytest.mark.long
@pytest.mark.parametrize(
    "script",
    [pytest.param("web.sh", marks=pytest.mark.long), pytest.param("worker.sh", marks=pytest.mark.long), "beat.sh"],
)
def test_a_process_does_not_start_with_the_role_of_another(image, servers, logins, tmp_path, script):
    """The owner's role has no timeouts, and web and worker have different ones."""
    wrong = {
        "web.sh": logins.url(logins.worker),
        "worker.sh": logins.url(logins.web),
        "beat.sh": servers["DATABASE_URL"],
    }
    settings = {"WEB_BIND": "127.0.0.1:0", "WEB_CONCURRENCY": "1", "DATABASE_URL": wrong[script]}
    part = Part(script, app=image, env={**servers, **settings}, log=tmp_path / script)
    assert part.ends() not in {0, -signal.SIGKILL}, part.log.read_text()
    said = part.log.read_text()
    assert "has the wrong settings:" in said and "lock_timeout is" in said
