"""Where nothing has a number, no page, paper, feed, answer or mail speaks of a seat. Every address of the site is tried.

Customer pages, door and counter may not use the word at all; in the office this holds for the pages about one showtime,
booking or plan.
"""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from reservations import shared_block_emails
from reservations.groups import group_emails
from reservations.letters.emails import TEMPLATES, TO_STAFF, compose
from reservations.letters.papers import receipt_of
from reservations.models import BookingAccess, FavoriteMail, GroupMail, OutgoingMail, SharedBlockMail, WaitingMail
from reservations.states import FavoriteMailKind, MailKind, WaitingMailKind
from reservations.waiting import favorite_emails, waiting_emails
from tests.core.questions import HALL, SITE, STATES, client_of, copied, hold_near_its_end, make_world
from tests.core.test_four_questions import is_looked_at, undone
from tests.factories import make_staff
from tests.pdfs import lines_of
from tests.reservations.seats.test_number_of_places import words
from tests.standing_world import standing_world

pytestmark = pytest.mark.django_db
SEAT = re.compile(r"[^.<>]*\bseats?\b[^.<>]*", re.IGNORECASE)
GERMAN_SEAT = re.compile(r"[^.<>]*\bSitzpl[^.<>]*", re.IGNORECASE)
# Pages where the word is right, with the reason.
EXCEPT = {
    "best": "best seats are not offered where nothing has a number: nobody gets there by a page",
    "door_find": "what is typed there is looked for at all showtimes of today",
    "counter_best": "best seats are not offered where nothing has a number: nobody gets there by a page",
    "house_phone_icon": "a picture",
    "script_sentences": "the sentences of all scripts",
    "search": "HELP of a booking's search",
}
# What is sent instead of the table's form: actions that would ask the provider get a form that is refused before, and places are
# chosen by number.
SENT = {
    "checkout": {"action": "pay", "email": "-"},
    "seats": {"places": "4 Hall"},
    "counter_seats": {"places": "Hall", "number": "4"},
}
# The kinds of answers that people read. NAMES are names of the office in links or data, no sentences about this showtime.
READ = (
    "text/html", "application/pdf", "text/calendar", "text/csv", "application/atom+xml", "application/json",
    "application/manifest",
)  # fmt: skip
NAMES = ("Seat categories", '"seats": "free"')
# Mails that are sent only for numbered seats.
NUMBERED_MAILS = {MailKind.SWAPPED: "staff swap numbered seats"}


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, lambda: make_world(HALL)) as world:
        yield world


@pytest.fixture
def world(standing, db):
    hold_near_its_end(standing)
    return copied(standing)


def answer(world, name, language, *, is_read):
    asked = SITE[name]
    path = reverse(name, args=[world.values[word] for word in asked.args.split()])
    known = {"headers": {"Accept-Language": language}, "follow": True}
    client = world.clients[asked.who]
    if is_read:
        return client.get(path, **known)
    sent = {world.label(field): world.label(str(value)) for field, value in SENT.get(name, asked.post or {}).items()}
    return client.post(path, sent, **known)


def sentences(world, name, language="en", spoken=SEAT):
    """All sentences about seats in the answers of an address, both when it is opened and when its form is sent."""
    pages = [undone(lambda way=way: answer(world, name, language, is_read=way)) for way in ways(name)]
    return [" ".join(found.split()) for page in pages for found in spoken.findall(text_of(page))]


def text_of(page):
    """The text that people read in an answer: a page, its data for search engines, a paper, a feed or a calendar."""
    kind = page.headers.get("Content-Type", "")
    if page.streaming or not kind.startswith(READ):
        return ""
    if kind == "application/pdf":
        return " . ".join(lines_of(page.content))
    if not kind.startswith("text/html"):
        return without_names(page.text)
    data = " . ".join(re.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', page.text))
    return without_names(f"{words(page.text)} . {data}")


def without_names(text):
    for name in NAMES:
        text = text.replace(name, "")
    return text


def ways(name):
    asked = SITE[name]
    return {True: [True], False: [False]}[is_looked_at(name)] if not asked.both_ways else [True, False]


def said(world, names, *how):
    return {name: found for name in names if name not in EXCEPT and (found := sentences(world, name, *how))}


OURS = list(SITE)


@pytest.mark.long
def test_no_page_speaks_of_a_seat(world):
    assert said(world, OURS) == {}


@pytest.mark.long
def test_no_german_page_speaks_of_a_seat(world):
    assert said(world, OURS, "de", GERMAN_SEAT) == {}


def said_in(world, state):
    STATES[state](world)
    return {(state, name): found for name, found in said(world, [n for n in OURS if state in SITE[n].wrong]).items()}


@pytest.mark.long
def test_no_refusal_speaks_of_a_seat(world):
    found = {}
    for state in STATES:
        found |= undone(said_in, world, state)
    assert found == {}


# Pages of the office that are about one showtime, booking or plan.
OFFICE = {
    "reservations_booking_change": "booking", "reservations_booking_swap": "booking", "reservations_booking_refund": "booking",
    "reservations_booking_goodwill": "booking", "reservations_booking_resend": "booking", "reservations_booking_give": "sold",
    "reservations_ticket_change": "ticket", "theaters_showtime_change": "sold", "theaters_showtime_write": "sold",
    "schedule_house_seats": "sold", "schedule_alter": "sold", "schedule_program": "sold", "report_showtime": "sold",
    "report_showtime_csv": "sold", "plan_preview": "plan",
}  # fmt: skip
# Lists of the office over several showtimes, and the pages of the planner.
LISTS = (
    "index", "theaters_showtime_changelist", "theaters_auditorium_changelist", "theaters_movie_changelist",
    "reservations_booking_changelist", "reservations_ticket_changelist", "reservations_waitingentry_changelist",
    "theaters_pricelist_changelist", "boxoffice_refundrequest_changelist", "report_occupancy", "report_occupancy_csv",
    "report_sales_csv", "report_no_shows", "report_refunds", "schedule_day", "schedule_changes", "schedule_publish",
    "schedule_copy", "schedule_plan",
)  # fmt: skip
# What may be typed, and columns of rows of every theater.
OF_EVERY_THEATER = ("Reference, e-mail or seat", "Seats or places", "Seat or place")
BESIDE_THE_MAIN_PART = re.compile(r'(?s)^.*?<div id="content"|<nav\b.*?</nav>|<ul class="sections.*?</ul>')


@pytest.mark.long
def test_no_page_of_the_office_speaks_of_a_seat(world):
    owner = client_of(make_staff("OWNER", world.theater))
    ids = {
        "booking": world.booking.pk, "ticket": world.ticket.pk, "sold": world.sold.pk, "plan": world.sold.plan_id,
    }  # fmt: skip
    pages = {name: owner.get(reverse(f"admin:{name}", args=[ids[about]])) for name, about in OFFICE.items()}
    assert {name: page.status_code for name, page in pages.items() if page.status_code != 200} == {
        "reservations_booking_swap": 409
    }
    texts = {name: BESIDE_THE_MAIN_PART.sub("", text_of(page)) for name, page in pages.items()}
    assert {name: found for name, text in texts.items() if (found := SEAT.findall(text))} == {}
    assert "there is nothing to swap" in texts["reservations_booking_swap"]
    assert "Places that are" in texts["report_showtime"]


@pytest.mark.long
def test_no_list_of_the_office_speaks_of_a_seat(world):
    owner = client_of(make_staff("OWNER", world.theater))
    pages = {name: owner.get(reverse(f"admin:{name}")) for name in LISTS}
    assert {name for name, page in pages.items() if page.status_code != 200} == set()
    texts = {name: BESIDE_THE_MAIN_PART.sub("", text_of(page)) for name, page in pages.items()}
    for words_of_all in OF_EVERY_THEATER:
        texts = {name: text.replace(words_of_all, "") for name, text in texts.items()}
    assert {name: found for name, text in texts.items() if (found := SEAT.findall(text))} == {}
    assert "Places" in texts["report_occupancy"] and "Paid for" in texts["report_occupancy"]


def mail_of(world, kind):
    """A mail about a booking with two places, or about one given back at the counter where the mail needs that."""
    booking = world.cash if kind == MailKind.CANCELLATION else world.booking
    facts = {"amount": "14.50", "currency": "GBP", "kind": "TIME", "seat": world.label("A1")} | dict.fromkeys(
        ("before", "after", "reason", "advice", "error", "path", "says"), "-"
    )
    facts["access"] = BookingAccess.objects.get(booking=world.booking).pk
    facts["about"] = world.cash.cancellations.get().pk
    facts["paper"] = receipt_of(booking_id=booking.pk).pk if kind == MailKind.RECEIPT else 0
    mail = OutgoingMail(kind=kind, booking=booking, to="ada@example.com", facts=facts, message_key="0" * 32)
    return compose(mail, now=timezone.now(), site_url="https://tickets.example.com")


def mails_to_others(world):
    """All mails to a waiting list, a group, friends, and people who asked to be told."""
    waiting_mails = [WaitingMail(entry=world.waiting, kind=kind) for kind in WaitingMailKind]
    favorite_mails = [FavoriteMail(favorite=world.favorite, kind=kind) for kind in FavoriteMailKind]
    letters = [waiting_emails.compose(mail, now=timezone.now()) for mail in waiting_mails]
    letters += [favorite_emails.compose(mail, now=timezone.now()) for mail in favorite_mails]
    for purpose in ("link:1", "change:1"):
        letters.append(group_emails.compose(GroupMail(block=world.group, purpose=purpose), now=timezone.now()))
    return [*letters, shared_block_emails.compose(SharedBlockMail(block=world.shared), now=timezone.now())]


def said_in_mail(letter):
    texts = [letter.subject, letter.body, *(html for html, _ in letter.alternatives)]
    return [" ".join(found.split()) for text in texts for found in SEAT.findall(words(text))]


@pytest.mark.long
def test_no_mail_speaks_of_a_seat(world):
    kinds = [kind for kind in TEMPLATES if kind not in TO_STAFF | NUMBERED_MAILS.keys()]
    assert {kind: found for kind in kinds if (found := said_in_mail(mail_of(world, kind)))} == {}
    assert [found for letter in mails_to_others(world) if (found := said_in_mail(letter))] == []
    STATES["canceled_showtime"](world)
    assert [found for letter in mails_to_others(world) if (found := said_in_mail(letter))] == []
