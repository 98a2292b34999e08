"""Every address with a secret in its path allows ten wrong secrets a minute for one internet address, and any number of
right ones.
"""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.utils import user_pk_to_url_str
from django.test import Client

from accounts.models import User
from tests.core.monitoring.test_redaction import PATHS
from tests.variants import some

HOME = "203.0.113.7"
pytestmark = pytest.mark.django_db


# The ways in which browsers, allauth's scripts, and programs ask.
ASKED_BY = {"browser": {}, "ajax": {"X-Requested-With": "XMLHttpRequest"}, "json": {"Accept": "application/json"}}


def many(times, method, path, address=HOME, headers=None):
    return [getattr(Client(REMOTE_ADDR=address), method)(path, headers=headers) for _ in range(times)]


@pytest.mark.parametrize("asked_by", some(ASKED_BY, every=3))
@pytest.mark.parametrize("name", some(PATHS, every=3))
def test_wrong_ones_are_limited_at_every_address_with_a_secret(name, asked_by, settings):
    settings.WRONG_LINKS_PER_MINUTE_PER_ADDRESS = 1
    answers = many(2, "get", PATHS[name], headers=ASKED_BY[asked_by])
    if answers[0].status_code == 405:
        answers = many(2, "post", PATHS[name], headers=ASKED_BY[asked_by])
    assert (answers[0].status_code != 429, answers[1].status_code) == (True, 429)
    assert 1 <= int(answers[1]["Retry-After"]) <= 60
    assert "Too many wrong links were opened from your internet connection" in answers[1].content.decode()


def test_they_are_ten_a_minute_and_another_address_has_its_own():
    assert [answer.status_code for answer in many(11, "get", PATHS["transfer"])] == [404] * 10 + [429]
    assert many(1, "get", PATHS["transfer"], address="203.0.113.8")[0].status_code == 404


def test_they_are_counted_together(settings):
    """If each kind of page counted alone, each would give ten more tries."""
    settings.WRONG_LINKS_PER_MINUTE_PER_ADDRESS = 2
    kinds = ["ticket", "group", "waiting_entry", "accept_invitation", "account_confirm_email"]
    assert [many(1, "get", PATHS[kind])[0].status_code for kind in kinds] == [404, 404, 429, 429, 429]


def test_posts_and_looks_are_counted_together(settings):
    settings.WRONG_LINKS_PER_MINUTE_PER_ADDRESS = 1
    assert many(1, "post", PATHS["take_transfer"])[0].status_code == 404
    assert many(1, "get", PATHS["take_transfer"])[0].status_code == 429


def test_zero_is_off(settings):
    settings.WRONG_LINKS_PER_MINUTE_PER_ADDRESS = 0
    assert {answer.status_code for answer in many(12, "get", PATHS["ticket"])} == {404}


@pytest.fixture
def ada():
    return User.objects.create_user("ada@example.com", "a long password of hers")


def test_right_links_of_accounts_work_beside_wrong_ones(ada):
    address = EmailAddress.objects.create(user=ada, email=ada.email, primary=True)
    many(11, "get", PATHS["ticket"])
    key = f"{user_pk_to_url_str(ada)}-{default_token_generator.make_token(ada)}"
    assert {answer.status_code for answer in many(12, "get", f"/accounts/password/reset/key/{key}/")} == {302}
    confirmation = f"/accounts/confirm-email/{EmailConfirmation.create(address).key}/"
    assert {answer.status_code for answer in many(12, "get", confirmation)} == {200}
    assert many(1, "get", PATHS["ticket"])[0].status_code == 429
