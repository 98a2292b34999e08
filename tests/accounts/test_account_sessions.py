"""People see where they are signed in, and can end each of these sessions."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.device_names import device_name
from accounts.models import AccountSession, User
from accounts.services.account_closing import close_account, end_sessions
from accounts.services.account_sessions import sweep_sessions
from core.caches.process_cache import forget_everything
from core.clock import from_now
from tests.factories import make_staff, make_theater
from tests.totp_codes import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "lantern gravel seventeen umbrella"
NEW_PASSWORD = "seventeen umbrellas of gravel"
PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1"
)


def make_customer(email="ada@example.com") -> User:
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def ada():
    return make_customer()


def sign_in(email="ada@example.com", device=FIREFOX, address="192.0.2.7") -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": device})
    assert client.post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return client


def listed(client):
    return client.get(PAGE).context["sessions"]


def is_in(client) -> bool:
    return client.get("/bookings/").status_code == 200


def test_both_devices_are_listed_with_what_tells_them_apart(ada):
    here, phone = sign_in(), sign_in(device=IPHONE, address="2001:db8:1:2:3:4:5:6")
    this, other = listed(here)
    assert (this.device, this.address, this.is_this) == ("Firefox on Windows", "192.0.2.7", True)
    assert (other.device, other.address, other.is_this) == ("Safari on iPhone", "2001:db8:1:2::/64", False)
    assert this.signed_in_at <= this.last_seen_at
    page = phone.get(PAGE).content.decode()
    assert page.count("this device") == 1 and "Sign out all other devices" in page


def test_it_is_reached_from_the_account_pages(ada):
    assert f'href="{PAGE}"' in sign_in().get("/accounts/email/").content.decode()


def test_staff_see_theirs(settings):
    manager = make_staff("MANAGER", make_theater())
    EmailAddress.objects.create(user=manager, email=manager.email, verified=True, primary=True)
    client = Client()
    client.force_login(manager)
    client.get("/admin/")
    assert AccountSession.objects.get().user == manager
    assert len(listed(client)) == 1


def test_a_session_is_ended_and_the_others_go_on(ada):
    here, phone, tablet = sign_in(), sign_in(device=IPHONE), sign_in()
    number = AccountSession.objects.get(session_key=phone.session.session_key).pk
    assert here.post(f"{PAGE}{number}/end/").url == PAGE
    assert [is_in(client) for client in (here, phone, tablet)] == [True, False, True]
    assert number not in [session.id for session in listed(here)]


def test_ending_this_one_signs_out(ada):
    here, phone = sign_in(), sign_in()
    number = listed(here)[0].id
    assert here.post(f"{PAGE}{number}/end/").url == "/accounts/login/"
    assert (is_in(here), is_in(phone)) == (False, True)


def test_all_others_are_ended_at_once(ada):
    here, phone, tablet = sign_in(), sign_in(), sign_in()
    AccountSession.objects.filter(session_key=tablet.session.session_key).delete()  # from before this list existed
    assert here.post(f"{PAGE}end-others/").url == PAGE
    assert [is_in(client) for client in (here, phone, tablet)] == [True, False, False]
    assert [session.is_this for session in listed(here)] == [True]


def test_sessions_of_somebody_else_are_not_there(ada):
    make_customer("eve@example.com")
    here, eve = sign_in(), sign_in("eve@example.com")
    number = listed(here)[0].id
    assert eve.post(f"{PAGE}{number}/end/").status_code == 404
    assert eve.post(f"{PAGE}999999/end/").status_code == 404
    assert is_in(here) and number not in [session.id for session in listed(eve)]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}1/end/", f"{PAGE}end-others/"])
def test_strangers_sign_in_first_and_methods_are_kept(ada, path):
    wrong = "post" if path == PAGE else "get"
    assert getattr(sign_in(), wrong)(path).status_code == 405
    answer = getattr(Client(), "get" if path == PAGE else "post")(path)
    assert answer.url.startswith("/accounts/login/")


class TestRowsFollow:
    def test_a_new_password_ends_the_others_and_keeps_this_one(self, ada):
        here, phone = sign_in(), sign_in()
        number = listed(here)[0].id
        fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        here.post("/accounts/password/change/", fields)
        assert (is_in(here), is_in(phone)) == (True, False)
        assert [(session.id, session.is_this) for session in listed(here)] == [(number, True)]

    def test_a_new_factor_ends_the_others_and_keeps_this_one(self, ada, monkeypatch):
        here, phone = sign_in(), sign_in()
        number = listed(here)[0].id
        here.post("/accounts/reauthenticate/", {"password": PASSWORD})
        here.get("/accounts/2fa/totp/activate/")
        secret = here.session[totp.SECRET_SESSION_KEY]
        code = code_of(secret)
        monkeypatch.setattr(transaction, "on_commit", lambda call, **_: call())  # the test itself runs in a transaction
        here.post("/accounts/2fa/totp/activate/", {"code": code})
        assert (is_in(here), is_in(phone)) == (True, False)
        assert [(session.id, session.is_this) for session in listed(here)] == [(number, True)]

    @pytest.mark.parametrize("end", [close_account, end_sessions])
    def test_what_staff_end_is_over(self, ada, end):
        sign_in()
        end(user_id=ada.pk)
        ada.refresh_from_db()
        assert not AccountSession.objects.alive(ada).exists()

    def test_signing_out_takes_the_row_along(self, ada):
        here = sign_in()
        listed(here)
        here.post("/accounts/logout/")
        assert not AccountSession.objects.exists()

    def test_another_person_on_the_same_browser_gets_a_row_of_their_own(self, ada):
        eve = make_customer("eve@example.com")
        here = sign_in()
        here.post("/accounts/logout/")
        here.post("/accounts/login/", {"login": eve.email, "password": PASSWORD})
        assert [row.user for row in AccountSession.objects.all()] == [eve]

    def test_a_session_that_is_too_old_is_not_listed(self, ada):
        here, phone = sign_in(), sign_in()
        Session.objects.filter(pk=phone.session.session_key).update(expire_date=from_now(-1))
        assert len(listed(here)) == 1


class TestHowOften:
    def test_a_visit_is_written_once_in_five_minutes(self, ada, monkeypatch):
        clock = [0.0]
        monkeypatch.setattr("core.caches.process_cache.time.monotonic", lambda: clock[0])
        here = sign_in()
        AccountSession.objects.update(last_seen_at=from_now(-4000))

        def written() -> int:
            with CaptureQueriesContext(connection) as queries:
                here.get("/bookings/")
            return sum("UPDATE" in query["sql"] and "accountsession" in query["sql"] for query in queries)

        assert [written(), written()] == [0, 0]
        clock[0] = 301.0
        assert [written(), written()] == [1, 0]

    def test_public_pages_note_nothing_for_guests(self):
        answer = Client().get("/")
        assert "sessionid" not in answer.cookies and not AccountSession.objects.exists()

    def test_a_session_from_before_the_list_is_noted_at_its_next_visit(self, ada):
        client = Client()
        client.force_login(ada)
        client.get("/bookings/")
        assert AccountSession.objects.get().session_key == client.session.session_key


def test_what_is_over_is_swept(ada):
    here, phone, tablet = sign_in(), sign_in(), sign_in()
    Session.objects.filter(pk=phone.session.session_key).update(expire_date=from_now(-1))
    Session.objects.filter(pk=tablet.session.session_key).delete()
    assert sweep_sessions() == 3
    assert Session.objects.get().pk == AccountSession.objects.get().session_key == here.session.session_key
    assert sweep_sessions() == 0


def test_a_row_that_cannot_be_written_stops_no_page(ada, monkeypatch):
    here = sign_in()
    forget_everything()
    AccountSession.objects.all().delete()
    monkeypatch.setattr("accounts.middleware.note_visit", lambda request: connection.cursor().execute("SELECT 1/0"))
    with transaction.atomic():
        assert here.get("/bookings/").status_code == 200
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/139.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/139.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18.5 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/139.0 Safari/537.36 Edg/139.0", "Edge on Windows"),
        ("curl/8.5.0", "A device that does not say what it is"),
        ("<script>alert(1)</script>", "A device that does not say what it is"),
        ("", "A device that does not say what it is"),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_words(user_agent, name):
    assert device_name(user_agent) == name
