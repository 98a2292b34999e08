"""Why seats cannot be taken, kept or replaced."""

from typing import Any

from django.utils.translation import gettext, ngettext

from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import and_list
from theaters.seat_labels import label_in_words, section_in_words


class SeatGone(Refusal):
    staff_can = "Choose other seats with them; the counter's map shows what is free now."
    sentence = _("Somebody was a moment faster: that seat is taken now. The map shows what is free.")


class FewerPlaces(Refusal):
    offers_waiting_list = True
    staff_can = "Sell as many as are free; the page of the showtime says how many."

    def __init__(self, area: str, free: int) -> None:
        self.waiting_section = area
        area = section_in_words(area)
        if not free:
            super().__init__(gettext("%(area)s is sold out at the moment. Nothing was changed.") % {"area": area})
            return
        sentence = ngettext(
            "%(area)s: you can have %(free)s place at the moment, because the others are taken. Nothing was changed.",
            "%(area)s: you can have %(free)s places at the moment, because the others are taken. Nothing was changed.",
            free,
        )
        super().__init__(sentence % {"area": area, "free": free})


class UnknownSeat(Refusal):
    staff_can = "Ask them to load the page again: the plan may have changed."
    status = 422
    sentence = _("There is no such seat here. Please choose one on the map.")


class NothingTogether(Refusal):
    offers_waiting_list = True
    staff_can = "Look at the counter's map for what is left, in another section or at another price."
    sentence = _(
        "There are not enough free seats for that. Please try fewer people, another section or another price, or choose "
        "seats on the map."
    )


class OnlyWholeSofas(NothingTogether):
    staff_can = "A ticket type for a place that stays empty lets one person have a sofa: Prices, Ticket types."
    sentence = _(
        "Only sofas are left for that, and we sell them whole. Ask for one person more and buy a ticket for each place of the "
        "sofa, or try another section or showtime."
    )


class OnlyWheelchairSpaces(NothingTogether):
    """`most` wheelchair spaces can be asked for, which the notice does by a form of its own."""

    staff_can = "Choose under “Needs” how many wheelchair spaces the party needs."
    tone = "info"
    offers_waiting_list = False
    sentence = _(
        "Only wheelchair spaces and seats for companions are free there. Please choose how many wheelchair spaces you need."
    )

    def __init__(self, most: int) -> None:
        super().__init__()
        self.wheelchairs = range(1, most + 1)


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
        super().__init__(sentence % {"seats": ", ".join(map(label_in_words, held)), "count": count})


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
        return sentence % {"seats": and_list([label_in_words(label) for label in singles])}


class Paying(Refusal):
    staff_can = "Ask them to press “Change seats” on the checkout, or to pay."
    sentence = _("You have started to pay for these tickets. Please continue paying, or change your choice first.")


class HoldLapsed(Refusal):
    staff_can = "Choose the seats again if they are still free."
    sentence = _(
        "Your time ran out, so we no longer hold your tickets. If they are still free, you can take them again."
    )


class SeatsElsewhere(HoldLapsed):
    """The hold ended because its showtime moved to another auditorium."""

    staff_can = "Help them to choose seats in the new auditorium; nothing was charged."
    sentence = _(
        "This showtime has moved to another auditorium, so we no longer hold what you had chosen. Nothing was "
        "charged. Please choose again in the new auditorium."
    )


class CannotExtend(Refusal):
    staff_can = "Nothing: after the extension the seats go back when the time is up."
    sentence = _("You can ask for more time once, when less than 90 seconds are left.")


class SeatsOfSharedBlock(Refusal):
    """The map and the panel do not change seats that a friend took from a shared block: they would be lost to the group."""

    staff_can = (
        "Ask them to pay for these, or to give them back on the page of their friends' link; both take a minute."
    )
    is_about_shared_block = True
    sentence = _(
        "You hold tickets that somebody keeps for you and your friends. Please pay for them first, or give them back to your "
        "friends, then choose again. Nothing was changed."
    )
    way_on = WayOn(_("To the tickets of your friends"), to="share_seats")
