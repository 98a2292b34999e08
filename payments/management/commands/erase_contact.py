from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.refusals import Refusal
from payments.privacy.contact_erasure import erase_contact
from sales.models import Sale


class Command(BaseCommand):
    help = (
        "Erases the name and the e-mail addresses of a sale, whose tickets, payments and papers stay. There is no way back: "
        "its customer is not written to any more, and its links open nothing but what a browser has open already."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="of the sale, like KX7M-4QPD")
        parser.add_argument("--why", required=True, help="for the audit log; without names or addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        sale = Sale.objects.filter(reference=options["reference"].upper()).first()
        if sale is None:
            raise CommandError("There is no sale with this reference.")
        try:
            erase_contact(sale_id=sale.pk, reason=options["why"], actor="command")
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"The contact of {sale.reference} is erased.")
