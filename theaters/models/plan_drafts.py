"""The next plan of an auditorium while it is being drawn."""

from django.conf import settings
from django.db import models

from core.clock import ClockTimestamp
from theaters.models.auditoriums import Auditorium
from theaters.models.plans import SeatingPlan


class PlanDraft(models.Model):
    """At most one per auditorium. Its rows have the editor's form (plan_json.as_rows) and may still break every rule."""

    auditorium = models.OneToOneField(Auditorium, on_delete=models.CASCADE, related_name="plan_draft")
    based_on = models.ForeignKey(SeatingPlan, null=True, on_delete=models.PROTECT, related_name="+")
    rows = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1, help_text="Counts the saves; who saves says which one they saw.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.auditorium}, next plan"


class EarlierDraft(models.Model):
    """A draft as it was before a save, kept so that no drawing is lost; the oldest ones are deleted first."""

    draft = models.ForeignKey(PlanDraft, on_delete=models.CASCADE, related_name="earlier")
    revision = models.PositiveIntegerField()
    rows = models.JSONField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["draft", "revision"], name="draft_revision_kept_once")]

    def __str__(self) -> str:
        return f"{self.draft}, save {self.revision}"
