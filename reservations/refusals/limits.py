"""Too many seats, tickets or holds for one person or one connection."""

from django.utils.translation import gettext, ngettext

from core.clock import minutes_text
from core.refusals import Refusal, TooFast, WayOn
from core.texts.lazy_text import gettext_lazy as _


class TooManySeats(Refusal):
    staff_can = "Sell a larger group its seats at the counter: there is no such limit there."
    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "You can choose up to %(most)s at a time. Give one up to choose another.",
                "You can choose up to %(most)s at a time. Give one up to choose another.",
                most,
            )
            % {"most": most}
        )


class TooManyTickets(Refusal):
    """`has`: live and reserved tickets of this person for the showtime. `most`: how many one person can have."""

    staff_can = "Sell at the counter, or allow this person more tickets on the page of ticket allowances."
    status = 422

    def __init__(self, *, has: int, most: int) -> None:
        super().__init__(
            f"{self.most_tickets(most=most, has=has)} {self.seats_to_keep(max(0, most - has))} {gettext('Nothing was charged.')}"
        )

    @staticmethod
    def most_tickets(*, most: int, has: int) -> str:
        if not has:
            sentence = ngettext(
                "One person can have up to %(most)s ticket for a showtime.",
                "One person can have up to %(most)s tickets for a showtime.",
                most,
            )
            return sentence % {"most": most}
        sentence = ngettext(
            "One person can have up to %(most)s ticket for a showtime, and you have %(has)s already.",
            "One person can have up to %(most)s tickets for a showtime, and you have %(has)s already.",
            most,
        )
        return sentence % {"most": most, "has": has}

    @staticmethod
    def seats_to_keep(left: int) -> str:
        """Tell the customer what to do with the held seats, of which `left` may be kept."""
        if not left:
            return gettext(
                "Please give up these tickets, or ask our box office: for a larger group we are glad to help."
            )
        sentence = ngettext(
            "Please keep %(left)s of these tickets, or ask our box office: for a larger group we are glad to help.",
            "Please keep %(left)s of these tickets, or ask our box office: for a larger group we are glad to help.",
            left,
        )
        return sentence % {"left": left}

    @staticmethod
    def seats_to_give_up(back: int, *, of: int) -> str:
        """Tell the customer to give seats back: `back` of those they hold are more than they can have."""
        if back >= of:
            return TooManyTickets.seats_to_keep(0)
        sentence = ngettext(
            "Please give up %(back)s of these tickets, or ask our box office: for a larger group we are glad to help.",
            "Please give up %(back)s of these tickets, or ask our box office: for a larger group we are glad to help.",
            back,
        )
        return sentence % {"back": back}


NEAR_THE_LIMIT = 4


def words_for_limit(*, most: int, has: int, count: int) -> str:
    """Tell before Pay what the limit of tickets per person means for these seats; '' while it is far away."""
    left = most - has - count
    if left >= NEAR_THE_LIMIT:
        return ""
    if left < 0:
        return f"{TooManyTickets.most_tickets(most=most, has=has)} {TooManyTickets.seats_to_give_up(-left, of=count)}"
    if left == 0:
        return f"{TooManyTickets.most_tickets(most=most, has=has)} {gettext('After these you can buy no more.')}"
    more = ngettext("After these you can buy %(left)s more.", "After these you can buy %(left)s more.", left)
    return f"{TooManyTickets.most_tickets(most=most, has=has)} {more % {'left': left}}"


class TooManyHolds(Refusal):
    staff_can = "Nothing: the other seats go back by themselves within minutes."
    is_about_other_holds = True
    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "We are holding tickets for you at %(most)s other showtime. "
                "Please pay for them or give them up, then choose here.",
                "We are holding tickets for you at %(most)s other showtimes. "
                "Please pay for them or give them up, then choose here.",
                most,
            )
            % {"most": most}
        )


class TooManyHere(Refusal):
    """`retry_after`: seconds until the first of the seats ends that were counted; None when that is not known."""

    staff_can = "Sell at the counter. A school or an office may share one connection."
    status = 429

    def __init__(self, retry_after: int | None) -> None:
        self.retry_after = retry_after
        super().__init__(
            gettext(
                "Many tickets are already held for people on your internet connection. %(later)s Some of them may be free "
                "again then, or as soon as some are paid for."
            )
            % {"later": _later(retry_after)}
        )


class TooManyUnpaid(Refusal):
    """`retry_after`: seconds until the first of the seats ends that were counted; None when that is not known."""

    staff_can = "Sell at the counter: what is paid at once does not count."
    status = 429

    def __init__(self, retry_after: int | None) -> None:
        self.retry_after = retry_after
        super().__init__(
            gettext(
                "Many tickets are held for people who have not paid yet, so you can choose only two at a time for now. "
                "Please choose two. %(later)s"
            )
            % {"later": _later(retry_after)}
        )


def _later(seconds: int | None) -> str:
    """The sentence that says when."""
    if seconds is None:
        return gettext("Please try again later.")
    return gettext("Please try again in %(wait)s.") % {"wait": minutes_text(seconds)}


class ClickedTooFast(TooFast):
    """Holds taken too often, or again and again without paying."""

    sentence = _("That was too fast for us. Nothing was changed; please try again in a moment.")
    way_on = WayOn(_("Back to the showtime"), to="seat_map")
    is_final = True
