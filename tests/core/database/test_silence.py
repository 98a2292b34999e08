"""A database server that answers nobody is noticed in four seconds; a statement that is slow takes its time."""

import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from config.settings.base import postgres
from core.database import silence

pytestmark = pytest.mark.django_db


class Line:
    """A line to a PostgreSQL server on which nothing comes through while it is frozen, as when all its processes stand still.

    The system of the server still accepts connections and what is sent on them.
    """

    def __init__(self, address):
        self.address = address
        self.flows = threading.Event()
        self.flows.set()
        self.accepted = 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.sockets = [self.listening]
        self.threads = []
        self._start(self._accept)

    def _start(self, target, *args):
        self.threads.append(threading.Thread(target=target, args=args, daemon=True))
        self.threads[-1].start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            self.accepted += 1
            far = socket.create_connection(self.address)
            self.sockets += [near, far]
            self._start(self._carry, near, far)
            self._start(self._carry, far, near)

    def _carry(self, source, target):
        with suppress(OSError):
            while data := source.recv(65536):
                self.flows.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def cut(self):
        self.flows.set()
        for end in self.sockets:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)
        for end in self.sockets:
            end.close()


@pytest.fixture
def fast(monkeypatch):
    """The same steps in less time."""
    monkeypatch.setattr(silence, "QUIET_SECONDS", 0.2)
    monkeypatch.setattr(silence, "TURN_SECONDS", 0.2)
    monkeypatch.setattr(silence, "CONNECT_SECONDS", 1)


@pytest.fixture
def line(logins, fast):
    url = urlsplit(logins.url(logins.web))
    line = Line((url.hostname, url.port))
    yield line
    line.cut()


@pytest.fixture
def session(request, logins, line):
    process = getattr(request, "param", "web")
    url = urlsplit(logins.url(getattr(logins, process)))
    address = url._replace(netloc=url.netloc.rpartition("@")[0] + f"@127.0.0.1:{line.port}").geturl()
    made = ConnectionHandler({"default": postgres(address, process=process)})["default"]
    made.ensure_connection()
    yield made
    made.close()


def one_value(session, statement):
    with session.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_four_seconds():
    assert silence.QUIET_SECONDS + silence.SILENT_TURNS * silence.TURN_SECONDS == 4
    assert postgres("postgres://somebody@db/marquee", process="web")["OPTIONS"]["connect_timeout"] == 4


@pytest.mark.parametrize("session", ["web", "worker"], indirect=True)
def test_a_silent_server_is_given_up_and_found_again(session, line):
    line.flows.clear()
    thaws = threading.Timer(6, line.flows.set)
    thaws.start()
    began = time.monotonic()
    with pytest.raises(OperationalError, match="does not answer"):
        one_value(session, "SELECT 7")
    assert 1 < time.monotonic() - began < 4
    thaws.cancel()
    assert session.connection.closed, "else the next statement might read the answer of this one"
    session.close_if_unusable_or_obsolete()
    line.flows.set()
    assert one_value(session, "SELECT 7") == 7


def test_a_slow_statement_of_a_server_that_answers_others_goes_on(session, line):
    """Twice as long as a silent server is waited for."""
    before = line.accepted
    assert one_value(session, "SELECT 7 FROM pg_sleep(2.6)") == 7
    assert line.accepted - before > 1
    assert one_value(session, "SELECT 8") == 8


def test_a_long_answer_that_pauses_comes_whole(session):
    with session.cursor() as cursor:
        cursor.execute("SELECT repeat('x', 100000), pg_sleep(0.5) FROM generate_series(1, 5)")
        assert [len(row[0]) for row in cursor.fetchall()] == [100_000] * 5


def test_a_server_without_a_free_connection_is_there(session, monkeypatch):
    def full():
        raise psycopg.OperationalError("FATAL: sorry, too many clients already")

    server = session.connection.wait.func.__self__
    monkeypatch.setattr(server, "_connect", full)
    assert one_value(session, "SELECT 7 FROM pg_sleep(2)") == 7


def test_what_another_thread_hears_counts(session, monkeypatch):
    """A question that gets no answer is no proof while answers of the same server come in."""

    def nothing():
        raise psycopg.errors.ConnectionTimeout

    server = session.connection.wait.func.__self__
    monkeypatch.setattr(server, "_connect", nothing)
    with pytest.raises(OperationalError, match="does not answer"):
        one_value(session, "SELECT 7 FROM pg_sleep(3)")
    session.close_if_unusable_or_obsolete()
    session.ensure_connection()
    ended = threading.Event()

    def hear():
        while not ended.wait(0.05):
            server.answers += 1

    hearing = threading.Thread(target=hear)
    hearing.start()
    try:
        assert one_value(session, "SELECT 7 FROM pg_sleep(2)") == 7
    finally:
        ended.set()
        hearing.join()


def test_an_answer_is_heard(session):
    server = session.connection.wait.func.__self__
    before = server.answers
    one_value(session, "SELECT 7")
    assert server.answers > before


def test_commands_wait_for_whatever_they_asked():
    assert postgres("postgres://somebody@db/marquee")["NOTICES_SILENCE"] is False
