"""The auditoriums of a theater."""

from django.db import models
from django.db.models import Q

from core.texts.translated_texts import translated_text
from houses.models import Theater

# Measures in cm from which pages say how the screen is seen from a seat.
LENGTHS = ("screen_width_cm", "screen_height_cm", "first_row_cm", "row_pitch_cm")
MEASURES = (*LENGTHS, "row_rise_cm")


class Auditorium(models.Model):
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="auditoriums")
    name = models.CharField(max_length=60)
    translations = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    preroll_minutes = models.PositiveSmallIntegerField(default=15, help_text="Adverts and trailers before the film.")
    turnaround_minutes = models.PositiveSmallIntegerField(default=20, help_text="Cleaning between two showtimes.")
    screen_width_cm = models.PositiveSmallIntegerField("screen width (cm)", null=True, blank=True)
    screen_height_cm = models.PositiveSmallIntegerField("screen height (cm)", null=True, blank=True)
    first_row_cm = models.PositiveSmallIntegerField(
        "screen to first row (cm)", null=True, blank=True, help_text="From the screen to the eyes of the first row."
    )
    row_pitch_cm = models.PositiveSmallIntegerField(
        "row to row (cm)", null=True, blank=True, help_text="From the back of a seat to the back of the seat behind it."
    )
    row_rise_cm = models.PositiveSmallIntegerField(
        "rise per row (cm)",
        null=True,
        blank=True,
        help_text="How much a row is higher than the row before; 0 on a flat floor.",
    )

    exit_rows = models.CharField(
        "rows near an exit",
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="Their names, such as A, M. Visitors who need a seat near an exit find these in the list of seats.",
    )

    class Meta:
        ordering = ["theater", "name"]
        verbose_name_plural = "auditoriums"
        constraints = [
            models.UniqueConstraint(fields=["theater", "name"], name="auditorium_name_once_per_theater"),
            models.CheckConstraint(
                condition=Q(**dict.fromkeys((f"{name}__isnull" for name in MEASURES), True))
                | Q(
                    **dict.fromkeys((f"{name}__isnull" for name in MEASURES), False),
                    **{f"{name}__gt": 0 for name in LENGTHS},
                ),
                name="auditorium_measured_as_a_whole",
                violation_error_message="Give all five measures of the auditorium, above 0, or none. Only the rise may be 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language, else the name itself."""
        return translated_text(self, "name")

    @property
    def rows_near_exit(self) -> frozenset[str]:
        return frozenset(name.strip() for name in self.exit_rows.split(",") if name.strip())
