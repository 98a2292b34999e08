"""What a migration may do beside the release before it, and what it may not."""

import pytest
from django.db.migrations.loader import MigrationLoader

from dev import migration_lint
from dev.migration_lint import FIRST_RELEASE, every_migration, findings_in, later_migrations, report, statements_of

REFUSED = {
    "renaming-column": 'ALTER TABLE "core_heartbeat" RENAME COLUMN "at" TO "seen_at";',
    "renaming-table": 'ALTER TABLE "core_heartbeat" RENAME TO "core_beat";',
    "ban-drop-column": 'ALTER TABLE "core_heartbeat" DROP COLUMN "at" CASCADE;',
    "ban-drop-table": 'DROP TABLE "core_heartbeat" CASCADE;',
    "adding-required-field": 'ALTER TABLE "core_heartbeat" ADD COLUMN "host" varchar(50) NOT NULL;',
    "adding-not-nullable-field": 'ALTER TABLE "core_heartbeat" ALTER COLUMN "at" SET NOT NULL;',
    "changing-column-type": 'ALTER TABLE "core_heartbeat" ALTER COLUMN "name" TYPE integer USING "name"::integer;',
    "constraint-missing-not-valid": 'ALTER TABLE "core_heartbeat" ADD CONSTRAINT "named" CHECK ("name" <> \'\');',
    "disallowed-unique-constraint": 'ALTER TABLE "core_heartbeat" ADD CONSTRAINT "once" UNIQUE ("at");',
    "require-concurrent-index-creation": 'CREATE INDEX "by_moment" ON "core_heartbeat" ("at");',
}
ALLOWED = [
    'ALTER TABLE "core_heartbeat" ADD COLUMN "host" varchar(50) DEFAULT \'\' NOT NULL;',
    'ALTER TABLE "core_heartbeat" ADD COLUMN "user_id" bigint NULL CONSTRAINT "of" REFERENCES "accounts_user"("id");',
    'ALTER TABLE "core_heartbeat" ADD CONSTRAINT "named" CHECK ("name" <> \'\') NOT VALID;',
    'CREATE INDEX CONCURRENTLY "by_moment" ON "core_heartbeat" ("at");',
    """CREATE TABLE "n" ("id" bigint NOT NULL PRIMARY KEY);
    ALTER TABLE "n" ADD COLUMN "at" timestamptz NOT NULL;
    CREATE INDEX "n_at" ON "n" ("at");""",
]


@pytest.mark.parametrize("rule", REFUSED)
def test_what_breaks_the_release_before_or_locks_for_long(rule):
    assert rule in [finding.rule for finding in findings_in(REFUSED[rule], name="try")]


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_works_beside_it(sql):
    assert findings_in(sql, name="try") == []


def test_the_first_release_is_named_app_by_app_and_nothing_of_it_is_asked():
    loader = every_migration()
    assert set(FIRST_RELEASE.items()) <= set(loader.graph.nodes)
    assert {app for app, _ in loader.graph.nodes if not _is_installed(loader, app)} == set(FIRST_RELEASE)
    assert not {(later.app_label, later.name) for later in later_migrations(loader)} & set(FIRST_RELEASE.items())


def _is_installed(loader: MigrationLoader, app: str) -> bool:
    """Whether an installed package brings this app."""
    (module, *_) = [node.__module__ for key, node in loader.graph.nodes.items() if key[0] == app]
    return module.startswith(("django.", "allauth."))


@pytest.mark.django_db
def test_the_statements_are_those_that_the_database_gets():
    loader = every_migration()
    sql = statements_of(loader.graph.nodes["core", "0001_initial"], loader)
    assert 'CREATE TABLE "core_heartbeat"' in sql and findings_in(sql, name="core.0001_initial") == []


def test_what_was_weighed_with_a_reason_passes_and_a_stale_reason_does_not(monkeypatch, capsys):
    monkeypatch.setattr(migration_lint, "WEIGHED", {})
    found = findings_in(REFUSED["ban-drop-column"], name="core.0009_old_columns")
    assert report(found) == 1 and "core.0009_old_columns: Dropping a column" in capsys.readouterr().out
    monkeypatch.setitem(migration_lint.WEIGHED, ("core.0009_old_columns", "ban-drop-column"), "unused since 0.2.0")
    assert (report(found), capsys.readouterr().out) == (0, "")
    assert report([]) == 1
