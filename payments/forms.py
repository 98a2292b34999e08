"""The form of the checkout, cleaned: the e-mail, a ticket type per seat, a promo code, and the total that was shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from accounts.services.needs import read_needs
from accounts.states import Need
from core.letters.mailboxes import clean_address
from core.refusals import BadChoice
from reservations.selling.bookings import PayForm
from reservations.selling.promo_codes import clean_code
from theaters.seat_labels import LONGEST_LABEL

MOST_CHOICES = 50
TYPE_PREFIX = "type-"
TYPED_ONCE = {"email", "promo", "tell"}


def chosen_types(posted: QueryDict) -> dict[str, str]:
    """Read the chosen ticket types from a form: seat label → ticket type code."""
    names = [name for name in posted if name.startswith(TYPE_PREFIX)][:MOST_CHOICES]
    return {name.removeprefix(TYPE_PREFIX)[:LONGEST_LABEL]: str(posted[name])[:10] for name in names}


def clean_email(posted: Mapping[str, str]) -> str:
    """Return the e-mail address from the form. Raises BadChoice when it is missing or invalid."""
    typed = posted.get("email", "").strip()
    if not typed:
        raise BadChoice("email", gettext("Please enter your e-mail address, so that we can send you the tickets."))
    try:
        return clean_address(typed)
    except ValidationError as error:
        raise BadChoice("email", str(error.message)) from None


def clean_total(posted: Mapping[str, str]) -> Decimal:
    """Return the total that the customer agreed to. Raises BadChoice."""
    try:
        total = Decimal(posted.get("total", ""))
    except InvalidOperation:
        total = Decimal("NaN")
    if not total.is_finite() or total < 0:
        raise BadChoice("total", gettext("Please check the total before you pay. Nothing was charged."))
    return total


@dataclass(frozen=True)
class CheckoutForm:
    """The form of the checkout as it was sent; at first the promo code of a link in a newsletter, and nothing else."""

    posted: QueryDict
    is_sent: bool
    promo_code: str

    @property
    def email(self) -> str:
        return self.posted.get("email", "")

    @property
    def choices(self) -> dict[str, str]:
        return chosen_types(self.posted)

    @property
    def told_needs(self) -> tuple[Need, ...]:
        """The needs that the page showed beside the tick, as they were ticked."""
        return read_needs(self.posted.get("tell", ""))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The fields and values that the customer entered, to show again after the hold ran out."""
        return [
            (name, str(value))
            for name, value in self.posted.items()
            if name in TYPED_ONCE or name.startswith(TYPE_PREFIX)
        ]

    @property
    def is_of_pending_booking(self) -> bool:
        """Whether it was sent from the page of a pending booking, which has no fields."""
        return "total" not in self.posted

    def to_pay(self, *, user_id: int | None) -> PayForm:
        """Read the form of Pay. A promo code that the page has refused beside its total is left out. Raises BadChoice."""
        refused = clean_code(self.posted.get("promo-refused", ""))
        return PayForm(
            email=clean_email(self.posted),
            choices=self.choices,
            expected_total=clean_total(self.posted),
            user_id=user_id,
            promo_code="" if self.promo_code == refused else self.promo_code,
            showing=self.posted.get("showing", ""),
            told_needs=self.told_needs,
        )


def sent_form(request: HttpRequest) -> CheckoutForm:
    code = request.POST["promo"] if "promo" in request.POST else request.GET.get("promo", "")
    return CheckoutForm(posted=request.POST, is_sent=request.method == "POST", promo_code=clean_code(code))
