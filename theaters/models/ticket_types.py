"""Ticket types: an open list per theater. The five of the first release are ordinary rows."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from core.columns import AmountField, CheckedCharField
from core.texts.lazy_text import gettext_lazy as _
from core.texts.translated_texts import translated_text
from houses.models.theaters import Theater
from theaters.seat_categories import CODE_LENGTH
from theaters.states import SalesChannel, Weekday

CODE_SHAPE = r"[A-Z][A-Z0-9-]{1,9}"
CODE = RegexValidator(rf"\A{CODE_SHAPE}\Z", _("Two to ten capital letters, digits and hyphens; a letter comes first."))
MOST_PEOPLE = 50


class TicketTypeQuerySet(models.QuerySet["TicketType"]):
    def in_use(self) -> "TicketTypeQuerySet":
        """Ticket types that new prices may use. Archived ones stay on what was sold."""
        return self.filter(archived_at=None)


class TicketType(models.Model):
    """Adult, Family, Student … with its rules.

    A showtime on sale has the rules that were pinned with its prices (theaters/prices/ticket_rules.py). They are judged in
    reservations/selling/party_rules.py and type_offers.py alone.
    """

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="ticket_types")
    code = CheckedCharField(
        max_length=10,
        validators=[CODE],
        help_text="A short name for files and links, such as FAMILY. It stays for ever.",
    )
    name = models.CharField(max_length=40)
    note = models.CharField(max_length=80, blank=True, help_text="Who may use it, in a few words.")
    translations = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="The lowest comes first.")
    is_default = models.BooleanField(default=False, help_text="The type a seat starts with.")

    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    is_adult = models.BooleanField(
        default=False, db_default=False, help_text="Grown up: children who need somebody with them may come along."
    )
    needs_adult = models.BooleanField(
        default=False, db_default=False, help_text="Sold only together with a ticket of a grown-up."
    )
    needs_wheelchair = models.BooleanField(
        default=False, db_default=False, help_text="A carer: one for each wheelchair space in the booking."
    )
    is_empty_place = models.BooleanField(
        "for a place that stays empty",
        default=False,
        db_default=False,
        help_text="What one person on a sofa for two pays for the other place. Without such a type nobody can leave one "
        "empty. It stays as it is once it is saved.",
    )
    categories = ArrayField(
        models.CharField(max_length=CODE_LENGTH),
        default=list,
        db_default=[],
        blank=True,
        help_text="The seats it is sold on; none ticked: all.",
    )
    people = models.SmallIntegerField(
        "counts as so many people",
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)],
        help_text="A family ticket for 4 has one price and is chosen for four seats: each gets a ticket and its share.",
    )
    least = models.SmallIntegerField(
        "at least per booking",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Tickets of this type. Empty: no limit.",
    )
    most = models.SmallIntegerField(
        "at most per booking",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Tickets of this type. Empty: no limit.",
    )
    channel = models.CharField("sold", max_length=8, choices=SalesChannel, blank=True, default="", db_default="")
    needs_code = models.BooleanField(
        "only with a promo code",
        default=False,
        db_default=False,
        help_text="Offered once a promo code is typed that names this type.",
    )
    weekdays = ArrayField(
        models.SmallIntegerField(choices=Weekday),
        default=list,
        db_default=[],
        blank=True,
        help_text="The business day's: a 00:30 show is the evening before. None ticked: every day.",
    )
    last_on = models.DateField(
        "last day", null=True, blank=True, help_text="Sold for showtimes until this day; it still counts."
    )

    derived_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="derived_types",
        db_index=False,
        help_text="Where a price list has no price of this type, it is made from that of another type.",
    )
    derived_percent = models.DecimalField(
        "percent of its price",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(300)],
        help_text="80: a fifth less than the other type.",
    )
    derived_amount = AmountField(
        "added to its price", max_digits=10, decimal_places=2, null=True, blank=True, help_text="−2 takes two off."
    )
    round_to = AmountField(
        "rounded to",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text="Half up, to a multiple of this: 0.50. Empty: to the smallest coin.",
    )
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = TicketTypeQuerySet.as_manager()

    class Meta:
        ordering = ["theater", "position"]
        constraints = [
            models.UniqueConstraint(fields=["theater", "code"], name="ticket_type_code_once_per_theater"),
            models.UniqueConstraint(
                fields=["theater"],
                condition=Q(is_default=True),
                name="ticket_type_one_default_per_theater",
                violation_error_message="Another ticket type of this theater is the usual one already.",
            ),
            models.CheckConstraint(
                condition=Q(derived_from=None, derived_percent=None, derived_amount=None)
                | Q(derived_from__isnull=False, derived_percent__isnull=False, derived_amount=None)
                | Q(derived_from__isnull=False, derived_percent=None, derived_amount__isnull=False),
                name="ticket_type_derived_in_one_way",
                violation_error_message="A derived price is a percentage of the other price, or an amount added to it.",
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1),
                name="ticket_type_counts_somebody",
                violation_error_message="A ticket type counts as one person or more.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_sold_on(self, category: str) -> bool:
        return not self.categories or category in self.categories

    @property
    def shown_name(self) -> str:
        """The name in the reader's language, else the name itself."""
        return translated_text(self, "name")

    @property
    def shown_note(self) -> str:
        return translated_text(self, "note")
