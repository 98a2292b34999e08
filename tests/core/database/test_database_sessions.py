"""Every session at the database has its timeouts and isolation level, even after something reset them."""

import pytest
from django.db import OperationalError, connection, connections
from django.db.utils import ConnectionHandler

from config.settings.base import postgres
from core.database import start
from core.database.base import WrongSession
from core.database.sessions import ISOLATION, OF_PROCESS, WEB, WORKER, startup_options

pytestmark = pytest.mark.django_db


@pytest.fixture
def connect(logins):
    """A connection as the settings of a process would make it, with the role of `kind`."""
    made = []

    def open_connection(kind, process, **more):
        role = {"web": logins.web, "worker": logins.worker}[kind]
        config = postgres(logins.url(role), process=process)
        config["OPTIONS"] |= more
        handler = ConnectionHandler({"default": config})
        made.append(handler["default"])
        made[-1].ensure_connection()
        return made[-1]

    yield open_connection
    for one in made:
        one.close()


def shown(session, name):
    with session.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("process", "required"), OF_PROCESS.items())
def test_each_process_gets_its_limits_from_its_role_without_a_startup_option(connect, process, required):
    session = connect("web" if process == "web" else "worker", process)
    assert "options" not in session.get_connection_params()
    assert {name: shown(session, name) for name in required} == required


def test_the_values_are_those_of_the_design():
    assert {**WEB, **ISOLATION} == {
        "default_transaction_isolation": "read committed", "TimeZone": "UTC", "plan_cache_mode": "force_generic_plan",
        "lock_timeout": "3s", "statement_timeout": "10s", "idle_in_transaction_session_timeout": "5s",
    }  # fmt: skip
    assert WORKER == {
        "default_transaction_isolation": "read committed", "TimeZone": "UTC", "plan_cache_mode": "force_generic_plan",
        "lock_timeout": "2s", "statement_timeout": "0", "idle_in_transaction_session_timeout": "10s",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "process", "says"),
    [
        ("worker", "web", "lock_timeout is 2s, not 3s; statement_timeout is 0, not 10s"),
        ("web", "worker", "lock_timeout is 3s, not 2s; statement_timeout is 10s, not 0"),
        ("web", "beat", "lock_timeout is 3s, not 2s"),
    ],
)
def test_the_role_of_another_process_is_refused(connect, kind, process, says):
    with pytest.raises(WrongSession, match=says):
        connect(kind, process)


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        ("-c lock_timeout=0", "lock_timeout is 0, not 3s"),
        ("-c statement_timeout=1h", "statement_timeout is 1h, not 10s"),
        ("-c idle_in_transaction_session_timeout=0", "idle_in_transaction_session_timeout is 0, not 5s"),
        ("-c default_transaction_isolation=serializable", "default_transaction_isolation is serializable"),
    ],
)
def test_a_limit_that_is_lost_on_the_way_is_refused(connect, lost, says):
    with pytest.raises(WrongSession, match=says):
        connect("web", "web", options=lost)


def test_a_refused_session_is_not_used_by_the_next_who_asks(logins):
    handler = ConnectionHandler({"default": postgres(logins.url(logins.worker), process="web")})
    for _ in range(2):
        with pytest.raises(WrongSession):
            handler["default"].cursor()
    assert handler["default"].connection is None


def test_a_command_runs_as_any_role_but_at_no_other_isolation_level(connect):
    connect("worker", "")
    with pytest.raises(WrongSession, match="default_transaction_isolation is repeatable read, not read committed"):
        connect("worker", "", options=startup_options({"default_transaction_isolation": "repeatable read"}))


def test_where_the_role_does_not_carry_them_the_connection_does(logins):
    config = postgres(logins.url(logins.worker), process="web", by_role=False)
    session = ConnectionHandler({"default": config})["default"]
    assert {name: shown(session, name) for name in WEB} == WEB
    session.close()


def test_a_statement_over_its_time_limit_is_ended(connect):
    """This checks behavior, not only values: a web session does not wait for ever for its statement."""
    session = connect("web", "web")
    with session.cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(5)")


def test_a_start_with_the_wrong_session_fails_and_one_without_a_database_does_not(monkeypatch):
    class Asked:
        def __init__(self, error):
            self.error = error

        def ensure_connection(self):
            raise self.error

        def close(self):
            pass

    monkeypatch.setattr(start, "connection", Asked(WrongSession("no lock_timeout")))
    with pytest.raises(WrongSession):
        start.refuse_wrong_session()
    monkeypatch.setattr(start, "connection", Asked(OperationalError("refused")))
    start.refuse_wrong_session()


def test_the_suite_itself_is_checked():
    assert connections["default"].settings_dict["SESSION"] == ISOLATION and shown(connection, "timezone") == "UTC"
