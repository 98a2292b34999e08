"""Deliveries of providers."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp, from_now
from core.rows.due import Waiting
from payments.models.keys import PROVIDER, PROVIDER_ID, once

# A cause that returns after this quiet time is mailed again.
QUIET_SECONDS = 26 * 3600
EVENTS = Waiting(Q(done_at__isnull=True, set_aside_at__isnull=True), tries="attempts")
CAUSES_TO_TELL = Waiting(Q(told_at__isnull=True), moment="tell_at")


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    def due(self) -> "ProviderEventQuerySet":
        return EVENTS.due(self)

    def set_aside(self) -> "ProviderEventQuerySet":
        """Deliveries that failed too often through their own fault and wait for a person."""
        return self.filter(done_at__isnull=True, set_aside_at__isnull=False)


class ProviderEvent(models.Model):
    """A delivery as it came. Its id is unique for ever, so a copy is known days later; the payload is only a hint.

    `attempts` counts every try, `failures` those that failed by the event's own fault and not because the provider was silent.
    """

    provider = models.CharField(**PROVIDER)
    provider_id = models.CharField(**PROVIDER_ID)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    payment_key = models.CharField(
        max_length=200, blank=True, db_default="", help_text="The key of the payment that it names; empty: none."
    )
    object_id = models.CharField(max_length=200, blank=True, db_default="", help_text="What it is about.")
    provider_payment_id = models.CharField(
        max_length=200, blank=True, db_default="", help_text="The money that it is about, by the provider's id."
    )
    says_paid = models.BooleanField(db_default=False, help_text="Whether it says that this payment was paid.")
    received_at = models.DateTimeField(db_default=ClockTimestamp())
    try_at = models.DateTimeField(db_default=ClockTimestamp())
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    set_aside_at = models.DateTimeField(null=True, help_text="When it had failed too often to be tried by itself.")
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=120, blank=True)

    objects = ProviderEventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [("replay_providerevent", "Can decide about a delivery of a payment provider that was set aside")]
        constraints = [
            once("event_once", "provider_id"),
            models.CheckConstraint(
                condition=Q(done_at=None, set_aside_at=None) | ~Q(outcome=""),
                name="event_ended_with_an_outcome",
                violation_error_message="A delivery that was acted on or set aside says what came of it.",
            ),
        ]
        indexes = [
            models.Index(fields=["payment_key"], condition=~Q(payment_key=""), name="event_by_payment_key"),
            models.Index(fields=["try_at"], condition=Q(done_at__isnull=True), name="event_due"),
            models.Index(
                fields=["set_aside_at"],
                condition=Q(done_at__isnull=True, set_aside_at__isnull=False),
                name="event_set_aside",
            ),
        ]

    def __str__(self) -> str:
        return self.provider_id


class SetAsideCauseQuerySet(models.QuerySet["SetAsideCause"]):
    def to_tell(self) -> "SetAsideCauseQuerySet":
        """Causes that staff were not told of yet; a lease moves `tell_at` on."""
        return CAUSES_TO_TELL.due(self)

    def quiet(self) -> "SetAsideCauseQuerySet":
        return self.filter(last_at__lt=from_now(-QUIET_SECONDS))


class SetAsideCause(models.Model):
    """Why deliveries are set aside: staff get one mail for each cause, however many deliveries it is about."""

    cause = models.CharField(max_length=160, unique=True, help_text="The kind of the delivery, and of the error.")
    says = models.CharField(max_length=200, help_text="The newest error in words.")
    first_at = models.DateTimeField(db_default=ClockTimestamp())
    last_at = models.DateTimeField(db_default=ClockTimestamp())
    tell_at = models.DateTimeField(db_default=ClockTimestamp())
    told_at = models.DateTimeField(null=True, help_text="When the mail to staff went out.")

    objects = SetAsideCauseQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.cause
