"""What a person may need of a seat or a show."""

from django.db import models

from core.lazy_text import gettext_lazy as _


class Need(models.TextChoices):
    """In the order of the page."""

    WHEELCHAIR = "WHEELCHAIR", _("A wheelchair space: I stay in my wheelchair")
    TRANSFER = "TRANSFER", _("A seat beside an aisle: I change to it from my wheelchair")
    STEP_FREE = "STEP_FREE", _("No steps on the way in")
    AISLE = "AISLE", _("A seat beside an aisle")
    HEARING_LOOP = "HEARING_LOOP", _("A hearing loop")
    CAPTIONS = "CAPTIONS", _("Captions: I read what is spoken")
    AUDIO_DESCRIPTION = "AUDIO_DESCRIPTION", _("Audio description")
    DOG = "DOG", _("An assistance dog comes with me")
