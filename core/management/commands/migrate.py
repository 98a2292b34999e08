"""Django's migrate, which gives way to sales: a change of the schema waits 2 s for its lock, then tries again later.

While a change waits for its lock behind an open report, every sale waits behind the change. Databases that were made before
the first release are refused: their migrations are gone, and nothing leads from there to here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any, override

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from core.rows.sweeps import is_locked

LOCK_TIMEOUT = "2s"
# About five minutes in all; then the operator has to find out what holds the lock.
PAUSES = (1, 2, 4, 8, *[15] * 20)
# The first migration of theaters before 0.1.0; since then it is called 0001_initial.
BEFORE_THE_FIRST_RELEASE = ("theaters", "0001_extensions")
NO_UPGRADE = (
    "This database is from before 0.1.0, and there is no upgrade from before 0.1.0. Use an empty database; the one of "
    "`make run` is thrown away by `make reset`."
)


class Command(DjangoMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        if BEFORE_THE_FIRST_RELEASE in MigrationRecorder(connections[options["database"]]).applied_migrations():
            raise CommandError(NO_UPGRADE)
        for pause in PAUSES:
            try:
                self._migrate(*args, **options)
            except OperationalError as error:
                if not is_locked(error):
                    raise
                self.stderr.write(f"A table is in use: gave way after {LOCK_TIMEOUT}, trying again in {pause} s.")
                sleep(pause)
            else:
                return
        self._migrate(*args, **options)

    def _migrate(self, *args: Any, **options: Any) -> None:
        self.connection = connections[options["database"]]
        with _lock_timeout(self.connection):
            super().handle(*args, **options)

    @override
    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        """An index that is built CONCURRENTLY stops nobody: it may wait, and cut short it would leave half an index."""
        if action in {"apply_start", "unapply_start"}:
            _set_lock_timeout(self.connection, LOCK_TIMEOUT if migration.atomic else "0")
        super().migration_progress_callback(action, migration, fake)


@contextmanager
def _lock_timeout(connection: BaseDatabaseWrapper) -> Iterator[None]:
    _set_lock_timeout(connection, LOCK_TIMEOUT)
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")


def _set_lock_timeout(connection: BaseDatabaseWrapper, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{value}'")
