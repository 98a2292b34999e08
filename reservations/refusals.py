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
        super().__init__(f"You can hold up to {most} seats at a time. Give one back to take another.")


class TooManyTickets(Refusal):
    """`has`: live and reserved tickets of this person for the showtime. `most`: how many one person can have."""

    status = 422

    def __init__(self, *, has: int, most: int) -> None:
        already = f", and you have {has} already" if has else ""
        left = max(0, most - has)
        choose = f"Please keep {left} of these seats" if left else "Please give these seats back"
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
        f"One person can have up to {most} tickets for a showtime{already}. Please give {back} back, or ask our box office: "
        "for a larger group we are glad to help."
    )


class TooManyHolds(Refusal):
    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(
            f"You are holding seats at {most} other showtimes. Pay for them or give them back, then choose here."
        )


class TooManyHere(Refusal):
    status = 429
    retry_after = 60
    sentence = (
        "Many seats are already held from your internet connection. As soon as some of them are paid for or given back "
        "you can go on: please try again in a few minutes."
    )


class TooManyUnpaid(Refusal):
    status = 429
    retry_after = 60
    sentence = (
        "Many seats are held by people who have not paid yet, so we give out two at a time just now. "
        "Please choose two seats, or try again in a few minutes."
    )


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
        super().__init__(f"You hold {', '.join(held)}. If you take {best} instead, your seats may go to somebody else.")


class NothingTogether(Refusal):
    sentence = "There are not that many free seats side by side. Try fewer, or choose them on the map."


class UnknownSeat(Refusal):
    status = 422
    sentence = "There is no such seat in this auditorium."


class Paying(Refusal):
    sentence = "You are paying for these seats. Continue paying, or change your seats."


class HoldLapsed(Refusal):
    sentence = "Your time ran out and the seats went back. If they are still free you can take them again."


class CannotExtend(Refusal):
    sentence = "Your hold can be extended once, when less than 90 seconds are left."


class NotOnSale(Refusal):
    status = 410
    sentence = "Online sales for this showtime have ended."


class NotYetOnSale(NotOnSale):
    status = 404
    sentence = "This showtime is not on sale."


class ShowtimeCanceled(NotOnSale):
    sentence = "This showtime has been canceled."


class SeatsChanged(Refusal):
    sentence = "Your seats have changed since this page was shown. Please look again before you pay."


class ShowingChanged(Refusal):
    sentence = "The film or its time has changed since this page was shown. Please look again; nothing was charged."


class QuoteChanged(Refusal):
    sentence = "The price has changed since this page was shown. Please look at the new total; nothing was charged."


class TooLateToPay(Refusal):
    sentence = "There is too little time left to pay. Please choose your seats again."


class CannotCancel(Refusal):
    sentence = "These tickets cannot be canceled."


class WrongCode(Refusal):
    status = 422
    sentence = "That is not the code of our last mail, or it is too old. Please look again, or ask for a new one."


class TooOften(Refusal):
    """`retry_after`: seconds until the limit lets somebody try again; `{wait}` in the sentence is the same in minutes."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(self.sentence.format(wait=minutes_text(retry_after)))


class TooManyCodes(TooOften):
    sentence = "We have just sent a code. Please look into your mailbox, and wait {wait} before you ask for another."


class ManyCodesSent(TooOften):
    sentence = (
        "We have sent several codes for this booking within the last hour. Please use the newest one, look among your "
        "unwanted mail too, or ask again in {wait}."
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
        "We have sent several links for this booking within the last hour. Please use the one in our newest mail, look "
        "among your unwanted mail too, or ask again in {wait}."
    )


class NoMailbox(Refusal):
    status = 422
    sentence = "This booking has no e-mail address, so we cannot send a link. Please ask at the counter."


class RefundChanged(Refusal):
    sentence = (
        "What you get back has changed since this page was shown. Please look at the new amount; nothing was done."
    )


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
            "Many codes were tried from here that we do not know. Please try again later, or go on without one."
        )
