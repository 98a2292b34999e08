import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.books.invariants import check_invariants


class Command(BaseCommand):
    help = "Checks what must always be true of seats and money. Exits with 1 if anything is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a list of {name, says, ok, rows}")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = check_invariants()
        if options["json"]:
            rows = [
                {"name": finding.name, "says": finding.says, "ok": finding.is_clean, "rows": list(finding.rows)}
                for finding in findings
            ]
            self.stdout.write(json.dumps(rows, indent=1))
        else:
            for finding in findings:
                state = "ok  " if finding.is_clean else "FAIL"
                self.stdout.write(f"{state} {finding.says}{'' if finding.is_clean else ' ' + '; '.join(finding.rows)}")
        broken = [finding.name for finding in findings if not finding.is_clean]
        if broken:
            raise CommandError(f"{len(broken)} of {len(findings)} invariants are broken: {', '.join(broken)}")
