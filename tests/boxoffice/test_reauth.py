"""Money actions ask for the second factor again after five minutes, and go on with what was asked for."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from tests.boxoffice.scenes import book, pay
from tests.factories import PASS_PHRASE, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(showtime, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    person = make_staff("FINANCE", showtime.auditorium.theater)
    person.set_password(PASS_PHRASE)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def secret(finance) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(finance, secret)
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


@pytest.fixture
def client(finance, secret, time_machine) -> Client:
    """Signed in through allauth, with password and code."""
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    client = Client()
    asked = client.post("/accounts/login/", {"login": finance.email, "password": PASS_PHRASE})
    assert asked.url.split("?")[0] == reverse("mfa_authenticate")
    client.post(asked.url, {"code": code_of(secret)})
    assert "_auth_user_id" in client.session
    return client


@pytest.fixture
def refund(showtime):
    booking = book(showtime, "A1")
    pay(booking)
    return f"/admin/reservations/booking/{booking.pk}/refund/"


def test_a_sign_in_counts_for_five_minutes(client, refund, time_machine):
    assert client.get(refund).status_code == 200
    time_machine.shift(299)
    assert client.get(refund).status_code == 200
    time_machine.shift(2)
    answer = client.get(refund)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("mfa_reauthenticate"))


def test_other_pages_are_not_asked_for(client, refund, time_machine):
    time_machine.shift(600)
    assert client.get("/admin/reservations/booking/").status_code == 200


def test_the_password_alone_is_not_enough(client, refund, time_machine):
    time_machine.shift(600)
    answer = client.get(reverse("account_reauthenticate") + f"?next={refund}")
    assert answer.url.split("?")[0] == reverse("mfa_reauthenticate")


def test_with_the_code_it_goes_on(client, refund, secret, time_machine):
    time_machine.shift(600)
    asked = client.get(refund)
    answer = client.post(asked.url, {"code": code_of(secret)})
    assert (answer.status_code, answer.url) == (302, refund)
    assert client.get(refund).status_code == 200


def test_off_where_the_second_factor_is_off(client, refund, settings, time_machine):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    time_machine.shift(6000)
    assert client.get(refund).status_code == 200


def test_secrets_are_stored_as_allauth_stores_them(secret):
    assert Authenticator.objects.get().data["secret"] == get_adapter().encrypt(secret)
