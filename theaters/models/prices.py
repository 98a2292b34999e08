"""What a ticket costs."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from theaters.models.houses import Theater
from theaters.states import SeatCategory, TicketTypeCode


class TicketType(models.Model):
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="ticket_types")
    code = models.CharField(max_length=10, choices=TicketTypeCode)
    name = models.CharField(max_length=40)
    note = models.CharField(max_length=80, blank=True, help_text="Who may use it, in a few words.")
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False, help_text="The type a seat starts with.")

    class Meta:
        ordering = ["theater", "position"]
        constraints = [
            models.UniqueConstraint(fields=["theater", "code"], name="ticket_type_code_once_per_theater"),
            models.UniqueConstraint(
                fields=["theater"], condition=Q(is_default=True), name="ticket_type_one_default_per_theater"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceList(models.Model):
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="price_lists")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["theater", "name"]
        constraints = [models.UniqueConstraint(fields=["theater", "name"], name="price_list_name_once_per_theater")]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """What one ticket of a type costs on a seat of a category, all fees and taxes included."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="prices")
    category = models.CharField(max_length=10, choices=SeatCategory)
    amount = models.DecimalField(max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "ticket_type", "category"], name="price_once_per_type_and_category"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_type} on {self.get_category_display()}"
