from django.db import models

from core.texts.lazy_text import gettext_lazy as _


class Role(models.TextChoices):
    """The role of a member of staff at a theater. roles.py has its permissions."""

    BOX_OFFICE = "BOX_OFFICE", _("Box office")
    DOOR = "DOOR", _("Door")
    MANAGER = "MANAGER", _("Manager")
    FINANCE = "FINANCE", _("Finance")
    AUDITOR = "AUDITOR", _("Auditor")
    OWNER = "OWNER", _("Owner")


class DeviceTask(models.TextChoices):
    """What a device is used for. device_rights.py has its rights."""

    COUNTER = "COUNTER", _("Counter")
    DOOR = "DOOR", _("Door")
    BOARD = "BOARD", _("Board")
