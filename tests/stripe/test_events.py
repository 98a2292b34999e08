import pytest
import stripe


@pytest.fixture
def paid_at_ten_past(sandbox, paid):
    """Four events, made ten minutes after the start."""
    sandbox.advance(600)
    paid()
    return sandbox.events()


def test_an_event_carries_the_object_as_it_was(client, sandbox, open_session):
    session = open_session()
    sandbox.pay(session.id)
    (event,) = client.v1.events.list(params={"type": "checkout.session.completed"}).data
    assert event.data.object.id == session.id
    assert event.data.object.payment_status == "paid"
    assert (event.api_version, event.livemode) == ("2026-10-28.endive", False)
    assert client.v1.events.retrieve(event.id).type == "checkout.session.completed"


def test_an_event_names_the_request_it_came_from(client, sandbox, open_session):
    session = open_session()
    answer = client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "e1"})
    (event,) = client.v1.events.list().data
    assert (event.request.id, event.request.idempotency_key) == (answer.last_response.request_id, "e1")


def test_an_event_of_the_payment_page_names_no_request(client, paid_at_ten_past):
    assert client.v1.events.list().data[0].request.id is None


def test_newest_first_by_page(client, paid_at_ten_past):
    walked = client.v1.events.list(params={"limit": 3}).auto_paging_iter()
    assert [event.id for event in walked] == [event["id"] for event in reversed(paid_at_ten_past)]


def test_by_type(client, paid_at_ten_past):
    def types(**params):
        return [event.type for event in client.v1.events.list(params=params)]

    assert types(type="payment_intent.*") == ["payment_intent.succeeded", "payment_intent.created"]
    assert types(types=["charge.succeeded", "checkout.session.completed"]) == [
        "checkout.session.completed",
        "charge.succeeded",
    ]


def test_by_time(client, sandbox, paid_at_ten_past):
    moment = paid_at_ten_past[0]["created"]
    assert len(client.v1.events.list(params={"created": {"gte": moment}}).data) == 4
    assert client.v1.events.list(params={"created": {"lt": moment}}).data == []


def test_what_was_not_delivered_can_be_asked_for(client, sandbox, paid):
    sandbox.rule("drop", "checkout.session.completed")
    paid()

    def undelivered():
        return {event.type for event in client.v1.events.list(params={"delivery_success": False})}

    assert len(undelivered()) == 4
    sandbox.collect()
    assert undelivered() == {"checkout.session.completed"}
    assert len(client.v1.events.list(params={"delivery_success": True}).data) == 3


def test_pending_webhooks_count_down(client, sandbox, paid):
    paid()
    assert [event.pending_webhooks for event in client.v1.events.list()] == [1, 1, 1, 1]
    sandbox.collect()
    assert [event.pending_webhooks for event in client.v1.events.list()] == [0, 0, 0, 0]


def test_an_unknown_event_is_404(client):
    with pytest.raises(stripe.InvalidRequestError, match="No such event: 'evt_nothing'"):
        client.v1.events.retrieve("evt_nothing")
