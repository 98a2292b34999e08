"""The sandbox as a process of its own: how it starts, how it ends, and what it may import."""

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from dev.sandbox.__main__ import main, parse
from tests.stripe.conftest import make_client

CHECKOUT = Path(__file__).parents[2]
KEY, SECRET = "sk_test_process", "whsec_process"


def command(port, ledger, **changes):
    options = {"port": port, "ledger": ledger, "webhook_secret": SECRET, "secret_key": KEY} | changes
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "dev.sandbox", *words]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret_key": "sk_live_real"}, "live key"),
        ({"secret_key": "rk_live_real"}, "live key"),
        ({"secret_key": "hello"}, "must begin with sk_test_"),
        ({"webhook_secret": " "}, "must not be empty"),
        ({"probe_application": "marquee"}, "belong together"),
    ],
)
def test_refuses_to_start(capsys, tmp_path, changes, words):
    with pytest.raises(SystemExit) as ending:
        parse(command(1, tmp_path / "ledger", **changes)[3:])
    assert ending.value.code == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "ledger").exists()


@pytest.fixture
def start():
    """A function that starts a sandbox, which ends with the test, whatever its outcome."""
    started = []

    def begin(port, ledger, **changes):
        process = subprocess.Popen(command(port, ledger, **changes), cwd=CHECKOUT, stdout=subprocess.DEVNULL)
        started.append(process)
        url = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                assert requests.get(f"{url}/healthz", timeout=1).text == "ok"
            except requests.RequestException:
                assert process.poll() is None
                time.sleep(0.02)
            else:
                return process, url
        raise AssertionError("The sandbox did not start")

    yield begin
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.long
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_kill_9_loses_nothing_that_was_answered(start, stop, free_port, tmp_path, params, endpoint):
    params["expires_at"] = int(time.time()) + 3600
    ledger = tmp_path / "ledger.sqlite3"
    process, url = start(free_port, ledger)
    for client in make_client(url, KEY):
        created = client.v1.checkout.sessions.create(params=params, options={"idempotency_key": "k1"})
    card = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123", "name": "A"}
    assert requests.post(created.url, data=card, allow_redirects=False, timeout=5).status_code == 303
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    process, url = start(free_port, ledger, webhook_url=endpoint.url)
    for client in make_client(url, KEY):
        assert client.v1.checkout.sessions.retrieve(created.id).payment_status == "paid"
        again = client.v1.checkout.sessions.create(params=params, options={"idempotency_key": "k1"})
        assert again.id == created.id
    process.send_signal(stop)
    assert process.wait(30) == 0


def test_a_port_in_use_is_said(tmp_path, sandbox):
    taken = sandbox.base_url.rpartition(":")[2]
    with pytest.raises(SystemExit, match=f"Port {taken} cannot be used"):
        main(command(taken, tmp_path / "ledger")[3:])
    assert not (tmp_path / "ledger").exists()


def test_knows_nothing_of_the_product():
    """If the sandbox shared code with the product, it would repeat the product's mistakes."""
    allowed = {"dev", "starlette", "uvicorn", "psycopg", *sys.stdlib_module_names}
    for path in (CHECKOUT / "dev" / "sandbox").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.partition(".")[0] in allowed, f"{path.name} imports {name}"
                assert not name.startswith("dev.") or name.startswith("dev.sandbox"), f"{path.name} imports {name}"
