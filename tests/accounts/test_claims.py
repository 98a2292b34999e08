"""A guest's booking joins an account through an e-mail address that is verified there, and in no other way."""

from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from reservations.models import Booking
from sales.models import Sale
from tests.factories import begin_paying, make_browser, make_price_list, make_showtime, make_theater

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(db):
    theater = make_theater()
    nothing = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    showtime = make_showtime(theater=theater, price_list=nothing)
    return begin_paying(showtime, make_browser(1), "A1", email="Ada@Example.com")


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_user("ada@example.com", "a long password of hers")


@pytest.fixture
def client_of_ada(ada):
    client = Client()
    client.force_login(ada)
    return client


def owner():
    return Booking.objects.get().sale.user


def test_without_verification_nothing_is_claimed(booking, ada, client_of_ada):
    EmailAddress.objects.create(user=ada, email="ada@example.com", verified=False, primary=True)
    page = client_of_ada.get("/bookings/")
    assert (page.status_code, page.context["upcoming"], owner()) == (200, [], None)


def test_the_verified_address_claims_it_in_any_case_of_letters(booking, ada, client_of_ada):
    EmailAddress.objects.create(user=ada, email="ada@example.com", verified=True, primary=True)
    page = client_of_ada.get("/bookings/")
    assert [one.reference for one in page.context["upcoming"]] == [booking.reference]
    assert owner() == ada


def test_another_verified_address_claims_nothing(booking, ada, client_of_ada):
    EmailAddress.objects.create(user=ada, email="eve@example.com", verified=True, primary=True)
    client_of_ada.get("/bookings/")
    assert owner() is None


def test_a_booking_that_has_an_owner_keeps_it(booking, ada, client_of_ada, django_user_model):
    eve = django_user_model.objects.create_user("eve@example.com", "x")
    Sale.objects.update(user=eve)
    EmailAddress.objects.create(user=ada, email="ada@example.com", verified=True, primary=True)
    client_of_ada.get("/bookings/")
    assert owner() == eve


def test_my_bookings_are_for_who_is_signed_in(db):
    answer = Client().get("/bookings/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/bookings/")


def test_e_mail_is_the_login_in_any_case_of_letters(ada, django_user_model):
    assert django_user_model.objects.get_by_natural_key("ADA@example.com") == ada
    assert django_user_model.objects.create_user("Bob@Example.COM", "x").email == "bob@example.com"


def test_a_superuser_is_made_by_e_mail(django_user_model):
    boss = django_user_model.objects.create_superuser("boss@example.com", "x")
    assert (boss.is_staff, boss.is_superuser, str(boss)) == (True, True, "boss@example.com")


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/confirm-email/",
    ],
)
def test_the_pages_of_an_account_are_in_our_layout(db, path):
    answer = Client().get(path)
    assert answer.status_code == 200 and b"Marquee" in answer.content
