"""When the database is too busy, the page gives a sentence and a time to come back, and asks the database nothing."""

import pytest
from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError
from psycopg.errors import IdleInTransactionSessionTimeout, InvalidSqlStatementName, TransactionTimeout

from houses.models import House
from theaters import views


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [OperationalError("canceling statement due to lock timeout"), InterfaceError("closed")]
)
def test_a_busy_database_is_a_503_whose_page_tries_again(
    client, showtime, monkeypatch, django_assert_num_queries, error
):
    def busy(**_):
        raise error

    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    client.get("/healthz")
    monkeypatch.setattr(views, "whats_on", busy)
    # The session, for the needs; the theaters, before the database got busy; and the menu.
    with django_assert_num_queries(3):
        answer = client.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert b"Nothing was changed" in answer.content


def _ended_while_it_waited(cause):
    """The error as Django passes it on: PostgreSQL ended a transaction that waited for us, or one that took too long."""
    error = InternalError("terminating connection")
    error.__cause__ = cause
    return error


@pytest.mark.django_db
@pytest.mark.parametrize("cause", [IdleInTransactionSessionTimeout(), TransactionTimeout()])
def test_a_transaction_that_an_overloaded_machine_let_wait_is_busy_too(client, showtime, monkeypatch, cause):
    def ended(**_):
        raise _ended_while_it_waited(cause)

    monkeypatch.setattr(views, "whats_on", ended)
    answer = client.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")


@pytest.mark.django_db
def test_another_internal_error_is_a_fault_of_ours(client, showtime, monkeypatch):
    def broken(**_):
        raise _ended_while_it_waited(InvalidSqlStatementName())

    monkeypatch.setattr(views, "whats_on", broken)
    with pytest.raises(InternalError):
        client.get("/")


def test_without_any_database_the_page_still_says_so(client, monkeypatch):
    """This test has no django_db mark, so a query of the page would fail it."""

    def gone(*_, **__):
        raise OperationalError("connection refused")

    monkeypatch.setattr(views.Theater.objects, "filter", gone)
    monkeypatch.setattr(House.objects, "order_by", gone)
    answer = client.get("/")
    assert answer.status_code == 503
