from argparse import ArgumentParser
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.database.sessions import WEB, WORKER
from payments.privacy.database_roles import Login, WrongRole, grant_roles, require_separate_roles


class Command(BaseCommand):
    help = (
        "Makes the database roles of web, workers and auditors and gives them their rights and time-outs. "
        "Run as the owner of the tables, after each migration."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--web", help="the role of web; else the user of WEB_DATABASE_URL, with its password")
        parser.add_argument("--worker", help="of workers and beat; else the user of WORKER_DATABASE_URL")
        parser.add_argument("--audit", default="marquee_audit", help="the role that may only read (marquee_audit)")

        parser.add_argument(
            "--retention", help="of the job that forgets; else RETENTION_DATABASE_ROLE, or marquee_retention"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        logins = [
            _login("WEB_DATABASE_URL", settings.WEB_DATABASE_URL, options["web"], WEB),
            _login("WORKER_DATABASE_URL", settings.WORKER_DATABASE_URL, options["worker"], WORKER, sends_mail=True),
        ]
        retention = options["retention"] or settings.RETENTION_DATABASE_ROLE or "marquee_retention"
        roles = {
            "web": logins[0].name,
            "workers": logins[1].name,
            "auditors": options["audit"],
            "the job that forgets (RETENTION_DATABASE_ROLE)": retention,
        }
        try:
            require_separate_roles(roles)
        except WrongRole as wrong:
            raise CommandError(str(wrong)) from None
        grant_roles(logins=logins, audit=options["audit"], retention=retention)
        names = " and ".join(login.name for login in logins)
        self.stdout.write(f"{names} may sell and read, {options['audit']} may read; none may rewrite.")
        self.stdout.write(f"Workers are to be started with RETENTION_DATABASE_ROLE={retention}.")


def _login(variable: str, address: str, name: str | None, limits: dict[str, str], *, sends_mail: bool = False) -> Login:
    url = urlsplit(address)
    role = name or (unquote(url.username) if url.username else "")
    if not role:
        raise CommandError(f"{variable} is not set, and no role is named.")
    password = unquote(url.password) if url.password and unquote(url.username or "") == role else None
    return Login(role, limits, password, sends_mail)
