"""The sandbox's objects have the fields that the SDK declares, and no others."""

import re
import typing

import pytest
import stripe


def declared(kind):
    """Names of fields, and whether each may be null."""
    hints = {name: hint for base in kind.__mro__ for name, hint in vars(base).get("__annotations__", {}).items()}
    optional = re.compile(r"Optional\[|None")
    return {
        name: bool(optional.search(str(hint)))
        for name, hint in hints.items()
        if name != "OBJECT_NAME" and name[0] != "_"
    }


@pytest.fixture
def objects(client, sandbox, open_session):
    session = open_session()
    sandbox.pay(session.id, card="4000000000000002")
    intent = sandbox.pay(session.id)["payment_intent"]
    charge = client.v1.payment_intents.retrieve(intent).latest_charge
    refund = client.v1.refunds.create(params={"payment_intent": intent, "amount": 100})
    dispute = sandbox.dispute(session.id)
    return {
        "checkout.session": client.v1.checkout.sessions.retrieve(session.id),
        "payment_intent": client.v1.payment_intents.retrieve(intent),
        "charge": client.v1.charges.retrieve(charge),
        "refund": client.v1.refunds.retrieve(refund.id),
        "dispute": client.v1.disputes.retrieve(dispute["id"]),
        "event": client.v1.events.list().data[0],
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("checkout.session", stripe.checkout.Session),
        ("payment_intent", stripe.PaymentIntent),
        ("charge", stripe.Charge),
        ("refund", stripe.Refund),
        ("dispute", stripe.Dispute),
        ("event", stripe.Event),
    ],
)
def test_fields_are_those_of_the_sdk(objects, name, kind):
    fields = declared(kind)
    ours = objects[name].to_dict()
    assert type(objects[name]) is kind
    assert set(ours) <= set(fields), "a field the SDK does not know"
    needed = {field for field, may_be_null in fields.items() if not may_be_null}
    assert needed <= set(ours), "a field that is never missing at Stripe"
    nulls = {field for field, value in ours.items() if value is None}
    assert not nulls & needed, "a field that is never null at Stripe"


def test_the_version_is_the_sdks(objects):
    from dev.sandbox.desk import API_VERSION

    assert stripe.api_version == API_VERSION
    assert typing.cast("stripe.Event", objects["event"]).api_version == API_VERSION
