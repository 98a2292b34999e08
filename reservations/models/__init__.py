"""Seats of showtimes and who has them. ShowtimeSeat, a row for each seat and showtime, is locked to change that."""

from reservations.models.bookings import (
    Booking,
    BookingAccess,
    BookingQuerySet,
    Ticket,
    TicketQuerySet,
    WrongCodeTry,
    first_booking,
    new_code,
)
from reservations.models.cancellations import CanceledTicket, Cancellation
from reservations.models.change_notices import ChangeNotice, ChangeNoticeQuerySet
from reservations.models.exchanges import Exchange, ExchangedTicket
from reservations.models.favorites import Favorite, FavoriteMail, FavoriteQuerySet
from reservations.models.group_blocks import GroupBlock, GroupMail
from reservations.models.holds import Hold, HoldQuerySet
from reservations.models.moved_in import MovedInTicket
from reservations.models.moves import Move
from reservations.models.notes import BookingNote
from reservations.models.outgoing_mail import LinkRequest, OutgoingMail
from reservations.models.papers import Paper, PaperCounter
from reservations.models.promo_codes import PromoCode, PromoRedemption, PromoRedemptionQuerySet
from reservations.models.scans import Scan
from reservations.models.seats import ShowtimeArea, ShowtimeSeat
from reservations.models.shared_blocks import (
    LONGEST_FIRST_NAME,
    LONGEST_REASON,
    Friend,
    SharedBlock,
    SharedBlockMail,
    SharedBlockQuerySet,
)
from reservations.models.swaps import SeatSwap, SwappedTicket
from reservations.models.ticket_allowances import TicketAllowance
from reservations.models.transfers import Transfer
from reservations.models.waiting import SeatOffer, WaitingEntry, WaitingEntryQuerySet, WaitingMail, WaitingSkip

__all__ = [
    "LONGEST_FIRST_NAME",
    "LONGEST_REASON",
    "Booking",
    "BookingAccess",
    "BookingNote",
    "BookingQuerySet",
    "CanceledTicket",
    "Cancellation",
    "ChangeNotice",
    "ChangeNoticeQuerySet",
    "Exchange",
    "ExchangedTicket",
    "Favorite",
    "FavoriteMail",
    "FavoriteQuerySet",
    "Friend",
    "GroupBlock",
    "GroupMail",
    "Hold",
    "HoldQuerySet",
    "LinkRequest",
    "Move",
    "MovedInTicket",
    "OutgoingMail",
    "Paper",
    "PaperCounter",
    "PromoCode",
    "PromoRedemption",
    "PromoRedemptionQuerySet",
    "Scan",
    "SeatOffer",
    "SeatSwap",
    "SharedBlock",
    "SharedBlockMail",
    "SharedBlockQuerySet",
    "ShowtimeArea",
    "ShowtimeSeat",
    "SwappedTicket",
    "Ticket",
    "TicketAllowance",
    "TicketQuerySet",
    "Transfer",
    "WaitingEntry",
    "WaitingEntryQuerySet",
    "WaitingMail",
    "WaitingSkip",
    "WrongCodeTry",
    "first_booking",
    "new_code",
]
