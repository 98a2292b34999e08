"""One browser's seats at one showtime, until a moment."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.clock import ClockTimestamp, from_now
from reservations.states import HoldEnd
from theaters.models import PriceVersion, Showtime
from theaters.seat_labels import LONGEST_LABEL


class HoldQuerySet(models.QuerySet["Hold"]):
    def live(self) -> "HoldQuerySet":
        return self.filter(ended_at__isnull=True, expires_at__gt=ClockTimestamp())

    def with_old_address(self) -> "HoldQuerySet":
        """Holds that ended so long ago that their client address counts for no limit."""
        before = from_now(-settings.CLIENT_ADDRESS_DAYS * 24 * 3600)
        return self.filter(ended_at__lt=before).exclude(address="", network="")

    def lapsed(self) -> "HoldQuerySet":
        return self.filter(ended_at__isnull=True, expires_at__lte=ClockTimestamp())


class Hold(models.Model):
    """One browser's seats at one showtime, until a moment. All moments are the database's."""

    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="holds")
    holder = models.CharField(max_length=64, help_text="SHA-256 of the browser's cookie.")
    address = models.CharField(
        max_length=64,
        blank=True,
        help_text="Where it began: an IPv4 address or an IPv6 /56. Empty: held by staff, or forgotten.",
    )
    network = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="The IPv6 /48 around the address, or the IPv4 address again. Empty: not limited by address, or forgotten.",
    )
    has_paid = models.BooleanField(
        default=False, db_default=False, help_text="Whether this browser had a paid booking when the hold began."
    )
    root = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="successors",
        help_text="The first of the holds that followed each other by changing seats; empty: this one.",
    )
    price_version = models.ForeignKey(
        PriceVersion,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="The showtime's when the hold began: what was shown stays true.",
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="Who of the staff holds these seats at the counter; empty for customers.",
    )
    shared_block = models.ForeignKey(
        "SharedBlock",
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="friends_holds",
        help_text="A friend took its seats from this block, and it ends with it.",
    )
    group_block = models.ForeignKey(
        "GroupBlock",
        on_delete=models.DO_NOTHING,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        help_text="By whose link its seats were taken. The group may be gone: then it leads nowhere.",
    )
    started_at = models.DateTimeField(db_default=ClockTimestamp())
    expires_at = models.DateTimeField()
    cap_at = models.DateTimeField(help_text="No hold or payment session of this browser lives past it.")
    extended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, choices=HoldEnd, blank=True)
    labels = ArrayField(
        models.CharField(max_length=LONGEST_LABEL), default=list, help_text="What it held when it ran out."
    )
    changed_at = models.DateTimeField(db_default=ClockTimestamp(), db_index=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["showtime", "holder"],
                condition=Q(ended_at__isnull=True),
                name="hold_one_live_per_browser",
                violation_error_message="This browser holds seats of this showtime already.",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("cap_at")),
                name="hold_not_past_its_cap",
                violation_error_message="A hold ends at the latest moment it can be extended to, or before.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ ~Q(end=""),
                name="hold_ended_with_a_reason",
                violation_error_message="A hold that ended says how, and a live one does not.",
            ),
            models.CheckConstraint(
                condition=Q(labels=[]) | Q(end=HoldEnd.LAPSED),
                name="hold_keeps_labels_when_it_lapsed",
                violation_error_message="Only a hold that ran out remembers its seats.",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(ended_at__isnull=True), name="hold_live_expires"),
            models.Index(fields=["holder", "-started_at"], name="hold_by_holder"),
            models.Index(fields=["address"], condition=Q(ended_at__isnull=True), name="hold_live_address"),
            models.Index(fields=["address", "-started_at"], condition=~Q(network=""), name="hold_by_address"),
            models.Index(fields=["shared_block"], condition=Q(shared_block__isnull=False), name="hold_of_shared_block"),
            models.Index(fields=["root"], condition=Q(root__isnull=False), name="hold_by_root"),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk}"
