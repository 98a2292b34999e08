"""Each role follows every link, to one page of each kind: no link leads to a page that is closed to it."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests.boxoffice.two_theaters import two_houses
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

STARTS = ["/admin/", "/accounts/email/"]
ELSEWHERE = ("/static/", "/media/")
MOST = 400


def links_of(answer, here: str) -> set[str]:
    if "text/html" not in answer.headers.get("Content-Type", "") or answer.streaming:
        return set()
    found = {urljoin(here, unescape(link)) for link in re.findall(r'<a[^>]* href="([^"#]+)', answer.content.decode())}
    return {link for link in found if link.startswith("/") and not link.startswith(ELSEWHERE)}


def kind_of(link: str) -> str:
    """Pages of the same kind differ only in numbers, codes and chosen values."""
    return re.sub(r"/[0-9a-zA-Z-]*\d[0-9a-zA-Z-]*", "/…", urlsplit(link).path)


def walk(client: Client) -> list[tuple[str, str, int]]:
    """Follow every link; returns where each was found, where it leads, and what is answered there."""
    waiting, known, answers = [("", start) for start in STARTS], set(), []
    while waiting:
        source, link = waiting.pop(0)
        if kind_of(link) in known:
            continue
        known.add(kind_of(link))
        answer = client.get(link)
        answers.append((source, link, answer.status_code))
        waiting += [(link, one) for one in sorted(links_of(answer, link))]
        assert len(answers) < MOST
    return answers


@pytest.mark.long
@pytest.mark.parametrize("role", ["BOX_OFFICE", "DOOR", "OWNER", "MANAGER", "FINANCE", "AUDITOR"])
def test_no_link_leads_to_a_closed_door(role):
    client = Client()
    client.force_login(make_staff(role, two_houses()[0].theater))
    answers = walk(client)
    assert [found for found in answers if found[2] >= 400] == []
    assert len(answers) > 20
