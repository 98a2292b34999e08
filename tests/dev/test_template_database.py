"""Test databases are copied from one migrated database, which is made once."""

import os

import psycopg

from dev import template_database
from dev.template_database import migrated_template


def test_a_template_that_is_there_is_taken_as_it_is(monkeypatch):
    name = migrated_template(os.environ["DATABASE_URL"])

    def not_again(*_) -> None:
        raise AssertionError("it was there")

    monkeypatch.setattr(template_database, "_make", not_again)
    monkeypatch.setattr(template_database, "_drop_all", not_again)
    assert migrated_template(os.environ["DATABASE_URL"]) == name
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'marquee_template%'").fetchall()
    assert found == [(name,)]
