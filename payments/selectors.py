"""The quote of held seats for the checkout, and the findings of a check of seats and money."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from payments.models import InvariantRun, Payment, ProviderEvent, Refund
from reservations.models import Booking, Move, OutgoingMail, ShowtimeSeat, Ticket
from reservations.seats.own_seats import OwnSeats
from reservations.selling.discounts import Promotion
from reservations.selling.quotes import Quote, make_quote
from theaters.models import Showtime
from theaters.prices.prices import pinned_prices
from theaters.states import SalesChannel


def held_quote(
    *,
    showtime: Showtime,
    own: OwnSeats,
    choices: Mapping[str, str],
    promotion: Promotion | None = None,
    channel: SalesChannel = SalesChannel.ONLINE,
) -> Quote:
    """The quote for the held seats. Raises BadChoice, and PromoRefused when the promotion takes nothing off."""
    assert own.hold_id is not None
    rows = ShowtimeSeat.objects.filter(showtime=showtime, hold_id=own.hold_id).select_related("seat").order_by("pk")
    mine = {row.label: row.seat for row in rows}
    chosen_types = {label: code for label, code in choices.items() if label in mine}
    return make_quote(
        showtime=showtime,
        seats=list(mine.values()),
        choices=chosen_types,
        prices=pinned_prices(own.version_id or showtime.price_version_id),
        promotion=promotion,
        channel=channel,
    )


# Findings of the check of seats and money.

PAGES: dict[str, tuple[str, Any, str]] = {
    "booking": ("reservations_booking", Booking, "sale__reference"),
    "ticket": ("reservations_ticket", Ticket, "pk"),
    "payment": ("payments_payment", Payment, "pk"),
    "refund": ("payments_refund", Refund, "pk"),
    "move": ("reservations_move", Move, "pk"),
    "mail": ("reservations_outgoingmail", OutgoingMail, "pk"),
    "event": ("payments_providerevent", ProviderEvent, "provider_id"),
    "showtime": ("theaters_showtime", Showtime, "pk"),
}


@dataclass(frozen=True)
class FindingRow:
    """One row of a finding, with the page of what it names; '' when there is no such page."""

    text: str
    url: str


def last_check() -> InvariantRun | None:
    return InvariantRun.objects.finished().order_by("-pk").first()


def with_booking_links(differences: list[dict[str, str]]) -> list[FindingRow]:
    """Put each difference into words, with a link to its booking where we have it."""
    references = {difference["booking"] for difference in differences}
    pks = dict(Booking.objects.filter(sale__reference__in=references).values_list("sale__reference", "pk"))
    return [
        FindingRow(
            f"{difference['says']} ({difference['provider_id'] or 'not at the provider'}): {difference['remedy']}",
            reverse("admin:reservations_booking_change", args=[pk]) if (pk := pks.get(difference["booking"])) else "",
        )
        for difference in differences
    ]


def found_rows(rows: list[str]) -> list[FindingRow]:
    """`booking KX7M-4QPD` or `showtime 5, seat C7`, each with its page in the office."""
    return [FindingRow(row, _page(row)) for row in rows]


def _page(row: str) -> str:
    kind, name = row.partition(",")[0].split(" ", 1)
    if kind not in PAGES:
        return ""
    page, model, column = PAGES[kind]
    pk = name if column == "pk" else model.objects.filter(**{column: name}).values_list("pk", flat=True).first()
    return reverse(f"admin:{page}_change", args=[pk]) if pk else ""
