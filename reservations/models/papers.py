"""Receipts and credit notes: numbered without gaps, printed from the content that was stored with their number."""

from typing import Any

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from houses.models import Theater
from reservations.models.cancellations import Cancellation
from reservations.models.exchanges import Exchange
from reservations.states import PaperKind
from sales.models import Sale

SERIES: Any = {
    "max_length": 10,
    "blank": True,
    "default": "",
    "db_default": "",
    "help_text": "When the database was last restored (UTC: year, month, day, hour, minute); empty if never.",
}


# The same letters in every language, so that a paper has one name.
NAMES_BEGIN_WITH: dict[str, str] = {PaperKind.RECEIPT: "R", PaperKind.CREDIT_NOTE: "C"}


class PaperCounter(models.Model):
    """The last number given at a theater in a series of receipts or of credit notes. Locked while one is given."""

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PaperKind)
    series = models.CharField(**SERIES)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["theater", "kind", "series"], name="paper_counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.series} {self.last}"


class Paper(models.Model):
    """A receipt of a sale, or a credit note of one of its cancellations. It never changes.

    Its content has no personal data: the buyer stands in the contact of the sale.

    A restored database does not know which numbers were given after its backup, so a new series begins at each restore:
    no number is given twice, and each series has no gaps.
    """

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=8, choices=PaperKind)
    series = models.CharField(**SERIES)
    number = models.PositiveIntegerField()
    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="papers")
    cancellation = models.OneToOneField(Cancellation, null=True, on_delete=models.PROTECT, related_name="paper")
    exchange = models.OneToOneField(
        Exchange,
        null=True,
        on_delete=models.PROTECT,
        related_name="paper",
        help_text="Of a receipt for its new tickets.",
    )
    content = models.JSONField(help_text="All that is printed but the buyer's address, as it was then.")
    issued_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["theater", "kind", "series", "number"], name="paper_number_once"),
            models.UniqueConstraint(
                fields=["sale"],
                condition=Q(kind=PaperKind.RECEIPT, exchange=None),
                name="paper_one_receipt_per_sale",
                violation_error_message="This sale has a receipt already.",
            ),
            models.CheckConstraint(
                condition=Q(kind=PaperKind.RECEIPT) ^ Q(cancellation__isnull=False),
                name="paper_is_one_of_two_kinds",
                violation_error_message="A credit note belongs to a cancellation, and a receipt does not.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """R-000123 or C-000045; after a restore R-2611281430-000001."""
        series = f"{self.series}-" if self.series else ""
        return f"{NAMES_BEGIN_WITH.get(self.kind, self.kind[:1])}-{series}{self.number:06}"
