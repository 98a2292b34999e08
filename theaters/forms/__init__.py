"""The office's forms that need more than their model."""

from theaters.forms.movies import MovieForm, RatingForm, RatingFormSet, StillForm, VersionForm, VersionFormSet
from theaters.forms.price_rules import PriceRuleForm
from theaters.forms.prices import PriceListForm
from theaters.forms.seat_categories import SeatCategoryForm
from theaters.forms.theaters import STEP_FIELDS, TEXT_FIELDS, TheaterForm, translated_languages
from theaters.forms.ticket_types import TicketTypeForm

__all__ = [
    "STEP_FIELDS",
    "TEXT_FIELDS",
    "MovieForm",
    "PriceListForm",
    "PriceRuleForm",
    "RatingForm",
    "RatingFormSet",
    "SeatCategoryForm",
    "StillForm",
    "TheaterForm",
    "TicketTypeForm",
    "VersionForm",
    "VersionFormSet",
    "translated_languages",
]
