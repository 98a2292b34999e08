"""Mails of the account pages look and speak as the house: in our words, as text and as HTML, with one button."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.template.loader import get_template
from django.test import Client

from accounts.models import User
from tests.letters import last_letter_to
from tests.mail_text import lone_links

pytestmark = pytest.mark.django_db
PASSWORD = "lantern gravel seventeen umbrella"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
OF_ALLAUTH = Path(allauth.__file__).parent / "templates"
# Mails of ways to prove oneself that are off here: a code instead of a link.
NOT_SENT = {"account/email/password_reset_code"}
BUTTON = re.compile(r'<a href="([^"]+)" style="display:inline-block;[^"]*">([^<]+)</a>')


@pytest.fixture
def ada():
    user = User.objects.create_user("ada@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.mark.parametrize("part", ["subject", "message"])
def test_no_mail_speaks_in_the_words_of_the_library(part):
    files = [path for app in ("account", "mfa") for path in (OF_ALLAUTH / app / "email").glob(f"*_{part}.txt")]
    names = [str(path.relative_to(OF_ALLAUTH)) for path in files]
    ours = [name for name in names if name.removesuffix(f"_{part}.txt") not in NOT_SENT]
    assert len(ours) > 15
    assert [name for name in ours if str(OF_ALLAUTH) in get_template(name).origin.name] == []


@pytest.mark.parametrize(
    ("ask", "email", "button"),
    [
        ("/accounts/signup/", "new@example.com", "Confirm this address"),
        ("/accounts/signup/", "ada@example.com", "Choose a new password"),
        ("/accounts/password/reset/", "ada@example.com", "Choose a new password"),
        ("/accounts/login/code/", "new@example.com", "Create an account"),
    ],
)
def test_the_link_of_the_text_is_the_one_button(ada, ask, email, button):
    Client().post(ask, {"email": email, "password1": PASSWORD})
    letter = last_letter_to(email)
    [(address, label)] = BUTTON.findall(letter.alternatives[0][0])
    assert label == button and f"\n\n{address}\n\n" in letter.body
    assert lone_links(letter.body) == []


def test_a_code_stands_in_the_subject_where_a_phone_shows_it(ada):
    Client().post("/accounts/login/code/", {"email": ada.email})
    letter = last_letter_to(ada.email)
    code = re.search(r"\d{4} \d{4}", letter.body)[0]
    assert letter.subject == f"{code} is your code to sign in at Marquee"
    assert f">{letter.subject}</p>" in letter.alternatives[0][0]
    assert BUTTON.findall(letter.alternatives[0][0]) == []


def test_a_changed_password_is_told_with_the_device_and_a_way_to_act(ada):
    client = Client(headers={"user-agent": FIREFOX})
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    new = "seventeen umbrellas of gravel"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    letter = last_letter_to(ada.email)
    assert letter.subject == "Your password was changed"
    assert " UTC, with Firefox on Linux, from the network address 127.0.0.1." in letter.body
    assert BUTTON.findall(letter.alternatives[0][0]) == [
        ("http://testserver/accounts/password/reset/", "Choose a new password")
    ]
    assert letter.body.endswith("\n\nMarquee\nhttp://testserver/\n")
