"""Every address of the office, for every role: what it answers about the person's own theater, and about another one.

A new page has to be written into tests/boxoffice/limits.py, or these tests fail.
"""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.boxoffice.limits import OTHER_PAGES, PAGES, ROLES
from tests.boxoffice.two_theaters import names_theirs
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
ABOUT_ALL = {"list": "changelist", "add": "add"}


def addresses(resolver, prefix=""):
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry.name
        else:
            yield from addresses(entry, path)


def test_every_page_of_the_office_is_in_the_tables():
    models = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert models == set(PAGES)
    usual = {f"{page}_{verb}" for page in PAGES for verb in ("changelist", "add", "history", "delete", "change")}
    found = {name for path, name in addresses(get_resolver()) if path.startswith("admin/") and name}
    assert found - usual == set(OTHER_PAGES)


def client_of(user) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def expected(rights: str, *, is_ours: bool) -> dict[str, int]:
    """The expected statuses by the letters of the table: v(iew), a(dd), c(hange), d(elete). Rows of others answer 404."""
    seen = 200 if "v" in rights else 403
    there = seen if is_ours or "v" not in rights else 404
    return {
        "list": seen,
        "add": 200 if "a" in rights else 403,
        "change": there,
        "history": there,
        "delete": 403 if "d" not in rights else 200 if is_ours else 404,
        "write": 403 if "v" not in rights else 404 if not is_ours else 200 if "c" in rights else 403,
    }


def answers(client, page, row) -> dict[str, object]:
    def address(name):
        return reverse(f"admin:{page}_{name}", args=[row.pk])

    return {
        "change": client.get(address("change")),
        "history": client.get(address("history")),
        "delete": client.get(address("delete")),
        "write": client.post(address("change"), {"_reason": "crawling"}),
    }


def answers_about_all(client, page) -> dict[str, object]:
    """Answers of pages that are about no row, and so about no theater."""
    return {name: client.get(reverse(f"admin:{page}_{address}")) for name, address in ABOUT_ALL.items()}


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_lists_forms_and_history(houses, role):
    client = client_of(make_staff(role, houses[0].theater))
    wrong, leaks = [], []
    for page, rights in PAGES.items():
        letters = rights.split()[ROLES.index(role)]
        asked = [("", True, answers_about_all(client, page))]
        for house in houses:
            is_ours = house is houses[0] or "s" in letters
            asked.append((house.theater.name, is_ours, answers(client, page, house.rows[page])))
        for whose, is_ours, found in asked:
            for name, answer in found.items():
                wanted = expected(letters, is_ours=is_ours)[name]
                got = 200 if name == "write" and answer.status_code == 302 else answer.status_code
                if got != wanted:
                    wrong.append((page, whose, name, got, wanted))
                if names_theirs(answer.content.decode()):
                    leaks.append((page, name))
    assert wrong == []
    assert leaks == []


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_pages_of_their_own(houses, role):
    client = client_of(make_staff(role, houses[0].theater))
    wrong, leaks = [], []
    for name, (args, by_role) in OTHER_PAGES.items():
        wanted = by_role.split()[ROLES.index(role)]
        got = []
        for house in houses:
            answer = client.get(address_of(name, args, house))
            got.append(str(answer.status_code))
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if names_theirs(content.decode()):
                leaks.append(name)
        if "/".join(dict.fromkeys(got)) != wanted:
            wrong.append((name, "/".join(got), wanted))
    assert wrong == []
    assert leaks == []


def address_of(name, args, house) -> str:
    """`args` names rows and ids of the house; after a question mark stand those of the query."""
    path, _, query = args.partition("?")
    known = {**{page: row.pk for page, row in house.rows.items()}, **house.ids, "theater": house.theater.pk}
    parts = [known.get(part, part) for part in path.split()]
    prefix = "" if name == "ledger_export" else "admin:"
    return reverse(prefix + name, args=parts) + (f"?{query.format(**known)}" if query else "")
