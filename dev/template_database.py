"""A migrated database that test databases are copied from: migrating anew takes as long as hundreds of tests.

Its name carries a hash of all migrations and of the packages that bring some, so a changed migration makes a new one.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from dev.state import CHECKOUT

PREFIX = "marquee_template_"
PACKAGES_WITH_MIGRATIONS = ("django", "django-allauth")
_LOCK = 7_345_001  # of PostgreSQL's advisory locks: nobody else of a test run takes one at this number


def migrated_template(database_url: str) -> str:
    """The name of the template in this server; made when it is not there. Several test processes may ask at once."""
    name = PREFIX + _fingerprint()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _drop_all(connection)
            _make(connection, database_url, name)
    return name


def socket_of(database_url: str) -> str:
    """Where a server of this machine listens besides TCP; '' when it does not."""
    if urlsplit(database_url).hostname != "127.0.0.1":
        return ""
    with psycopg.connect(database_url, autocommit=True) as connection:
        [name] = connection.execute("SHOW unix_socket_directories").fetchone() or [""]
    return name if name.startswith("/") else ""


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for package in PACKAGES_WITH_MIGRATIONS:
        digest.update(f"{package} {version(package)} ".encode())
    for path in sorted(CHECKOUT.glob("*/migrations/*.py")):
        digest.update(f"{path.relative_to(CHECKOUT)} ".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _drop_all(connection: psycopg.Connection[tuple[str, ...]]) -> None:
    """Those of older migrations, and what an interrupted run left."""
    pattern = PREFIX.replace("_", r"\_") + "%"
    for (old,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]).fetchall():
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))


def _make(connection: psycopg.Connection[tuple[str, ...]], database_url: str, name: str) -> None:
    """Under another name until it is whole."""
    unfinished = f"{name}_unfinished"
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    url = urlunsplit(urlsplit(database_url)._replace(path=f"/{unfinished}"))
    subprocess.run(
        [sys.executable, str(Path(CHECKOUT) / "manage.py"), "migrate", "--no-input", "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        cwd=CHECKOUT,
        check=True,
    )
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
