from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.models import PauseKind
from theaters.schedule.sales_pauses import (
    NoReason,
    NotAgreed,
    NotPaused,
    resume_sales,
    resume_sales_although_it_differs,
)


class Command(BaseCommand):
    help = (
        "Ends every pause of ticket sales, by hand or after a restore. After a restore "
        f"{settings.RECONCILE_COMMAND} has to agree first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--why", default="", help="the reason, for the audit log")
        parser.add_argument(
            "--although-it-differs",
            action="store_true",
            help=f"resume after a restore although {settings.RECONCILE_COMMAND} has not agreed; needs --why, which the log keeps",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["although_it_differs"]:
                ended = resume_sales_although_it_differs(actor="command", reason=options["why"])
            else:
                ended = resume_sales(actor="command", reason=options["why"] or "on the command line")
        except NotAgreed as refusal:
            raise CommandError(f"{refusal} To resume all the same: --although-it-differs --why '…'") from None
        except (NoReason, NotPaused) as refusal:
            raise CommandError(str(refusal)) from None
        for pause in ended:
            self.stdout.write(
                f"Sales were paused {PauseKind(pause.kind).label.lower()} ({pause.why}). They are resumed."
            )
