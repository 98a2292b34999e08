"""Logins with the database roles of web, workers and auditors, which `manage.py grant_roles` makes in the test's database."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection

PASSWORD = "only-a-test"


@dataclass(frozen=True)
class Logins:
    web: str
    worker: str
    audit: str
    retention: str

    def url(self, role: str, *, address: str = "") -> str:
        """The URL of the test's database for one of the roles; `address` (host:port) is that of a pooler in front of it."""
        given = urlsplit(os.environ["DATABASE_URL"])
        at = address or given.netloc.rpartition("@")[2]
        return f"postgres://{role}:{PASSWORD}@{at}/{connection.settings_dict['NAME']}"


def make_logins() -> Logins:
    """Make the roles. They belong to the whole server, so they are named after the database; `drop_logins` drops them."""
    name = connection.settings_dict["NAME"]
    logins = Logins(f"{name}_web", f"{name}_worker", f"{name}_audit", f"{name}_retention")
    drop_logins(logins)
    call_command(
        "grant_roles",
        web=logins.web,
        worker=logins.worker,
        audit=logins.audit,
        retention=logins.retention,
        verbosity=0,
    )
    with connection.cursor() as cursor:
        for role in (logins.web, logins.worker, logins.audit):
            cursor.execute(f"ALTER ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
    return logins


def drop_logins(logins: Logins) -> None:
    """Drop those of the roles that exist."""
    names = [logins.web, logins.worker, logins.audit, logins.retention]
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [names])
        for (role,) in cursor.fetchall():
            cursor.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
