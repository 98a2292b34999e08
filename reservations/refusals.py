"""Why the box office says no: one exception per reason, each with a sentence for the customer."""

from core.clock import minutes_text
from core.pauses import SENTENCE


class Refusal(Exception):
    """Nothing was changed. `sentence` is for the customer, `status` the HTTP status of the answer."""

    status = 409
    retry_after: int | None = None  # seconds, when trying again later helps
    sentence = "That did not work. Nothing was changed."

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence or self.sentence
        super().__init__(self.sentence)


class SeatGone(Refusal):
    sentence = "Somebody was a moment faster: that seat is taken now. The map shows what is free."


class TooManySeats(Refusal):
    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(f"You can choose up to {most} seats at a time. Give one up to choose another.")


class TooManyTickets(Refusal):
    """`has`: live and reserved tickets of this person for the showtime. `most`: how many one person can have."""

    status = 422

    def __init__(self, *, has: int, most: int) -> None:
        already = f", and you have {has} already" if has else ""
        left = max(0, most - has)
        choose = f"Please keep {left} of these seats" if left else "Please give up these seats"
        super().__init__(
            f"One person can have up to {most} tickets for a showtime{already}. {choose}, or ask our box office: "
            "for a larger group we are glad to help. Nothing was charged."
        )


NEAR_THE_LIMIT = 4


def words_for_limit(*, most: int, has: int, wanted: int) -> str:
    """Before Pay: what the most tickets of one person mean for the seats in hand; empty while the limit is far away."""
    left = most - has - wanted
    if left >= NEAR_THE_LIMIT:
        return ""
    already = f", and you have {has} already" if has else ""
    if left >= 0:
        more = "no more" if left == 0 else f"{left} more"
        return f"One person can have up to {most} tickets for a showtime{already}. After these you can buy {more}."
    back = "these seats" if -left >= wanted else f"{-left} of these seats"
    return (
        f"One person can have up to {most} tickets for a showtime{already}. Please give up {back}, or ask our box office: "
        "for a larger group we are glad to help."
    )


class TooManyHolds(Refusal):
    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(
            f"We are holding seats for you at {most} other showtimes. Please pay for them or give them up, then choose here."
        )


class TooManyHere(Refusal):
    """`retry_after`: seconds until the first of the seats ends that were counted; None when that is not known."""

    status = 429

    def __init__(self, retry_after: int | None) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Many seats are already held for people on your internet connection. "
            f"Please try again {_later(retry_after)}, when some of them may be free again, or as soon as some are paid for."
        )


class TooManyUnpaid(Refusal):
    """`retry_after`: seconds until the first of the seats ends that were counted; None when that is not known."""

    status = 429

    def __init__(self, retry_after: int | None) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Many seats are held for people who have not paid yet, so you can choose only two at a time for now. "
            f"Please choose two seats, or try again {_later(retry_after)}."
        )


def _later(seconds: int | None) -> str:
    return "later" if seconds is None else f"in {minutes_text(seconds)}"


class SalesPaused(Refusal):
    """Nothing is sold for now (core/pauses.py)."""

    status = 503
    retry_after = 300
    sentence = SENTENCE


class WouldGiveBack(Refusal):
    """The best seats would replace seats that are held: the person is asked first."""

    def __init__(self, *, held: list[str], count: int) -> None:
        self.held, self.count = held, count
        best = "the best free seat" if count == 1 else f"the best {count} seats together"
        super().__init__(f"You have {', '.join(held)}. If you take {best} instead, somebody else may take your seats.")


class NothingTogether(Refusal):
    sentence = "There are not that many free seats side by side. Please try fewer, or choose seats on the map."


class UnknownSeat(Refusal):
    status = 422
    sentence = "There is no such seat here. Please choose one on the map."


class Paying(Refusal):
    sentence = "You have started to pay for these seats. Please continue paying, or change your seats first."


class HoldLapsed(Refusal):
    sentence = "Your time ran out, so we no longer hold your seats. If they are still free, you can take them again."


class CannotExtend(Refusal):
    sentence = "You can ask for more time once, when less than 90 seconds are left."


class NotOnSale(Refusal):
    status = 410
    sentence = "You can no longer buy tickets for this showtime online."


class NotYetOnSale(NotOnSale):
    status = 404
    sentence = "Tickets for this showtime are not on sale yet."


class ShowtimeCanceled(NotOnSale):
    sentence = "This showtime has been canceled."


class SeatsChanged(Refusal):
    sentence = (
        "Your seats have changed since this page was shown. Please check them before you pay; nothing was charged."
    )


class ShowingChanged(Refusal):
    sentence = "The film or its time has changed since this page was shown. Please check it before you pay; nothing was charged."


class QuoteChanged(Refusal):
    sentence = "The price has changed since this page was shown. Please check the new total before you pay; nothing was charged."


class TooLateToPay(Refusal):
    sentence = "There is too little time left to pay. Nothing was charged. Please choose your seats again."


class CannotCancel(Refusal):
    sentence = "These tickets cannot be canceled."


class WrongCode(Refusal):
    status = 422
    sentence = "That is not the code from our last e-mail, or it is too old. Please check it, or ask for a new one."


class TooOften(Refusal):
    """`retry_after`: seconds until the limit lets somebody try again; `{wait}` in the sentence is the same in minutes."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(self.sentence.format(wait=minutes_text(retry_after)))


class TooManyCodes(TooOften):
    sentence = "We have just sent you a code. Please check your e-mail, and wait {wait} before you ask for another."


class ManyCodesSent(TooOften):
    sentence = (
        "We have sent several codes for this booking within the last hour. Please use the newest one, check your spam "
        "folder too, or ask again in {wait}."
    )


class TooManyWrongCodes(TooOften):
    sentence = "Too many wrong codes were typed for this booking. Nothing was canceled. Please try again in {wait}."

    def __init__(self, retry_after: int, *, answers_at: str = "") -> None:
        """`answers_at`: the theater's own e-mail address, if it has one."""
        super().__init__(retry_after)
        if answers_at:
            self.sentence = f"{self.sentence.removesuffix('.')}, or write to {answers_at}."


class ManyLinksSent(TooOften):
    sentence = (
        "We have sent several links for this booking within the last hour. Please use the one in our newest e-mail, check "
        "your spam folder too, or ask again in {wait}."
    )


class NoMailbox(Refusal):
    status = 422
    sentence = "This booking has no e-mail address, so we cannot send you a link. Please ask at our counter."


class RefundChanged(Refusal):
    sentence = "The refund has changed since this page was shown. Please check the new amount; nothing was canceled."


class BadChoice(Refusal):
    """Something on the form cannot be: `field` says where."""

    status = 422

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class PromoRefused(BadChoice):
    """The promo code does not count for this booking: the sentence says why. Nothing was charged."""

    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__("promo", sentence)


class PromoUnknown(PromoRefused):
    """Nobody has such a code: a slip of the finger, or a guess."""


class TooManyPromoCodes(PromoRefused):
    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Too many wrong promo codes were tried from here. Please try again later, or continue without a code."
        )
