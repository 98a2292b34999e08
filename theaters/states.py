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


class Role(models.TextChoices):
    """What a person of the staff does at one theater. What each may is in roles.py."""

    BOX_OFFICE = "BOX_OFFICE", "Box office"
    DOOR = "DOOR", "Door"
    MANAGER = "MANAGER", "Manager"
    FINANCE = "FINANCE", "Finance"
    AUDITOR = "AUDITOR", "Auditor"
    OWNER = "OWNER", "Owner"
