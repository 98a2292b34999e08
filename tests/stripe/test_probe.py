"""The probe reports a transaction that is open while Stripe is called, and nothing else."""

import os

import psycopg
import pytest

from dev.sandbox.postgres_probe import PostgresProbe

APPLICATION = f"probed site {os.getpid()}"
DATABASE_URL = os.environ["DATABASE_URL"]


@pytest.fixture
def probe(sandbox):
    sandbox.desk.probe = PostgresProbe(DATABASE_URL, APPLICATION)
    yield sandbox.desk.probe
    sandbox.desk.probe.close()
    sandbox.desk.probe = None


@pytest.fixture
def site():
    with psycopg.connect(DATABASE_URL, application_name=f"{APPLICATION} web", autocommit=True) as connection:
        yield connection


def test_an_open_transaction_during_a_call_is_a_violation(client, sandbox, probe, site):
    with site.transaction():
        site.execute("SELECT 42")
        client.v1.events.list()
    (violation,) = sandbox.violations
    assert (violation["kind"], violation["path"]) == ("idle in transaction", "/v1/events")
    assert violation["application_name"] == f"{APPLICATION} web"
    assert "SELECT 42" in violation["query"]


def test_no_transaction_no_violation(client, sandbox, probe, site):
    site.execute("SELECT 42")
    client.v1.events.list()
    assert sandbox.violations == []


def test_other_peoples_transactions_do_not_count(client, sandbox, probe):
    with psycopg.connect(DATABASE_URL, application_name="somebody else") as other:
        other.execute("SELECT 42")
        client.v1.events.list()
    assert sandbox.violations == []


class Passing:
    """A transaction that looks idle at the first look and has gone on by the second."""

    def __init__(self):
        self.looks = iter([{(1, "10:00:00"): {}}, {(1, "10:00:01"): {}}])

    def idle_transactions(self):
        return next(self.looks)

    def close(self):
        pass


def test_a_transaction_that_moves_on_is_no_violation(client, sandbox):
    sandbox.desk.probe = Passing()
    client.v1.events.list()
    sandbox.desk.probe = None
    assert sandbox.violations == []


def test_a_probe_that_cannot_look_says_so(client, sandbox):
    sandbox.desk.probe = PostgresProbe("postgresql://127.0.0.1:1/nothing", APPLICATION)
    client.v1.events.list()
    sandbox.desk.probe = None
    assert [violation["kind"] for violation in sandbox.violations] == ["probe failed"]
