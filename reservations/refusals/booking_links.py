"""Why a link opens no booking, or no new one is sent."""

from core.refusals import Refusal, TooFast, TooOften
from core.texts.lazy_text import gettext_lazy as _


class ManyLinksSent(TooOften):
    title = _("No new link was sent")
    sentence = _(
        "We have sent several links for this booking within the last hour. Please use the one in our "
        "newest e-mail, check your spam folder too, or ask again in %(wait)s."
    )


class NoMailbox(Refusal):
    staff_can = "Give the booking an address on its page: the tickets are sent there then."
    title = _("No new link was sent")
    status = 422
    sentence = _("This booking has no e-mail address, so we cannot send you a link. Please ask at our counter.")


class WrongLink(Refusal):
    """The link is wrong; the answer is the same whether or not there is such a booking."""

    staff_can = "Send the confirmation again from the page of the booking, or let them ask at Find my booking."
    status = 404
    title = _("This link does not open a booking")
    sentence = _("Please use the link in our newest e-mail. If you copied the link, please check that it is complete.")


class AskedForLinksOften(TooFast):
    title = _("You have asked several times")
    sentence = _("Please check your e-mail, and your spam folder too. Our box office can find your booking as well.")
