import pytest
import requests

from dev.sandbox.__main__ import make_desk, parse
from dev.sandbox.app import build_app
from dev.sandbox.clock import Clock
from dev.sandbox.testing import SandboxServer
from tests.stripe.conftest import STARTED, make_client


@pytest.fixture
def control(sandbox, visitor):
    def call(method, path, /, expect=200, base=sandbox.base_url, **data):
        answer = visitor.request(method, f"{base}/_control/{path}", json=data or None)
        assert answer.status_code == expect, answer.text
        return answer.json()

    return call


def test_pays_without_a_browser(client, control, open_session):
    session = open_session()
    assert control("POST", f"sessions/{session.id}/pay", card="4000000000000002")["status"] == "open"
    assert control("POST", f"sessions/{session.id}/pay", card="4242424242424242")["payment_status"] == "paid"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "complete"


def test_answers_for_the_bank(control, open_session):
    session = open_session()
    control("POST", f"sessions/{session.id}/pay", card="4000002500003155")
    assert control("POST", f"sessions/{session.id}/authenticate", outcome="fail")["status"] == "open"
    control("POST", f"sessions/{session.id}/pay", card="4000002500003155")
    assert control("POST", f"sessions/{session.id}/authenticate", outcome="complete")["status"] == "complete"


def test_lets_a_session_run_out(client, control, open_session):
    session = open_session()
    assert control("POST", f"sessions/{session.id}/expire")["status"] == "expired"
    assert "status of `expired`" in control("POST", f"sessions/{session.id}/expire", expect=400)["error"]
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_brings_money_late(control, open_session):
    session = open_session()
    control("POST", f"sessions/{session.id}/expire")
    assert control("POST", f"sessions/{session.id}/pay-late")["payment_status"] == "paid"


def test_settles_what_is_in_processing(control, open_session):
    session = open_session()
    control("POST", f"sessions/{session.id}/pay", card="processing")
    assert control("POST", f"payments/{session.id}/settle")["status"] == "succeeded"


def test_refunds_and_disputes_by_any_name_of_the_payment(control, sandbox, open_session):
    session = open_session()
    intent = sandbox.pay(session.id)["payment_intent"]
    refund = control("POST", f"payments/{intent}/refund", amount=100)
    assert control("POST", f"refunds/{refund['id']}/fail", reason="lost_or_stolen_card")["status"] == "failed"
    dispute = control("POST", f"payments/{refund['charge']}/dispute", reason="product_not_received")
    assert dispute["reason"] == "product_not_received"
    assert control("POST", f"disputes/{dispute['id']}/win")["status"] == "won"


def test_makes_refunds_pending(client, control, paid):
    control("POST", "switches", refunds="pending")
    refund = client.v1.refunds.create(params={"payment_intent": paid()})
    assert refund.status == "pending"
    assert control("POST", f"refunds/{refund.id}/succeed")["status"] == "succeeded"


def test_sets_faults_and_takes_them_back(control, visitor, sandbox):
    control("POST", "faults", kind="error", path="/v1/events", status=503, times=1)
    assert [fault["status"] for fault in control("GET", "faults")] == [503]
    auth = (sandbox.secret_key, "")
    assert visitor.get(f"{sandbox.base_url}/v1/events", auth=auth).status_code == 503
    assert control("GET", "faults") == []
    control("POST", "dead")
    with pytest.raises(requests.ConnectionError):
        visitor.get(f"{sandbox.base_url}/v1/events", auth=auth)
    control("POST", "alive")
    assert visitor.get(f"{sandbox.base_url}/v1/events", auth=auth).status_code == 200


def test_lists_what_happened(client, control, paid):
    paid()
    assert {row["path"] for row in control("GET", "requests")} == {"/v1/checkout/sessions"}
    assert [event["type"] for event in control("GET", "events")][-1] == "checkout.session.completed"
    assert {row["state"] for row in control("GET", "webhooks")} == {"due"}
    assert control("GET", "violations") == []
    overview = control("GET", "")
    assert overview["objects"] == {
        "balance_transaction": 1, "charge": 1, "checkout.session": 1, "event": 4, "payment_intent": 1,
    }  # fmt: skip
    assert control("DELETE", "requests") == []


def test_moves_the_clock(client, control, open_session):
    session = open_session()
    control("POST", "clock", advance=3600)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_forgets_everything(client, control, paid):
    paid()
    control("POST", "webhooks/rules", action="drop")
    control("POST", "switches", refunds="failed", paused=True)
    overview = control("POST", "reset")
    assert overview["objects"] == {}
    assert overview["switches"] == {
        "paused": False, "order": "normal", "refunds": "succeeded", "takes": None, "webhook_rules": [],
    }  # fmt: skip
    assert client.v1.events.list().data == []


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("nothing", {}, 404),
        ("switches", {"colour": "red"}, 400),
        ("switches", {"refunds": "maybe"}, 400),
        ("faults", {"kind": "explode"}, 400),
        ("webhooks/rules", {"action": "burn"}, 400),
        ("clock", {}, 400),
        ("sessions/cs_test_x/pay", {}, 404),
        ("payments/pi_x/refund", {}, 404),
    ],
)
def test_a_wrong_order_is_refused_with_a_sentence(control, path, data, status):
    assert control("POST", path, expect=status, **data)["error"]


def test_webhooks_are_held_and_let_go(endpoint, params, control):
    with SandboxServer(webhook_url=endpoint.url, clock=Clock(lambda: STARTED)) as posting:
        base = posting.base_url
        control("POST", "webhooks/pause", base=base)
        control("POST", "webhooks/rules", base=base, action="duplicate", type="charge.succeeded", times=1)
        control("POST", "switches", base=base, order="reversed")
        for client in make_client(base, posting.secret_key):
            session = client.v1.checkout.sessions.create(params=params)
        control("POST", f"sessions/{session.id}/pay", base=base)
        assert endpoint.received == []
        endpoint.answers = [500]
        assert control("POST", "webhooks/deliver", base=base) == {"delivered": 4, "waiting": 1}
        assert control("POST", "webhooks/deliver", base=base) == {"delivered": 1, "waiting": 0}
        event = control("GET", "events", base=base)[0]["id"]
        control("POST", "webhooks/resume", base=base)
        control("POST", f"webhooks/resend/{event}", base=base)
        assert len(endpoint.wait_for(7)) == 7


def test_without_its_flag_there_is_no_control(free_port, tmp_path):
    options = parse(
        [
            "--port",
            str(free_port),
            "--ledger",
            f"{tmp_path}/l",
            "--webhook-secret",
            "whsec_x",
            "--secret-key",
            "sk_test_x",
        ]
    )
    desk = make_desk(options)
    paths = [route.path for route in build_app(desk, control=options.control).routes]
    desk.ledger.close()
    assert not any("control" in path for path in paths)
