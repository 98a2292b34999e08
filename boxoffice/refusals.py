"""Refusals of the office: a sentence each, and nothing was changed."""

from django.utils.translation import gettext

from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from reservations.refusals.on_sale import ShowtimeCanceled


class NothingToRefund(Refusal):
    sentence = _("Only tickets of a confirmed booking can be given back, and this one has none left.")


class NoSuchTickets(Refusal):
    status = 422
    sentence = _("Choose at least one ticket that is still valid.")


class NothingKept(Refusal):
    sentence = _("Nothing is kept of this booking's money: there is nothing to give back.")


class TooMuch(Refusal):
    status = 422

    def __init__(self, most: str) -> None:
        says = gettext("Give more than nothing and at most %(most)s: no more is kept of this booking's money.")
        super().__init__(says % {"most": most})


class PlanChanged(Refusal):
    sentence = _(
        "The booking has changed since this page was shown. Look again at what would happen; nothing was done."
    )


class AlreadyAsked(Refusal):
    sentence = _("A refund of this booking waits for a second person already. It has to be decided first.")


class AlreadyDecided(Refusal):
    sentence = _("Somebody has decided this request already.")


class OwnRequest(Refusal):
    status = 403
    sentence = _("You asked for this refund yourself: another person has to approve it.")


class RequestTooOld(Refusal):
    status = 410
    sentence = _("This request is more than seven days old. Please decline it. If it is still wanted, ask again.")


class RequestOutdated(Refusal):
    sentence = _(
        "The booking has changed since this was asked: other tickets are valid now, or the price is another. "
        "Please decline it. If it is still wanted, ask again."
    )


class ShowtimeOver(Refusal):
    status = 410
    title = _("The show is over")
    sentence = _("This showtime is over.")
    way_on = WayOn(_("Other showtimes"), to="counter")


class CanceledAtCounter(ShowtimeOver):
    title = _("Called off")
    sentence = ShowtimeCanceled.sentence


class NotYours(Refusal):
    """Refused: the person's role does not allow it. Each subclass says what."""

    status = 403


class MayNotOverride(NotYours):
    sentence = _(
        "Your role does not override this rule. Nothing was changed. Ask a manager to do it from their own sign-in."
    )


class MayNotLowerPrices(NotYours):
    sentence = _(
        "Your role does not lower a price. Nothing was changed. Ask a manager to do it from their own sign-in."
    )


class MayNotGiveAway(NotYours):
    sentence = _(
        "Your role does not give tickets away. Nothing was changed. Ask a manager to do it from their own sign-in."
    )
