from django.db import models


class Role(models.TextChoices):
    """What a person of the staff does at one theater. What each may is in roles.py."""

    BOX_OFFICE = "BOX_OFFICE", "Box office"
    DOOR = "DOOR", "Door"
    MANAGER = "MANAGER", "Manager"
    FINANCE = "FINANCE", "Finance"
    AUDITOR = "AUDITOR", "Auditor"
    OWNER = "OWNER", "Owner"
