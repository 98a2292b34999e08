"""Contacts: the personal data of a sale."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper

from core.letters.mailboxes import AddressField


class Contact(models.Model):
    """The customer of a sale. It can be emptied: records that are kept for ever refer to it by id only."""

    email = AddressField(
        blank=True, help_text="Empty where nobody is written to: at the counter, or once it is erased."
    )
    customer = models.CharField(
        max_length=254, blank=True, default="", db_default="", help_text="The e-mail address without case and alias."
    )
    payer_name = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="The name typed on the payment page."
    )
    payer_search = models.CharField(
        max_length=400, blank=True, default="", db_default="", help_text="The same without case and accents."
    )
    told_needs = ArrayField(
        models.CharField(max_length=20),
        default=list,
        db_default=[],
        help_text="What they need, as they agreed to tell the staff with this sale.",
    )
    emptied_at = models.DateTimeField(null=True, help_text="When its personal data was erased.")

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(emptied_at=None) | models.Q(email="", customer="", payer_name="", payer_search=""),
                name="contact_emptied_says_nothing",
                violation_error_message="A contact that was erased has no personal data.",
            ),
            models.CheckConstraint(
                condition=models.Q(emptied_at=None) | models.Q(told_needs=[]),
                name="contact_emptied_needs_nothing",
                violation_error_message="A contact that was erased says nothing about anybody's needs.",
            ),
        ]
        indexes = [
            models.Index(Lower("email"), name="contact_email"),
            models.Index(fields=["customer"], condition=~models.Q(customer=""), name="contact_customer"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="contact_email_search"),
            GinIndex(OpClass("payer_search", name="gin_trgm_ops"), name="contact_payer_search"),
        ]

    def __str__(self) -> str:
        return f"Contact {self.pk}"
