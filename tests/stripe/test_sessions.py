import pytest
import stripe

from tests.stripe.conftest import line

MINUTE, DAY = 60, 86_400


def test_a_new_session_is_open_and_unpaid(sandbox, open_session, params):
    session = open_session()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency) == (2900, "usd")
    assert session.url == f"{sandbox.base_url}/c/pay/{session.id}"
    assert session.expires_at == params["expires_at"]
    assert session.client_reference_id == "booking-1"
    assert session.metadata.to_dict() == {"payment": "17"}
    assert session.livemode is False


def test_yen_have_no_minor_unit(open_session, sandbox, visitor):
    session = open_session(line_items=[line(1800, "jpy"), line(1200, "JPY")])
    assert (session.amount_total, session.currency) == (3000, "jpy")
    assert "Pay ¥3,000" in visitor.get(session.url).text


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"colour": "red"}, "colour"),
        ({"line_items": [line() | {"seat": "C7"}]}, "line_items[0][seat]"),
        ({"line_items": [line(seat="C7")]}, "line_items[0][price_data][product_data][seat]"),
        ({"payment_intent_data": {"metadat": {"a": "b"}}}, "payment_intent_data[metadat]"),
    ],
)
def test_an_unknown_parameter_is_refused_by_name(sandbox, open_session, change, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        open_session(**change)
    assert (refusal.value.code, refusal.value.param) == ("parameter_unknown", param)
    assert refusal.value.user_message == f"Received unknown parameter: {param}"
    assert sandbox.desk.ledger.find("checkout.session") == []


@pytest.mark.parametrize("name", ["mode", "line_items", "success_url"])
def test_a_required_parameter_is_missed(client, params, name):
    del params[name]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(params=params)
    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", name)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"line_items": [line(49)]}, "amount_too_small", "at least $0.50 usd"),
        ({"line_items": [line(29, "gbp")]}, "amount_too_small", "at least £0.30 gbp"),
        ({"line_items": [line(49, "jpy")]}, "amount_too_small", "at least ¥50 jpy"),
        ({"line_items": [line(500_000_000_000, quantity=2)]}, "amount_too_large", "no more than"),
        ({"line_items": [line(-1)]}, "parameter_invalid_integer", "greater than or equal to 0"),
        ({"line_items": [line("14.50")]}, "parameter_invalid_integer", "Invalid integer: 14.50"),
        ({"line_items": [line(quantity=0)]}, "parameter_invalid_integer", "greater than or equal to 1"),
        ({"line_items": [line(), line(currency="gbp")]}, None, "same currency"),
        ({"line_items": [line(currency="zzz")]}, None, "Invalid currency: zzz"),
        ({"line_items": [line(1005, "kwd")]}, None, "three-decimal"),
        ({"mode": "gift"}, None, "must be one of payment"),
        ({"customer_email": "nobody"}, "email_invalid", "Invalid email address"),
        ({"success_url": "/back/"}, "url_invalid", "Not a valid URL"),
        ({"client_reference_id": ""}, "parameter_invalid_empty", "empty string"),
        ({"client_reference_id": "x" * 201}, None, "at most 200"),
        ({"metadata": {"note": "x" * 501}}, None, "500 characters"),
        ({"metadata": {"n" * 41: "x"}}, None, "40 characters"),
        ({"metadata": {f"k{number}": "x" for number in range(51)}}, None, "50 metadata keys"),
        ({"payment_method_types": ["sepa_debit"]}, None, "must be one of card"),
    ],
)
def test_what_stripe_refuses_is_refused(open_session, change, code, words):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        open_session(**change)
    assert refusal.value.http_status == 400
    assert refusal.value.code == code
    assert words in refusal.value.user_message


@pytest.mark.parametrize("seconds", [30 * MINUTE, 60 * MINUTE, DAY])
def test_a_session_lives_between_half_an_hour_and_a_day(open_session, now, seconds):
    assert open_session(expires_at=now() + seconds).expires_at == now() + seconds


@pytest.mark.parametrize(
    ("seconds", "words"), [(30 * MINUTE - 1, "at least 30 minutes"), (DAY + 1, "less than 24 hours")]
)
def test_a_shorter_or_longer_life_is_refused(open_session, now, seconds, words):
    with pytest.raises(stripe.InvalidRequestError, match=words):
        open_session(expires_at=now() + seconds)


def test_without_a_deadline_it_lives_a_day(client, params, now):
    del params["expires_at"]
    assert client.v1.checkout.sessions.create(params=params).expires_at == now() + DAY


def test_an_unknown_session_is_404(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.retrieve("cs_test_nothing")
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
    assert refusal.value.user_message == "No such checkout.session: 'cs_test_nothing'"


def test_expanding_reaches_the_card(client, sandbox, open_session):
    session = open_session()
    sandbox.pay(session.id)
    found = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent.latest_charge"]})
    card = found.payment_intent.latest_charge.payment_method_details.card
    assert (card.brand, card.last4) == ("visa", "4242")


def test_expanding_before_payment_leaves_nothing(client, open_session):
    found = client.v1.checkout.sessions.retrieve(open_session().id, params={"expand": ["payment_intent"]})
    assert found.payment_intent is None


def test_line_items_are_there_when_asked_for(client, open_session):
    session = open_session()
    assert "line_items" not in session
    found = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["line_items"]})
    (item,) = found.line_items.data
    assert (item.description, item.quantity, item.amount_total) == ("Metropolis", 2, 2900)
    assert [each.id for each in client.v1.checkout.sessions.line_items.list(session.id)] == [item.id]


@pytest.mark.parametrize("path", ["amount_total", "payment_intent.status"])
def test_not_everything_can_be_expanded(client, sandbox, open_session, path):
    session = open_session()
    sandbox.pay(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.checkout.sessions.retrieve(session.id, params={"expand": [path]})


class TestListing:
    @pytest.fixture
    def five(self, sandbox, open_session, now):
        """Five sessions, one minute apart, oldest first."""
        made = []
        for _ in range(5):
            made.append(open_session(expires_at=now() + 7200))
            sandbox.advance(MINUTE)
        return made

    def ids(self, client, **params):
        return [session.id for session in client.v1.checkout.sessions.list(params=params).data]

    def test_newest_first(self, client, five):
        assert self.ids(client) == [session.id for session in reversed(five)]

    def test_a_window_of_time(self, client, five):
        window = {"gte": five[1].created, "lte": five[3].created}
        assert self.ids(client, created=window) == [five[3].id, five[2].id, five[1].id]
        assert self.ids(client, created={"gt": five[1].created, "lt": five[3].created}) == [five[2].id]
        assert self.ids(client, created=five[4].created) == [five[4].id]

    def test_pages(self, client, five):
        first = client.v1.checkout.sessions.list(params={"limit": 2})
        assert ([each.id for each in first.data], first.has_more) == ([five[4].id, five[3].id], True)
        last = client.v1.checkout.sessions.list(params={"limit": 2, "starting_after": five[1].id})
        assert ([each.id for each in last.data], last.has_more) == ([five[0].id], False)
        before = client.v1.checkout.sessions.list(params={"limit": 2, "ending_before": five[1].id})
        assert [each.id for each in before.data] == [five[3].id, five[2].id]

    def test_the_sdk_walks_over_all_pages(self, client, five):
        walked = client.v1.checkout.sessions.list(params={"limit": 2}).auto_paging_iter()
        assert [each.id for each in walked] == [each.id for each in reversed(five)]

    def test_by_status_and_intent(self, client, sandbox, five):
        intent = sandbox.pay(five[2].id)["payment_intent"]
        client.v1.checkout.sessions.expire(five[0].id)
        assert self.ids(client, status="complete") == [five[2].id]
        assert self.ids(client, status="expired") == [five[0].id]
        assert len(self.ids(client, status="open")) == 3
        assert self.ids(client, payment_intent=intent) == [five[2].id]

    def test_expanded(self, client, sandbox, five):
        sandbox.pay(five[4].id)
        found = client.v1.checkout.sessions.list(params={"limit": 1, "expand": ["data.payment_intent"]})
        assert found.data[0].payment_intent.status == "succeeded"

    @pytest.mark.parametrize("wrong", [{"limit": 101}, {"limit": 0}, {"starting_after": "cs_x"}, {"seat": "C7"}])
    def test_a_wrong_question_is_refused(self, client, five, wrong):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.checkout.sessions.list(params=wrong)
        assert (refusal.value.http_status, refusal.value.param) == (400, next(iter(wrong)))


class TestExpiring:
    def test_an_open_session_is_closed(self, client, sandbox, open_session):
        session = client.v1.checkout.sessions.expire(open_session().id)
        assert (session.status, session.payment_status, session.url) == ("expired", "unpaid", None)
        assert [event["type"] for event in sandbox.events()] == ["checkout.session.expired"]

    def test_twice_is_refused(self, client, sandbox, open_session):
        session = client.v1.checkout.sessions.expire(open_session().id)
        with pytest.raises(stripe.InvalidRequestError, match="has a status of `expired`"):
            client.v1.checkout.sessions.expire(session.id)
        assert len(sandbox.events("checkout.session.expired")) == 1

    def test_a_paid_session_is_not_closed(self, client, sandbox, open_session):
        session = open_session()
        sandbox.pay(session.id)
        with pytest.raises(stripe.InvalidRequestError, match="has a status of `complete`"):
            client.v1.checkout.sessions.expire(session.id)
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"

    def test_a_closed_session_takes_no_money(self, client, sandbox, open_session):
        session = client.v1.checkout.sessions.expire(open_session().id)
        assert sandbox.pay(session.id)["status"] == "expired"
        assert sandbox.desk.ledger.find("charge") == []

    def test_a_declined_try_is_canceled_with_it(self, client, sandbox, open_session):
        session = open_session()
        intent = sandbox.pay(session.id, card="4000000000000002")["payment_intent"]
        client.v1.checkout.sessions.expire(session.id)
        assert client.v1.payment_intents.retrieve(intent).status == "canceled"

    def test_time_closes_it(self, client, sandbox, open_session):
        session = open_session()
        sandbox.desk.clock.advance(3599)
        assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
        sandbox.desk.clock.advance(1)
        assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
        assert len(sandbox.events("checkout.session.expired")) == 1

    def test_nobody_needs_to_look_for_time_to_close_it(self, sandbox, open_session):
        open_session()
        sandbox.advance(3600)
        assert len(sandbox.events("checkout.session.expired")) == 1
