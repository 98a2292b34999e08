from typing import Any

from django.core.management.base import BaseCommand

from dev.refusal_list import PAGE, render


class Command(BaseCommand):
    help = "Writes docs/refusals.md: every refusal with its sentence, its status and what staff can do about it."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(render())
        self.stdout.write(f"{PAGE.name} is written.")
