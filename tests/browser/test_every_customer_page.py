"""Every customer page on a phone, in German and from right to left: no word is cut off, none covers another, and fingers
hit every control.

The pages are those of tests/core/questions.py, also in states in which they refuse, and those of accounts. With PICTURES=folder,
pictures of each page in both themes are kept for a person to look at.
"""

import os
import re
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from sales.models import Sale
from tests.browser.watch import Watch
from tests.core.questions import COOKIE, SITE, STATES, make_world
from tests.signing_in import signed_in

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("site")]
PHONE = {"width": 375, "height": 812, "has_touch": True}
SMALLEST = 320
PICTURES = os.environ.get("PICTURES", "")
NO_PAGES = re.compile(
    r"_(pdf|ics|atom|json|qr|worker|calendar)$|^(events|media|robots|sitemap|manifest|widget|poster|palette|metrics)$"
    r"|^(share_picture|seat_facts|script_sentences|healthz|readyz|security_txt|webhook|house_\w+|seat_stylesheet)$"
)
ACCOUNT = (
    "login", "login/code", "signup", "password/reset", "password/reset/done", "confirm-email", "email", "password/change",
    "sessions", "2fa", "2fa/totp/activate", "2fa/webauthn/add", "2fa/recovery-codes", "logout", "needs", "data", "inactive",
    "reauthenticate",
)  # fmt: skip
FAULTS = (Path(__file__).parent / "words.js").read_text()
TARGETS = (Path(__file__).parent / "targets.js").read_text()
SMALLEST_TARGET = 24  # px: WCAG 2.2, 2.5.8


def is_page(name: str) -> bool:
    return (
        SITE[name].who == "customer" and (SITE[name].post is None or SITE[name].both_ways) and not NO_PAGES.search(name)
    )


def path_of(world, name: str) -> str:
    return reverse(name, args=[world.values[word] for word in SITE[name].args.split()]) + SITE[name].query


@pytest.fixture(params=["de", "dv"])
def phone(request, visit, site, watch: Watch) -> Page:
    watch.allow(400, 403, 404, 409, 410, 422, 503)
    page = visit(**PHONE)
    page.context.add_cookies(
        [
            {"name": "language", "value": request.param, "url": site.url},
            {"name": "holder", "value": COOKIE, "url": site.url},
        ]
    )
    page.language, page.complaints = request.param, watch.complaints
    return page


def faults_of(page: Page, name: str) -> list[str]:
    keep_picture(page, name)
    found = [*page.evaluate(FAULTS), *page.evaluate(TARGETS, [SMALLEST_TARGET, True])]
    page.set_viewport_size({"width": SMALLEST, "height": 640})
    found += [f"{SMALLEST} px, {fault}" for fault in page.evaluate(FAULTS) if fault not in found]
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    return found


def keep_picture(page: Page, name: str) -> None:
    before = len(page.complaints)
    for theme in ("light", "dark") if PICTURES else ():
        page.emulate_media(color_scheme=theme)
        folder = Path(PICTURES) / page.language
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}-{theme}.png", full_page=True)
    # For a full-page picture Chromium lays the page out again, for a moment at any width.
    del page.complaints[before:]


def open_world():
    with transaction.atomic():
        return make_world()


def go(page: Page, path: str) -> None:
    page.goto(path, wait_until="load")


def test_pages_that_work(phone):
    world = open_world()
    faults = {}
    for name in filter(is_page, SITE):
        go(phone, path_of(world, name))
        faults[name] = faults_of(phone, name)
    for path in (
        "/search/?q=zzzz",
        "/?bookable=yes&time=evening",
        "/?view=week",
        "/?day=2030-01-01",
        "/nothing/",
        f"/showtimes/{world.showtime.pk}/?view=list",
    ):
        go(phone, path)
        faults[path] = faults_of(phone, re.sub(r"\W+", "_", path).strip("_"))
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("state", STATES)
def test_pages_that_refuse(phone, state):
    world = open_world()
    with transaction.atomic():
        STATES[state](world)
    faults = {}
    for name, asked in SITE.items():
        if asked.who != "customer" or state not in asked.wrong:
            continue
        for way in ("get", "post"):
            if not (is_page(name) if way == "get" else asked.post is not None):
                continue
            if way == "get":
                go(phone, path_of(world, name))
            else:
                post(phone, path_of(world, name), asked.wrong_post or asked.post)
            faults[name, way] = faults_of(phone, f"{name}-{state}-{way}")
    assert {name: found for name, found in faults.items() if found} == {}


def post(page: Page, path: str, fields: dict) -> None:
    go(page, "/")
    with page.expect_navigation():
        page.evaluate(
            """([path, fields]) => {
                const form = Object.assign(document.createElement("form"), { method: "post", action: path });
                const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
                for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: token }))
                    form.append(Object.assign(document.createElement("input"), { name, value, type: "hidden" }));
                document.body.append(form);
                form.submit();
            }""",
            [path, fields],
        )


def test_pages_of_accounts(phone, site, member: User):
    world = open_world()
    faults = {}
    for path in ACCOUNT:
        go(phone, f"/accounts/{path}/")
        faults[path] = faults_of(phone, f"anonymous-{path.replace('/', '_')}")
    Sale.objects.filter(pk=world.booking.sale_id).update(user=member)
    client: Client = signed_in(member)
    phone.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}])
    for path in ("/bookings/", world.booking.get_absolute_url(), "/", *(f"/accounts/{path}/" for path in ACCOUNT)):
        go(phone, path)
        faults[f"signed in {path}"] = faults_of(phone, "member-" + re.sub(r"\W+", "_", path).strip("_"))
    assert {name: found for name, found in faults.items() if found} == {}
