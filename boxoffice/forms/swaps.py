"""Form that gives tickets other seats."""

from typing import Any

from django import forms

from boxoffice.forms.actions import ReasonForm, ticket_text
from boxoffice.selectors.showtime_seats import SeatRow
from core.texts.lazy_text import gettext_lazy as _
from reservations.models import Ticket


class SwapForm(ReasonForm):
    """`wanted` are the tickets ticked at first, `rows` the plan's rows to choose from."""

    field_order = ["tickets", "seats", "reason"]
    tickets = forms.TypedMultipleChoiceField(
        label=_("Tickets that get other seats"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one ticket.")},
        help_text=_("A ticket that was used at the door keeps its seat until its entry is taken back there."),
    )
    seats = forms.MultipleChoiceField(
        label=_("Seats"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose as many seats as tickets."),
            "invalid_choice": _("Seat %(value)s cannot be chosen. Choose another."),
        },
        help_text=_(
            "Choose as many as tickets. They are given in reading order; who sits on a chosen seat already stays."
        ),
    )

    def __init__(self, data: Any = None, *, tickets: list[Ticket], wanted: list[int], rows: list[SeatRow]) -> None:
        super().__init__(data, initial={"tickets": wanted})
        of_tickets: Any = self.fields["tickets"]
        of_tickets.choices = [(ticket.pk, ticket_text(ticket)) for ticket in tickets]
        of_seats: Any = self.fields["seats"]
        self.rows = rows
        of_seats.choices = [(seat.label, seat.label) for row in rows for seat in row.seats if not seat.is_closed]

    @property
    def picked(self) -> set[str]:
        """The seats ticked on the plan."""
        return set(self["seats"].value() or [])
