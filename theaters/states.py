from django.db import models


class PlanStatus(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    PUBLISHED = "PUBLISHED", "Published"


class ShowtimeStatus(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    PUBLISHED = "PUBLISHED", "Published"
    CANCELED = "CANCELED", "Canceled"


SHOWTIME_MOVES: dict[ShowtimeStatus, frozenset[ShowtimeStatus]] = {
    ShowtimeStatus.DRAFT: frozenset({ShowtimeStatus.PUBLISHED, ShowtimeStatus.CANCELED}),
    ShowtimeStatus.PUBLISHED: frozenset({ShowtimeStatus.DRAFT, ShowtimeStatus.CANCELED}),
    ShowtimeStatus.CANCELED: frozenset(),
}


class SeatCategory(models.TextChoices):
    STANDARD = "STANDARD", "Standard"
    PREMIUM = "PREMIUM", "Premium"
    SOFA = "SOFA", "Sofa"
    WHEELCHAIR = "WHEELCHAIR", "Wheelchair space"
    COMPANION = "COMPANION", "Companion"


class TicketTypeCode(models.TextChoices):
    ADULT = "ADULT", "Adult"
    CHILD = "CHILD", "Child"
    SENIOR = "SENIOR", "Senior"
    STUDENT = "STUDENT", "Student"
