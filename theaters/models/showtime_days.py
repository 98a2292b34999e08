"""Days and times of showtimes: fields that price lists and price rules share."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from theaters.states import HolidayUse, Weekday


class ShowtimeDays(models.Model):
    """Days and times; an empty field matches all. The matching is in schedule/showtime_days.py."""

    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=list,
        db_default=[],
        blank=True,
        help_text="The business day's: a 00:30 show is the evening before. None ticked: every day.",
    )
    holidays = models.CharField(
        "public holidays",
        max_length=8,
        choices=HolidayUse,
        blank=True,
        default="",
        db_default="",
        help_text="Those of the theater's country and region; the business day's, as weekdays are.",
    )
    from_time = models.TimeField(null=True, blank=True, help_text="Showtimes that start then or later.")
    until_time = models.TimeField(
        null=True, blank=True, help_text="Showtimes that start before then; empty: until the business day is over."
    )
    first_on = models.DateField("first day", null=True, blank=True)
    last_on = models.DateField("last day", null=True, blank=True, help_text="It still counts.")

    class Meta:
        abstract = True
