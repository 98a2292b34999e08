"""The form of the waiting list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from accounts.states import Need
from core.letters.mailboxes import clean_address
from core.refusals import BadChoice
from core.texts.lazy_text import gettext_lazy as _
from core.web.posted_numbers import posted_number
from reservations.seats.party_seats import PartyWish
from reservations.selectors.waiting import NUMBERED, WaitingForm
from reservations.waiting.waiting_list import WaitingWish


@dataclass(frozen=True)
class Tick:
    """A box for a need: its name in the form, the field of the wish, and the saved needs with which it begins ticked.

    `of_walkers`: not of people who stay in their wheelchair.
    """

    name: str
    need: str
    label: str
    saved: frozenset[Need]
    of_walkers: bool = True

    def begins_ticked(self, needs: Collection[Need]) -> bool:
        return not self.saved.isdisjoint(needs) and not (self.of_walkers and Need.WHEELCHAIR in needs)


# In the order of the page.
TICKS = (
    Tick(
        "transfer",
        "has_transfer",
        _("Only where somebody can change to a seat from a wheelchair, from the aisle"),
        frozenset({Need.TRANSFER}),
    ),
    Tick("stepfree", "is_step_free", _("Only seats without steps on the way"), frozenset({Need.STEP_FREE}), False),
    Tick("aisle", "is_beside_aisle", _("Only with a seat beside an aisle"), frozenset({Need.AISLE})),
    Tick("armrest", "has_lifting_armrest", _("Only where an armrest lifts"), frozenset({Need.ARMREST})),
    Tick("exit", "is_near_exit", _("Only in a row near an exit"), frozenset({Need.NEAR_EXIT})),
    Tick("loop", "has_hearing_loop", _("Only seats with a hearing loop"), frozenset({Need.HEARING_LOOP}), False),
    Tick("dog", "has_dog", _("Only where an assistance dog has room"), frozenset({Need.DOG}), False),
)


def ticks_of(data: Any, offered: WaitingForm, needs: Collection[Need]) -> list[tuple[Tick, bool]]:
    """The boxes that the form has, and whether each is ticked: as it was sent, else as the saved needs say."""
    is_sent = "count" in data
    return [
        (tick, tick.name in data if is_sent else tick.begins_ticked(needs))
        for tick in TICKS
        if tick.name in offered.ticks
    ]


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
        **{tick.need: tick.name in data for tick in TICKS},
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
