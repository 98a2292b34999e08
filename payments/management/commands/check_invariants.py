import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.services.invariants import check_invariants


class Command(BaseCommand):
    help = "Checks what must always be true of seats and money. Exits with 1 if anything is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a list of {name, says, ok, rows}")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = check_invariants()
        if options["json"]:
            rows = [
                {"name": one.name, "says": one.says, "ok": one.is_clean, "rows": list(one.rows)} for one in findings
            ]
            self.stdout.write(json.dumps(rows, indent=1))
        else:
            for one in findings:
                state = "ok  " if one.is_clean else "FAIL"
                self.stdout.write(f"{state} {one.says}{'' if one.is_clean else ' ' + '; '.join(one.rows)}")
        broken = [one.name for one in findings if not one.is_clean]
        if broken:
            raise CommandError(f"{len(broken)} of {len(findings)} invariants are broken: {', '.join(broken)}")
