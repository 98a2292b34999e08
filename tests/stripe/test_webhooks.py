import json

import pytest
import stripe

from dev.sandbox import webhooks
from dev.sandbox.clock import Clock
from dev.sandbox.testing import SandboxServer
from tests.stripe.conftest import STARTED, make_client

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def types(letters):
    return [letter.type for letter in letters]


def answering(status, seen=None):
    """A site that gives the same answer to everything."""

    def post(body, signature):
        if seen is not None:
            seen.append(body)
        return status

    return post


class TestCollected:
    """The test delivers the events."""

    def test_the_sdk_accepts_the_signature(self, client, sandbox, paid):
        paid()
        letters = sandbox.collect()
        for letter in letters:
            event = client.construct_event(letter.body, letter.signature, sandbox.webhook_secret)
            assert event.type == letter.type
        assert types(letters) == PAID

    def test_a_changed_body_or_another_secret_is_not_accepted(self, client, sandbox, paid):
        paid()
        letter = sandbox.collect()[0]
        with pytest.raises(stripe.SignatureVerificationError):
            client.construct_event(letter.body.replace(b"2900", b"2901"), letter.signature, sandbox.webhook_secret)
        with pytest.raises(stripe.SignatureVerificationError):
            client.construct_event(letter.body, letter.signature, "whsec_other")

    def test_the_signature_is_what_the_sdk_would_write(self, sandbox):
        header = stripe.WebhookSignature.generate_signature_header('{"a": "ü"}', "whsec_x", 1_700_000_000)
        assert webhooks.signed('{"a": "ü"}', "whsec_x", at=1_700_000_000) == header

    def test_what_was_collected_is_delivered(self, sandbox, paid):
        paid()
        sandbox.collect()
        assert sandbox.collect() == []
        assert {row["state"] for row in sandbox.deliveries()} == {"delivered"}

    def test_retried_with_growing_pauses_until_2xx(self, sandbox, open_session):
        open_session()
        sandbox.advance(3600)
        tries = []
        for pause in (1, 2, 4, 8, 16, 32, 60, 60):
            assert sandbox.deliver_to(answering(500, tries)) == 0
            sandbox.desk.clock.advance(pause - 0.5)
            assert sandbox.letters() == []
            sandbox.desk.clock.advance(0.5)
        assert sandbox.deliver_to(answering(204)) == 1
        assert len(tries) == 8
        (row,) = sandbox.deliveries()
        assert (row["state"], row["attempts"], row["last_status"]) == ("delivered", 9, 204)

    def test_given_up_after_three_days(self, client, sandbox, open_session):
        open_session()
        sandbox.advance(3600)
        sandbox.deliver_to(answering(404))
        sandbox.advance(3 * 86_400 + 1)
        sandbox.deliver_to(answering(404))
        sandbox.advance(86_400)
        assert sandbox.letters() == []
        assert [event.type for event in client.v1.events.list(params={"delivery_success": False})] == [
            "checkout.session.expired"
        ]

    def test_a_connection_that_breaks_counts_as_a_failure(self, sandbox, open_session):
        open_session()
        sandbox.advance(3600)

        def refuse(body, signature):
            raise ConnectionRefusedError("nobody there")

        sandbox.deliver_to(refuse)
        (row,) = sandbox.deliveries()
        assert (row["state"], row["last_status"], "nobody there" in row["last_error"]) == ("due", None, True)

    def test_what_the_site_does_on_delivery_is_delivered_too(self, client, sandbox, paid):
        paid()
        seen = []

        def site(body, signature):
            event = json.loads(body)
            seen.append(event["type"])
            if event["type"] == "checkout.session.completed":
                client.v1.refunds.create(params={"payment_intent": event["data"]["object"]["payment_intent"]})
            return 200

        assert sandbox.deliver_to(site) == 6
        assert seen == [*PAID, "refund.created", "charge.refunded"]


class TestRules:
    def test_duplicated(self, sandbox, paid):
        sandbox.rule("duplicate", "charge.succeeded", copies=2)
        paid()
        letters = sandbox.collect()
        copies = [letter.event["id"] for letter in letters if letter.type == "charge.succeeded"]
        assert len(copies) == 3
        assert len(set(copies)) == 1
        assert len(letters) == 6

    def test_delayed(self, sandbox, paid):
        sandbox.rule("delay", "checkout.session.completed", seconds=90)
        paid()
        assert types(sandbox.collect()) == PAID[:3]
        sandbox.advance(90)
        assert types(sandbox.collect()) == PAID[3:]

    def test_dropped(self, sandbox, paid):
        sandbox.rule("drop", "checkout.*")
        paid()
        sandbox.advance(86_400)
        assert types(sandbox.collect()) == PAID[:3]

    def test_swallowed_looks_delivered_to_stripe(self, client, sandbox, paid):
        sandbox.rule("swallow", times=None)
        paid()
        assert sandbox.collect() == []
        assert client.v1.events.list(params={"delivery_success": False}).data == []

    def test_a_rule_is_used_up(self, sandbox, paid):
        sandbox.rule("drop", "checkout.session.completed")
        paid()
        paid()
        assert types(sandbox.collect()) == PAID[:3] + PAID

    def test_reordered(self, sandbox, paid):
        sandbox.switches.order = "reversed"
        paid()
        assert types(sandbox.collect()) == PAID[::-1]

    def test_resent_from_the_dashboard(self, sandbox, paid):
        paid()
        first = sandbox.collect()[-1]
        webhooks.resend(sandbox.desk, first.event["id"])
        (again,) = sandbox.collect()
        assert again.event["id"] == first.event["id"]


class TestPosted:
    """The sandbox's courier delivers the events."""

    @pytest.fixture
    def posting(self, endpoint, tmp_path):
        with SandboxServer(tmp_path / "ledger.sqlite3", endpoint.url, clock=Clock(lambda: STARTED)) as running:
            yield running

    @pytest.fixture
    def session(self, posting, params):
        for client in make_client(posting.base_url, posting.secret_key):
            yield client.v1.checkout.sessions.create(params=params)

    def test_posted_without_anybody_asking(self, client, endpoint, posting, session):
        posting.pay(session.id)
        received = endpoint.wait_for(4)
        assert [client.construct_event(*letter, posting.webhook_secret).type for letter in received] == PAID

    def test_tried_again_after_an_error(self, endpoint, posting, session):
        endpoint.answers = [500]
        posting.expire(session.id)
        endpoint.wait_for(1)
        posting.wait_for_courier()
        posting.advance(1)
        first, second = endpoint.wait_for(2)
        assert first[0] == second[0]

    def test_paused_and_resumed(self, endpoint, posting, session):
        posting.switches.paused = True
        posting.pay(session.id)
        assert len(posting.letters()) == 4
        assert endpoint.received == []
        posting.switches.paused = False
        posting.desk.wake.set()
        assert len(endpoint.wait_for(4)) == 4

    def test_what_was_pending_survives_a_restart(self, client, endpoint, posting, session):
        posting.switches.paused = True
        posting.pay(session.id)
        with SandboxServer(posting.desk.ledger.path, endpoint.url, clock=Clock(lambda: STARTED)) as restarted:
            received = endpoint.wait_for(4)
            assert [client.construct_event(*each, restarted.webhook_secret).type for each in received] == PAID
            assert restarted.session(session.id)["payment_status"] == "paid"
