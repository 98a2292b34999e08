"""Where nothing has a number, no page, answer or mail for customers speaks of a seat: every address of the site, by its table."""

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
from tests.core.questions import HALL, SITE, STATES, copied, hold_near_its_end, make_world
from tests.core.test_four_questions import is_looked_at, undone
from tests.reservations.seats.test_number_of_places import words
from tests.standing_world import standing_world

pytestmark = pytest.mark.django_db
SEAT = re.compile(r"[^.<>]*\bseats?\b[^.<>]*", re.IGNORECASE)
GERMAN_SEAT = re.compile(r"[^.<>]*\bSitzpl[^.<>]*", re.IGNORECASE)
WHO = ("customer", "usher", "board")
# Where the word is right.
EXCEPT = {
    "best": "best seats are not offered where nothing has a number: nobody gets there by a page",
    "door_find": "what is typed there is looked for at all showtimes of today",
    "script_sentences": "the sentences of all scripts",
    "search": "HELP of a booking's search",
}
# Acts that ask the provider are sent what is refused before, and places are taken by their number.
SENT = {"checkout": {"action": "pay", "email": "-"}, "seats": {"places": "4 Hall"}}
# Mails that are sent for numbered seats alone.
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
    """What an address says of seats when it is looked at and when it is sent what makes it work."""
    pages = [undone(lambda way=way: answer(world, name, language, is_read=way)) for way in ways(name)]
    shown = [page for page in pages if not page.streaming and "text/html" in page.headers.get("Content-Type", "")]
    return [" ".join(found.split()) for page in shown for found in spoken.findall(words(page.text))]


def ways(name):
    asked = SITE[name]
    return {True: [True], False: [False]}[is_looked_at(name)] if not asked.both_ways else [True, False]


def said(world, names, *how):
    return {name: found for name in names if name not in EXCEPT and (found := sentences(world, name, *how))}


OURS = [name for name, asked in SITE.items() if asked.who in WHO]


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


def mail_of(world, kind):
    """Of a booking with two places; of one that was given back at the counter where a mail tells of that."""
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
    """To a waiting list, a group, friends and who asked to be told."""
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
