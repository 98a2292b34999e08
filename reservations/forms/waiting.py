"""The form of the waiting list."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from core.letters.mailboxes import clean_address
from core.refusals import BadChoice
from core.texts.lazy_text import gettext_lazy as _
from core.web.posted_numbers import posted_number
from reservations.seats.party_seats import PartyWish
from reservations.selectors.waiting import NUMBERED, WaitingForm
from reservations.waiting.waiting_list import WaitingWish


def address_of(data: Any) -> str:
    """Return the e-mail address from the form. Raises BadChoice."""
    try:
        return clean_address(str(data.get("email", "")))
    except ValidationError as error:
        raise BadChoice("email", error.messages[0]) from None


def wish_of_post(data: Any, offered: WaitingForm) -> WaitingWish:
    """Read from the form what the party waits for. Raises BadChoice."""
    hours = _number(data, "hours", [0, *offered.hours_before])
    section = str(data.get("section", ""))
    if section and section not in offered.section_values:
        raise BadChoice("section", str(_("Please choose one of the sections of the auditorium.")))
    party = PartyWish(
        count=_number(data, "count", offered.counts),
        wheelchairs=_number(data, "wheelchairs", offered.wheelchairs),
        is_together=data.get("together", "yes") == "yes",
        section="" if section == NUMBERED else section,
        is_numbered=section == NUMBERED,
        is_step_free="stepfree" in data,
        has_hearing_loop="loop" in data,
        has_lifting_armrest="armrest" in data,
    )
    return WaitingWish(
        party,
        until=offered.showtime.sales_close_at - timedelta(hours=hours) if hours else None,
    )


def _number(data: Any, name: str, offered: Any) -> int:
    typed = str(data.get(name, "0"))
    value = posted_number(typed)
    if value is None or value not in offered:
        raise BadChoice(name, str(_("Please choose one of the numbers of the list.")))
    return value
