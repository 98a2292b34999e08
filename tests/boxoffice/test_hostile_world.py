"""No text that people can type leaves a page, mail or file as anything but text."""

import csv
import json
from copy import deepcopy
from email import message_from_bytes, policy
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffNotice, User
from accounts.services.staff_notices import compose as notice_letter
from payments.emails import broken_check, ledgers_differ
from payments.models import InvariantRun, LedgerComparison
from reservations.letters.emails import TEMPLATES, compose
from reservations.letters.papers import receipt_of
from reservations.models import BookingAccess, OutgoingMail
from reservations.states import MailKind
from tests.boxoffice.hostile_walk import all_templates, answers, happen, templates_rendered
from tests.boxoffice.limits import PAGES
from tests.boxoffice.two_theaters import House, two_houses
from tests.factories import make_staff
from tests.hostile import MARK, TEXT, make_hostile, probes_in, shows_the_text
from tests.mail_text import lone_links
from tests.standing_world import standing_world

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def hostile_house() -> House:
    house, _ = two_houses()
    happen(house)
    make_hostile()
    return house


@pytest.fixture(scope="module")
def standing_house(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, hostile_house) as house:
        yield house


@pytest.fixture
def house(standing_house, db):
    return deepcopy(standing_house)


@pytest.fixture
def staff(house) -> Client:
    client = Client()
    client.force_login(User.objects.get(is_superuser=True))
    return client


def problems_of(answer) -> list[str]:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    problems = [f"header {name}" for name in answer.headers if name.lower() == MARK]
    if answer.status_code >= 500:
        problems.append(f"status {answer.status_code}")
    if kind in {"text/html", "image/svg+xml"}:
        problems += probes_in(body.decode())
    elif kind == "text/csv":
        cells = [cell for row in csv.reader(StringIO(body.decode("utf-8-sig"))) for cell in row]
        problems += [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    elif kind == "text/calendar":
        problems += [line for line in body.decode().splitlines() if line.lower().startswith((MARK, "<", "="))]
    elif kind == "application/json":
        json.loads(body)
    return problems


# Templates that the walk never renders, and why that is safe.
NOT_WALKED = {
    "400.html": "a sentence of ours",
    "403.html": "a sentence of ours",
    "403_csrf.html": "a sentence of ours",
    "500.html": "a sentence of ours",
    "account/": "allauth's pages and mails before somebody is signed in: addresses of theirs, and sentences of ours",
    "admin/actions/seats_instead.html": "after a swap that leaves a single seat over: labels, and the reason as it was typed",
    "admin/color_theme_toggle.html": "empty",
    "admin/first_steps.html": "shown while there is nothing yet: links and sentences of ours",
    "allauth/elements/": "allauth's building blocks, which get sentences of ours and addresses",
    "boxoffice/counter/areas.html": "names of areas, and numbers",
    "boxoffice/board.html": "the page of an enrolled board, with hostile names: tests/boxoffice/test_board.py",
    "boxoffice/no_theater.html": "shown to staff without a theater: a sentence of ours",
    "mail/data_": "that data was exported or erased: sentences of ours, and the name of the house",
    "mfa/": "allauth's pages and mails of second factors: sentences of ours, and names that people give their own keys",
    "privacy/": "asked for after a proof of who it is: tried in tests/payments/privacy/test_own_data.py",
    "reservations/areas.html": "names of areas, and numbers",
    "reservations/panel_areas.html": "names of areas, and numbers",
    "reservations/better_choice.html": "labels of seats and prices, beside a choice that leaves a single seat over",
    "reservations/declares_wheelchair.html": "a sentence of ours",
    "reservations/told_needs_hint.html": "sentences of ours and needs by our names",
    "reservations/told_needs_of_taker.html": "sentences of ours and needs by our names",
    "reservations/unknown_facts.html": "sentences of ours, and the theater's name: tests/accounts/test_needs.py",
    "reservations/link_over.html": "a reference and the secret of the link",
    "mail/favorite_": "mails of favorites: tests/reservations/waiting/test_favorites.py",
    "mail/shared_block": "to an organizer of friends: tests/reservations/groups/test_shared_block_moves.py",
    "mail/group_": "the link of a group's seats: tests/boxoffice/test_group_mails.py",
    "mail/waiting_": "mails of waiting lists: tests/reservations/waiting/test_waiting_list.py",
    "reservations/paper_to_issue.html": "sentences of ours",
    "sentences.html": "sentences of ours, in a file that browsers keep",
    "staff/": "the pages of a device: names of people and devices, tried in tests/staff/test_devices.py",
    "theaters/closed.html": "shown while there is no theater: a sentence of ours",
}


def test_every_page_and_file(house, staff):
    """Most pages really show the text, and every template of the product is rendered at least once."""
    wrong, shown = {}, set()
    with templates_rendered() as rendered:
        for path, answer in answers(house, staff):
            if problems := problems_of(answer):
                wrong[path] = problems[:3]
            elif "text/html" in answer.headers.get("Content-Type", "") and shows_the_text(answer.text):
                shown.add(path)
        letters = [letter_of(house, kind) for kind in TEMPLATES] + letters_to_staff(house)
    assert wrong == {}
    assert len(shown) > 60
    assert [name for letter in letters for html, _ in letter.alternatives for name in probes_in(html)] == []
    missed = {name for name in all_templates() - rendered if not name.startswith(tuple(NOT_WALKED))}
    assert missed == set()


def test_every_exception_is_still_needed():
    names = all_templates()
    assert [path for path in NOT_WALKED if not any(name.startswith(path) for name in names)] == []


@pytest.mark.parametrize("role", ["BOX_OFFICE", "DOOR", "FINANCE"])
def test_what_other_roles_see(house, role):
    client = Client()
    client.force_login(make_staff(role, house.theater))
    lists = [reverse(f"admin:{page}_changelist") for page in PAGES]
    pages = ["/admin/", *lists, "/door/", "/counter/", f"/counter/showtimes/{house.ids['sold']}/", "/counter/sales/"]
    assert {path: found for path in pages if (found := problems_of(client.get(path)))} == {}


def letter_of(house, kind):
    booking = house.rows["reservations_booking"]
    access, _ = BookingAccess.objects.get_or_create(
        booking=booking, holder="a" * 64, link_version=booking.sale.link_version
    )
    about = 0 if kind == MailKind.SWAPPED else booking.cancellations.get().pk
    said = dict.fromkeys(("before", "after", "kind", "reason", "advice", "error", "path", "says", "seat"), TEXT)
    receipt = receipt_of(booking_id=booking.pk)
    said["paper"] = receipt.pk if receipt else 0
    facts = {"about": about, "access": access.pk, "amount": "14.50", "currency": "GBP", **said}
    mail = OutgoingMail(kind=kind, booking=booking, to="ada@example.com", facts=facts, message_key="0" * 32)
    return compose(mail, now=timezone.now(), site_url="https://tickets.example.com")


def letters_to_staff(house):
    run, comparison = InvariantRun.objects.get(), LedgerComparison.objects.get()
    run.findings = [{"name": "x", "says": TEXT, "rows": [TEXT]}]
    run.finished_at, comparison.left = timezone.now(), [{"says": TEXT}]
    facts = {"to": ["ada@example.com"], "site_url": "https://tickets.example.com"}
    notice = StaffNotice(what=TEXT, person=TEXT, to=facts["to"], created_at=timezone.now())
    return [broken_check(run, **facts), ledgers_differ(comparison, **facts), notice_letter(notice)]


@pytest.mark.parametrize("kind", TEMPLATES)
def test_every_mail(house, kind):
    message = message_from_bytes(letter_of(house, kind).message().as_bytes(), policy=policy.default)
    assert MARK not in [name.lower() for name in message]
    html = message.get_body(("html",)).get_content()
    assert probes_in(html) == []
    assert shows_the_text(html)
    assert lone_links(message.get_body(("plain",)).get_content()) == []
