"""Why a sale cannot be voided at the counter: a sentence each with what to do. Nothing was changed."""

from django.utils.translation import gettext

from core.clock import in_zone
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import format_clock
from reservations.models import Cancellation

BACK = WayOn(_("Back to the sale"), to="counter_sale")


class NoVoid(Refusal):
    """Refused: the sale cannot be voided at all, so the page shows no form."""

    title = _("This sale cannot be voided")
    way_on = BACK
    is_final = True


class SoldOnline(NoVoid):
    sentence = _(
        "This was bought online, so its money goes back to the card and not over the counter. The customer can cancel it on "
        "the page of the booking; a manager can give the money back in the office."
    )


class NotOfThisDevice(NoVoid):
    sentence = _(
        "This was sold at another counter, and its money is in the drawer there. Void it there, or ask a manager to give the "
        "money back in the office."
    )


class NotOfThisDay(NoVoid):
    sentence = _(
        "This was sold on another day, and the takings of that day are counted. Ask a manager to give the money back in the "
        "office; it is paid out here then."
    )


class TicketsUsed(NoVoid):
    """Refused: people are inside with tickets for `seats`."""

    title = _("Somebody is inside with these tickets")

    def __init__(self, seats: str) -> None:
        sentence = gettext(
            "Somebody is inside with these tickets: %(seats)s. Were they scanned by mistake? Then take that back at the door "
            "first. Else ask a manager to give the money back in the office."
        )
        super().__init__(sentence % {"seats": seats})


class AlreadyVoided(NoVoid):
    title = _("Voided already")

    def __init__(self, cancellation: Cancellation) -> None:
        at = in_zone(cancellation.at, cancellation.booking.showtime.auditorium.theater.zone)
        sentence = gettext("This sale was voided at %(time)s already. Nothing was given back a second time.")
        super().__init__(sentence % {"time": format_clock(at)})


class NothingToVoid(NoVoid):
    title = _("Canceled already")
    sentence = _(
        "The tickets of this sale were canceled meanwhile, so there is nothing left to void. If money waits for the customer, "
        "it is listed under Pay out."
    )


class NotReversed(Refusal):
    status = 422
    field = "reversed"

    def __init__(self, amount: str) -> None:
        sentence = gettext(
            "Reverse %(amount)s on the terminal first, then say here that it is done. Nothing was voided."
        )
        super().__init__(sentence % {"amount": amount})


class ApprovalNeeded(Refusal):
    status = 422
    field = "approver"
    sentence = _(
        "This is above what one person may give back here. Ask a manager to choose their name and type their PIN."
    )


class OwnApproval(Refusal):
    status = 422
    field = "approver"
    sentence = _("You void this sale yourself: another person has to approve it with their PIN.")
