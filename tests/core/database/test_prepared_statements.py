"""psycopg prepares the statements of a click once, not at every click."""

import pytest
from django.test import Client
from psycopg import _queries

from core.database.prepared_statements import LONGEST_STATEMENT
from reservations.seats.map_sql import CLICKED, SEAT_MAP
from reservations.seats.take_sql import LOCK_OR_CREATE_HOLD, TAKE_SEATS
from tests.factories import make_showtime


@pytest.mark.parametrize("statement", [LOCK_OR_CREATE_HOLD, TAKE_SEATS, CLICKED, SEAT_MAP])
def test_no_statement_is_too_long_to_be_kept(statement):
    assert len(statement.encode()) <= LONGEST_STATEMENT


@pytest.mark.django_db
def test_a_second_click_reads_no_placeholders(monkeypatch):
    address = f"/showtimes/{make_showtime().pk}/"
    read = []
    split = _queries._split_query

    def noted(query, *rest, **options):
        read.append(query)
        return split(query, *rest, **options)

    monkeypatch.setattr(_queries, "_split_query", noted)
    for label in ("A1", "A2", "A3"):
        read.clear()
        visitor = Client(headers={"hx-request": "true"})
        assert visitor.get(address).status_code == 200
        assert visitor.post(f"{address}seats/", {"take": label}).status_code == 200
    assert [query[:60] for query in read if not query.startswith((b"SAVEPOINT", b"RELEASE"))] == []
