import pytest
import stripe


def refund(client, intent, **changes):
    return client.v1.refunds.create(params={"payment_intent": intent} | changes)


def charge_of(client, intent):
    return client.v1.payment_intents.retrieve(intent, params={"expand": ["latest_charge"]}).latest_charge


def test_all_of_it(client, sandbox, paid):
    intent = paid()
    made = refund(client, intent, reason="requested_by_customer", metadata={"refund": "3"})
    assert (made.status, made.amount, made.currency, made.payment_intent) == ("succeeded", 2900, "usd", intent)
    assert (made.reason, made.metadata.to_dict()) == ("requested_by_customer", {"refund": "3"})
    charge = charge_of(client, intent)
    assert (charge.id, charge.amount_refunded, charge.refunded) == (made.charge, 2900, True)
    assert [event["type"] for event in sandbox.events()][-2:] == ["refund.created", "charge.refunded"]


def test_in_parts(client, paid):
    intent = paid()
    refund(client, intent, amount=1000)
    charge = charge_of(client, intent)
    assert (charge.amount_refunded, charge.refunded) == (1000, False)
    assert refund(client, intent).amount == 1900
    assert charge_of(client, intent).refunded is True


def test_by_its_charge(client, paid):
    intent = paid()
    charge = charge_of(client, intent)
    assert client.v1.refunds.create(params={"charge": charge.id}).payment_intent == intent


def test_too_much(client, sandbox, paid):
    intent = paid()
    refund(client, intent, amount=1000)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(client, intent, amount=1901)
    assert (refusal.value.http_status, refusal.value.param) == (400, "amount")
    assert "($19.01) is greater than unrefunded amount on charge ($19.00)" in refusal.value.user_message
    assert charge_of(client, intent).amount_refunded == 1000


def test_already_refunded(client, paid):
    intent = paid()
    refund(client, intent)
    for change in ({}, {"amount": 1}):
        with pytest.raises(stripe.InvalidRequestError, match="has already been refunded") as refusal:
            refund(client, intent, **change)
        assert refusal.value.code == "charge_already_refunded"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "payment_intent or charge"),
        ({"payment_intent": "pi_nothing"}, "No such payment_intent: 'pi_nothing'"),
        ({"charge": "ch_nothing"}, "No such charge: 'ch_nothing'"),
        ({"payment_intent": "pi_nothing", "amount": 0}, "Invalid positive integer"),
        ({"payment_intent": "pi_nothing", "amount": "9.50"}, "Invalid integer"),
        ({"payment_intent": "pi_nothing", "reason": "bored"}, "must be one of"),
        ({"payment_intent": "pi_nothing", "booking": "4"}, "Received unknown parameter"),
    ],
)
def test_a_wrong_request_is_refused(client, params, words):
    with pytest.raises(stripe.InvalidRequestError, match=words):
        client.v1.refunds.create(params=params)


def test_what_was_not_paid_is_not_refunded(client, sandbox, open_session):
    intent = sandbox.pay(open_session().id, card="4000000000000002")["payment_intent"]
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        refund(client, intent)


def test_read_and_listed_by_payment(client, paid):
    one, other = paid(), paid()
    first, second = refund(client, one, amount=100), refund(client, one, amount=200)
    refund(client, other)
    assert client.v1.refunds.retrieve(first.id).amount == 100
    assert [each.id for each in client.v1.refunds.list(params={"payment_intent": one})] == [second.id, first.id]
    expanded = client.v1.refunds.retrieve(first.id, params={"expand": ["charge.refunds"]})
    assert [each.id for each in expanded.charge.refunds.data] == [second.id, first.id]
    with pytest.raises(stripe.InvalidRequestError, match="No such refund"):
        client.v1.refunds.retrieve("re_nothing")


def test_pending_then_arrived(client, sandbox, paid):
    sandbox.switches.refunds = "pending"
    made = refund(client, paid())
    assert (made.status, made.pending_reason) == ("pending", "processing")
    sandbox.refund_succeeds(made.id)
    assert client.v1.refunds.retrieve(made.id).status == "succeeded"
    assert len(sandbox.events("refund.updated")) == 1


def test_a_failed_refund_leaves_the_money_to_be_sent_again(client, sandbox, paid):
    intent = paid()
    made = refund(client, intent)
    sandbox.refund_fails(made.id)
    found = client.v1.refunds.retrieve(made.id)
    assert (found.status, found.failure_reason) == ("failed", "expired_or_canceled_card")
    assert charge_of(client, intent).amount_refunded == 0
    assert [event["type"] for event in sandbox.events("refund*")] == [
        "refund.created",
        "refund.updated",
        "refund.failed",
    ]
    assert refund(client, intent).status == "succeeded"


def test_the_cards_made_for_it(client, paid):
    assert refund(client, paid(card="4000000000007726")).status == "pending"
    failing = refund(client, paid(card="4000000000005126"))
    assert failing.status == "succeeded"
    assert client.v1.refunds.retrieve(failing.id).status == "failed"


def test_an_empty_balance_refuses(client, sandbox, paid):
    sandbox.switches.refunds = "insufficient_balance"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(client, paid())
    assert refusal.value.code == "balance_insufficient"


def test_from_the_dashboard(client, sandbox, open_session):
    session = open_session()
    intent = sandbox.pay(session.id)["payment_intent"]
    sandbox.refund(session.id, amount=400)
    (found,) = client.v1.refunds.list(params={"payment_intent": intent}).data
    assert found.amount == 400
    assert sandbox.events("refund.created")[0]["request"] == {"id": None, "idempotency_key": None}


class TestDisputes:
    def test_opened(self, client, sandbox, paid):
        intent = paid()
        made = sandbox.dispute(intent)
        assert charge_of(client, intent).disputed is True
        found = client.v1.disputes.retrieve(made["id"])
        assert (found.status, found.amount, found.payment_intent) == ("needs_response", 2900, intent)
        assert [each.id for each in client.v1.disputes.list(params={"payment_intent": intent})] == [made["id"]]
        assert len(sandbox.events("charge.dispute.created")) == 1

    def test_a_disputed_charge_is_not_refunded(self, client, sandbox, paid):
        intent = paid()
        sandbox.dispute(intent)
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            refund(client, intent)
        assert refusal.value.code == "charge_disputed"

    def test_won_it_can_be_refunded_again(self, client, sandbox, paid):
        intent = paid()
        sandbox.win_dispute(sandbox.dispute(intent)["id"])
        (closed,) = sandbox.events("charge.dispute.closed")
        assert closed["data"]["object"]["status"] == "won"
        assert refund(client, intent).status == "succeeded"

    def test_lost(self, client, sandbox, paid):
        made = sandbox.dispute(paid())
        sandbox.lose_dispute(made["id"])
        assert client.v1.disputes.retrieve(made["id"]).status == "lost"
        with pytest.raises(Exception, match="already lost"):
            sandbox.win_dispute(made["id"])

    def test_the_card_made_for_it(self, client, paid):
        assert charge_of(client, paid(card="4000000000000259")).disputed is True
