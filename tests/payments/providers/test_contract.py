"""The contract of the port: what every provider does, and what providers with a payment page do besides."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from core.clock import database_now
from core.installation import is_from_here
from core.money import CURRENCIES, decimals
from payments.providers.errors import BadSignature, Meaningless, Refused, Unproven
from payments.states import RefundStatus

pytestmark = pytest.mark.django_db
AMOUNT = Decimal("14.50")
KEY = "k" * 32


def span():
    return {"since": database_now() - timedelta(minutes=5), "until": database_now() + timedelta(minutes=5)}


# Every provider.


def test_it_has_a_name_for_rows_and_one_for_people(provider):
    assert 0 < len(provider.name) <= 20 and provider.name == provider.name.lower()
    assert provider.display_name


def test_only_a_provider_with_a_page_has_an_address_of_it(provider):
    assert bool(provider.page_origin) == provider.opens_sessions


def test_its_smallest_charge_is_money(provider):
    for currency in CURRENCIES:
        least = provider.smallest_charge(currency)
        assert least > 0 and least == least.quantize(Decimal(1).scaleb(-decimals(currency))), currency


def test_news_that_it_did_not_sign_is_refused(provider):
    with pytest.raises(BadSignature):
        provider.verify_news(body=b'{"id": "evt_1", "object": "event"}', headers={})


def test_news_about_nothing_is_meaningless(provider):
    with pytest.raises(Meaningless):
        provider.topic_of({})


@pytest.mark.parametrize("look", ["look_at_session", "close_session", "look_at_refund", "look_at_dispute"])
def test_asking_about_an_unknown_id_is_refused_as_missing(provider, look):
    with pytest.raises(Refused) as refused:
        getattr(provider, look)("unknown")
    assert refused.value.is_missing


def test_what_is_not_there_is_not_found(provider):
    assert provider.find_session(key=KEY, **span()) is None
    assert (provider.payment_made("unknown"), list(provider.undelivered_news(since=span()["since"]))) == (None, [])


def test_its_books_are_empty_before_anything_happened(provider):
    books = provider.movements(**span())
    assert (books.charges, books.refunds, books.disputes, books.open_sessions) == ([], [], [], [])
    assert provider.newest_objects() == []


def test_its_key_has_all_rights_and_a_missing_one_is_said_in_words(provider):
    assert provider.missing_rights() == []
    assert isinstance(provider.right_in_words("something"), str)


def test_a_provider_without_a_page_refuses_to_open_one_and_to_refund_by_itself(provider):
    if provider.opens_sessions:
        return
    with pytest.raises(Refused):
        provider.open_session(request={}, key=KEY)
    with pytest.raises(Refused):
        provider.refund(provider_payment_id="money", amount=AMOUNT, currency="GBP", key=KEY)


# Providers with a payment page.


def request_of(provider):
    return provider.session_request(
        lines=[("Metropolis, row A seat 1, Adult", AMOUNT)],
        currency="GBP",
        email="ada@example.com",
        key=KEY,
        metadata={"booking": "ABC", "payment": KEY},
        success_url="http://testserver/back",
        cancel_url="http://testserver/again",
        expires_at=int((database_now() + timedelta(hours=1)).timestamp()),
    )


def opened(candidate, request=None):
    return candidate.provider.open_session(request=request or request_of(candidate.provider), key=KEY)


def paid(candidate):
    session = opened(candidate)
    candidate.pay(session.id)
    return candidate.provider.look_at_session(session.id)


def test_a_session_is_opened_once_for_a_key(candidate):
    request = request_of(candidate.provider)
    first, again = opened(candidate, request), opened(candidate, request)
    assert (first.id, first.url) == (again.id, again.url)
    assert (first.is_open, first.is_paid, first.key, first.amount, first.currency) == (True, False, KEY, AMOUNT, "GBP")
    assert first.is_live == candidate.provider.is_live and first.url.startswith("http")


def test_a_session_says_which_installation_opened_it_and_what_for(candidate):
    session = candidate.provider.look_at_session(opened(candidate).id)
    assert is_from_here(session.metadata) and session.metadata["booking"] == "ABC"
    assert (session.email, session.received) == ("ada@example.com", None)


def test_an_open_session_is_found_by_its_key_and_listed(candidate):
    session = opened(candidate)
    assert candidate.provider.find_session(key=KEY, **span()).id == session.id
    assert [one.id for one in candidate.provider.movements(**span()).open_sessions] == [session.id]
    assert [one.id for one in candidate.provider.newest_objects()] == [session.id]


def test_a_closed_session_takes_no_money_and_closes_once(candidate):
    session = opened(candidate)
    assert candidate.provider.close_session(session.id).is_closed
    assert candidate.provider.look_at_session(session.id).is_closed
    with pytest.raises((Refused, Unproven)):
        candidate.provider.close_session(session.id)


def test_a_paid_session_says_what_came(candidate):
    session = paid(candidate)
    assert (session.is_paid, session.is_open, session.received, session.received_currency) == (
        True,
        False,
        AMOUNT,
        "GBP",
    )
    with pytest.raises((Refused, Unproven)):
        candidate.provider.close_session(session.id)


def test_money_is_known_by_its_id(candidate):
    session = paid(candidate)
    money = session.provider_payment_id
    made, charge = candidate.provider.payment_made(money), candidate.provider.charge_of(money)
    assert (made.key, is_from_here(made.metadata)) == (KEY, True)
    assert (charge.amount, charge.currency, charge.refunded) == (AMOUNT, "GBP", Decimal(0))
    assert candidate.provider.session_of(money).id == session.id
    assert [one.provider_payment_id for one in candidate.provider.movements(**span()).charges] == [money]
    assert candidate.provider.cards_of(money).declines == 0


def test_a_refund_is_made_once_for_a_key(candidate):
    money = paid(candidate).provider_payment_id
    give = {"provider_payment_id": money, "amount": Decimal("4.50"), "currency": "GBP", "key": "r" * 32}
    first, again = candidate.provider.refund(**give), candidate.provider.refund(**give)
    assert (first.id, first.key, first.amount, is_from_here(first.created.metadata)) == (
        again.id,
        "r" * 32,
        Decimal("4.50"),
        True,
    )
    assert candidate.provider.look_at_refund(first.id).status in {RefundStatus.PENDING, RefundStatus.SUCCEEDED}
    assert [one.id for one in candidate.provider.refunds_of(money)] == [first.id]
    assert candidate.provider.refunds_and_disputes_of(money) == ([first.id], [])
    assert candidate.provider.charge_of(money).refunded == Decimal("4.50")
    assert [one.id for one in candidate.provider.movements(**span()).refunds] == [first.id]


def test_nothing_is_asked_inside_a_transaction(candidate):
    session, request = opened(candidate), request_of(candidate.provider)
    calls = [
        lambda: candidate.provider.open_session(request=request, key=KEY),
        lambda: candidate.provider.look_at_session(session.id),
        lambda: candidate.provider.close_session(session.id),
        lambda: candidate.provider.find_session(key=KEY, **span()),
        lambda: candidate.provider.refund(provider_payment_id="money", amount=AMOUNT, currency="GBP", key=KEY),
        lambda: candidate.provider.look_at_refund("refund"),
        lambda: candidate.provider.look_at_dispute("dispute"),
        lambda: candidate.provider.movements(**span()),
    ]
    for call in calls:
        with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
            call()
