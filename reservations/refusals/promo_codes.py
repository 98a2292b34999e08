"""Why a promo code cannot be used."""

from django.utils.translation import gettext

from core.refusals import BadChoice


class PromoRefused(BadChoice):
    """The promo code does not count for this booking: the sentence says why. Nothing was charged."""

    staff_can = "Look at the promo code in the office: it shows its days, its showtimes and its uses."
    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__("promo", sentence)


class PromoUnknown(PromoRefused):
    """Refused: there is no such promo code."""


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
