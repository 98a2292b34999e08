"""Balance transactions: which money came and went, and when."""


def moves(client, **asked):
    found = client.v1.balance_transactions.list(asked).auto_paging_iter()
    return [(move.type, move.amount, move.source) for move in found]


def test_each_movement_of_a_payment_is_listed_newest_first(client, sandbox, paid):
    intent = paid()
    refund = sandbox.refund(intent, amount=1000)
    [charge] = client.v1.charges.list({"payment_intent": intent}).data
    sandbox.refund_fails(refund["id"])
    assert moves(client) == [
        ("refund_failure", 1000, refund["id"]), ("refund", -1000, refund["id"]), ("charge", 2900, charge.id),
    ]  # fmt: skip
    assert moves(client, type="refund") == [("refund", -1000, refund["id"])]
    assert moves(client, source=charge.id) == [("charge", 2900, charge.id)]
    assert client.v1.balance_transactions.retrieve(charge.balance_transaction).source == charge.id


def test_a_dispute_takes_money_and_gives_it_back_when_it_is_won(client, sandbox, paid):
    dispute = sandbox.dispute(paid())
    sandbox.win_dispute(dispute["id"])
    assert moves(client, type="adjustment") == [
        ("adjustment", 2900, dispute["id"]),
        ("adjustment", -2900, dispute["id"]),
    ]
    assert len(client.v1.disputes.retrieve(dispute["id"]).balance_transactions) == 2


def test_a_declined_card_moves_nothing(client, sandbox, open_session):
    sandbox.pay(open_session().id, card="4000000000000002")
    assert moves(client) == []


def test_movements_are_listed_by_the_time_they_were_made(client, sandbox, paid, now):
    first = paid()
    sandbox.advance(3600)
    since = now()
    refund = sandbox.refund(first, amount=1)
    assert moves(client, created={"gte": since}) == [("refund", -1, refund["id"])]
    assert moves(client, created={"lt": since}, limit=1) == [("charge", 2900, moves(client)[-1][2])]
