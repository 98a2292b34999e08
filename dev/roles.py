"""The database roles of web and workers in a run: made where the user of DATABASE_URL may make roles."""

from __future__ import annotations

import hashlib
from urllib.parse import quote, unquote, urlsplit

import psycopg

CONNECT_SECONDS = 5


def role_urls(database_url: str, *, secret: str) -> dict[str, str]:
    """WEB_DATABASE_URL and WORKER_DATABASE_URL beside the owner's. Roles belong to a server, so they bear the database's name."""
    parts = urlsplit(database_url)
    password = hashlib.sha256(f"database role {secret}".encode()).hexdigest()[:32]
    at, database = parts.netloc.rpartition("@")[2], unquote(parts.path.lstrip("/"))
    return {
        f"{kind.upper()}_DATABASE_URL": parts._replace(netloc=f"{quote(f'{database}_{kind}')}:{password}@{at}").geturl()
        for kind in ("web", "worker")
    }


def retention_role(database_url: str) -> str:
    """The role that a worker takes for the nightly job that forgets."""
    return f"{unquote(urlsplit(database_url).path.lstrip('/'))}_retention"


def may_make_roles(database_url: str) -> bool:
    with psycopg.connect(database_url, connect_timeout=CONNECT_SECONDS) as connection:
        found = connection.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    return bool(found and found[0])


def can_log_in(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.OperationalError:
        return False
    return True
