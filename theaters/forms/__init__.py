"""The forms of the office that need more than their model."""

from theaters.forms.movies import MovieForm, RatingForm, RatingFormSet, VersionForm, VersionFormSet
from theaters.forms.prices import PriceListForm, TicketTypeForm
from theaters.forms.theaters import STEP_FIELDS, TEXT_FIELDS, TheaterForm, translated_languages

__all__ = [
    "STEP_FIELDS",
    "TEXT_FIELDS",
    "MovieForm",
    "PriceListForm",
    "RatingForm",
    "RatingFormSet",
    "TheaterForm",
    "TicketTypeForm",
    "VersionForm",
    "VersionFormSet",
    "translated_languages",
]
