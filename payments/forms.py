"""What Pay posts, cleaned: the e-mail, a ticket type per seat, a promo code, and the total that was shown."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from core.mailboxes import clean_address
from core.refusals import BadChoice
from reservations.services.promo_codes import clean_code
from theaters.seat_labels import LONGEST_LABEL

MOST_CHOICES = 50
TYPE_PREFIX = "type-"


def chosen_types(posted: QueryDict) -> dict[str, str]:
    """Seat label → ticket type code."""
    names = [name for name in posted if name.startswith(TYPE_PREFIX)][:MOST_CHOICES]
    return {name.removeprefix(TYPE_PREFIX)[:LONGEST_LABEL]: str(posted[name])[:10] for name in names}


def clean_email(posted: Mapping[str, str]) -> str:
    """Raises BadChoice."""
    typed = posted.get("email", "").strip()
    if not typed:
        raise BadChoice("email", gettext("Please enter your e-mail address, so that we can send you the tickets."))
    try:
        return clean_address(typed)
    except ValidationError as error:
        raise BadChoice("email", str(error.message)) from None


def clean_total(posted: Mapping[str, str]) -> Decimal:
    """The total the customer agreed to. Raises BadChoice."""
    try:
        total = Decimal(posted.get("total", ""))
    except InvalidOperation:
        total = Decimal("NaN")
    if not total.is_finite() or total < 0:
        raise BadChoice("total", gettext("Please check the total before you pay. Nothing was charged."))
    return total


def typed_promo(request: HttpRequest) -> str:
    """The promo code in the field; at first the one of the address, for links in newsletters."""
    return clean_code(request.POST["promo"] if "promo" in request.POST else request.GET.get("promo", ""))


def promo_to_use(request: HttpRequest) -> str:
    """The code that Pay has to count with: not one that the page has refused beside the total it showed."""
    code = typed_promo(request)
    return "" if code == clean_code(request.POST.get("promo-refused", "")) else code
