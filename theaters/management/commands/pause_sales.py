from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.models import PauseKind
from core.pauses import read_pause
from theaters.schedule.sales_pauses import NoReason, pause_sales


class Command(BaseCommand):
    help = "Pauses all ticket sales until resume_sales. Open payments settle; refunds, mail and the door go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--why", required=True, help="the reason, for the audit log and the office")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pause_sales(why=options["why"], actor="command", kind=PauseKind.BY_HAND)
        except NoReason as refusal:
            raise CommandError(str(refusal)) from None
        pause = read_pause()
        assert pause is not None
        self.stdout.write(f"Sales are paused ({pause.kind.label.lower()}): {pause.why}")
