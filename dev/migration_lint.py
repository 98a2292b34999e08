"""Lints the SQL of migrations with squawk: `python -m dev.migration_lint`, a part of `make check`.

From 0.1.0 on each migration runs beside the release before it, in front of customers: nothing is renamed or dropped that the
old code uses, no column comes without a default, no lock lasts as long as a table is big. What the first release began with
is not looked at. No database is asked.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from psycopg.sql import Literal

# The last migration of each app in 0.1.0.
FIRST_RELEASE = {
    "core": "0004_extensions",
    "accounts": "0002_guarded_accounts",
    "houses": "0002_identity_and_texts",
    "staff": "0005_devices_and_pins",
    "theaters": "0004_measures_of_auditoriums",
    "sales": "0003_accepted_terms",
    "reservations": "0005_addresses_stand_in_contacts",
    "payments": "0004_drawers_are_devices",
    "boxoffice": "0002_frozen_rows",
}
NOT_ASKED = {
    # `manage.py migrate` sets a lock timeout of 2 s itself and tries again; what it runs may last.
    "require-lock-timeout", "require-statement-timeout",
    # A column that is new holds nothing to compare yet.
    "adding-foreign-key-constraint",
    # Matters of taste that Django decides.
    "prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-text-field", "prefer-robust-stmts", "prefer-identity",
    "prefer-timestamptz",
}  # fmt: skip
# What a person has weighed: the reason by migration and rule, such as ("sales.0007_old_columns", "ban-drop-column").
WIDER = "the same rule, which allows one case more, takes its place in the same transaction"
FEW_PAPERS = "papers are written when somebody asks for one: so few that the index is there in milliseconds"
NO_SCALE = "to a numeric without a scale, which PostgreSQL does without writing the table anew, and readers get the same values"
WEIGHED: dict[tuple[str, str], str] = {
    ("theaters.0024_early_birds_by_the_clock", "ban-drop-constraint"): WIDER,
    ("theaters.0031_events_without_a_year", "ban-drop-not-null"): (
        "the release before writes a year always, and shows None for an event that the new release adds"
    ),
    ("sales.0004_moved_in_sales", "ban-drop-constraint"): WIDER,
    ("payments.0006_moved_in_money", "ban-drop-constraint"): WIDER,
    ("payments.0010_cash_rounding", "ban-drop-constraint"): WIDER,
    ("reservations.0016_exchanges", "require-concurrent-index-deletion"): WIDER,
    ("reservations.0016_exchanges", "require-concurrent-index-creation"): FEW_PAPERS,
    ("reservations.0016_exchanges", "disallowed-unique-constraint"): FEW_PAPERS,
    ("reservations.0043_every_currency", "changing-column-type"): NO_SCALE,
    ("reservations.0014_codes_that_open_types", "ban-drop-constraint"): (
        "The earlier release writes only discounts above 0; nothing of it reads that there are no others."
    ),
}
POSTGRES = 180000
# Nobody uses a table yet that the same migration makes.
NEW_TABLE = re.compile(r'^CREATE TABLE "(\w+)"', re.MULTILINE)
ALTERED = re.compile(r'^ALTER TABLE "(\w+)"')
SQUAWK = Path(sys.executable).with_name("squawk")


@dataclass(frozen=True)
class Finding:
    migration: str
    rule: str
    message: str
    statement: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.message} [{self.rule}]\n    {self.statement}"


def every_migration(database: Any = None) -> MigrationLoader:
    """A loader that keeps the migrations that a squashed one replaces: databases of the first release go through them."""
    return MigrationLoader(database, replace_migrations=False)


def later_migrations(loader: MigrationLoader) -> Iterator[Migration]:
    """Those that came after the first release, by app and number."""
    for app, last in FIRST_RELEASE.items():
        for key in sorted(loader.disk_migrations):
            if key[0] == app and key[1] > last:
                yield loader.disk_migrations[key]


def statements_of(migration: Migration, loader: MigrationLoader) -> str:
    """The SQL of one migration, as PostgreSQL gets it."""
    connection.__dict__.setdefault("pg_version", POSTGRES)
    connection.ops.compose_sql = _composed  # type: ignore[attr-defined]  # Django's asks a connection how to quote
    state = loader.project_state((migration.app_label, migration.name), at_end=False)
    editor: Any
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        # Names of constraints to drop would be read from a database; that a constraint goes is no danger.
        editor._constraint_names = lambda *args, **options: []
        migration.apply(state, editor, collect_sql=True)
    return "\n".join(editor.collected_sql)


def _composed(sql: str, params: Sequence[Any] | None) -> str:
    return sql % tuple(Literal(value).as_string(None) for value in params) if params else sql


def findings_in(sql: str, *, name: str, is_atomic: bool = True) -> list[Finding]:
    """What squawk says about these statements. Raises ValueError when it cannot read them."""
    command = [str(SQUAWK), "--reporter=json", "--pg-version=18.0", f"--exclude={','.join(sorted(NOT_ASKED))}"]
    command += ["--assume-in-transaction"] if is_atomic else []
    told = subprocess.run([*command, "--stdin-filepath", name], input=sql, capture_output=True, text=True, check=False)
    try:
        found = json.loads(told.stdout or "[]")
    except ValueError:
        raise ValueError(f"{name}: {told.stdout}{told.stderr}") from None
    lines, new_tables = sql.splitlines(), set(NEW_TABLE.findall(sql))
    findings = [Finding(name, said["rule_name"], said["message"], lines[said["line"]].strip()) for said in found]
    return [finding for finding in findings if not new_tables & set(ALTERED.findall(finding.statement))]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    loader = every_migration()
    found = [
        finding
        for migration in later_migrations(loader)
        for finding in findings_in(
            statements_of(migration, loader), name=f"{migration.app_label}.{migration.name}", is_atomic=migration.atomic
        )
    ]
    return report(found)


def report(found: list[Finding]) -> int:
    """Print what nobody has weighed, and what was weighed and is not there. Exit code of the command."""
    left = [str(finding) for finding in found if (finding.migration, finding.rule) not in WEIGHED]
    stale = WEIGHED.keys() - {(finding.migration, finding.rule) for finding in found}
    said = [*left, *(f"{name}: nothing to weigh there [{rule}]" for name, rule in sorted(stale))]
    print("\n".join(said), end="\n" if said else "")
    return bool(said)


if __name__ == "__main__":
    sys.exit(main())
