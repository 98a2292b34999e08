from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.spreadsheets import csv_lines
from houses.models import Theater
from payments.books.ledger_export import HEADER, ledger_rows


class Command(BaseCommand):
    help = "Writes sales, corrections, payments and refunds of a theater's business days as CSV (UTF-8)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--theater", required=True, help="its slug, as in /theaters/<slug>/")
        parser.add_argument("--from", dest="first", required=True, type=date.fromisoformat, help="2027-03-01")
        parser.add_argument("--to", dest="last", required=True, type=date.fromisoformat, help="2027-03-31, included")
        parser.add_argument("--output", help="a file; else standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        theater = Theater.objects.filter(slug=options["theater"]).first()
        if theater is None:
            raise CommandError(f"There is no theater {options['theater']!r}.")
        if options["last"] < options["first"]:
            raise CommandError("The last day lies before the first.")
        rows = ledger_rows(theater=theater, first=options["first"], last=options["last"])
        if options["output"]:
            with Path(options["output"]).open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_lines(HEADER, rows))
        else:
            for line in csv_lines(HEADER, rows):
                self.stdout.write(line, ending="")
