"""Wherever rows can be searched, filtered, chosen or looked up, people of one theater find nothing of another.

The tests make their questions from the pages themselves, so a new search field or filter is covered without a change here.
"""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.boxoffice.limits import PAGES
from tests.boxoffice.two_theaters import MARK
from tests.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tells(answer, *, asked: str = "") -> bool:
    """Whether the answer names something of the other theater, apart from repeating the question."""
    content = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    said = unescape(content).lower().replace(asked.lower(), "") if asked else unescape(content).lower()
    return MARK.lower() in said


def words_of_theirs(house) -> list[str]:
    """What somebody who knows a little could type: names, addresses, references, numbers at Stripe."""
    rows = house.rows
    booking, payment = rows["reservations_booking"], rows["payments_payment"]
    ticket = rows["reservations_ticket"]
    return [
        booking.reference, ticket.code, payment.session_id, payment.provider_id, rows["payments_refund"].provider_id,
        rows["payments_providerevent"].provider_id, "example.com", "palace", "room", str(booking.pk),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "many"),
    [
        ("AUDITOR", True),
        ("BOX_OFFICE", False),
        ("MANAGER", False),
    ],
)
def test_search_boxes(houses, role, many):
    client = client_of(make_staff(role, houses[0].theater))
    searched = [page for page in PAGES if page_of(page).search_fields]
    assert len(searched) > 10
    words = words_of_theirs(houses[1]) if many else ["palace"]
    everything = {"theaters_showtime": {"day": "all"}}  # that list shows one day unless it is told to show all
    asked = [(page, word) for page in searched for word in words]
    leaks = []
    for page, word in asked:
        answer = client.get(reverse(f"admin:{page}_changelist"), {"q": word, **everything.get(page, {})})
        leaks += [(page, word)] if tells(answer) else []
    assert leaks == []


def page_of(name):
    return next(
        page
        for model, page in admin.site._registry.items()
        if f"{model._meta.label_lower}" == name.replace("_", ".", 1)
    )


def test_every_filter_of_every_list(houses):
    """The filters are read from the pages of somebody who sees everything, and then asked by somebody of one theater."""
    root = client_of(User.objects.get(is_superuser=True))
    auditor = client_of(make_staff("AUDITOR", houses[0].theater))
    asked, leaks = 0, []
    for page in PAGES:
        address = reverse(f"admin:{page}_changelist")
        links = set(map(unescape, re.findall(r'href="(\?[^"]*)"', root.get(address).text)))
        for link in sorted(link for link in links if not re.search(r"[?&](o|p)=", link)):
            asked += 1
            answer = auditor.get(address + link)
            # A page that refuses a filter still has the public menu of theaters.
            if answer.status_code == 200 and tells(answer):
                leaks.append((page, link))
    assert leaks == []
    assert asked > 60


def test_questions_by_number_that_no_page_asks(houses):
    """These are typed into the address: rows of the other theater, by the very path that leads there."""
    auditor = client_of(make_staff("AUDITOR", houses[0].theater))
    leaks = []
    for page in PAGES:
        path = getattr(page_of(page), "theater_path", "")
        if path in {"shared", "house"}:
            continue
        for lookup, value in [
            ("id__exact", houses[1].theater.pk),
            ("in", houses[1].theater.pk),
            ("name__startswith", "Z"),
        ]:
            field = "__".join(filter(None, [path, lookup]))
            answer = auditor.get(reverse(f"admin:{page}_changelist"), {field: value})
            if answer.status_code >= 500 or (answer.status_code == 200 and tells(answer)):
                leaks.append((page, field))
    assert leaks == []


@pytest.mark.parametrize("role", ["MANAGER", "OWNER"])
def test_every_choice_of_every_form(houses, role):
    client = client_of(make_staff(role, houses[0].theater))
    assert [page for page in PAGES if tells(client.get(reverse(f"admin:{page}_add")))] == []


@pytest.mark.parametrize("role", ["BOX_OFFICE", "MANAGER"])
def test_the_counter(houses, role):
    """Rows of the other theater are asked for by number and reference, for reading and for writing."""
    ours, theirs = houses
    client = client_of(make_staff(role, ours.theater))
    client.post("/counter/here/", {"theater": ours.theater.slug})
    sold, refund = theirs.ids["sold"], theirs.ids["refund"]
    reference = theirs.rows["reservations_booking"].reference
    for path in [f"/counter/showtimes/{sold}/", f"/counter/sales/{reference}/", f"/counter/pay-outs/{refund}/"]:
        assert client.get(path).status_code in {403, 404}, path
    for end in ("seats", "best", "release", "override"):
        answer = client.post(f"/counter/showtimes/{sold}/{end}/", {"take": "A2", "count": 1})
        assert answer.status_code in {403, 404}, end
        assert not tells(answer)
    for path in ["/counter/", "/counter/sales/", "/counter/pay-outs/", "/counter/takings/", "/counter/takings.csv"]:
        for query in (
            "",
            f"?q={reference}",
            "?q=palace",
            f"?theater={theirs.theater.slug}",
            f"?theater={theirs.theater.pk}",
        ):
            assert not tells(client.get(path + query), asked=theirs.theater.slug), path + query


def test_nobody_chooses_a_counter_or_door_of_another_theater(houses):
    ours, theirs = houses
    for role, path in [("BOX_OFFICE", "/counter/here/"), ("DOOR", "/door/here/")]:
        client = client_of(make_staff(role, ours.theater))
        for value in (theirs.theater.slug, theirs.theater.pk):
            client.post(path, {"theater": value, "door": "Main"})
            assert not tells(client.get(path.replace("here/", "")))
