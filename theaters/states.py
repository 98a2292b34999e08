from django.db import models

from core.rows.statuses import StatusTable
from core.texts.lazy_text import gettext_lazy as _


class PlanStatus(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    PUBLISHED = "PUBLISHED", "Published"


class ShowtimeStatus(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    PUBLISHED = "PUBLISHED", "Published"
    CANCELED = "CANCELED", "Canceled"


SHOWTIME_MOVES = StatusTable(
    ShowtimeStatus,
    {
        ShowtimeStatus.DRAFT: {ShowtimeStatus.PUBLISHED, ShowtimeStatus.CANCELED},
        ShowtimeStatus.PUBLISHED: {ShowtimeStatus.DRAFT, ShowtimeStatus.CANCELED},
    },
)


class MovieKind(models.TextChoices):
    """The kind of a work; talks and concerts are events."""

    FEATURE = "FEATURE", _("Feature")
    SHORT = "SHORT", _("Short film")
    EVENT = "EVENT", _("Event")


class Picture(models.TextChoices):
    """How a movie is projected; stored in the form that people read."""

    FLAT = "2D", "2D"
    DEEP = "3D", "3D"
    IMAX = "IMAX", "IMAX"
    IMAX_DEEP = "IMAX 3D", "IMAX 3D"
    MOVING = "4DX", "4DX"
    REEL_35 = "35 mm", "35 mm"
    REEL_70 = "70 mm", "70 mm"


class ChangeKind(models.TextChoices):
    CANCEL = "CANCEL", "Cancel"
    TIME = "TIME", "Move the time"
    MOVIE = "MOVIE", "Show another film"
    VERSION = "VERSION", "Other version"
    PRICES = "PRICES", "Other price list"
    PLAN = "PLAN", "Other seating plan"
    RATING = "RATING", "Other age rating"
    MOVE = "MOVE", "Move to another auditorium"
    OUTAGE = "OUTAGE", "Something for access is out of order"
    # Recorded together with another seating plan; nobody chooses it.
    FACTS = "FACTS", "Corrected facts of seats"


# Changes of what customers bought: they may take all of their money back.
CHANGES_WITH_AN_OFFER = (
    ChangeKind.TIME,
    ChangeKind.MOVIE,
    ChangeKind.VERSION,
    ChangeKind.RATING,
    ChangeKind.MOVE,
    ChangeKind.OUTAGE,
    ChangeKind.FACTS,
)


class ChangeStatus(models.TextChoices):
    PLANNED = "PLANNED", "Planned"
    APPLIED = "APPLIED", "Applied"


class SeatBehavior(models.TextChoices):
    """How seats of a category are sold, as its code says (theaters/seat_categories.py)."""

    ORDINARY = "ORDINARY", "Ordinary seats: each is sold alone"
    UNIT = "UNIT", "Sofas: two or three seats are sold together"
    WHEELCHAIR = "WHEELCHAIR", "Wheelchair spaces: somebody stays in a wheelchair"
    COMPANION = "COMPANION", "Companion seats: they go with a wheelchair space"


class UsualCategory(models.TextChoices):
    """The seat categories that each theater begins with, and what they are called until it has words of its own."""

    STANDARD = "STANDARD", _("Standard")
    PREMIUM = "PREMIUM", _("Premium")
    SOFA = "SOFA", _("Sofa")
    WHEELCHAIR = "WHEELCHAIR", _("Wheelchair space")
    COMPANION = "COMPANION", _("Companion")


class SalesChannel(models.TextChoices):
    """Where a ticket type is sold; '' means everywhere."""

    ONLINE = "ONLINE", "Only online"
    COUNTER = "COUNTER", "Only at the counter"


class PriceRuleKind(models.TextChoices):
    """The kinds of price rules, in the fixed order in which they apply (docs/domain.md, "Price rule")."""

    DAY_RATE = "DAY_RATE", "Day rate: a price on some days, or less"
    SURCHARGE = "SURCHARGE", "Surcharge: added to the price"
    EARLY = "EARLY", "Early bird: taken off for those who choose early"


class HolidayUse(models.TextChoices):
    """How holidays matter beside weekdays; '' means that they are ordinary days."""

    ON = "ON", "Only on public holidays"
    EVE = "EVE", "Only on the day before a public holiday"
    BOTH = "BOTH", "Only on public holidays and the day before"
    NOT = "NOT", "Not on public holidays"
    NEITHER = "NEITHER", "Neither on public holidays nor the day before"


class Weekday(models.IntegerChoices):
    MONDAY = 1, "Monday"
    TUESDAY = 2, "Tuesday"
    WEDNESDAY = 3, "Wednesday"
    THURSDAY = 4, "Thursday"
    FRIDAY = 5, "Friday"
    SATURDAY = 6, "Saturday"
    SUNDAY = 7, "Sunday"
