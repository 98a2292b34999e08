"""Staff ask the provider again about a payment; the answer is acted on as always."""

from django.db import transaction

from core.refusals import Refusal
from payments.models import Payment
from payments.providers import errors
from payments.providers.call_rules import page_budget
from payments.providers.registry import provider_named
from payments.refunds.refunds_and_disputes import follow_refunds_and_disputes
from payments.sessions.settlement import SettlementResult, settle
from staff.services.audit import record

SENTENCES = {
    SettlementResult.OPEN: "{provider} says: the payment session is open and nobody has paid yet.",
    SettlementResult.CLOSED: "{provider} says: the payment session is closed and nobody paid.",
    SettlementResult.PARTLY: "{provider} says: it is paid. The seats are given once the rest is paid too.",
    SettlementResult.CONFIRMED: "{provider} says: it is paid. The booking is confirmed.",
    SettlementResult.REFUNDING: "{provider} says: it is paid. The seats could not be given, so all of it goes back.",
    SettlementResult.PROCESSING: (
        "{provider} says: the customer's bank has not decided yet. The seats are kept until sales close."
    ),
    SettlementResult.REFUSED: "{provider} says: the customer's bank refused. Nothing was charged.",
    SettlementResult.DONE_BEFORE: "It was settled before. Its refunds and disputes are as {provider} has them.",
    SettlementResult.NOT_OURS: "{provider}'s answer is not about this payment. Look at it in {provider}'s dashboard.",
}


class ProviderIsSilent(Refusal):
    staff_can = "Try again in half a minute."
    status = 503
    retry_after = 30
    sentence = "The payment provider does not answer right now. Nothing was changed; it is asked again by itself."


def ask_again(*, payment_id: int, actor: str) -> str:
    """Ask the provider about a payment, act on the answer and say it in a sentence. Raises ProviderIsSilent."""
    payment = Payment.objects.select_related("sale__theater").get(pk=payment_id)
    assert payment.is_online
    before = payment.status
    try:
        with page_budget():
            outcome = settle(payment_id=payment.pk, actor=actor)
            follow_refunds_and_disputes(payment)
    except errors.ProviderError:
        raise ProviderIsSilent from None
    payment.refresh_from_db(fields=["status"])
    with transaction.atomic():
        record(
            actor=actor,
            action="asked provider",
            thing=payment,
            theater=payment.sale.theater,
            before={"status": before},
            after={"status": payment.status, payment.provider: str(outcome)},
        )
    return SENTENCES[outcome].format(provider=provider_named(payment.provider).display_name)
