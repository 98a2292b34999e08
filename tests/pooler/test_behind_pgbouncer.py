"""The site behind Debian's PgBouncer in transaction pooling: its guarantees hold, or it does not start.

Only `make try-pooler` runs these tests: they need a program that pip does not install.
"""

import shutil
import subprocess
import time
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler

from config.settings.base import postgres
from core.database import prepared_statements
from core.database.base import WrongSession
from core.database.sessions import WEB, WORKER
from dev import processes
from tests.factories import make_showtime
from tests.logins import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
CONFIG = """
[databases]
{database} = host={host} port={port} dbname={database}
overridden = host={host} port={port} dbname={database} user={owner}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
auth_type = plain
auth_file = {users}
pool_mode = transaction
default_pool_size = 2
logfile =
"""


@pytest.fixture(scope="module")
def pooler(logins, tmp_path_factory):
    """host:port of a running PgBouncer, which refuses to run as root."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    assert program, "apt-get install pgbouncer"
    folder, listen = tmp_path_factory.mktemp("pgbouncer"), processes.free_port()
    params = connection.get_connection_params()
    users = folder / "users.txt"
    users.write_text("".join(f'"{role}" "{PASSWORD}"\n' for role in (logins.web, logins.worker, params["user"])))
    config = CONFIG.format(
        database=params["dbname"],
        host=params["host"],
        port=params["port"],
        owner=params["user"],
        listen=listen,
        users=users,
    )
    (folder / "pgbouncer.ini").write_text(config)
    for path in (*folder.parents[:2], folder, users, folder / "pgbouncer.ini"):
        path.chmod(0o755)
    command = [program, "-u", "nobody", str(folder / "pgbouncer.ini")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        assert processes.wait_until(lambda: not processes.is_port_free(listen), seconds=10), (
            folder / "log"
        ).read_text()
        yield f"127.0.0.1:{listen}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def connect(pooler, logins):
    made = []

    def open_connection(kind, **config):
        role = {"web": logins.web, "worker": logins.worker}[kind]
        settings = postgres(logins.url(role, address=pooler), process=kind)
        settings["OPTIONS"] |= config
        made.append(ConnectionHandler({"default": settings})["default"])
        made[-1].ensure_connection()
        return made[-1]

    yield open_connection
    for one in made:
        one.close()


def shown(session, name):
    with session.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("kind", "required"), [("web", WEB), ("worker", WORKER)])
def test_every_transaction_has_its_limits(connect, kind, required):
    first, second = connect(kind), connect(kind)
    for session in (first, second, first):
        assert {name: shown(session, name) for name in required} == required


def test_the_lock_timeout_ends_a_wait(connect, pooler):
    showtime = make_showtime()
    known = connection.get_connection_params()
    known.pop("cursor_factory")
    with psycopg.connect(**known) as stranger:
        stranger.execute("SELECT id FROM theaters_showtime WHERE id = %s FOR UPDATE", [showtime.pk])
        session, began = connect("worker"), time.monotonic()
        with session.cursor() as cursor, pytest.raises(OperationalError, match="lock timeout"):
            cursor.execute("SELECT id FROM theaters_showtime WHERE id = %s FOR UPDATE", [showtime.pk])
        assert time.monotonic() - began < 6
        stranger.rollback()


def test_prepared_statements_do_not_follow_into_another_session(connect, monkeypatch):
    """There are more clients than connections in the pool, each with the statement that every click prepares."""
    sessions = [connect("web") for _ in range(5)]
    errors = []

    def click(session):
        monkeypatch.setattr(prepared_statements, "connection", session)
        try:
            with prepared_statements.prepared_cursor() as cursor:
                cursor.execute("SELECT count(*) FROM theaters_showtime WHERE id = %(id)s", {"id": 1})
                assert cursor.fetchone() == (0,)
        except Exception as error:
            errors.append(error)

    for _ in range(20):
        for session in sessions:
            click(session)
    assert errors == [] and all(session.connection.prepare_threshold is None for session in sessions)


def test_a_long_read_outside_a_transaction_needs_no_cursor_on_the_server(connect):
    session = connect("worker")
    assert session.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] is True
    with session.chunked_cursor() as cursor:
        cursor.execute("SELECT generate_series(1, 5)")
        assert len(cursor.fetchall()) == 5


def test_without_a_pooler_statements_are_prepared(logins):
    session = ConnectionHandler({"default": postgres(logins.url(logins.web), process="web")})["default"]
    session.ensure_connection()
    assert session.connection.prepare_threshold == 5
    session.close()


def test_a_pooler_that_comes_with_another_role_is_refused(pooler, logins):
    url = urlsplit(logins.url(logins.web, address=pooler))._replace(path="/overridden").geturl()
    session = ConnectionHandler({"default": postgres(url, process="web")})["default"]
    with pytest.raises(WrongSession, match="lock_timeout is 0, not 3s"):
        session.ensure_connection()


def test_options_of_the_connection_are_refused_by_it(connect):
    """The release before relied on such options."""
    with pytest.raises(OperationalError, match="unsupported startup parameter"):
        connect("web", options="-c lock_timeout=3s")
