"""Why the office says no to staff: one sentence each, and nothing was changed."""

from core.refusals import Refusal, WayOn
from reservations.refusals import ShowtimeCanceled


class NothingToRefund(Refusal):
    sentence = "Only tickets of a confirmed booking can be given back, and this one has none left."


class NoSuchTickets(Refusal):
    status = 422
    sentence = "Choose at least one ticket that is still valid."


class NothingKept(Refusal):
    sentence = "Nothing is kept of this booking's money: there is nothing to give back."


class TooMuch(Refusal):
    status = 422

    def __init__(self, most: str) -> None:
        super().__init__(f"Give more than nothing and at most {most}: no more is kept of this booking's money.")


class PlanChanged(Refusal):
    sentence = "The booking has changed since this page was shown. Look again at what would happen; nothing was done."


class AlreadyAsked(Refusal):
    sentence = "A refund of this booking waits for a second person already. It has to be decided first."


class AlreadyDecided(Refusal):
    sentence = "Somebody has decided this request already."


class OwnRequest(Refusal):
    status = 403
    sentence = "You asked for this refund yourself: another person has to approve it."


class RequestTooOld(Refusal):
    status = 410
    sentence = "This request is more than seven days old. Please decline it. If it is still wanted, ask again."


class RequestOutdated(Refusal):
    sentence = (
        "The booking has changed since this was asked: other tickets are valid now, or the price is another. "
        "Please decline it. If it is still wanted, ask again."
    )


class ShowtimeOver(Refusal):
    status = 410
    title = "The show is over"
    sentence = "This showtime is over."
    way_on = WayOn("Other showtimes", to="counter")


class CanceledAtCounter(ShowtimeOver):
    title = "Called off"
    sentence = ShowtimeCanceled.sentence


class NotYours(Refusal):
    """`what` the person's role does not allow."""

    status = 403

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Your role does not {what}. Nothing was changed. Ask a manager to do it from their own sign-in."
        )
