"""What other programs can learn from `.dev/`."""

import json
import os
import stat

import pytest

from dev import processes
from dev.run import choose_port, take_lock
from dev.state import ensure_secrets, fill_environment, read_run
from dev.supervisor import RunFailed


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    monkeypatch.delenv("MARQUEE_STATE_DIR", raising=False)
    (tmp_path / ".dev").mkdir()
    return tmp_path


@pytest.fixture
def run_json(checkout):
    def write(**changes):
        facts = {
            "site": "http://localhost:8123",
            "database_url": "postgres://app@127.0.0.1:20001/marquee",
            "redis_url": "redis://127.0.0.1:20002/0",
            "sandbox": "http://localhost:20003",
            "mail": "http://localhost:8123/dev/mail/",
            "staff": {"email": "a@example.com", "password": "x"},
            "pids": {"web": os.getpid(), "postgres": os.getpid()},
            **changes,
        }
        (checkout / ".dev" / "run.json").write_text(json.dumps(facts))

    return write


def test_a_running_system_fills_what_the_environment_leaves_open(checkout, run_json):
    run_json()
    secrets = ensure_secrets(checkout)
    environment = {"REDIS_URL": "redis://mine"}
    fill_environment(environment, checkout)
    assert environment == {
        "DATABASE_URL": "postgres://app@127.0.0.1:20001/marquee",
        "REDIS_URL": "redis://mine",
        "SITE_URL": "http://localhost:8123",
        "EMAIL_URL": (checkout / ".dev" / "mail").as_uri(),
        "SECRET_KEY": secrets.secret_key,
        "STRIPE_API_BASE": "http://localhost:20003",
        "STRIPE_SECRET_KEY": secrets.stripe_secret_key,
        "STRIPE_WEBHOOK_SECRET": secrets.stripe_webhook_secret,
    }


def test_a_stripe_of_ones_own_is_not_mixed_with_the_sandbox(checkout, run_json):
    run_json()
    ensure_secrets(checkout)
    environment = {"STRIPE_SECRET_KEY": "sk_test_mine"}
    fill_environment(environment, checkout)
    assert environment["STRIPE_SECRET_KEY"] == "sk_test_mine"
    assert "STRIPE_API_BASE" not in environment


def test_a_dead_system_is_not_believed(checkout, run_json, python):
    gone = python("pass")
    gone.wait()
    run_json(pids={"web": gone.pid, "postgres": gone.pid})
    assert read_run(checkout) is None


def test_without_any_system_every_command_says_the_same_sentence(checkout):
    with pytest.raises(
        SystemExit, match=r"DATABASE_URL and REDIS_URL not set, and no system is running here\. Start one"
    ):
        fill_environment({}, checkout)


def test_secrets_are_made_once_and_kept_from_others(checkout):
    first = ensure_secrets(checkout)
    assert ensure_secrets(checkout) == first
    assert stat.S_IMODE((checkout / ".dev" / "secrets.json").stat().st_mode) == 0o600


def test_a_port_that_was_asked_for_and_is_taken_is_refused(taken_port):
    with pytest.raises(RunFailed, match=rf"Port {taken_port} is taken"):
        choose_port(taken_port)


def test_the_usual_port_gives_way_and_that_is_said(taken_port, monkeypatch, capsys):
    monkeypatch.setattr("dev.run.USUAL_PORT", taken_port)
    assert choose_port(None) > taken_port
    assert f"port {taken_port} is taken" in capsys.readouterr().out


def test_one_run_at_a_time_in_a_checkout(tmp_path):
    with take_lock(tmp_path / "state"), pytest.raises(RunFailed, match="already running"):
        take_lock(tmp_path / "state")


@pytest.fixture
def taken_port():
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", processes.free_port()))
        listener.listen()
        yield listener.getsockname()[1]
