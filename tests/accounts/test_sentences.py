"""Refusals on the account pages are in our words, whatever allauth would say."""

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.test import Client
from django.utils.translation import override

from accounts.adapter import AccountAdapter, FactorAdapter
from accounts.models import User

pytestmark = pytest.mark.django_db
# Fields that no page here asks for.
NEVER_ASKED = ("phone", "username")


@pytest.mark.parametrize(
    ("ours", "theirs"), [(AccountAdapter, DefaultAccountAdapter), (FactorAdapter, DefaultMFAAdapter)]
)
def test_no_sentence_is_left_in_the_words_of_allauth(ours, theirs):
    asked = {name for name in theirs.error_messages if not any(word in name for word in NEVER_ASKED)}
    with override("en"):
        left = {name for name in asked if str(ours.error_messages[name]) == str(theirs.error_messages[name])}
    assert len(asked) >= 5 and left == set()
    assert ours.error_messages.keys() == theirs.error_messages.keys()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This e-mail address and this password do not belong together. Please check both."),
        ("de", "Diese E-Mail-Adresse und dieses Passwort gehören nicht zusammen. Bitte prüfen Sie beides."),
    ],
)
def test_a_wrong_password(language, sentence):
    User.objects.create_user("ada@example.com", "lantern gravel seventeen")
    form = {"login": "ada@example.com", "password": "another gravel seventeen"}
    page = Client(headers={"Accept-Language": language}).post("/accounts/login/", form)
    assert sentence in page.text
