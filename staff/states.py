from django.db import models

from core.texts.lazy_text import gettext_lazy as _


class Role(models.TextChoices):
    """What a person of the staff does at one theater. What each may is in roles.py."""

    BOX_OFFICE = "BOX_OFFICE", "Box office"
    DOOR = "DOOR", "Door"
    MANAGER = "MANAGER", "Manager"
    FINANCE = "FINANCE", "Finance"
    AUDITOR = "AUDITOR", "Auditor"
    OWNER = "OWNER", "Owner"


class DeviceTask(models.TextChoices):
    """What a device is there for; the rights on it are in device_rights.py."""

    COUNTER = "COUNTER", _("Counter")
    DOOR = "DOOR", _("Door")
    BOARD = "BOARD", _("Board")
