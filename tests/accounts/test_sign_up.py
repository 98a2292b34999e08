"""People sign up by e-mail, the account works once the address is verified, and no page shows who has an account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from tests.letters import letters

pytestmark = pytest.mark.django_db
PASSWORD = "a long and unusual password"


def sign_up(client, email="ada@example.com"):
    return client.post("/accounts/signup/", {"email": email, "password1": PASSWORD})


def sign_in(client, email="ada@example.com", password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def link_in_mail():
    return re.search(r"http://testserver(/accounts/confirm-email/\S+/)", letters()[-1].body)[1]


def test_signing_up_sends_a_link_and_the_link_verifies_the_address():
    client = Client()
    sign_up(client)
    assert not EmailAddress.objects.get().verified
    path = link_in_mail()
    assert client.get(path).status_code == 200
    client.post(path)
    assert EmailAddress.objects.get().verified
    assert sign_in(Client()).url == "/bookings/"


def test_a_link_from_before_a_restore_verifies_no_other_address():
    """After a restore the database gives the same primary key to another address."""
    sign_up(Client())
    path, number = link_in_mail(), EmailAddress.objects.get().pk
    EmailAddress.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('account_emailaddress', 'id'), %s, false)", [number])
    sign_up(Client(), email="eve@example.com")
    assert EmailAddress.objects.get().pk == number
    Client().post(path)
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_without_verification_nobody_is_signed_in():
    sign_up(Client())
    client = Client()
    sign_in(client)
    assert client.get("/bookings/").status_code == 302


def test_signing_up_with_a_known_address_looks_the_same(django_user_model):
    first, second = sign_up(Client()), sign_up(Client())
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert django_user_model.objects.count() == 1


def test_a_wrong_password_and_an_unknown_address_look_the_same():
    sign_up(Client())
    answers = [sign_in(Client(), password="wrong"), sign_in(Client(), email="eve@example.com")]
    errors = [answer.context["form"].errors.as_text() for answer in answers]
    assert [answer.status_code for answer in answers] == [200, 200] and errors[0] == errors[1]


@pytest.mark.parametrize("password", ["short", "password1234", "ada@example.com"])
def test_a_weak_password_is_refused(django_user_model, password):
    answer = Client().post("/accounts/signup/", {"email": "ada@example.com", "password1": password})
    assert answer.status_code == 200 and not django_user_model.objects.exists()
