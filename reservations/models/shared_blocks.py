"""Seats that a customer holds for friends, each of whom pays alone."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.letters.mailboxes import AddressField
from core.letters.outbox import OutboxQuerySet, UniqueMail
from reservations.models.holds import Hold
from theaters.models import Showtime
from theaters.seat_labels import LONGEST_LABEL

LONGEST_FIRST_NAME = 30
LONGEST_REASON = 120


class SharedBlockQuerySet(models.QuerySet["SharedBlock"]):
    def open(self) -> "SharedBlockQuerySet":
        """Shared blocks whose seats can be taken: neither over nor released."""
        return self.filter(hold__ended_at=None, hold__expires_at__gt=ClockTimestamp())


class SharedBlock(models.Model):
    """Seats of one showtime that an organizer holds for friends until a moment. Each takes some by the link and pays
    alone.

    Seats that nobody took are in `hold`, which belongs to no browser; those that a friend took are in a hold of the
    friend's browser. All holds end together.
    """

    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="shared_blocks")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="kept_for_friends")
    code = models.CharField(max_length=43, unique=True, help_text="The secret of the link for the friends.")
    name = models.CharField(max_length=LONGEST_FIRST_NAME, help_text="The organizer's first name: friends see it.")
    holder = models.CharField(max_length=64, help_text="The organizer's browser: SHA-256 of its cookie.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="shared_blocks"
    )
    customer = models.CharField(max_length=254, help_text="The organizer's address, as limits compare it.")
    email = AddressField(
        blank=True, default="", db_default="", help_text="Where the organizer is told of a change of the showtime."
    )
    language = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Of mail to the organizer."
    )
    labels = ArrayField(
        models.CharField(max_length=LONGEST_LABEL),
        help_text="All of its seats at the start, or since the showtime moved.",
    )
    ended_because = models.CharField(
        max_length=LONGEST_REASON,
        blank=True,
        default="",
        db_default="",
        help_text="Why staff ended it: friends read it.",
    )
    made_at = models.DateTimeField(db_default=ClockTimestamp())

    objects = SharedBlockQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "block of friends"
        verbose_name_plural = "blocks of friends"
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["holder", "showtime"], name="sharedblock_of_browser"),
            models.Index(fields=["customer"], name="sharedblock_of_customer"),
        ]

    def __str__(self) -> str:
        return f"Shared block {self.pk}"

    def payable_until(self, ends_at: datetime) -> datetime:
        """When the payment pages of friends close: so long before the end that no unpaid seat outlasts it, whatever the
        provider answers; of a short block a quarter of its time.
        """
        return ends_at - min(timedelta(seconds=settings.PAYMENT_GRACE_SECONDS), (ends_at - self.made_at) / 4)


class Friend(models.Model):
    """A browser that took seats of a shared block, under a first name."""

    block = models.ForeignKey(SharedBlock, on_delete=models.CASCADE, related_name="friends")
    holder = models.CharField(max_length=64, help_text="SHA-256 of the browser's cookie.")
    name = models.CharField(max_length=LONGEST_FIRST_NAME)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["block", "holder"], name="friend_once_per_block"),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="friend_has_a_name",
                violation_error_message="Somebody who takes seats of a shared block says a first name.",
            ),
        ]

    def __str__(self) -> str:
        return f"Friend {self.pk}"


class SharedBlockMail(UniqueMail):
    """A mail that tells the organizer of a shared block the state of its seats when it is sent. It is deleted with the
    block.
    """

    block = models.ForeignKey(SharedBlock, on_delete=models.CASCADE, related_name="mails")

    objects = OutboxQuerySet.as_manager()
