"""Why the box office says no: one exception per reason, each with a sentence for the customer."""

from typing import Any

from django.utils.translation import gettext, ngettext

from core.clock import minutes_text
from core.lazy_text import gettext_lazy as _
from core.local_formats import and_list
from core.pauses import SENTENCE
from core.refusals import BadChoice, Refusal, TooFast, TooOften, WayOn


class SeatGone(Refusal):
    staff_can = "Choose other seats with them; the counter's map shows what is free now."
    sentence = _("Somebody was a moment faster: that seat is taken now. The map shows what is free.")


class FewerPlaces(Refusal):
    staff_can = "Sell as many as are free; the page of the showtime says how many."

    def __init__(self, area: str, free: int) -> None:
        if not free:
            super().__init__(gettext("%(area)s is sold out at the moment. Nothing was changed.") % {"area": area})
            return
        sentence = ngettext(
            "%(area)s: you can have %(free)s place at the moment, because the others are taken. Nothing was changed.",
            "%(area)s: you can have %(free)s places at the moment, because the others are taken. Nothing was changed.",
            free,
        )
        super().__init__(sentence % {"area": area, "free": free})


class NoTermsYet(Refusal):
    staff_can = "Write the terms of the house in the office, on the page of its texts; until then sell at the counter."
    sentence = _(
        "Tickets cannot be bought here yet, because the terms of sale are not written. Nothing was charged. "
        "Please call the theater."
    )


class TooManySeats(Refusal):
    staff_can = "Sell a larger group its seats at the counter: there is no such limit there."
    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "You can choose up to %(most)s seat at a time. Give one up to choose another.",
                "You can choose up to %(most)s seats at a time. Give one up to choose another.",
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
        """What to do with the seats in hand, of which `left` may be kept."""
        if not left:
            return gettext("Please give up these seats, or ask our box office: for a larger group we are glad to help.")
        sentence = ngettext(
            "Please keep %(left)s of these seats, or ask our box office: for a larger group we are glad to help.",
            "Please keep %(left)s of these seats, or ask our box office: for a larger group we are glad to help.",
            left,
        )
        return sentence % {"left": left}

    @staticmethod
    def seats_to_give_up(back: int, *, of: int) -> str:
        """More are in hand than this person can have: `back` of them."""
        if back >= of:
            return TooManyTickets.seats_to_keep(0)
        sentence = ngettext(
            "Please give up %(back)s of these seats, or ask our box office: for a larger group we are glad to help.",
            "Please give up %(back)s of these seats, or ask our box office: for a larger group we are glad to help.",
            back,
        )
        return sentence % {"back": back}


NEAR_THE_LIMIT = 4


def words_for_limit(*, most: int, has: int, count: int) -> str:
    """Before Pay: what the most tickets of one person mean for the seats in hand; empty while the limit is far away."""
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
                "We are holding seats for you at %(most)s other showtime. "
                "Please pay for them or give them up, then choose here.",
                "We are holding seats for you at %(most)s other showtimes. "
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
                "Many seats are already held for people on your internet connection. %(later)s Some of them may be free "
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
                "Many seats are held for people who have not paid yet, so you can choose only two at a time for now. "
                "Please choose two seats. %(later)s"
            )
            % {"later": _later(retry_after)}
        )


def _later(seconds: int | None) -> str:
    """The sentence that says when."""
    if seconds is None:
        return gettext("Please try again later.")
    return gettext("Please try again in %(wait)s.") % {"wait": minutes_text(seconds)}


class SalesPaused(Refusal):
    """Nothing is sold for now (core/pauses.py)."""

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


class WouldGiveBack(Refusal):
    """The best seats would replace seats that are held: the person is asked first."""

    staff_can = "Nothing: it is a question, with a button for each answer."
    tone = "info"
    asks_to_replace = True

    def __init__(self, *, held: list[str], count: int) -> None:
        self.held, self.count = held, count
        sentence = ngettext(
            "You have %(seats)s. If you take the best free seat instead, somebody else may take your seats.",
            "You have %(seats)s. If you take the best %(count)s seats together instead, somebody else may take your seats.",
            count,
        )
        super().__init__(sentence % {"seats": ", ".join(held), "count": count})


class LeavesSingleSeats(Refusal):
    """The chosen seats leave single seats over, and there are others that do not: `labels` can be taken instead."""

    staff_can = "Press the button with the other seats, or leave the seat over: a manager has the right, with a reason."

    def __init__(self, left_over: Any) -> None:
        self.labels = [seat.label for seat in left_over.instead]
        super().__init__(self.words([seat.label for seat in left_over.singles]))

    @staticmethod
    def words(singles: list[str]) -> str:
        sentence = ngettext(
            "Seat %(seats)s would be left over alone, and hardly anybody can use a single seat.",
            "Seats %(seats)s would be left over alone, and hardly anybody can use a single seat.",
            len(singles),
        )
        return sentence % {"seats": and_list(singles)}


class NothingTogether(Refusal):
    offers_waiting_list = True
    staff_can = "Look at the counter's map for what is left, in another section or at another price."
    sentence = _(
        "There are not enough free seats for that. Please try fewer people, another section or another price, or choose "
        "seats on the map."
    )


class UnknownSeat(Refusal):
    staff_can = "Ask them to load the page again: the plan may have changed."
    status = 422
    sentence = _("There is no such seat here. Please choose one on the map.")


class Paying(Refusal):
    staff_can = "Ask them to press “Change seats” on the checkout, or to pay."
    sentence = _("You have started to pay for these seats. Please continue paying, or change your seats first.")


class HoldLapsed(Refusal):
    staff_can = "Choose the seats again if they are still free."
    sentence = _("Your time ran out, so we no longer hold your seats. If they are still free, you can take them again.")


class SeatsElsewhere(HoldLapsed):
    """The hold ended because its showtime moved to another auditorium."""

    staff_can = "Help them to choose seats in the new auditorium; nothing was charged."
    sentence = _(
        "This showtime has moved to another auditorium, so we no longer hold the seats that you had chosen. Nothing was "
        "charged. Please choose your seats in the new auditorium."
    )


class CannotExtend(Refusal):
    staff_can = "Nothing: after the extension the seats go back when the time is up."
    sentence = _("You can ask for more time once, when less than 90 seconds are left.")


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


class SeatsChanged(Refusal):
    staff_can = "Ask them to look at the page again: another tab may have changed the seats."
    sentence = _(
        "Your seats have changed since this page was shown. Please check them before you pay; nothing was charged."
    )


class ShowingChanged(Refusal):
    staff_can = "Tell them what changed: the page of the showtime in the office says it."
    sentence = _(
        "The film or its time has changed since this page was shown. Please check it before you pay; "
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
    sentence = _("There is too little time left to pay. Nothing was charged. Please choose your seats again.")


class TicketCanceled(Refusal):
    """Its QR code, file and calendar entry are asked for; the ticket's page itself stays."""

    title = _("This ticket was canceled")
    status = 410
    sentence = _("This ticket was canceled and no longer opens the door, so there is nothing to print or to save.")
    way_on = WayOn(_("Open the ticket"), to="ticket")
    staff_can = "Open the booking in the office: its history says who canceled the ticket, and when."


class TicketsOnHold(Refusal):
    title = _("Your tickets are on hold")
    sentence = _(
        "The payment for this booking is disputed, so the tickets open no door until the bank has decided. If this is a "
        "mistake, please ask your bank to withdraw the dispute."
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


class CannotCancel(Refusal):
    staff_can = "Refund from the page of the booking, if the theater wants to all the same."
    title = _("That is no longer possible")
    sentence = _("These tickets cannot be canceled.")


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


class RefundChanged(Refusal):
    staff_can = "Nothing: the page shows the new amount."
    sentence = _("The refund has changed since this page was shown. Please check the new amount; nothing was canceled.")


class PromoRefused(BadChoice):
    """The promo code does not count for this booking: the sentence says why. Nothing was charged."""

    staff_can = "Look at the promo code in the office: it shows its days, its showtimes and its uses."
    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__("promo", sentence)


class PromoUnknown(PromoRefused):
    """Nobody has such a code: a slip of the finger, or a guess."""


class TooManyPromoCodes(PromoRefused):
    staff_can = "Sell at the counter with the code."
    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            gettext(
                "Too many wrong promo codes were tried from here. Please try again later, or continue without a code."
            )
        )


class ClickedTooFast(TooFast):
    """Holds taken too often, or again and again without paying."""

    sentence = _("That was too fast for us. Your seats are unchanged; please try again in a moment.")
    way_on = WayOn(_("Back to the seats"), to="seat_map")
    is_final = True


class TooManyWrongLinks(TooFast):
    sentence = _(
        "Too many wrong links were opened from your internet connection. Please wait a minute, then try again."
    )


class WrongLink(Refusal):
    """The same for every wrong link, whether or not there is such a booking."""

    staff_can = "Send the confirmation again from the page of the booking, or let them ask at Find my booking."
    status = 404
    title = _("This link does not open a booking")
    sentence = _("Please use the link in our newest e-mail. If you copied the link, please check that it is complete.")


class AskedForLinksOften(TooFast):
    title = _("You have asked several times")
    sentence = _("Please check your e-mail, and your spam folder too. Our box office can find your booking as well.")


class TicketGiven(Refusal):
    """The old code of a ticket that somebody else has taken."""

    staff_can = "Look up the booking at the door: it says who paid. Only the new code opens the door."
    status = 410
    title = _("This ticket was given to somebody else")
    sentence = _("Somebody has taken this ticket by its link. It has a new code, and this one opens no door any more.")


class TicketReplaced(Refusal):
    """The old code of a seat that was changed. It says where the new ticket is, never its code."""

    staff_can = "Look up the booking at the door: it has the new seats."
    status = 410
    title = _("This seat was changed")
    sentence = _(
        "This ticket is no longer valid. You find the new one in our newest e-mail and on the page of your booking."
    )
