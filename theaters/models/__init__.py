"""What is shown, where, when and for how much. Nothing here knows that seats are sold."""

from theaters.models.audit import AuditEntry, AuditEntryQuerySet
from theaters.models.broken_seats import BrokenSeat
from theaters.models.invitations import Invitation, InvitationQuerySet
from theaters.models.movies import AgeRule, Movie, MovieRating, MovieVersion
from theaters.models.plan_drafts import EarlierDraft, PlanDraft
from theaters.models.plans import Seat, SeatingPlan, SeatingPlanQuerySet
from theaters.models.prices import PinnedPrice, Price, PriceList, PriceVersion, TicketType
from theaters.models.showtime_changes import ShowtimeChange
from theaters.models.showtimes import Showtime, ShowtimeQuerySet, TimeRange
from theaters.models.staff import StaffRole, StaffRoleQuerySet
from theaters.models.theaters import Auditorium, Theater, validate_timezone

__all__ = [
    "AgeRule",
    "AuditEntry",
    "AuditEntryQuerySet",
    "Auditorium",
    "BrokenSeat",
    "EarlierDraft",
    "Invitation",
    "InvitationQuerySet",
    "Movie",
    "MovieRating",
    "MovieVersion",
    "PinnedPrice",
    "PlanDraft",
    "Price",
    "PriceList",
    "PriceVersion",
    "Seat",
    "SeatingPlan",
    "SeatingPlanQuerySet",
    "Showtime",
    "ShowtimeChange",
    "ShowtimeQuerySet",
    "StaffRole",
    "StaffRoleQuerySet",
    "Theater",
    "TicketType",
    "TimeRange",
    "validate_timezone",
]
