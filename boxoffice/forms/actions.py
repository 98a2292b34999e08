"""Forms of actions on a booking. Staff always give a reason."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext

from core.columns import AmountFormField
from core.letters.mailboxes import AddressFormField
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from payments.states import COUNTER_METHODS, PaymentMethod
from reservations.models import Ticket
from reservations.states import TicketStatus
from theaters.seat_labels import only_places

MOST = 200


class ReasonForm(forms.Form):
    """Asks for a reason, which the log of moves keeps and the customer never sees."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MOST,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("Kept in the log for ever; customers do not see it."),
    )


class RefundForm(ReasonForm):
    field_order = ["tickets", "percent", "reason"]
    tickets = forms.TypedMultipleChoiceField(
        label=_("Tickets"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one ticket.")},
        help_text=_("They become void, and others can buy in their place."),
    )
    percent = forms.IntegerField(
        label=_("How much goes back, in %"),
        min_value=0,
        max_value=100,
        initial=100,
        help_text=_("Of the price of these tickets: 100 is all of it, whatever the rules for customers are."),
    )

    def __init__(self, data: Any = None, *, tickets: list[Ticket]) -> None:
        super().__init__(data, initial={"tickets": [ticket.pk for ticket in tickets]})
        field: Any = self.fields["tickets"]
        field.choices = [(ticket.pk, ticket_text(ticket)) for ticket in tickets]

    def clean_tickets(self) -> tuple[int, ...]:
        return tuple(self.cleaned_data["tickets"])


class GoodwillForm(ReasonForm):
    field_order = ["amount", "reason"]
    amount = AmountFormField(
        label=_("Amount"),
        min_value=Decimal("0.01"),
        max_digits=10,
        decimal_places=2,
        help_text=_("No ticket becomes void for it."),
    )


class PayOutForm(forms.Form):
    method = forms.ChoiceField(
        label=_("How it is paid out"),
        choices=[(method.value, method.label) for method in COUNTER_METHODS],
        widget=forms.RadioSelect,
    )


class GiveBackMovedInForm(PayOutForm):
    """How a moved-in ticket is refunded: from the drawer, or by the system that sold it."""

    method = forms.ChoiceField(
        label=_("How it is given back"),
        choices=[
            (
                PaymentMethod.MOVED_IN,
                _("By the ticket system that sold it, or otherwise outside: it counts in no takings"),
            ),
            *((method.value, method.label) for method in COUNTER_METHODS),
        ],
        widget=forms.RadioSelect,
    )


class PayOutInsteadForm(PayOutForm, ReasonForm):
    """Pay a refund out at the counter because the card did not take it."""

    field_order = ["method", "reason"]


class ResendForm(ReasonForm):
    """`before`: how often it was sent again when the form was shown, so that a double click sends one mail."""

    before = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class EmailForm(ReasonForm):
    field_order = ["email", "leaves_account", "reason"]
    email = AddressFormField(label=_("New e-mail"), widget=forms.EmailInput(attrs={"class": "vTextField"}))


class AccountEmailForm(EmailForm):
    leaves_account = forms.BooleanField(
        required=False,
        label=_("Take it out of the account"),
        help_text=_("Only when the account is not the customer's: a wrong address may have brought the booking there."),
    )


class CompForm(ReasonForm):
    field_order = ["labels", "email", "reason"]
    labels = forms.MultipleChoiceField(
        label=_("Free seats"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one seat."),
            "invalid_choice": _("Seat %(value)s is not free any more. Choose another."),
        },
    )
    email = AddressFormField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"class": "vTextField"}),
        help_text=_("The tickets are sent there."),
    )

    def __init__(self, data: Any = None, *, rows: list[tuple[str, list[str]]]) -> None:
        super().__init__(data)
        field: Any = self.fields["labels"]
        field.choices = [(heading, [(label, label) for label in labels]) for heading, labels in rows]
        if only_places(label for _, labels in rows for label in labels):
            field.label = gettext("Free places")
            field.error_messages["required"] = gettext("Choose at least one place.")
            field.error_messages["invalid_choice"] = gettext("%(value)s is not free any more. Choose another place.")


class DeclineForm(forms.Form):
    answer = forms.CharField(
        label=_("Why not"),
        max_length=MOST,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("The person who asked reads it."),
    )


def ticket_text(ticket: Ticket) -> str:
    """Describe a ticket in one line, to choose it."""
    says = f"{ticket.seat.label} · {ticket.type_name} · {format_money(ticket.price, ticket.currency)}"
    return f"{says}, {gettext('used at the door')}" if ticket.status == TicketStatus.USED else says
