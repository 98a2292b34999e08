"""The other ticket system as a provider: it took the money of moved-in tickets, and cannot be called."""

from decimal import Decimal

from payments.providers.answers import RefundAnswer
from payments.providers.counter import CounterProvider
from payments.providers.errors import Refused
from payments.states import MOVED_IN

GIVEN_BACK_BY_HAND = "given_back_by_hand"


class MovedInProvider(CounterProvider):
    """The provider of moved-in payments. It has no sessions and no list; a person refunds outside of this software."""

    name = MOVED_IN
    display_name = "Moved in"

    def refund(self, *, provider_payment_id: str, amount: Decimal, currency: str, key: str) -> RefundAnswer:
        raise Refused(
            GIVEN_BACK_BY_HAND,
            "another ticket system took this money: give it back by hand, there or at the counter, and say so here",
        )
