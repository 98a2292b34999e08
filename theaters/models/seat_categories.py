"""Seat categories: an open list per theater. The database gives each new theater the usual five."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from core.columns import CheckedCharField
from core.texts.lazy_text import gettext_lazy as _
from core.texts.translated_texts import translated_text
from houses.models.theaters import Theater
from theaters.seat_categories import CODE_LENGTH, LONGEST_NAME, behavior_of, is_code, usual_name
from theaters.states import SeatBehavior, UsualCategory

COLOR = RegexValidator(r"\A#[0-9a-f]{6}\Z", _("A color is # and six digits from 0 to f."))


class SeatCategoryQuerySet(models.QuerySet["SeatCategory"]):
    def in_use(self) -> "SeatCategoryQuerySet":
        """Categories that new plans may use. Archived ones stay in the plans that have them."""
        return self.filter(archived_at=None)


class SeatCategory(models.Model):
    """Standard, Loge, Kuschelsofa …: what a theater calls some of its seats, and how they look on the map.

    Seats and prices name it by its code, which also says how the seats are sold (theaters/seat_categories.py).
    """

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="seat_categories")
    code = CheckedCharField(max_length=CODE_LENGTH, validators=[is_code], editable=False)
    name = models.CharField(max_length=LONGEST_NAME, blank=True, db_default="")
    note = models.CharField(
        max_length=80, blank=True, db_default="", help_text="What is special about these seats, in a few words."
    )
    translations = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="The lowest comes first. A category further down counts as a better one."
    )
    sign = models.CharField(
        max_length=1,
        blank=True,
        db_default="",
        help_text="One letter or sign on the seat, for those who see no colors.",
    )
    color_light = CheckedCharField("color, light theme", max_length=7, blank=True, db_default="", validators=[COLOR])
    color_dark = CheckedCharField("color, dark theme", max_length=7, blank=True, db_default="", validators=[COLOR])
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = SeatCategoryQuerySet.as_manager()

    class Meta:
        ordering = ["theater", "position", "pk"]
        verbose_name_plural = "seat categories"
        constraints = [
            models.UniqueConstraint(fields=["theater", "code"], name="seat_category_code_once_per_theater"),
            models.CheckConstraint(
                condition=~Q(name="") | Q(code__in=UsualCategory.values),
                name="seat_category_has_a_name",
                violation_error_message="Say what these seats are called.",
            ),
            models.CheckConstraint(
                condition=Q(color_light="", color_dark="") | (~Q(color_light="") & ~Q(color_dark="")),
                name="seat_category_has_both_colors",
                violation_error_message="Give a color for the light and one for the dark theme, or none.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or usual_name(self.code)

    @property
    def behavior(self) -> SeatBehavior:
        return behavior_of(self.code)

    @property
    def shown_name(self) -> str:
        """The name in the reader's language, else the theater's own word or the usual one."""
        return translated_text(self, "name") or usual_name(self.code)

    @property
    def shown_note(self) -> str:
        return translated_text(self, "note")
