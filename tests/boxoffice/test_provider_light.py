"""The second status light in the office: whether Stripe's books agree. Not asked, or not answered, never counts as yes."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from payments.models import KeyRefusal, LedgerComparison
from tests.boxoffice.scenes import book
from tests.factories import make_staff, make_theater

pytestmark = pytest.mark.django_db
LIST = "/admin/payments/ledgercomparison/"


def light(client, path="/admin/"):
    page = client.get(path).content.decode()
    return re.findall(r'provider-light" data-light="(\w+)" href="[^"]+">([^<]+)', page)


def compared(**facts):
    span = {"since": "2025-12-31T00:00Z", "until": "2026-01-01T00:00Z"}
    return LedgerComparison.objects.create(actor="schedule", **(span | {"finished_at": "2026-01-01T00:00Z"} | facts))


@pytest.fixture
def agreed():
    run = compared()
    LedgerComparison.objects.update(finished_at=F("asked_at"))
    return run


def test_nothing_is_said_before_the_first_comparison(office):
    assert light(office) == [("old", "Stripe: not compared yet")]


def test_green_only_after_a_comparison_that_agreed_lately(office, agreed):
    assert light(office) == [("green", "Stripe agrees")]
    LedgerComparison.objects.update(finished_at=F("finished_at") - timedelta(hours=27))
    assert [color for color, _ in light(office)] == ["old"]


def test_a_stripe_that_does_not_answer_is_not_green(office, agreed):
    compared(finished_at=None, error="Timeout")
    assert [color for color, _ in light(office)] == ["old"]
    assert "could not be asked" in light(office)[0][1]


def test_red_leads_to_what_differs(office, showtime):
    booking = book(showtime, "A1")
    row = {
        "kind": "refund",
        "provider_id": "re_1",
        "booking": booking.reference,
        "says": "£5 more",
        "remedy": "a person",
    }
    run = compared(differences=1, left=[row])
    assert light(office) == [("red", "Stripe differs: 1 difference")]
    page = office.get(f"{LIST}{run.pk}/change/").content.decode()
    assert f'<a href="/admin/reservations/booking/{booking.pk}/change/">£5 more (re_1): a person</a>' in page


def test_a_key_that_lacks_a_right_is_told_in_words(office, agreed):
    KeyRefusal.objects.create(provider="stripe", right="charge_write", says="…")
    [(color, text)] = light(office)
    assert color == "red"
    assert "Charges and Refunds: Write" in text


def test_compare_now_asks_a_worker_once(office, manager):
    for _ in range(2):
        assert office.post(f"{LIST}now/").url == LIST
    assert list(LedgerComparison.objects.values_list("actor", "finished_at")) == [(f"staff:{manager.pk}", None)]
    assert b"A comparison is under way" in office.get(LIST).content


def test_who_works_at_one_theater_sees_neither_light_nor_page():
    make_theater()
    client = Client()
    client.force_login(make_staff("MANAGER", make_theater()))
    assert light(client) == []
    assert client.get(LIST).status_code == 403
