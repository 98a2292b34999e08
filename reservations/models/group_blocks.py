"""Blocks of seats that staff keep for a group until a moment."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.letters.outbox import OutboxQuerySet, OutboxRow
from theaters.models import Showtime


class GroupBlockQuerySet(models.QuerySet["GroupBlock"]):
    def due(self) -> "GroupBlockQuerySet":
        """Blocks whose end has come, or whose showtime has started, perhaps earlier than planned."""
        now = ClockTimestamp()
        return self.filter(Q(until__lte=now) | Q(showtime__starts_at__lte=now))


class GroupBlock(models.Model):
    """Seats of one showtime that are kept for a group. They are house seats; the row is deleted when the block ends.

    Seats refer to it by its id, so name and contact stand here and nowhere else.
    """

    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="group_blocks")
    name = models.CharField(max_length=60)
    contact = models.CharField(max_length=120, blank=True, default="", db_default="")
    language = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Of the mail with its link."
    )
    until = models.DateTimeField(db_index=True, help_text="From this moment its seats are on sale again.")
    code = models.CharField(max_length=43, unique=True, help_text="The secret of the link by which the group pays.")
    made_at = models.DateTimeField(db_default=ClockTimestamp())

    objects = GroupBlockQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Group {self.pk}"


class GroupMail(OutboxRow):
    """A mail with the link of a block to the contact of its group. It is deleted with the block."""

    purpose = models.CharField(max_length=80, unique=True)
    block = models.ForeignKey(GroupBlock, on_delete=models.CASCADE, related_name="mails")

    objects = OutboxQuerySet.as_manager()

    class Meta(OutboxRow.Meta):
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["try_at"], condition=Q(sent_at__isnull=True, gave_up_at__isnull=True), name="groupmail_due"
            )
        ]

    def __str__(self) -> str:
        return self.purpose
