"""Statuses of bookings, tickets and other rows, and the tables of allowed moves. Every move is written to the log of
moves.
"""

from enum import StrEnum

from django.db import models

from core.rows.statuses import StatusTable
from core.texts.lazy_text import gettext_lazy as _
from core.texts.lazy_text import pgettext_lazy
from houses.states import AccessFeature


class BookingStatus(models.TextChoices):
    PENDING = "PENDING", "Pending"
    CONFIRMED = "CONFIRMED", "Confirmed"
    EXPIRED = "EXPIRED", "Expired"
    CANCELED = "CANCELED", "Canceled"
    REFUNDED = "REFUNDED", "Refunded"


BOOKING_MOVES = StatusTable(
    BookingStatus,
    {
        BookingStatus.PENDING: {BookingStatus.CONFIRMED, BookingStatus.EXPIRED},
        BookingStatus.CONFIRMED: {BookingStatus.CANCELED},
        BookingStatus.EXPIRED: {BookingStatus.CONFIRMED, BookingStatus.REFUNDED},
    },
)


class PaidWith(models.TextChoices):
    """How a booking was paid at the counter; '' for online payments."""

    CASH = "CASH", _("Cash")
    TERMINAL = "TERMINAL", _("Card at the counter")


class TicketStatus(models.TextChoices):
    RESERVED = "RESERVED", "Reserved"
    VALID = "VALID", "Valid"
    USED = "USED", "Used"
    VOID = "VOID", "Void"


LIVE_TICKETS = (TicketStatus.VALID, TicketStatus.USED)

TICKET_MOVES = StatusTable(
    TicketStatus,
    {
        TicketStatus.RESERVED: {TicketStatus.VALID, TicketStatus.VOID},
        TicketStatus.VALID: {TicketStatus.USED, TicketStatus.VOID},
        TicketStatus.USED: {TicketStatus.VALID, TicketStatus.VOID},
        # A late payment revives an expired booking, whose tickets were never live.
        TicketStatus.VOID: {TicketStatus.VALID},
    },
)


# While its booking is in one of these a redemption of a promo code counts against the limits of the code.
PROMO_COUNTS = (BookingStatus.PENDING, BookingStatus.CONFIRMED)


class HoldEnd(models.TextChoices):
    RELEASED = "RELEASED", pgettext_lazy("seats", "Given back")
    LAPSED = "LAPSED", _("Ran out")
    PAID = "PAID", _("Went to Pay")
    MOVED = "MOVED", _("The showtime moved to another auditorium")


class NoticeStatus(models.TextChoices):
    WAITING = "WAITING", "Waiting"
    DONE = "DONE", "Done"


class OfferAnswer(models.TextChoices):
    KEPT = "KEPT", _("Keeps the tickets")
    REFUNDED = "REFUNDED", _("Took the money back")


class CancelCause(models.TextChoices):
    CUSTOMER = "CUSTOMER", _("By the customer")
    STAFF = "STAFF", _("By staff")
    SHOWTIME = "SHOWTIME", _("The showtime was canceled")
    CHANGED = "CHANGED", _("The showtime was changed")
    DISPUTE = "DISPUTE", _("The bank took the money back")
    PROVIDER = "PROVIDER", _("Refunded in the payment provider's dashboard")
    GOODWILL = "GOODWILL", _("Money given back, the tickets stay")
    VOID = "VOID", _("Voided at the counter")
    EXCHANGE = "EXCHANGE", _("Exchanged for other tickets")


# Causes for which the customer gets no mail of the refund: the mail of the cancellation, or of the canceled showtime,
# names the amount.
TOLD_HERE = (
    CancelCause.CUSTOMER, CancelCause.STAFF, CancelCause.CHANGED, CancelCause.PROVIDER, CancelCause.VOID,
)  # fmt: skip
TOLD_BY_MAIL = (*TOLD_HERE, CancelCause.SHOWTIME)


class ExchangeStatus(models.TextChoices):
    CHOOSING = "CHOOSING", _("Choosing other seats")
    PAYING = "PAYING", _("The difference is being paid")
    DONE = "DONE", pgettext_lazy("exchange", "Done")
    ENDED = "ENDED", _("Ended without an exchange")


EXCHANGE_MOVES = StatusTable(
    ExchangeStatus,
    {
        ExchangeStatus.CHOOSING: {ExchangeStatus.PAYING, ExchangeStatus.DONE, ExchangeStatus.ENDED},
        ExchangeStatus.PAYING: {ExchangeStatus.DONE, ExchangeStatus.ENDED},
    },
)


class PaperKind(models.TextChoices):
    RECEIPT = "RECEIPT", _("Receipt")
    CREDIT_NOTE = "CREDIT", _("Credit note")


class MailKind(models.TextChoices):
    CONFIRMATION = "CONFIRMATION", "Confirmation"
    CANCELLATION = "CANCELLATION", _("Tickets were canceled")
    REFUND = "REFUND", _("Money was sent back")
    CODE = "CODE", _("The code asked for before canceling by a link")
    APOLOGY = "APOLOGY", _("Apology: the payment is refunded")
    RESENT = "RESENT", _("Confirmation, sent again by staff")
    ADDRESS_LEFT = "ADDRESS_LEFT", _("The e-mail was changed: told to the old one")
    CALLED_OFF = "CALLED_OFF", _("The showtime was canceled")
    MOVED = "MOVED", _("The showtime was changed")
    ADDRESS_NEW = "ADDRESS_NEW", _("The e-mail was changed: told to the new one")
    REFUND_ALERT = "REFUND_ALERT", _("A refund failed: told to staff")
    MONEY_ALERT = "MONEY_ALERT", _("Money needs a person: told to staff")
    SWAPPED = "SWAPPED", _("Seats were changed by staff")
    EXCHANGED = "EXCHANGED", _("Tickets were exchanged by the customer")
    NO_EXCHANGE = "NO_EXCHANGE", _("Money came for an exchange that could not be done")
    GIVEN = "GIVEN", _("A ticket was taken by a friend: told to the payer")
    LINK = "LINK", _("A new link, asked for by the customer")
    FOUND = "FOUND", _("The link, asked for by reference or e-mail")
    MESSAGE = "MESSAGE", _("Written by staff to all holders of the showtime")
    RECEIPT = "RECEIPT", _("The receipt, sent from the counter")


class CodePurpose(StrEnum):
    """The purpose of a code that is mailed to a booking's address."""

    CANCEL = "cancel"
    DATA = "data"
    SHARE = "share"


class ScanOutcome(models.TextChoices):
    ADMITTED = "ADMITTED", pgettext_lazy("outcome of a scan", "Let in")
    REFUSED = "REFUSED", "Refused"
    UNDONE = "UNDONE", _("Taken back")


class MovingInOutcome(models.TextChoices):
    """The outcome of a line in a file of tickets sold by another system."""

    NEW = "NEW", _("Moved in")
    SAME = "SAME", _("Here already")
    CONFLICT = "CONFLICT", _("In conflict")
    REFUSED = "REFUSED", _("Refused")


class PromoKind(models.TextChoices):
    PERCENT = "PERCENT", "Percentage"
    AMOUNT = "AMOUNT", _("Amount off the booking")
    FIXED = "FIXED", _("Fixed price per ticket")


class WaitingStatus(models.TextChoices):
    """The status of an entry on a showtime's waiting list."""

    ASKED = "ASKED", _("Address not confirmed")
    WAITING = "WAITING", _("Waiting")
    OFFERED = "OFFERED", _("Tickets are held for them")
    TOOK = "TOOK", _("Took them")
    MISSED = "MISSED", _("Did not take them in time")
    LEFT = "LEFT", _("Left the list")
    OVER = "OVER", _("The list is over")


WAITING_MOVES = StatusTable(
    WaitingStatus,
    {
        WaitingStatus.ASKED: {WaitingStatus.WAITING, WaitingStatus.LEFT, WaitingStatus.OVER},
        WaitingStatus.WAITING: {WaitingStatus.OFFERED, WaitingStatus.LEFT, WaitingStatus.OVER},
        WaitingStatus.OFFERED: {
            WaitingStatus.TOOK,
            WaitingStatus.MISSED,
            WaitingStatus.WAITING,
            WaitingStatus.LEFT,
            WaitingStatus.OVER,
        },
    },
)


class OfferEnd(models.TextChoices):
    TAKEN = "TAKEN", _("Took them")
    PASSED = "PASSED", _("Passed on")
    RAN_OUT = "RAN_OUT", _("Ran out")


class SkipReason(models.TextChoices):
    """Why a party was not offered seats that came back."""

    TOO_FEW = "TOO_FEW", _("too few seats were free")
    APART = "APART", _("the free seats were not side by side")
    PASSED = "PASSED", _("the free seats were those they had passed on")
    SHARE = "SHARE", _("their internet connection had its share of the seats")
    STEPS = "STEPS", _("the free seats had steps on the way")
    LOOP = "LOOP", _("the free seats had no hearing loop")
    TRANSFER = "TRANSFER", _("at none of the free seats could they change from a wheelchair")
    DOG = "DOG", _("the free seats had no room for a dog")
    AISLE = "AISLE", _("none of the free seats was beside an aisle")
    ARMREST = "ARMREST", _("no armrest of the free seats lifted")
    EXIT = "EXIT", _("the free seats were not near an exit")
    NEEDS = "NEEDS", _("the free seats lacked several things that they need")


class FavoriteMailKind(models.TextChoices):
    CONFIRM = "CONFIRM", _("Please confirm your address")
    ON_SALE = "ON_SALE", _("Tickets are on sale")


class WaitingMailKind(models.TextChoices):
    CONFIRM = "CONFIRM", _("Confirm the address")
    OFFER = "OFFER", _("Seats are held")
    OVER = "OVER", _("The showtime was canceled")


class OutOfOrder(models.TextChoices):
    """What can be out of order for a time: features of the theater, and an exit of the auditorium."""

    LIFT = AccessFeature.LIFT.value, AccessFeature.LIFT.label
    STEP_FREE = AccessFeature.STEP_FREE.value, AccessFeature.STEP_FREE.label
    WHEELCHAIR = AccessFeature.WHEELCHAIR.value, AccessFeature.WHEELCHAIR.label
    TOILET = AccessFeature.TOILET.value, AccessFeature.TOILET.label
    HEARING_LOOP = AccessFeature.HEARING_LOOP.value, AccessFeature.HEARING_LOOP.label
    AUDIO_DESCRIPTION = AccessFeature.AUDIO_DESCRIPTION.value, AccessFeature.AUDIO_DESCRIPTION.label
    CAPTIONS = AccessFeature.CAPTIONS.value, AccessFeature.CAPTIONS.label
    EXIT = "EXIT", _("Nearest exit")
