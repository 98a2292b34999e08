"""How a sale came about, and how the counter took its money."""

from django.db import models


class Channel(models.TextChoices):
    ONLINE = "ONLINE", "Online"
    COUNTER = "COUNTER", "Counter"
    COMP = "COMP", "Given away"


class PaidWith(models.TextChoices):
    """How the money of a sale was taken at the counter; what is paid online says nothing."""

    CASH = "CASH", "Cash"
    TERMINAL = "TERMINAL", "Card at the counter"
