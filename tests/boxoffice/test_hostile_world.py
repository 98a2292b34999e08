"""No text that people can type comes out of any page, mail or file as anything but text."""

import csv
import json
from email import message_from_bytes, policy
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from reservations.emails import TEMPLATES, compose
from reservations.models import Booking, BookingAccess, Cancellation, OutgoingMail, Ticket
from reservations.states import MailKind
from tests.boxoffice.limits import OTHER_PAGES, PAGES
from tests.boxoffice.test_limits import address_of
from tests.boxoffice.two_houses import two_houses
from tests.factories import make_staff
from tests.hostile import MARK, TEXT, make_hostile, probes_in, shows_the_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    house, _ = two_houses()
    booking = house.rows["reservations_booking"]
    Booking.objects.filter(pk=booking.pk).update(user=User.objects.get(is_superuser=True))
    Cancellation.objects.create(
        booking=booking, cause="STAFF", actor="worker", reason="x", refunded=1, kept=0, currency=booking.currency
    )
    make_hostile()
    return house


@pytest.fixture
def staff(house) -> Client:
    client = Client()
    client.force_login(User.objects.get(is_superuser=True))
    return client


def office_pages(house):
    yield "/admin/"
    for page in PAGES:
        yield reverse(f"admin:{page}_changelist") + ("?day=all" if page == "theaters_showtime" else "")
        yield reverse(f"admin:{page}_changelist") + f"?q={MARK}"
        for name in ("change", "history", "delete"):
            yield reverse(f"admin:{page}_{name}", args=[house.rows[page].pk])
        yield reverse(f"admin:{page}_add")
    for name, (args, _) in OTHER_PAGES.items():
        yield address_of(name, args, house)


def visitors_pages(house):
    theater, movie = house.theater, house.rows["theaters_movie"]
    booking, ticket = house.rows["reservations_booking"], Ticket.objects.get(pk=house.rows["reservations_ticket"].pk)
    yield from ["/", f"/?theater={theater.slug}", f"/movies/{movie.slug}/", f"/theaters/{theater.slug}/"]
    yield from [f"/movies/{movie.slug}/poster.svg", f"/movies/{movie.slug}/palette.css"]
    yield from [f"/showtimes/{house.ids['sold']}/", f"/checkout/{house.ids['sold']}/", "/bookings/"]
    for end in ("", "cancel/", "offer/", "calendar.ics", "receipt.pdf", "credit-notes/1.pdf"):
        yield f"/bookings/{booking.reference}/{end}"
    yield from [f"/tickets/{ticket.code}{end}" for end in ("/", ".svg", ".pdf", ".ics")]
    yield from [
        "/door/",
        "/counter/",
        f"/counter/showtimes/{house.ids['sold']}/",
        "/counter/sales/",
        "/counter/pay-outs/",
    ]
    yield from [f"/counter/sales/{booking.reference}/", "/counter/takings/", "/counter/takings.csv"]
    yield from ["/accounts/email/", "/accounts/2fa/", "/accounts/password/change/"]


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


def test_every_page_and_file(house, staff):
    """The text is really there: most pages show it somewhere."""
    wrong, shown = {}, set()
    for path in [*office_pages(house), *visitors_pages(house)]:
        answer = staff.get(path)
        if problems := problems_of(answer):
            wrong[path] = problems[:3]
        elif "text/html" in answer.headers.get("Content-Type", "") and shows_the_text(answer.text):
            shown.add(path)
    assert wrong == {}
    assert len(shown) > 60


@pytest.mark.parametrize("role", ["BOX_OFFICE", "DOOR", "FINANCE"])
def test_what_other_roles_see(house, role):
    client = Client()
    client.force_login(make_staff(role, house.theater))
    lists = [reverse(f"admin:{page}_changelist") for page in PAGES]
    pages = ["/admin/", *lists, "/door/", "/counter/", f"/counter/showtimes/{house.ids['sold']}/", "/counter/sales/"]
    assert {path: found for path in pages if (found := problems_of(client.get(path)))} == {}


@pytest.mark.parametrize("kind", TEMPLATES)
def test_every_mail(house, kind):
    booking = house.rows["reservations_booking"]
    access = BookingAccess.objects.create(booking=booking, holder="a" * 64, link_version=booking.link_version)
    about = 0 if kind == MailKind.SWAPPED else booking.cancellations.get().pk
    said = dict.fromkeys(("before", "after", "kind", "reason", "advice", "error", "path", "says"), TEXT)
    facts = {"about": about, "access": access.pk, "amount": "14.50", "currency": "GBP", **said}
    mail = OutgoingMail(kind=kind, booking=booking, to="ada@example.com", facts=facts, message_key="0" * 32)
    sent = compose(mail, now=timezone.now(), site_url="https://tickets.example.com").message().as_bytes()
    message = message_from_bytes(sent, policy=policy.default)
    assert MARK not in [name.lower() for name in message]
    html = message.get_body(("html",)).get_content()
    assert probes_in(html) == []
    assert shows_the_text(html)
