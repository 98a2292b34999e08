"""Only staff get into the office, through the site's own sign-in."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.models import User
from staff.models import StaffRole
from tests.factories import make_theater
from tests.signing_in import give_factor, signed_in
from tests.totp_codes import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


def test_guest_is_sent_to_the_sign_in_and_back(client):
    answer = client.get("/admin/theaters/movie/?q=kid")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/admin/theaters/movie/%3Fq%3Dkid")


def test_djangos_own_sign_in_does_not_exist(client, manager):
    address, fields = "/admin/login/?next=/admin/theaters/movie/", {"username": manager.email, "password": PASSWORD}
    assert client.get(address, fields).url.startswith("/accounts/login/?next=/admin/")
    assert client.post(address, fields).status_code == 405
    assert "_auth_user_id" not in client.session


def sign_in(client, manager, wanted="/admin/theaters/movie/"):
    EmailAddress.objects.create(user=manager, email=manager.email, verified=True, primary=True)
    return client.post(
        f"/accounts/login/?next={wanted}", {"login": manager.email, "password": PASSWORD, "next": wanted}
    )


def test_from_the_sign_in_to_the_page_that_was_asked_for(client, manager):
    answer = sign_in(client, manager)
    assert (answer.status_code, answer.url) == (302, "/admin/theaters/movie/")
    assert client.get(answer.url).status_code == 200


def test_sign_in_does_not_lead_to_another_site(office):
    answer = office.get("/admin/login/", {"next": "https://evil.example/"})
    assert answer.url == "/admin/"


def test_signed_in_customer_is_told_kindly(client, db):
    client.force_login(User.objects.create_user("ada@example.com", PASSWORD))
    for path in ("/admin/", "/admin/login/", "/admin/theaters/movie/", "/admin/theaters/movie/add/"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "This page is for staff." in answer.content.decode()
        assert f'href="{reverse("account_logout")}"' in answer.content.decode()


def test_dismissed_staff_is_out_at_once(office, manager):
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert office.get("/admin/").status_code in (302, 403)


def test_signing_out_ends_the_session_and_needs_a_post(office):
    assert office.get("/admin/logout/").status_code == 405
    assert office.post("/admin/logout/").status_code == 302
    assert office.get("/admin/").url.startswith("/accounts/login/")


def test_passwords_are_changed_in_the_account_pages(office):
    assert office.get("/admin/password_change/").url == reverse("account_change_password")


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = True

    def test_without_one_staff_is_sent_to_set_it_up(self, office):
        for path in ("/admin/", "/admin/login/", "/admin/theaters/movie/", "/admin/jsi18n/"):
            answer = office.get(path)
            assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))

    def test_the_page_to_set_it_up_opens_and_says_why(self, client, manager):
        sign_in(client, manager)
        answer = client.get("/admin/", follow=True)
        assert (answer.status_code, answer.redirect_chain) == (200, [(reverse("mfa_index"), 302)])
        assert "The office opens with a second factor." in answer.content.decode()

    def test_recovery_codes_alone_are_no_second_factor(self, manager):
        """This also holds for a session opened with such a code: its person is sent to set up a factor."""
        codes = Authenticator.objects.create(user=manager, type=Authenticator.Type.RECOVERY_CODES, data={})
        assert signed_in(manager, factor=codes).get("/admin/").url == reverse("mfa_index")
        give_factor(manager)
        assert signed_in(manager, factor=codes).get("/admin/").status_code == 200

    def test_used_in_this_session_it_opens_the_office(self, manager):
        client = signed_in(manager, factor=give_factor(manager))
        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/theaters/movie/", "/counter/", "/door/"])
    def test_a_session_that_has_not_used_it_is_asked_for_it(self, manager, path):
        give_factor(manager)
        answer = signed_in(manager).get(path)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("mfa_reauthenticate"))

    def test_a_factor_that_was_removed_counts_no_more(self, manager):
        lost, kept = give_factor(manager), Authenticator.objects.create(user=manager, type="webauthn", data={})
        client = signed_in(manager, factor=lost)
        Authenticator.objects.filter(pk=lost.pk).delete()
        client = signed_in(manager, factor=lost)
        assert client.get("/admin/").status_code == 302
        assert signed_in(manager, factor=kept).get("/admin/").status_code == 200

    def test_adding_and_removing_a_factor_ends_sessions(self, manager):
        before = signed_in(manager)
        factor = give_factor(manager)
        assert before.get("/bookings/").status_code == 302
        after = signed_in(manager, factor=factor)
        factor.delete()
        assert after.get("/bookings/").status_code == 302

    @pytest.mark.django_db(transaction=True)
    def test_setting_it_up_ends_the_other_sessions_and_opens_the_office_in_this_one(self, client, manager):
        sign_in(client, manager)
        other = signed_in(manager)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        page = client.get(reverse("mfa_activate_totp"))
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret)})
        assert answer.status_code == 302
        assert client.get("/admin/").status_code == 200
        assert "_auth_user_id" in other.session and other.get("/admin/").url.startswith("/accounts/login/")

    def test_a_new_password_ends_the_other_sessions(self, client, manager):
        sign_in(client, manager)
        other = signed_in(manager)
        fresh = "an altogether different pass phrase"
        answer = client.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
        )
        assert answer.status_code == 302
        assert other.get("/bookings/").status_code == 302
        assert client.get("/bookings/").status_code == 200


def test_secrets_and_proofs_of_accounts_have_no_page(office):
    for path in ("/admin/mfa/authenticator/", "/admin/account/emailaddress/"):
        assert office.get(path).status_code == 404


def test_staff_without_a_role_sees_nothing(db):
    client = Client()
    client.force_login(User.objects.create_user("usher@example.com", PASSWORD, is_staff=True))
    assert "Nobody has given you a role yet" in client.get("/admin/").content.decode()
    assert client.get("/admin/reservations/booking/").status_code == 403


@pytest.mark.parametrize(
    ("seconds", "status"), [(899, 200), (901, 302)], ids=["a short pause", "away for longer than allowed"]
)
def test_staff_who_were_away_sign_in_again(manager, settings, time_machine, seconds, status):
    settings.STAFF_IDLE_SECONDS = 900
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    client = signed_in(manager)
    assert client.get("/admin/").status_code == 200
    time_machine.shift(seconds)
    assert client.get("/admin/").status_code == status
    assert ("_auth_user_id" in client.session) is (status == 200)


@pytest.mark.long
def test_after_a_working_day_staff_sign_in_again_however_busy(manager, settings, time_machine):
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = 900, 8 * 3600
    time_machine.move_to("2027-03-01T08:00:00Z", tick=False)
    client = signed_in(manager)
    answers = []
    for _ in range(34):
        answers.append(client.get("/admin/theaters/movie/").status_code)
        time_machine.shift(870)
    assert answers.count(200) == 34
    assert client.get("/admin/theaters/movie/").status_code == 302


@pytest.mark.parametrize(("idle", "whole"), [(900, 0), (0, 8 * 3600)], ids=["pause", "working day"])
def test_a_session_older_than_the_role_does_not_open_the_office(db, settings, time_machine, idle, whole):
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = idle, whole
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    person = User.objects.create_user("ada@example.com", PASSWORD)
    client = signed_in(person)
    time_machine.shift(10 * 24 * 3600)
    assert client.get("/bookings/").status_code == 200
    User.objects.filter(pk=person.pk).update(is_staff=True)
    assert client.get("/admin/").url.startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_a_session_that_does_not_know_when_it_began_does_not_open_the_office(client, manager, settings):
    settings.STAFF_IDLE_SECONDS = 900
    client.force_login(manager)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        (["OWNER"], "/admin/"), (["MANAGER"], "/admin/"), (["FINANCE"], "/admin/"), (["AUDITOR"], "/admin/"),
        (["BOX_OFFICE"], "/counter/"), (["DOOR"], "/door/"), (["DOOR", "BOX_OFFICE"], "/counter/"),
        (["DOOR", "MANAGER"], "/admin/"), ([], "/bookings/"),
    ],
)  # fmt: skip
def test_staff_who_asked_for_no_page_begin_at_their_work(client, roles, page):
    theaters = [make_theater() for _ in roles]
    user = User.objects.create_user("ann@marquee.example", PASSWORD, is_staff=True)
    for theater, role in zip(theaters, roles, strict=True):
        StaffRole.objects.create(user=user, theater=theater, role=role)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, page)
