"""Refusals because something has changed between the page and Pay."""

from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _


class SeatsChanged(Refusal):
    staff_can = "Ask them to look at the page again: another tab may have changed the seats."
    sentence = _(
        "Your choice has changed since this page was shown. Please check it before you pay; nothing was charged."
    )


class ShowingChanged(Refusal):
    staff_can = "Tell them what changed: the page of the showtime in the office says it."
    sentence = _(
        "What is shown or its time has changed since this page was shown. Please check it before you pay; "
        "nothing was charged."
    )


class QuoteChanged(Refusal):
    staff_can = "Nothing: the page shows the new total."
    sentence = _(
        "The price has changed since this page was shown. Please check the new total before you pay; "
        "nothing was charged."
    )


class TooLateToPay(Refusal):
    staff_can = "Choose the seats again, or sell at the counter."
    sentence = _("There is too little time left to pay. Nothing was charged. Please choose again.")
