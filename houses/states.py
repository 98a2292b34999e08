from django.db import models

from core.texts.lazy_text import gettext_lazy as _


class AccessFeature(models.TextChoices):
    """A feature for accessible visits, in the order in which they are shown."""

    STEP_FREE = "STEP_FREE", _("Step-free entrance")
    LIFT = "LIFT", _("Lift to every floor")
    WHEELCHAIR = "WHEELCHAIR", _("Wheelchair spaces")
    COMPANION = "COMPANION", _("Companion seats")
    TOILET = "TOILET", _("Accessible toilet")
    PARKING = "PARKING", _("Accessible parking")
    HEARING_LOOP = "HEARING_LOOP", _("Hearing loop")
    AUDIO_DESCRIPTION = "AUDIO_DESCRIPTION", _("Audio description")
    CAPTIONS = "CAPTIONS", _("Captions")
    RELAXED = "RELAXED", _("Relaxed showtimes")
    DOGS = "DOGS", _("Assistance dogs welcome")
