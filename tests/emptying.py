"""Empties the tables after tests that commit.

Django's way truncates every table and makes all permissions again, which takes ten times as long as a race.
"""

from collections.abc import Iterable

from django.apps import apps
from django.db import connection, transaction
from django.test import TransactionTestCase

# Apps whose rows were written by migrations: permissions and content types.
KEPT = {"auth", "contenttypes", "sites"}


def empty_quickly() -> None:
    """Replace Django's way for the rest of the process."""
    TransactionTestCase._fixture_teardown = lambda _test: empty_tables()


def empty_tables(*, but: Iterable[str] = ()) -> None:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in KEPT]
    tables = sorted({model._meta.db_table for model in models} - set(but))
    with transaction.atomic(), connection.cursor() as cursor:
        # Some tables refuse deletions. For this one transaction their triggers, and foreign keys, are off.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))
