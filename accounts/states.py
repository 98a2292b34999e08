"""The needs of people concerning seats and shows."""

from collections.abc import Collection

from django.db import models

from core.texts.lazy_text import gettext_lazy as _


class Need(models.TextChoices):
    """A need, in the order of the page."""

    WHEELCHAIR = "WHEELCHAIR", _("A wheelchair space: I stay in my wheelchair")
    TRANSFER = "TRANSFER", _("A seat beside an aisle: I change to it from my wheelchair")
    STEP_FREE = "STEP_FREE", _("No steps on the way in")
    AISLE = "AISLE", _("A seat beside an aisle")
    ARMREST = "ARMREST", _("A seat whose armrest lifts")
    NEAR_EXIT = "NEAR_EXIT", _("A seat near an exit")
    HEARING_LOOP = "HEARING_LOOP", _("A hearing loop")
    CAPTIONS = "CAPTIONS", _("Captions: I read what is spoken")
    AUDIO_DESCRIPTION = "AUDIO_DESCRIPTION", _("Audio description")
    RELAXED = "RELAXED", _("A relaxed showtime: lights stay on a little, and nobody minds noise")
    DOG = "DOG", _("An assistance dog comes with me")
    ASSISTANT = "ASSISTANT", _("An assistant comes with me")


# The values of the program's filter "access", or of what its seating plans have (theaters/listings), that meet a need.
ACCESS_FILTERS = {
    Need.WHEELCHAIR: "wheelchair",
    Need.STEP_FREE: "step-free",
    Need.HEARING_LOOP: "hearing-loop",
    Need.CAPTIONS: "captions",
    Need.AUDIO_DESCRIPTION: "audio-description",
    Need.RELAXED: "relaxed",
    Need.DOG: "dogs",
}
# Values of seats, for people who do not stay in a wheelchair.
SEAT_FILTERS = {
    Need.TRANSFER: "aisle",
    Need.AISLE: "aisle",
    Need.ARMREST: "armrest",
    Need.NEAR_EXIT: "near-exit",
}


def values_for(needs: Collection[Need]) -> frozenset[str]:
    """What showtimes have to have for somebody with these needs."""
    filters = ACCESS_FILTERS if Need.WHEELCHAIR in needs else ACCESS_FILTERS | SEAT_FILTERS
    return frozenset(filters[need] for need in needs if need in filters)
