"""Invitations, by which people become staff."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import AccountMail
from core.clock import ClockTimestamp
from core.letters.mailboxes import AddressField
from houses.models.theaters import Theater
from staff.states import Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Invitations whose link still works, by the database's clock."""
        return self.waiting().filter(expires_at__gt=ClockTimestamp())

    def waiting(self) -> "InvitationQuerySet":
        """Invitations neither accepted nor withdrawn, even if their time is over."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


class Invitation(models.Model):
    """One role at one theater, offered to one address by a link. Of the link only the SHA-256 is stored."""

    email = AddressField("e-mail", max_length=254)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)
    expires_at = models.DateTimeField(editable=False)
    sent_at = models.DateTimeField(
        null=True, editable=False, help_text="Of mails from before there was an outbox for them."
    )
    mail = models.ForeignKey(AccountMail, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    accepted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "theater", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_once_per_address_theater_and_role",
                violation_error_message="This person is invited to this role already.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="invitation_role_is_known",
                violation_error_message="There is no such role.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
                violation_error_message="An invitation is accepted or withdrawn, not both.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()} · {self.theater}"
