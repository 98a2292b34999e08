"""E-mail addresses: one spelling for each mailbox, and refusals of addresses that no mail can reach."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.letters.mailboxes import clean_address, same_mailbox

HOUSE = Path(__file__).parents[3]
APPS = ("accounts", "boxoffice", "config", "core", "houses", "payments", "reservations", "sales", "staff", "theaters")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ada@example.org", "ada@example.org"),
        ("  Ada.L@Example.ORG\n", "Ada.L@example.org"),
        ("ada@exam\u00adple.org", "ada@example.org"),  # a soft hyphen
        ("ada\u200b@example.org", "ada@example.org"),  # a space without width
        ("\u202aada@example.org\u202c", "ada@example.org"),  # marks of direction
        ("ada＠example．org", "ada@example.org"),  # wide forms
        ("\u212aata@example.org", "Kata@example.org"),  # the sign for kelvin is a K
        ("mi\u017fs@example.org", "miss@example.org"),  # the long s is an s
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("ada@MÜNCHEN.example", "ada@xn--mnchen-3ya.example"),
    ],
)
def test_an_address_is_stored_in_one_spelling(typed, stored):
    assert clean_address(typed) == stored
    assert clean_address(stored) == stored


@pytest.mark.parametrize(
    "typed",
    ["alı@example.org", "ådä@example.org", "ada@", "@example.org", "ada", "ada@exa mple.org", "ada@example..org",
     "ada@ex_ample.org", "ada@-example.org", "a" * 250 + "@example.org", "ada@\u200b", "ada@xn--a.org\u0301"],
)  # fmt: skip
def test_what_no_mail_can_reach(typed):
    with pytest.raises(ValidationError):
        clean_address(typed)


def test_the_letter_that_is_in_the_way_is_named():
    with pytest.raises(ValidationError, match="“ı”"):
        clean_address("alı@example.org")


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_is_taken_is_ascii_and_stays_as_it_is(name, domain):
    try:
        stored = clean_address(f"{name}@{domain}.org")
    except ValidationError:
        return
    assert stored.isascii() and stored.isprintable() and clean_address(stored) == stored
    assert same_mailbox(stored.upper()) == same_mailbox(stored)


@pytest.mark.django_db
def test_the_pages_of_accounts_clean_them_too(client):
    password = "correct horse battery staple 9"
    form = {"password1": password, "password2": password}
    refused = client.post("/accounts/signup/", form | {"email": "alı@example.org"})
    assert "“ı”" in refused.content.decode() and not User.objects.exists()
    client.post("/accounts/signup/", form | {"email": "ada@exam\u00adple.org"})
    assert User.objects.get().email == "ada@example.org"


def test_nobody_else_checks_or_spells_addresses():
    """All forms, columns and comparisons use the one module for it."""
    otherwise = re.compile(
        r"forms\.EmailField\(|models\.EmailField\(|validate_email|EmailValidator\(|e?mail\w*(?:\.strip\(\))?\.lower\(\)"
    )
    found = [
        f"{path.relative_to(HOUSE)}: {match[0]}"
        for app in APPS
        for path in (HOUSE / app).rglob("*.py")
        if "migrations" not in path.parts and path.name != "mailboxes.py"
        for match in otherwise.finditer(path.read_text())
    ]
    assert found == []
