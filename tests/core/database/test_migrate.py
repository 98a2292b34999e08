"""A schema change gives way: behind an open report it waits at most 2 s and tries again, while sales go on."""

from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from core.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "ALTER TABLE core_heartbeat ADD COLUMN tried int"
DROP = "ALTER TABLE core_heartbeat DROP COLUMN IF EXISTS tried"


@pytest.fixture
def schema_change(monkeypatch):
    """Let Django's migrate do one small change; yields the lock_timeout of each try."""
    seen = []

    def add_column(self, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            seen.append(cursor.fetchone()[0])
            cursor.execute(ADD)

    monkeypatch.setattr(DjangoMigrate, "handle", add_column)
    yield seen
    with connection.cursor() as cursor:
        cursor.execute(DROP)


@pytest.fixture
def stranger():
    """A connection to the database beside the test's own."""
    known = connection.get_connection_params()
    known.pop("cursor_factory")
    with psycopg.connect(**known) as session:
        yield session
        session.rollback()


def test_behind_an_open_report_it_tries_again_and_sales_go_on(schema_change, stranger, monkeypatch):
    stranger.execute("SELECT count(*) FROM core_heartbeat")  # the report, whose transaction stays open
    pauses = []

    def sell_meanwhile(seconds):
        pauses.append(seconds)
        with connection.cursor() as sale:
            sale.execute("SET statement_timeout = '2s'")
            sale.execute("INSERT INTO core_heartbeat (name, at) VALUES (%s, now())", [f"sale {seconds}"])
            sale.execute("RESET statement_timeout")
        if len(pauses) == 2:
            stranger.rollback()

    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "150ms")
    monkeypatch.setattr(migrate, "sleep", sell_meanwhile)
    call_command("migrate", verbosity=0)
    assert (pauses, schema_change) == ([1, 2], ["150ms"] * 3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_heartbeat WHERE tried IS NULL")
        assert cursor.fetchone()[0] == 2
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "0"


@pytest.mark.parametrize(("atomic", "timeout"), [(True, "2s"), (False, "0")])
def test_an_index_that_is_built_beside_the_shop_may_wait(monkeypatch, atomic, timeout):
    seen = []

    def one_migration(self, *args, **options):
        self.verbosity = 0
        self.migration_progress_callback("apply_start", SimpleNamespace(atomic=atomic))
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            seen.append(cursor.fetchone()[0])

    monkeypatch.setattr(DjangoMigrate, "handle", one_migration)
    call_command("migrate", verbosity=0)
    assert seen == [timeout]


def test_it_gives_up_in_the_end_and_says_why(schema_change, stranger, monkeypatch):
    stranger.execute("SELECT count(*) FROM core_heartbeat")
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrate, "PAUSES", (1, 1))
    monkeypatch.setattr(migrate, "sleep", lambda seconds: None)
    with pytest.raises(OperationalError, match="lock timeout"):
        call_command("migrate", verbosity=0)
    assert len(schema_change) == 3


def test_two_seconds_and_five_minutes():
    assert migrate.LOCK_TIMEOUT == "2s" and 240 <= sum(migrate.PAUSES) <= 360


def test_another_error_is_not_repeated(monkeypatch):
    def fails(self, *args, **options):
        raise OperationalError("disk full")

    monkeypatch.setattr(DjangoMigrate, "handle", fails)
    monkeypatch.setattr(migrate, "sleep", lambda seconds: pytest.fail("it was tried again"))
    with pytest.raises(OperationalError, match="disk full"):
        call_command("migrate", verbosity=0)


def test_a_database_from_before_the_first_release_is_refused_and_told_what_to_do(schema_change):
    MigrationRecorder(connection).record_applied("theaters", "0001_extensions")
    try:
        with pytest.raises(CommandError, match=r"no upgrade from before 0\.1\.0.*`make reset`"):
            call_command("migrate", verbosity=0)
    finally:
        MigrationRecorder(connection).record_unapplied("theaters", "0001_extensions")
    assert schema_change == []
