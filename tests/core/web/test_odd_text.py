"""Odd text in arguments and headers never gives a 500, at any address."""

import pytest
from django.test import Client

from core.web.web_addresses import split_address
from tests.boxoffice.scenes import book
from tests.core.walking import filled_paths
from tests.factories import make_showtime, make_staff
from tests.signing_in import signed_in
from tests.variants import some

pytestmark = pytest.mark.django_db
# The arguments that pages of customers and staff read from their addresses.
ARGUMENTS = (
    "access", "all", "at", "auditorium", "bookable", "by", "category", "channel", "count", "currency", "day", "device", "e",
    "first", "format", "from", "group", "hl", "how", "id", "kind", "language", "last", "month", "movie", "next", "o", "on",
    "operator", "p", "page", "plan", "q", "role", "show", "showtime", "since", "sort", "status", "theater", "time", "to",
    "type", "until", "user", "version", "view", "week", "year",
)  # fmt: skip
TEXTS = ["abc", "http://[", "9" * 30]
HEADERS = {"Referer": "http://[", "Accept-Language": "[;q=x,,*", "User-Agent": "[", "X-Forwarded-For": "[,::"}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://[", "HX-Trigger": "[", "HX-Target": "["}


def failing(person, text: str) -> set[str]:
    query, found = dict.fromkeys(ARGUMENTS, text), set()
    for path in filled_paths():
        client = Client(raise_request_exception=False)
        client.force_login(person)  # again each time: some addresses sign out
        page = client.get(path, query_params=query, headers=HEADERS)
        part = client.post(path, query_params=query, headers={**HEADERS, **HTMX})
        found |= {path} if max(page.status_code, part.status_code) >= 500 else set()
    return found


@pytest.mark.long
@pytest.mark.parametrize("text", TEXTS)
def test_every_address(text, django_user_model):
    book(make_showtime(), "A1")
    root = django_user_model.objects.create_superuser("root@marquee.example", "a long pass phrase")
    assert failing(root, text) == set()


@pytest.mark.parametrize("name", ["abc", "http://[", "//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_the_sign_in_of_the_office_leads_to_a_page_of_ours(name):
    client = signed_in(make_staff("OWNER", make_showtime().auditorium.theater))
    assert client.get("/admin/login/", {"next": name}).url == "/admin/"


@pytest.mark.parametrize(
    "name", some(["abc", "http://[", "//[", "//evil.example", "https://evil.example/", "javascript:alert(1)"], every=3)
)
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/logout/",
        "/accounts/signup/",
        "/accounts/password/reset/",
    ],
)
def test_pages_of_the_account_lead_to_pages_of_ours(client, path, name):
    assert client.get(path, {"next": name}).status_code in {200, 302}
    answer = client.post(path, {"next": name, "login": "ada@example.com", "password": "x"}, query_params={"next": name})
    assert answer.status_code in {200, 302} and answer.headers.get("Location", "/").startswith("/")


def test_text_that_is_no_address_has_no_parts():
    assert tuple(split_address("http://[")) == ("", "", "", "", "")
    assert split_address("/counter/?day=1").query == "day=1"
