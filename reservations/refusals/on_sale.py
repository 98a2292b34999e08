"""Why nothing is sold for a showtime."""

from core.pauses import SENTENCE
from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _


class NoTermsYet(Refusal):
    staff_can = "Write the terms of the house in the office, on the page of its texts; until then sell at the counter."
    sentence = _(
        "Tickets cannot be bought here yet, because the terms of sale are not written. Nothing was charged. "
        "Please call the theater."
    )


class SalesPaused(Refusal):
    """Refused: all sales are paused (core/pauses.py)."""

    staff_can = "Look at the notice in the office: it says who paused sales and why. An owner resumes them there."
    title = _("Back in a moment")
    status = 503
    retry_after = 300
    sentence = SENTENCE


class ShowtimeMoves(SalesPaused):
    """Staff look at its move to another auditorium: nothing new is sold for it meanwhile."""

    staff_can = "Finish the move on its page in the office, or leave the showtime where it is; it ends by itself in half an hour."
    sentence = _(
        "This showtime is about to move to another auditorium, so we do not sell tickets for it right now. Tickets that you "
        "have already bought stay valid. Please come back in a few minutes."
    )


class NotOnSale(Refusal):
    staff_can = "Sell at the counter, which sells until the showtime ends."
    title = _("You can no longer book this showtime")
    is_final = True
    status = 410
    sentence = _("You can no longer buy tickets for this showtime online.")


class NotYetOnSale(NotOnSale):
    staff_can = "Publish the showtime, if it should be on sale."
    is_hidden = True
    status = 404
    sentence = _("Tickets for this showtime are not on sale yet.")


class ShowtimeCanceled(NotOnSale):
    staff_can = "Offer another showtime; money for this one goes back by itself."
    sentence = _("This showtime has been canceled.")
