"""The waiting list of a showtime: entries, the seats that are offered to them, and why some were skipped."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.letters.outbox import OutboxQuerySet, UniqueMail
from core.rows.status_rules import StatusRule, empty, filled, status_rules
from reservations.models.holds import Hold
from reservations.states import OfferEnd, SkipReason, WaitingMailKind, WaitingStatus
from sales.models import Contact
from theaters.models import Showtime
from theaters.seat_labels import LONGEST_LABEL


class WaitingEntryQuerySet(models.QuerySet["WaitingEntry"]):
    def waiting(self) -> "WaitingEntryQuerySet":
        """Entries that want seats now and have no offer, in the order in which they joined."""
        return self.filter(status=WaitingStatus.WAITING, until__gt=ClockTimestamp()).order_by("joined_at", "pk")

    def live(self) -> "WaitingEntryQuerySet":
        return self.filter(ended_at=None)


class WaitingEntry(models.Model):
    """A party that waits for seats of a showtime. Its code is the secret of the link in its mails."""

    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="waiting_entries")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="waiting_entry")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="waiting_entries"
    )
    code = models.CharField(max_length=43, unique=True)
    language = models.CharField(max_length=10)
    address = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="Where it was made, as a hold keeps it: what is offered counts in the share of this address. Empty: forgotten.",
    )
    network = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="The network around the address. Empty: not limited by address, or forgotten.",
    )
    count = models.PositiveSmallIntegerField(help_text="How many people.")
    wheelchairs = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How many of them sit in a wheelchair space."
    )
    is_together = models.BooleanField(default=True, db_default=True, help_text="Only seats side by side.")
    section = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="Or an area of unreserved places. Empty: anywhere.",
    )
    is_numbered = models.BooleanField(default=False, db_default=False, help_text="No unreserved places.")
    is_step_free = models.BooleanField(
        default=False, db_default=False, help_text="Only seats that are known to have no steps on the way."
    )
    has_hearing_loop = models.BooleanField(
        default=False, db_default=False, help_text="Only seats that are known to have a hearing loop."
    )
    has_lifting_armrest = models.BooleanField(
        default=False, db_default=False, help_text="Only seats of which one is known to have an armrest that lifts."
    )
    is_near_exit = models.BooleanField(default=False, db_default=False, help_text="Only seats in rows near an exit.")
    is_beside_aisle = models.BooleanField(
        default=False, db_default=False, help_text="Only seats of which one is beside an aisle."
    )
    has_transfer = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Somebody changes from a wheelchair to a seat: one beside an aisle, whose armrest lifts where any is known to.",
    )
    has_dog = models.BooleanField(
        default=False, db_default=False, help_text="An assistance dog comes with them: one seat is beside an aisle."
    )
    until = models.DateTimeField(help_text="From this moment they want no seats any more.")
    status = models.CharField(max_length=8, choices=WaitingStatus, default=WaitingStatus.ASKED)
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    joined_at = models.DateTimeField(null=True, help_text="Their place in the line: when the address was confirmed.")
    ended_at = models.DateTimeField(null=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "waiting list entry"
        verbose_name_plural = "waiting list"
        default_permissions = ("view",)
        constraints = [
            *status_rules(
                "waitingentry",
                WaitingStatus,
                StatusRule(
                    "asked",
                    (WaitingStatus.ASKED,),
                    empty("joined_at", "ended_at"),
                    "Somebody who has not confirmed the address has no place in the line.",
                ),
                StatusRule(
                    "in_line",
                    (WaitingStatus.WAITING, WaitingStatus.OFFERED),
                    filled("joined_at") & empty("ended_at"),
                    "Somebody who waits has a place in the line.",
                ),
                StatusRule(
                    "had_seats",
                    (WaitingStatus.TOOK, WaitingStatus.MISSED),
                    filled("joined_at", "ended_at"),
                    "Only somebody who waited was offered seats.",
                ),
                StatusRule(
                    "over",
                    (WaitingStatus.LEFT, WaitingStatus.OVER),
                    filled("ended_at"),
                    "An entry that ended says when.",
                ),
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1) & Q(wheelchairs__lte=models.F("count")),
                name="waitingentry_people",
                violation_error_message="A party has at least one person, and no more wheelchairs than people.",
            ),
        ]
        indexes = [
            models.Index(fields=["showtime", "joined_at"], condition=Q(ended_at=None), name="waitingentry_in_line"),
        ]

    def __str__(self) -> str:
        return f"Waiting list entry {self.pk}"


class SeatOffer(models.Model):
    """Seats that are held for somebody on the waiting list until a moment. The hold is nobody's until they take it."""

    entry = models.ForeignKey(WaitingEntry, on_delete=models.PROTECT, related_name="offers")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="seat_offer")
    labels = ArrayField(models.CharField(max_length=LONGEST_LABEL))
    made_at = models.DateTimeField(db_default=ClockTimestamp())
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, choices=OfferEnd, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(ended_at=None),
                name="seatoffer_one_open_per_entry",
                violation_error_message="These people have an open offer already.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) ^ ~Q(end=""),
                name="seatoffer_ended_with_a_reason",
                violation_error_message="An offer that ended says how, and an open one does not.",
            ),
        ]

    def __str__(self) -> str:
        return f"Seat offer {self.pk}"


class WaitingSkip(models.Model):
    """A record that seats came back and an entry was skipped because they did not fit."""

    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="skips")
    at = models.DateTimeField(db_default=ClockTimestamp())
    reason = models.CharField(max_length=12, choices=SkipReason)
    free = models.PositiveSmallIntegerField(help_text="How many seats were free.")

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Skip {self.pk}"


class WaitingMail(UniqueMail):
    """A mail to somebody on a waiting list."""

    kind = models.CharField(max_length=8, choices=WaitingMailKind)
    entry = models.ForeignKey(WaitingEntry, on_delete=models.PROTECT, related_name="mails")

    objects = OutboxQuerySet.as_manager()
