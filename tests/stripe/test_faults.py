import threading
import time

import pytest
import requests
import stripe

SESSIONS = "/v1/checkout/sessions"


def made(sandbox):
    return len(sandbox.desk.ledger.find("checkout.session"))


@pytest.mark.parametrize(
    ("status", "error"), [(500, stripe.APIError), (503, stripe.APIError), (429, stripe.RateLimitError)]
)
def test_an_error_before_the_work_leaves_nothing(sandbox, open_session, status, error):
    sandbox.fault("error", SESSIONS, status=status, times=2)
    for _ in range(2):
        with pytest.raises(error) as refusal:
            open_session(key="k1")
        assert refusal.value.http_status == status
    assert made(sandbox) == 0
    assert open_session(key="k1").status == "open"


def test_an_error_during_the_work_is_kept_under_the_key(sandbox, open_session):
    sandbox.fault("error", SESSIONS, stage="during")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as refusal:
            open_session(key="k1")
        assert refusal.value.headers["stripe-should-retry"] == "false"
    assert refusal.value.headers["idempotent-replayed"] == "true"
    assert made(sandbox) == 0
    assert open_session(key="k2").status == "open"


def test_an_error_after_the_work_hides_what_was_done(client, sandbox, open_session):
    sandbox.fault("error", SESSIONS, stage="after")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            open_session(key="k1")
    (hidden,) = client.v1.checkout.sessions.list().data
    assert hidden.client_reference_id == "booking-1"


def test_a_lost_reply_is_found_again_by_its_key(sandbox, open_session):
    sandbox.fault("lose_reply", SESSIONS)
    with pytest.raises(stripe.APIConnectionError):
        open_session(key="k1")
    assert made(sandbox) == 1
    again = open_session(key="k1")
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert made(sandbox) == 1


def test_a_retrying_client_does_not_notice_a_lost_reply(sandbox, params, monkeypatch):
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)
    sandbox.fault("lose_reply", SESSIONS)
    with requests.Session() as session:
        client = stripe.StripeClient(
            sandbox.secret_key,
            base_addresses={"api": sandbox.base_url},
            http_client=stripe.RequestsClient(timeout=5, session=session),
            max_network_retries=2,
        )
        client.v1.checkout.sessions.create(params=params)
    first, second = sandbox.requests(SESSIONS)
    assert first["idempotency_key"] == second["idempotency_key"]
    assert (first["replayed"], second["replayed"], made(sandbox)) == (False, True, 1)


@pytest.mark.parametrize(
    ("kind", "status", "content"),
    [("proxy", 200, "text/html"), ("proxy", 408, "text/html"), ("proxy", 403, "text/html"), ("truncate", 200, "json")],
)
def test_something_in_between_answers_after_the_work(sandbox, open_session, kind, status, content):
    """The answer that is kept for the key is Stripe's own."""
    sandbox.fault(kind, SESSIONS, stage="after", status=status)
    with pytest.raises(stripe.APIError) as answer:
        open_session(key="k1")
    assert (answer.value.http_status, made(sandbox)) == (status, 1)
    assert open_session(key="k1").last_response.headers["idempotent-replayed"] == "true"
    assert made(sandbox) == 1


def test_something_in_between_answers_instead_of_stripe(sandbox, open_session):
    sandbox.fault("proxy", SESSIONS, stage="before", status=504)
    with pytest.raises(stripe.APIError):
        open_session(key="k1")
    assert (made(sandbox), open_session(key="k1").status) == (0, "open")


def test_a_reply_of_another_shape(client, sandbox):
    sandbox.fault("reply", "/v1/refunds", status=200, body='{"object": "charge", "id": "ch_1"}')
    assert client.v1.refunds.list().object == "charge"


def test_a_payment_that_brings_another_amount(client, sandbox, paid):
    sandbox.switches.turn(takes=1000)
    intent = client.v1.payment_intents.retrieve(paid(), params={"expand": ["latest_charge"]})
    assert (intent.amount, intent.amount_received, intent.latest_charge.amount_captured) == (2900, 1000, 1000)
    sandbox.switches.turn(takes=None)
    assert client.v1.payment_intents.retrieve(paid()).amount_received == 2900


def test_a_dead_host_does_nothing(sandbox, open_session, visitor):
    session = open_session()
    sandbox.go_dead()
    for _ in range(2):
        with pytest.raises(stripe.APIConnectionError):
            open_session()
    with pytest.raises(requests.ConnectionError):
        visitor.get(session.url)
    sandbox.heal()
    assert made(sandbox) == 1
    assert open_session().status == "open"


def slow_client(sandbox, timeout):
    session = requests.Session()
    http = stripe.RequestsClient(timeout=timeout, session=session)
    return session, stripe.StripeClient(sandbox.secret_key, base_addresses={"api": sandbox.base_url}, http_client=http)


@pytest.mark.parametrize(("stage", "done_meanwhile"), [("before", 0), ("after", 1)])
def test_a_slow_answer_runs_into_the_clients_timeout(sandbox, params, stage, done_meanwhile):
    fault = sandbox.fault("slow", SESSIONS, stage=stage, seconds=30)
    session, client = slow_client(sandbox, 0.2)
    with session, pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(params=params)
    assert fault.reached.is_set()
    assert made(sandbox) == done_meanwhile


def test_a_hanging_host_runs_into_the_clients_timeout(sandbox):
    sandbox.fault("hang")
    session, client = slow_client(sandbox, 0.1)
    with session, pytest.raises(stripe.APIConnectionError):
        client.v1.events.list()


def test_slow_by_a_little(client, sandbox):
    sandbox.fault("slow", seconds=0.05)
    started = time.monotonic()
    client.v1.events.list()
    assert time.monotonic() - started >= 0.05


def test_a_fault_hits_its_path_and_method_only(client, sandbox, open_session):
    sandbox.fault("error", "/v1/refunds*", times=None)
    sandbox.fault("error", SESSIONS, method="GET", times=None)
    assert open_session().status == "open"
    with pytest.raises(stripe.APIError):
        client.v1.checkout.sessions.list()
    with pytest.raises(stripe.APIError):
        client.v1.refunds.list()


def test_expiring_held_while_the_customer_pays(client, sandbox, open_session):
    """Closing a payment session and paying it at the same time, in the order that the test wants."""
    session = open_session()
    hold = sandbox.fault("hold", f"{SESSIONS}/{session.id}/expire")
    refusals = []

    def expire():
        try:
            client.v1.checkout.sessions.expire(session.id)
        except stripe.InvalidRequestError as refusal:
            refusals.append(refusal.user_message)

    closing = threading.Thread(target=expire)
    closing.start()
    assert hold.reached.wait(30)
    sandbox.pay(session.id)
    hold.release()
    closing.join()
    assert "has a status of `complete`" in refusals[0]


def test_the_page_in_trouble_charges_nothing(sandbox, open_session, visitor):
    session = open_session()
    sandbox.fault("error", "/c/pay/*", status=500)
    assert visitor.post(session.url, data={}).status_code == 500
    assert sandbox.desk.ledger.find("charge") == []


def test_money_for_a_closed_session(client, sandbox, open_session):
    session = client.v1.checkout.sessions.expire(open_session().id)
    assert sandbox.pay_late(session.id)["payment_status"] == "paid"


def test_a_session_paid_twice(client, sandbox, open_session):
    session = open_session()
    first = sandbox.pay(session.id)["payment_intent"]
    second = sandbox.pay_late(session.id)["payment_intent"]
    assert first != second
    assert {each.status for each in client.v1.payment_intents.list()} == {"succeeded"}


def test_requests_are_noted(client, sandbox, open_session):
    session = open_session(key="k1")
    client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent"]})
    created, read = sandbox.requests()
    assert (created["method"], created["path"], created["status"]) == ("POST", SESSIONS, 200)
    assert created["idempotency_key"] == "k1"
    assert created["params"]["client_reference_id"] == "booking-1"
    assert read["params"] == {"expand": {"0": "payment_intent"}}
    assert read["stripe_version"] == "2026-10-28.endive"
    assert [each["method"] for each in sandbox.requests(method="GET")] == ["GET"]
