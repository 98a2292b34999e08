import threading

import pytest
import requests
import stripe

from tests.stripe.conftest import make_client


def test_the_same_key_brings_the_same_answer(sandbox, open_session):
    first, second = open_session(key="k1"), open_session(key="k1")
    assert first.id == second.id
    assert len(sandbox.desk.ledger.find("checkout.session")) == 1
    assert "idempotent-replayed" not in first.last_response.headers
    headers = second.last_response.headers
    assert headers["idempotent-replayed"] == "true"
    assert headers["original-request"] == first.last_response.request_id != headers["request-id"]


def test_the_answer_is_the_old_one_even_if_the_world_moved_on(sandbox, client, open_session):
    first = open_session(key="k1")
    sandbox.pay(first.id)
    assert open_session(key="k1").status == "open"
    assert client.v1.checkout.sessions.retrieve(first.id).status == "complete"


def test_other_parameters_under_the_same_key_are_an_error(sandbox, open_session):
    open_session(key="k1")
    with pytest.raises(stripe.IdempotencyError, match="can only be used with the same parameters") as refusal:
        open_session(key="k1", client_reference_id="booking-2")
    assert refusal.value.http_status == 400
    assert len(sandbox.desk.ledger.find("checkout.session")) == 1


def test_another_address_under_the_same_key_is_an_error(client, open_session):
    session = open_session(key="k1")
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "k1"})


def test_a_refusal_after_the_work_began_is_kept(client, sandbox, paid):
    intent = paid()
    ask = {"params": {"payment_intent": intent, "amount": 9900}, "options": {"idempotency_key": "r1"}}
    answers = []
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.refunds.create(**ask)
        answers.append(refusal.value)
    assert answers[0].http_body == answers[1].http_body
    assert answers[1].headers["idempotent-replayed"] == "true"


def test_a_malformed_request_may_be_corrected_under_the_same_key(open_session):
    with pytest.raises(stripe.InvalidRequestError):
        open_session(key="k1", mode="gift")
    assert open_session(key="k1").status == "open"


def test_a_key_lives_a_day(sandbox, open_session):
    first = open_session(key="k1")
    sandbox.advance(86_401)
    with pytest.raises(stripe.InvalidRequestError, match="at least 30 minutes"):
        open_session(key="k1")
    assert sandbox.session(first.id)["status"] == "expired"


def test_the_same_key_twice_at_once_is_a_conflict(sandbox, open_session):
    hold = sandbox.fault("hold", "/v1/checkout/sessions", seconds=5)
    made = []
    thread = threading.Thread(target=lambda: made.append(open_session(key="k1")))
    thread.start()
    assert hold.reached.wait(30)
    with pytest.raises(stripe.APIError) as refusal:
        open_session(key="k1")
    assert (refusal.value.http_status, refusal.value.error.code) == (409, "idempotency_key_in_use")
    hold.release()
    thread.join()
    assert open_session(key="k1").id == made[0].id


def test_a_get_has_no_use_for_a_key(client, open_session, sandbox):
    session = open_session()
    options = {"idempotency_key": "g1"}
    client.v1.checkout.sessions.retrieve(session.id, options=options)
    sandbox.pay(session.id)
    assert client.v1.checkout.sessions.retrieve(session.id, options=options).status == "complete"


class TestKeysToTheDoor:
    @pytest.mark.parametrize("key", ["sk_test_wrong", "sk_test_sandbox2"])
    def test_a_wrong_key_is_refused(self, sandbox, key):
        for stranger in make_client(sandbox.base_url, key):
            with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided") as refusal:
                stranger.v1.checkout.sessions.list()
            assert refusal.value.http_status == 401
            assert key not in str(refusal.value)

    def test_no_key_is_refused(self, sandbox):
        assert requests.get(f"{sandbox.base_url}/v1/events", timeout=5).status_code == 401

    def test_basic_authentication_is_as_good(self, sandbox):
        answer = requests.get(f"{sandbox.base_url}/v1/events", auth=(sandbox.secret_key, ""), timeout=5)
        assert (answer.status_code, answer.json()["data"]) == (200, [])

    def test_an_unknown_address_is_refused(self, sandbox):
        answer = requests.get(f"{sandbox.base_url}/v1/customers", auth=(sandbox.secret_key, ""), timeout=5)
        assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")

    def test_every_answer_has_a_request_id(self, open_session):
        assert open_session().last_response.request_id.startswith("req_")
