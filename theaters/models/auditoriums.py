"""The auditoriums of a theater."""

from django.db import models

from houses.models import Theater


class Auditorium(models.Model):
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="auditoriums")
    name = models.CharField(max_length=60)
    preroll_minutes = models.PositiveSmallIntegerField(default=15, help_text="Adverts and trailers before the film.")
    turnaround_minutes = models.PositiveSmallIntegerField(default=20, help_text="Cleaning between two showtimes.")

    class Meta:
        ordering = ["theater", "name"]
        verbose_name_plural = "auditoriums"
        constraints = [models.UniqueConstraint(fields=["theater", "name"], name="auditorium_name_once_per_theater")]

    def __str__(self) -> str:
        return self.name
