"""Helpers for the office's actions in steps: one page shows what will happen, and the next press does it."""

import re

from tests.ledger import nothing_changes


def path_of(name, *keys) -> str:
    pages = dict.fromkeys(["refund", "goodwill", "swap", "resend", "email"], "reservations/booking")
    pages |= dict.fromkeys(["approve", "decline"], "boxoffice/refundrequest")
    return f"/admin/{pages[name]}/{keys[0]}/{name}/"


def look(client, path, **data) -> tuple[str, str]:
    """Open the page that shows what will happen; returns the page and the mark of the plan on it. Nothing may have
    changed yet.
    """
    with nothing_changes():
        answer = client.post(path, data) if data else client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    page = answer.content.decode()
    found = re.search(r'name="mark" value="([^"]*)"', page)
    assert found, page
    return page, found.group(1)


def act(client, path, **data):
    """Go through all steps of an action; returns the answer to the last one."""
    _, mark = look(client, path, **data)
    return client.post(path, {**data, "mark": mark, "_do": "yes"})


def said(client, answer) -> str:
    """Follow a redirect and return the messages on its page."""
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.url).content.decode()
    return " ".join(re.findall(r'<li class="(?:success|error)">(.*?)</li>', page, re.DOTALL))


def sentences(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'")
