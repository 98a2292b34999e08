"""Why tickets are not canceled, and the codes by mail that confirm it."""

from django.utils.translation import gettext

from core.refusals import Refusal, TooOften
from core.texts.lazy_text import gettext_lazy as _


class CannotCancel(Refusal):
    staff_can = "Refund from the page of the booking, if the theater wants to all the same."
    title = _("That is no longer possible")
    sentence = _("These tickets cannot be canceled.")


class RefundChanged(Refusal):
    staff_can = "Nothing: the page shows the new amount."
    sentence = _("The refund has changed since this page was shown. Please check the new amount; nothing was canceled.")


class WrongCode(Refusal):
    staff_can = "Ask for the newest mail, or cancel from the page of the booking."
    field = "code"
    status = 422
    sentence = _("That is not the code from our last e-mail, or it is too old. Please check it, or ask for a new one.")


class TooManyCodes(TooOften):
    sentence = _(
        "We have just sent you a code. Please check your e-mail, and wait %(wait)s before you ask for another."
    )


class ManyCodesSent(TooOften):
    sentence = _(
        "We have sent several codes for this booking within the last hour. Please use the newest "
        "one, check your spam folder too, or ask again in %(wait)s."
    )


class TooManyWrongCodes(TooOften):
    field = "code"
    sentence = _(
        "Too many wrong codes were typed for this booking. Nothing was canceled. Please try again in %(wait)s."
    )

    def __init__(self, retry_after: int, *, answers_at: str = "") -> None:
        """`answers_at`: the theater's own e-mail address, if it has one."""
        super().__init__(retry_after)
        if answers_at:
            self.sentence += " " + gettext("You can also write to %(address)s.") % {"address": answers_at}
