"""A database of the first release and an empty one come to the same schema: one by each migration, one by the squashed ones."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from dev.state import CHECKOUT

# As an operator would: 0.1.0 stands there, then the newest release migrates.
THE_LONG_WAY = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from dev.migration_lint import FIRST_RELEASE, every_migration
executor = MigrationExecutor(connection)
executor.loader = every_migration(connection)
executor.migrate(list(FIRST_RELEASE.items()))
call_command("migrate", interactive=False, verbosity=0)
"""
PARTS = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable,
               column_default, is_identity
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """
        SELECT proname, pg_get_functiondef(pg_proc.oid) FROM pg_proc
          LEFT JOIN pg_depend ON pg_depend.objid = pg_proc.oid AND deptype = 'e'
         WHERE pronamespace = 'public'::regnamespace AND pg_depend.objid IS NULL""",
    "extensions": "SELECT extname FROM pg_extension",
}


@pytest.fixture
def long_way():
    """A database in which the first release was migrated to the newest."""
    name = f"{connection.settings_dict['NAME']}_long_way"
    identifier = sql.Identifier(name)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(identifier))
        server.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        subprocess.run([sys.executable, "-c", THE_LONG_WAY], cwd=CHECKOUT, env=environment, check=True)
        with psycopg.connect(url) as session:
            yield session
        server.execute(sql.SQL("DROP DATABASE {}").format(identifier))


@pytest.mark.long
@pytest.mark.django_db
def test_both_ways_come_to_the_same_schema(long_way):
    for part, query in PARTS.items():
        with connection.cursor() as cursor:
            cursor.execute(query)
            short = set(cursor.fetchall())
        long = set(long_way.execute(query).fetchall())
        assert (part, short - long, long - short) == (part, set(), set())
