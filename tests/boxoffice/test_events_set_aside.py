"""Stripe events that failed too often: they are shown on the first page, and are tried again or closed with a reason."""

import pytest
from django.test import Client

from core.clock import ClockTimestamp
from payments.models import ProviderEvent
from staff.models import AuditEntry
from tests.boxoffice.test_checks import light
from tests.factories import make_staff, make_theater
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
LIST = "/admin/payments/providerevent/"


@pytest.fixture
def aside(db) -> ProviderEvent:
    return ProviderEvent.objects.create(
        provider="stripe", provider_id="evt_odd", kind="charge.updated", payload={"data": None}, failures=8, attempts=8,
        set_aside_at=ClockTimestamp(), outcome="set aside: Meaningless: it names no object",
    )  # fmt: skip


def test_the_office_shows_it(office, aside):
    assert light(office) == [("red", "Stripe: 1 delivery could not be acted on")]
    assert "delivery of a payment provider could not be acted on" in office.get("/admin/").content.decode()
    listed = office.get(LIST, {"state": "aside"}).content.decode()
    assert "charge.updated" in listed and "Set aside" in listed
    page = office.get(f"{LIST}{aside.pk}/change/").content.decode()
    assert "not tried any more by itself" in page and f"{LIST}{aside.pk}/replay/" in page


@pytest.mark.parametrize(
    ("act", "button", "outcome"),
    [("replay", "Try it again", "to be tried again"), ("close", "Close it", "closed by staff")],
)
def test_a_person_decides_with_a_reason(office, aside, act, button, outcome):
    url = f"{LIST}{aside.pk}/{act}/"
    assert office.post(url, {"reason": "", "_do": "1", "mark": "-"}).status_code == 422
    assert button in office.post(url, {"reason": "Looked at it"}).content.decode()
    answer = office.post(url, {"reason": "Looked at it", "_do": "1", "mark": "-"})
    aside.refresh_from_db()
    assert (answer.status_code, aside.outcome, AuditEntry.objects.get().reason) == (302, outcome, "Looked at it")
    with nothing_changes():
        assert office.post(url, {"reason": "Again", "_do": "1", "mark": "-"}).status_code == 409
    assert light(office) == [("old", "Seats and money: not checked yet")]


def test_it_is_for_those_who_work_at_every_theater(aside):
    first, second = make_theater(), make_theater()
    client, everywhere = Client(), Client()
    client.force_login(make_staff("FINANCE", first))
    everywhere.force_login(make_staff("FINANCE", first, second))
    assert client.get(f"{LIST}{aside.pk}/replay/").status_code == 404
    assert everywhere.get(f"{LIST}{aside.pk}/replay/").status_code == 200
