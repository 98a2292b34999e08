"""Movies, auditoriums, plans, showtimes and prices. Sold seats are rows of reservations."""

from theaters.models.auditoriums import Auditorium
from theaters.models.broken_seats import BrokenSeat
from theaters.models.movies import AgeRule, Movie, MovieRating, MovieVersion
from theaters.models.plan_drafts import EarlierDraft, PlanDraft
from theaters.models.plans import Seat, SeatingPlan, SeatingPlanQuerySet
from theaters.models.price_rules import PriceRule
from theaters.models.prices import PinnedPrice, Price, PriceList, PriceVersion
from theaters.models.programs import ProgramItem, read_programs
from theaters.models.seat_categories import SeatCategory
from theaters.models.series import Series
from theaters.models.showtime_changes import ShowtimeChange
from theaters.models.showtimes import Showtime, ShowtimeQuerySet, TimeRange
from theaters.models.stills import MovieStill
from theaters.models.ticket_types import TicketType

__all__ = [
    "AgeRule",
    "Auditorium",
    "BrokenSeat",
    "EarlierDraft",
    "Movie",
    "MovieRating",
    "MovieStill",
    "MovieVersion",
    "PinnedPrice",
    "PlanDraft",
    "Price",
    "PriceList",
    "PriceRule",
    "PriceVersion",
    "ProgramItem",
    "Seat",
    "SeatCategory",
    "SeatingPlan",
    "SeatingPlanQuerySet",
    "Series",
    "Showtime",
    "ShowtimeChange",
    "ShowtimeQuerySet",
    "TicketType",
    "TimeRange",
    "read_programs",
]
