"""The bookings that a change of their showtime touches, one row each."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.rows.due import Waiting
from core.rows.status_rules import status_is_known
from reservations.models.bookings import Booking
from reservations.states import NoticeStatus, OfferAnswer
from theaters.models import ShowtimeChange

NOTICES = Waiting(Q(status=NoticeStatus.WAITING), tries="attempts")


class ChangeNoticeQuerySet(models.QuerySet["ChangeNotice"]):
    def due(self) -> "ChangeNoticeQuerySet":
        """Waiting notices that no worker has; a lease moves `try_at` on."""
        return NOTICES.due(self)

    def open_offers(self) -> "ChangeNoticeQuerySet":
        """Notices whose holder may still take all of the money back."""
        return self.filter(change__offer_until__gt=ClockTimestamp()).exclude(answer=OfferAnswer.REFUNDED)


class ChangeNotice(models.Model):
    """What a change means for one booking: refund it, or tell its holder. Written with the change, done by a worker."""

    change = models.ForeignKey(ShowtimeChange, on_delete=models.PROTECT, related_name="notices")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="notices")
    status = models.CharField(max_length=8, choices=NoticeStatus, default=NoticeStatus.WAITING)
    try_at = models.DateTimeField(db_default=ClockTimestamp())
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=8, choices=OfferAnswer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    objects = ChangeNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["change", "booking"], name="notice_once_per_change_and_booking"),
            models.CheckConstraint(
                condition=Q(status=NoticeStatus.WAITING) ^ Q(done_at__isnull=False),
                name="notice_done_has_a_moment",
                violation_error_message="A notice that is done says when, and one that waits does not.",
            ),
            models.CheckConstraint(
                condition=Q(answer="") ^ Q(answered_at__isnull=False),
                name="notice_answered_has_a_moment",
                violation_error_message="An answer has its moment, and no answer has none.",
            ),
            status_is_known("notice", NoticeStatus),
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(status=NoticeStatus.WAITING), name="notice_due"),
        ]

    def __str__(self) -> str:
        return f"Notice {self.pk}"
