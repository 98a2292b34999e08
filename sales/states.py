"""How a sale came about, and how the counter took its money."""

from django.db import models

from core.texts.lazy_text import gettext_lazy as _


class Channel(models.TextChoices):
    ONLINE = "ONLINE", "Online"
    COUNTER = "COUNTER", "Counter"
    COMP = "COMP", "Given away"
    MOVED_IN = "MOVED_IN", "Moved in"


class PaidWith(models.TextChoices):
    """How the money of a sale was taken at the counter; what is paid online says nothing."""

    CASH = "CASH", _("Cash")
    TERMINAL = "TERMINAL", _("Card at the counter")
