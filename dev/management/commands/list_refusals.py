from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dev.refusal_list import PAGE, render


class Command(BaseCommand):
    help = "Writes docs/refusals.md: every refusal with its sentence, its status and what staff can do about it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when the page is not what the code says"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            PAGE.write_text(render())
            self.stdout.write(f"{PAGE.name} is written.")
        elif PAGE.read_text() != render():
            raise CommandError(f"{PAGE.name} is not what the code says: run manage.py list_refusals.")
