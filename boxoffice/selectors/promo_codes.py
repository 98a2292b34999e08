"""The uses of a promo code, and the sum of its discounts."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from houses.models import Theater
from reservations.models import PromoCode, PromoRedemption, Ticket

MOST_SHOWN = 200
PLACE = "booking__showtime__auditorium__theater"


@dataclass(frozen=True)
class DiscountTotal:
    """The discounts on valid and used tickets, in one currency."""

    currency: str
    amount: Decimal
    tickets: int


@dataclass(frozen=True)
class PromoCodeDetails:
    redemptions: list[PromoRedemption]
    counted: int
    given_back: int
    given: list[DiscountTotal]

    @property
    def is_cut(self) -> bool:
        return self.counted + self.given_back > len(self.redemptions)


def promo_code_details(promo: PromoCode, *, theaters: QuerySet[Theater]) -> PromoCodeDetails:
    """The code's redemptions at these theaters, newest first. Three queries."""
    used = PromoRedemption.objects.filter(**{f"{PLACE}__in": theaters}, promo_code=promo)
    numbers = used.aggregate(all=Count("pk"), back=Count("given_back_at"))
    sold = Ticket.objects.live().filter(**{f"{PLACE}__in": theaters}, booking__redemption__promo_code=promo)
    sums = sold.values("currency").annotate(amount=Sum("discount"), tickets=Count("pk")).order_by("currency")
    return PromoCodeDetails(
        redemptions=list(used.select_related(PLACE, "booking__sale__contact").order_by("-pk")[:MOST_SHOWN]),
        counted=numbers["all"] - numbers["back"],
        given_back=numbers["back"],
        given=[DiscountTotal(**row) for row in sums],
    )
