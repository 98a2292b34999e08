import html
import re
import threading
from contextlib import suppress

import pytest

from dev.sandbox.errors import StripeError

CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123", "name": "Brigitte Helm"}
PAYS, DECLINED, POOR, CHALLENGE = "4242424242424242", "4000000000000002", "4000000000009995", "4000002500003155"


@pytest.fixture
def pay(visitor):
    """Press Pay; returns the answer without following redirects."""

    def press(session, **changes):
        return visitor.post(session.url, data=CARD | changes, allow_redirects=False)

    return press


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


def test_shows_what_is_paid_for(visitor, open_session):
    page = visitor.get(open_session().url)
    words = text(page)
    for word in (
        "$29.00",
        "Metropolis",
        "Row C, seats 7 and 8",
        "Qty 2, $14.50 each",
        "guest@example.com",
        "Test mode",
    ):
        assert word in words
    assert '<button type="submit">Pay $29.00</button>' in page.text
    assert 'href="https://marquee.test/checkout/4/"' in page.text
    for name in CARD:
        assert f'name="{name}"' in page.text
    assert "<script" not in page.text


def test_lets_the_browser_go_back_to_the_site_only(visitor, open_session):
    policy = visitor.get(open_session().url).headers["content-security-policy"]
    assert "form-action 'self' https://marquee.test" in policy
    assert "default-src 'none'" in policy


def test_names_are_text_not_markup(visitor, open_session):
    item = {"price_data": {"currency": "usd", "unit_amount": 900, "product_data": {"name": "<b>$total & co</b>"}}}
    page = visitor.get(open_session(line_items=[item]).url)
    assert "&lt;b&gt;$total &amp; co&lt;/b&gt;" in page.text


def test_a_good_card_pays(client, sandbox, open_session, pay):
    session = open_session()
    answer = pay(session)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"https://marquee.test/back/?session={session.id}"
    found = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent.latest_charge"]})
    assert (found.status, found.payment_status, found.url) == ("complete", "paid", None)
    assert (found.customer_details.email, found.customer_details.name) == ("guest@example.com", "Brigitte Helm")
    intent = found.payment_intent
    assert (intent.status, intent.amount, intent.amount_received, intent.currency) == ("succeeded", 2900, 2900, "usd")
    assert intent.metadata.to_dict() == {"payment": "17"}
    charge = intent.latest_charge
    assert (charge.status, charge.paid, charge.captured, charge.amount_refunded) == ("succeeded", True, True, 0)
    assert [event["type"] for event in sandbox.events()] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_pressed_twice_at_once_it_is_paid_once(client, sandbox, open_session, visitor, pay):
    session = open_session()
    barrier = threading.Barrier(6)
    answers = []

    def press():
        barrier.wait()
        answers.append(pay(session).headers["location"])

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {f"https://marquee.test/back/?session={session.id}"}
    assert len(client.v1.charges.list().data) == 1


def test_paying_and_expiring_exclude_each_other(client, sandbox, open_session):
    for _ in range(10):
        session = open_session()
        barrier = threading.Barrier(2)

        def pay_now(session=session, barrier=barrier):
            barrier.wait()
            sandbox.pay(session.id)

        payer = threading.Thread(target=pay_now)
        payer.start()
        barrier.wait()
        with suppress(StripeError):  # the payer was faster
            sandbox.expire(session.id)
        payer.join()
        found = client.v1.checkout.sessions.retrieve(session.id)
        assert (found.status, found.payment_status) in {("complete", "paid"), ("expired", "unpaid")}
        charged = [
            each for each in sandbox.desk.ledger.find("charge") if each["payment_intent"] == found.payment_intent
        ]
        assert len(charged) == (1 if found.status == "complete" else 0)


@pytest.mark.parametrize(
    ("number", "words", "code", "decline_code"),
    [
        (DECLINED, "Your card was declined.", "card_declined", "generic_decline"),
        (POOR, "Your card has insufficient funds.", "card_declined", "insufficient_funds"),
        ("4000000000000069", "Your card has expired.", "expired_card", None),
        ("4000000000000127", "Your card's security code is incorrect.", "incorrect_cvc", None),
        ("4111111111111111", "non test card", "card_declined", "test_mode_live_card"),
    ],
)
def test_a_declined_card_leaves_the_payment_session_open(
    client, sandbox, open_session, pay, number, words, code, decline_code
):
    session = open_session()
    answer = pay(session, number=number)
    assert answer.status_code == 200
    assert words in text(answer)
    found = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent"]})
    assert (found.status, found.payment_status) == ("open", "unpaid")
    assert found.payment_intent.status == "requires_payment_method"
    error = found.payment_intent.last_payment_error
    assert (error.code, error.to_dict().get("decline_code")) == (code, decline_code)
    types = [event["type"] for event in sandbox.events()]
    assert types == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_after_a_decline_another_card_pays(client, sandbox, open_session, pay):
    session = open_session()
    pay(session, number=DECLINED)
    before = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    assert pay(session).status_code == 303
    after = client.v1.checkout.sessions.retrieve(session.id)
    assert (after.payment_status, after.payment_intent) == ("paid", before)
    assert sorted(each.status for each in client.v1.charges.list()) == ["failed", "succeeded"]


def test_the_bank_asks_and_the_customer_agrees(client, sandbox, visitor, open_session, pay):
    session = open_session()
    answer = pay(session, number=CHALLENGE)
    between = f"{sandbox.base_url}{answer.headers['location']}"
    assert between == f"{session.url}/authenticate"
    page = visitor.get(between)
    assert "3-D Secure" in page.text
    assert 'value="complete">Complete</button>' in page.text
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    back = visitor.post(between, data={"outcome": "complete"}, allow_redirects=False)
    assert back.headers["location"] == f"https://marquee.test/back/?session={session.id}"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_the_bank_asks_and_the_customer_fails(client, visitor, open_session, pay):
    session = open_session()
    pay(session, number=CHALLENGE)
    back = visitor.post(f"{session.url}/authenticate", data={"outcome": "fail"})
    assert back.url == session.url
    assert "We are unable to authenticate your payment method" in text(back)
    found = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent"]})
    assert (found.status, found.payment_intent.status) == ("open", "requires_payment_method")
    assert found.payment_intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert pay(session).status_code == 303


def test_time_runs_out_in_front_of_the_bank(client, sandbox, visitor, open_session, pay):
    session = open_session()
    pay(session, number=CHALLENGE)
    sandbox.advance(3600)
    answer = visitor.post(f"{session.url}/authenticate", data={"outcome": "complete"})
    assert "This payment page has expired" in text(answer)
    assert client.v1.charges.list().data == []


def test_the_between_page_without_a_question_goes_back_to_the_form(visitor, open_session):
    session = open_session()
    assert visitor.get(f"{session.url}/authenticate").url == session.url


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": ""}, "Enter your card number."),
        ({"number": "4242 4242 4242 4241"}, "Your card number is invalid."),
        ({"number": "4242"}, "Your card number is invalid."),
        ({"expiry": "13 / 34"}, "Enter the month and year"),
        ({"expiry": "01 / 20"}, "in the past"),
        ({"cvc": "1"}, "security code"),
        ({"name": " "}, "Enter the name on the card."),
    ],
)
def test_a_form_filled_in_wrongly_tries_nothing(sandbox, open_session, pay, change, words):
    answer = pay(open_session(), **change)
    assert words in text(answer)
    (field,) = change
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true" aria-describedby="{field}-error" autofocus', answer.text)
    assert sandbox.events() == []


@pytest.mark.parametrize("expiry", ["12/34", "1234", "12 / 2034", "12/2034"])
def test_an_expiration_may_be_written_in_several_ways(open_session, pay, expiry):
    assert pay(open_session(), expiry=expiry).status_code == 303


def test_without_an_email_the_page_asks_for_it(client, params, pay, sandbox):
    del params["customer_email"]
    session = client.v1.checkout.sessions.create(params=params)
    assert "Enter a valid email address." in text(pay(session))
    assert pay(session, email="someone@example.com").status_code == 303
    found = client.v1.checkout.sessions.retrieve(session.id)
    assert (found.customer_email, found.customer_details.email) == (None, "someone@example.com")


def test_an_expired_session_cannot_be_paid(client, visitor, open_session, pay):
    session = open_session()
    client.v1.checkout.sessions.expire(session.id)
    for answer in (visitor.get(session.url), pay(session)):
        assert "This payment page has expired" in text(answer)
        assert 'href="https://marquee.test/checkout/4/"' in answer.text
    assert client.v1.charges.list().data == []


def test_a_paid_session_says_so(sandbox, visitor, open_session):
    session = open_session()
    sandbox.pay(session.id)
    answer = visitor.get(session.url)
    assert "$29.00 has been paid already" in text(answer)
    assert f'href="https://marquee.test/back/?session={session.id}"' in answer.text


def test_an_unknown_page_is_404(sandbox, visitor):
    assert visitor.get(f"{sandbox.base_url}/c/pay/cs_test_nothing").status_code == 404


def test_a_test_card_can_be_filled_in_by_its_link(visitor, open_session):
    page = visitor.get(open_session().url, params={"card": DECLINED})
    assert f'value="{DECLINED}"' in page.text


def test_the_same_card_has_the_same_fingerprint(client, paid):
    def fingerprint(**how):
        intent = client.v1.payment_intents.retrieve(paid(**how), params={"expand": ["latest_charge"]})
        return intent.latest_charge.payment_method_details.card.fingerprint

    assert fingerprint() == fingerprint() != fingerprint(card="5555555555554444")


class TestSlowBank:
    """A payment method that stays in processing for days."""

    def test_the_session_is_complete_and_unpaid(self, client, sandbox, open_session):
        session = open_session()
        intent = sandbox.pay(session.id, card="processing")["payment_intent"]
        found = client.v1.checkout.sessions.retrieve(session.id)
        assert (found.status, found.payment_status) == ("complete", "unpaid")
        assert client.v1.payment_intents.retrieve(intent).status == "processing"

    def test_the_money_comes(self, client, sandbox, open_session):
        session = open_session()
        sandbox.pay(session.id, card="processing")
        sandbox.settle(session.id)
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert len(sandbox.events("checkout.session.async_payment_succeeded")) == 1

    def test_the_money_does_not_come(self, client, sandbox, open_session):
        session = open_session()
        sandbox.pay(session.id, card="processing")
        sandbox.settle(session.id, card=DECLINED)
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
        assert len(sandbox.events("checkout.session.async_payment_failed")) == 1
