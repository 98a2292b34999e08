"""How a sale was made, and how the counter was paid."""

from django.db import models

from core.texts.lazy_text import gettext_lazy as _


class Channel(models.TextChoices):
    ONLINE = "ONLINE", "Online"
    COUNTER = "COUNTER", "Counter"
    COMP = "COMP", "Given away"
    MOVED_IN = "MOVED_IN", "Moved in"


class PaidWith(models.TextChoices):
    """How the counter was paid; '' for online payments."""

    CASH = "CASH", _("Cash")
    TERMINAL = "TERMINAL", _("Card at the counter")
