"""Connections kept between requests: a dead one is noticed without a query, and prepared statements survive a refusal."""

import time

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.utils import ConnectionHandler

from config.settings.base import postgres

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(logins):
    made = ConnectionHandler({"default": postgres(logins.url(logins.web), process="web")})["default"]
    made.ensure_connection()
    yield made
    made.close()


def one_value(session, statement):
    with session.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_a_session_that_nobody_ended_is_not_asked_whether_it_lives(session, monkeypatch):
    monkeypatch.setattr(session, "is_usable", lambda: pytest.fail("asked"))
    session.close_if_unusable_or_obsolete()  # what Django does at the start of each request
    assert one_value(session, "SELECT 7") == 7


def test_a_session_that_the_server_ended_is_replaced_before_it_is_used(session):
    first = one_value(session, "SELECT pg_backend_pid()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
        assert cursor.fetchone() == (True,)
    session.close_if_unusable_or_obsolete()
    assert one_value(session, "SELECT pg_backend_pid()") != first


def test_a_connection_that_was_closed_here_is_replaced_too(session):
    session.connection.close()
    session.close_if_unusable_or_obsolete()
    assert one_value(session, "SELECT 7") == 7


@pytest.mark.parametrize("undo", ["ROLLBACK", "ROLLBACK TO SAVEPOINT before"])
def test_a_refused_click_forgets_no_plan(session, undo):
    session.set_autocommit(False)
    with session.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
    with ServerBindingCursor(session.connection) as cursor:
        cursor.execute("SELECT 41", prepare=True)
    if undo == "ROLLBACK":
        session.rollback()
    else:
        with session.cursor() as cursor:
            cursor.execute(undo)
    prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 41'"
    assert one_value(session, prepared) == 1
    with ServerBindingCursor(session.connection) as cursor:
        cursor.execute("SELECT 41", prepare=True)
    assert one_value(session, prepared) == 1
    session.rollback()


def test_a_session_that_stands_still_is_waited_for_no_longer_than_a_statement_may_take(session):
    """The server answers others, but this session keeps none of its time-outs."""
    assert session.settings_dict["ANSWERS_WITHIN_SECONDS"] == 11
    session.close()
    session.settings_dict["ANSWERS_WITHIN_SECONDS"] = 0.3
    began = time.monotonic()
    with pytest.raises(OperationalError), session.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(4)")
    assert time.monotonic() - began < 3
    session.close_if_unusable_or_obsolete()
    assert one_value(session, "SELECT 7") == 7


def test_workers_wait_for_long_statements():
    assert postgres("postgres://somebody@db/marquee", process="worker")["ANSWERS_WITHIN_SECONDS"] is None
    assert postgres("postgres://somebody@db/marquee", process="worker")["OPTIONS"]["tcp_user_timeout"] == 20_000
