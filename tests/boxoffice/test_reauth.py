"""Money actions ask for the second factor again after five minutes, and then continue with what was asked for."""

import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import get_resolver, reverse

from staff import reauth
from tests.boxoffice.limits import PAGES
from tests.boxoffice.scenes import book, pay
from tests.boxoffice.test_limits import addresses
from tests.factories import PASS_PHRASE, make_price_list, make_staff, make_theater
from tests.signing_in import give_factor, signed_in
from tests.totp_codes import code_of

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


@pytest.fixture
def client(finance, secret, time_machine) -> Client:
    """A browser signed in through allauth, with password and code."""
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


# Addresses whose posts ask for a fresh second factor, or that accept no post. Every other one stands in WRITES_WITHOUT_ASKING. A
# post that gives rights or money away, or changes what others rely on, has to ask.
ASKING = {
    "password_change", "password_change_done", "jsi18n", "app_list", "index",  # they accept no posts
    "ledger_export", "staff_auditentry_export",
    "counter", "counter_group", "counter_sales", "counter_override", "counter_payouts", "counter_pay_out", "takings",
    "counter_find", "door_find",
    "takings_csv", "door", "door_booking", "door_showtime", "overrule_scan",
    "houses_textpage_write", "theaters_movie_example", "theaters_movie_export", "theaters_pricelist_showtimes",
    "report_showtime", "report_showtime_csv", "report_sales", "report_sales_csv", "report_price_rules", "report_price_rules_csv",
    "report_occupancy", "report_occupancy_csv",
    "report_no_shows", "report_no_shows_csv", "report_refunds", "report_refunds_csv", "report_comps", "report_comps_csv",
    "reservations_booking_refund", "reservations_booking_goodwill", "reservations_booking_email",
    "reservations_booking_retry", "reservations_booking_pay_out", "reservations_booking_give",
    "boxoffice_refundrequest_approve", "boxoffice_refundrequest_decline", "schedule_day", "schedule_changes",
    "schedule_move_in", "schedule_move_in_example", "first_day_begin", "first_day_auditorium", "first_day_prices",
    "first_day_week", "first_day_law", "first_day_movie", "first_day_try",
    "schedule_change", "plan_editor", "plan_publish", "plan_draft_preview", "plan_draft_export", "plan_export",
    "core_salespause_switch", "staff_invitation_again", "staff_invitation_withdraw",
    "staff_device_link", "staff_device_revoke", "staff_device_unlock", "plan_preview", "plan_showtimes",
    "reservations_promocode_reveal", "theaters_showtime_write", "theaters_showtime_write_html",
}  # fmt: skip


def test_every_page_of_staff_asks_or_is_named_as_one_that_does_not():
    names = {
        name
        for path, name in addresses(get_resolver())
        if name and path.startswith(("admin/", "counter/", "counter", "door/"))
    }
    of_models = {f"{page}_{verb}" for page in PAGES for verb in ("changelist", "add", "history", "delete", "change")}
    assert names - of_models - reauth.WRITES_WITHOUT_ASKING == ASKING
    assert reauth.WRITES_WITHOUT_ASKING - names == set()
    files = {name for name in names if "export" in name or name.endswith("csv")}
    figures_and_drawings = {
        name for name in files if name.startswith(("report_", "takings_", "plan_", "theaters_movie_"))
    }
    assert files - figures_and_drawings == reauth.EXPORTS


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("MANAGER", "/admin/staff/invitation/add/"),
        ("MANAGER", "/admin/reservations/promocode/add/"),
        ("MANAGER", "/admin/theaters/pricelist/{prices}/change/"),
        ("MANAGER", "/admin/houses/theater/{theater}/change/"),
    ],
)
def test_a_post_that_gives_something_away_asks_again(db, settings, role, path, time_machine):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    prices = make_price_list(make_theater())
    person = make_staff(role, prices.theater)
    client = signed_in(person, factor=give_factor(person))
    address = path.format(prices=prices.pk, theater=prices.theater_id)
    assert client.post(address, {}).status_code == 200
    time_machine.shift(301)
    assert client.get(address).status_code == 200
    answer = client.post(address, {})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("mfa_reauthenticate"))


def test_the_export_for_accounting_asks_again(finance, secret, client, time_machine):
    theater = finance.staff_roles.get().theater_id
    address = f"/admin/ledger/?theater={theater}&first=2027-01-01&last=2027-01-02"
    assert client.get(address).status_code == 200
    time_machine.shift(301)
    assert client.get("/admin/ledger/").status_code == 200
    assert client.get(address).status_code == 302


def test_a_password_that_was_typed_a_moment_ago_is_no_fresh_factor(showtime, settings):
    """Only the second factor counts for the five minutes, whatever else the session has proven since."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    person = make_staff("OWNER", showtime.auditorium.theater)
    client = signed_in(person, factor=give_factor(person), at=time.time() - 600)
    session = client.session
    records = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        *records, {"method": "password", "at": time.time(), "reauthenticated": True},
    ]  # fmt: skip
    session.save()
    answer = client.post("/admin/reservations/promocode/add/", {"code": "GIFT", "kind": "PERCENT", "percent": "100"})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("mfa_reauthenticate"))
