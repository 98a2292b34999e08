import os
from argparse import ArgumentParser
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management.base import BaseCommand

from payments.services.database_roles import grant_roles


class Command(BaseCommand):
    help = "Gives the database roles of the site and of auditors their rights. Run as the owner, after each migration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="the role of web and workers; else the user of SITE_DATABASE_URL")
        parser.add_argument("--audit", default="marquee_audit", help="the role that may only read (marquee_audit)")

    def handle(self, *args: Any, **options: Any) -> None:
        url = urlsplit(os.environ.get("SITE_DATABASE_URL", ""))
        site = options["site"] or url.username
        if not site:
            self.stdout.write("No second role: neither --site nor SITE_DATABASE_URL names one.")
            return
        password = unquote(url.password) if url.password and url.username == site else None
        grant_roles(site=site, audit=options["audit"], password=password)
        self.stdout.write(f"{site} may sell and read, {options['audit']} may read; neither may rewrite.")
