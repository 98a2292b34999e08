"""Why a ticket or its files are not shown."""

from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _


class TicketCanceled(Refusal):
    """Refused: a canceled ticket has no QR code, file or calendar entry. Its page still exists."""

    title = _("This ticket was canceled")
    status = 410
    sentence = _("This ticket was canceled and no longer opens the door, so there is nothing to print or to save.")
    way_on = WayOn(_("Open the ticket"), to="ticket")
    staff_can = "Open the booking in the office: its history says who canceled the ticket, and when."


class TicketsOnHold(Refusal):
    title = _("Your tickets are on hold")
    sentence = _(
        "The payment for this booking is disputed, so the tickets do not work at the door until the bank has decided. If this is "
        "a mistake, please ask your bank to withdraw the dispute."
    )
    staff_can = "Answer the dispute at the payment provider; the tickets are valid again when the bank decides for us."


class NoValidTickets(Refusal):
    title = _("There is no valid ticket")
    sentence = _("No ticket of this booking is valid now, so there is nothing to print.")
    staff_can = "Open the booking in the office: its history says why it has no valid ticket."


class NotInCalendar(Refusal):
    title = _("There is no calendar entry")
    sentence = _("Only a confirmed booking has an entry for your calendar.")
    way_on = WayOn(_("Open the booking"), to="booking")


class TicketGiven(Refusal):
    """The old code of a ticket that somebody else has taken."""

    staff_can = "Look up the booking at the door: it says who paid. Only the new code opens the door."
    status = 410
    title = _("This ticket was given to somebody else")
    sentence = _(
        "Somebody has taken this ticket by its link. It has a new code, and this one no longer works at the door."
    )


class TicketReplaced(Refusal):
    """The old code of a seat that was changed. It says where the new ticket is, never its code."""

    staff_can = "Look up the booking at the door: it has the new seats."
    status = 410
    title = _("This seat was changed")
    sentence = _(
        "This ticket is no longer valid. You find the new one in our newest e-mail and on the page of your booking."
    )
