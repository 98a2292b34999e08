from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.models import PauseKind
from theaters.services.sales_pauses import NoReason, NotPaused, resume_sales


class Command(BaseCommand):
    help = "Ends every pause of ticket sales, by hand or after a restore. After a restore run reconcile_stripe first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--why", default="on the command line", help="the reason, for the audit log")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ended = resume_sales(actor="command", reason=options["why"])
        except (NoReason, NotPaused) as refusal:
            raise CommandError(str(refusal)) from None
        for pause in ended:
            self.stdout.write(
                f"Sales were paused {PauseKind(pause.kind).label.lower()} ({pause.why}). They are resumed."
            )
