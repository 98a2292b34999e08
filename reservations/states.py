"""What may happen to a booking and a ticket. Every move leaves a row in the log of moves."""

from django.db import models

from core.statuses import StatusTable


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
    """How the money of a booking was taken at the counter; what is paid online says nothing."""

    CASH = "CASH", "Cash"
    TERMINAL = "TERMINAL", "Card at the counter"


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
        # Late money revives an expired booking: its tickets were never live.
        TicketStatus.VOID: {TicketStatus.VALID},
    },
)


# While its booking is in one of these a redemption of a promo code counts against the limits of the code.
PROMO_COUNTS = (BookingStatus.PENDING, BookingStatus.CONFIRMED)


class HoldEnd(models.TextChoices):
    RELEASED = "RELEASED", "Given back"
    LAPSED = "LAPSED", "Ran out"
    PAID = "PAID", "Went to Pay"


class NoticeStatus(models.TextChoices):
    WAITING = "WAITING", "Waiting"
    DONE = "DONE", "Done"


class OfferAnswer(models.TextChoices):
    KEPT = "KEPT", "Keeps the tickets"
    REFUNDED = "REFUNDED", "Took the money back"


class CancelCause(models.TextChoices):
    CUSTOMER = "CUSTOMER", "By the customer"
    STAFF = "STAFF", "By staff"
    SHOWTIME = "SHOWTIME", "The showtime was canceled"
    CHANGED = "CHANGED", "The showtime was changed"
    DISPUTE = "DISPUTE", "The bank took the money back"
    STRIPE = "STRIPE", "Refunded in Stripe's dashboard"
    GOODWILL = "GOODWILL", "Money given back, the tickets stay"


# The customer gets a mail of the cancellation itself, with the amount that goes back; of a showtime that is canceled with
# the notice of the change.
TOLD_HERE = (CancelCause.CUSTOMER, CancelCause.STAFF, CancelCause.CHANGED, CancelCause.STRIPE)
TOLD_BY_MAIL = (*TOLD_HERE, CancelCause.SHOWTIME)


class PaperKind(models.TextChoices):
    RECEIPT = "RECEIPT", "Receipt"
    CREDIT_NOTE = "CREDIT", "Credit note"


class MailKind(models.TextChoices):
    CONFIRMATION = "CONFIRMATION", "Confirmation"
    CANCELLATION = "CANCELLATION", "Tickets were canceled"
    REFUND = "REFUND", "Money was sent back"
    CODE = "CODE", "The code asked for before canceling by a link"
    APOLOGY = "APOLOGY", "Apology: the payment is refunded"
    RESENT = "RESENT", "Confirmation, sent again by staff"
    ADDRESS_LEFT = "ADDRESS_LEFT", "The e-mail was changed: told to the old one"
    CALLED_OFF = "CALLED_OFF", "The showtime was canceled"
    MOVED = "MOVED", "The showtime was changed"
    ADDRESS_NEW = "ADDRESS_NEW", "The e-mail was changed: told to the new one"
    REFUND_ALERT = "REFUND_ALERT", "A refund failed: told to staff"
    MONEY_ALERT = "MONEY_ALERT", "Money needs a person: told to staff"
    SWAPPED = "SWAPPED", "Seats were changed by staff"
    LINK = "LINK", "A new link, asked for by the customer"
    FOUND = "FOUND", "The link, asked for by reference or e-mail"
    MESSAGE = "MESSAGE", "Written by staff to all holders of the showtime"


class ScanOutcome(models.TextChoices):
    ADMITTED = "ADMITTED", "Let in"
    REFUSED = "REFUSED", "Refused"
    UNDONE = "UNDONE", "Taken back"


class PromoKind(models.TextChoices):
    PERCENT = "PERCENT", "Percentage"
    AMOUNT = "AMOUNT", "Amount off the booking"
    FIXED = "FIXED", "Fixed price per ticket"
