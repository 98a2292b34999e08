"""How to make each address of the site work, and what it answers when it cannot: the tables of test_four_questions.

`works` is the answer to the right person, `stranger` to somebody else (None: everybody may see it). `wrong` names states
in which the thing exists but the action is no longer possible, with the answer to it. The office has a table of its own
in tests/boxoffice/limits.py; its answers in wrong states are in office_states.py.
"""

import hashlib
import re
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

from django.db.models import F
from django.test import Client
from django.utils import timezone

from core.clock import from_now
from houses.models import PageText
from payments.models import Refund
from payments.records.refund_rows import request_refunds
from reservations.access import booking_secret
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import Booking, BookingAccess, Hold, SeatOffer, Ticket
from reservations.seats.taking import Browser, take_seats
from reservations.states import CancelCause
from reservations.waiting.favorites import leave_favorite
from reservations.waiting.waiting_offers import offer_seats
from sales.models import Sale
from staff.models import Device, Invitation
from staff.services.invitations import invite
from staff.services.roles import Person
from tests.aging import age_shared_block
from tests.boxoffice.scenes import book, pay
from tests.clock import begins_in
from tests.counter import make_seller, sell_seats
from tests.devices import enrolled, make_device
from tests.factories import (
    hold_seats,
    make_auditorium,
    make_browser,
    make_favorite,
    make_group,
    make_movie,
    make_shared_block,
    make_showtime,
    make_staff,
    make_theater,
    make_transfer,
    make_waiting_entry,
)
from theaters.models import Series, Showtime
from theaters.schedule.sales_pauses import pause_sales

BROWSERS = ("clients", "strangers")
COOKIE = "a-cookie-of-128-random-bits"
PLAN = """
A ooo.ooo
B pp
"""
HALL = "[Hall]\nunreserved 8\n"
LABEL = re.compile(r"\b[AB][1-6]\b")


@dataclass(frozen=True)
class Ask:
    """How to ask one address. `args` are names of values of the world; `post` is what is sent, None for a GET."""

    args: str = ""
    post: dict | None = None
    query: str = ""
    who: str = "customer"
    works: int = 200
    stranger: int | None = None
    wrong: dict[str, int] = field(default_factory=dict)
    both_ways: bool = False  # shows a page for a GET, and acts on a POST
    wrong_post: dict | None = None  # what is sent in the wrong state, if something else


def client_of(user=None) -> Client:
    client = Client(raise_request_exception=True)
    if user is None:
        client.cookies["holder"] = COOKIE
    else:
        client.force_login(user)
    return client


def place_instead(text: str) -> str:
    """Replace A1 to A6, B1 and B2 in a form or a label by the eight places of the hall without numbers."""
    return LABEL.sub(lambda label: f"Hall {6 * (label[0][0] == 'B') + int(label[0][1]):04d}", text)


def make_world(plan=PLAN) -> SimpleNamespace:
    """A customer with held seats and a paid booking, and staff of the theater and of another one, at their counter and
    door.

    With HALL as the plan nothing has a number, and places stand for the seats.
    """
    world = SimpleNamespace(label=place_instead if plan == HALL else str)
    theater = world.theater = make_theater()
    theater.exchange_minutes = 60
    theater.save()
    showtime = world.showtime = make_showtime(auditorium=make_auditorium(theater, plan))
    world.browser = Browser(holder=hashlib.sha256(COOKIE.encode()).hexdigest(), address="127.0.0.1")
    hold_seats(showtime, world.browser, world.label("A1"))
    hold_near_its_end(world)
    sold = world.sold = make_showtime(auditorium=make_auditorium(theater, plan))
    world.booking = book(sold, world.label("A1"), world.label("A2"), number=7)
    pay(world.booking, number=f"{world.booking.pk}_of_the_world")  # numbers of other payments of a test begin with 1
    Booking.objects.filter(pk=world.booking.pk).update(holder=world.browser.holder)
    world.booking.refresh_from_db()
    world.ticket = world.booking.tickets.order_by("pk").first()
    world.cash = sell_seats(sold, make_seller(sold), world.label("B1")).booking
    cancel(world.cash, 1)
    request_refunds(Sale.objects.get(pk=world.cash.sale_id), reason="Canceled")
    world.fresh = sell_seats(sold, make_seller(sold, number=2), world.label("B2")).booking
    people = {"clerk": "BOX_OFFICE", "manager": "MANAGER", "usher": "DOOR"}
    world.clients = {"customer": client_of()} | {
        who: client_of(make_staff(role, theater)) for who, role in people.items()
    }
    elsewhere = make_showtime()
    world.strangers = {"customer": Client()} | {
        who: client_of(make_staff(role, elsewhere.auditorium.theater)) for who, role in people.items()
    }
    for clients, room in ((world.clients, sold.auditorium), (world.strangers, elsewhere.auditorium)):
        for who in ("usher", "manager"):
            clients[who].post("/door/here/", {"place": f"{room.theater_id}-{room.pk}", "name": "door 2"})
    world.tonight = make_showtime(auditorium=make_auditorium(theater, plan))
    book(world.tonight, world.label("A1"), number=8)
    begins_in(world.tonight, minutes=30)
    world.clients["device"], world.strangers["device"] = enrolled(theater)[1], Client()
    world.clients["board"], world.strangers["board"] = enrolled(theater, "BOARD")[1], enrolled(theater)[1]
    world.waiting = make_waiting_entry(sold, count=1)
    offer_seats(showtime_id=sold.pk)
    world.coming = make_movie(title="The Third Man", coming_season="In spring")
    world.retrospective = Series.objects.create(house_id=theater.house_id, name="Silents", slug=f"silents-{theater.pk}")
    world.favorite = make_favorite(theater, world.coming)
    world.transfer = make_transfer(world.ticket)
    keep_seats_for_others(world)
    world.link = make_device(theater, name=f"link-{theater.pk}").name
    inviter = make_staff("OWNER", theater)
    world.invitation, world.secret = invite(
        person=Person("new@example.com"), theater=theater, role="DOOR", inviter=inviter, reason="more hands"
    )
    names(world)
    return world


def hold_near_its_end(world) -> None:
    """Let the hold end in a minute, because only then an extension is possible."""
    Hold.objects.filter(holder=world.browser.holder).update(expires_at=from_now(60))


def copied(world) -> SimpleNamespace:
    """Copy rows and browsers of the shared world for one test, which may change them."""
    browsers = {name: {who: same_browser(client) for who, client in getattr(world, name).items()} for name in BROWSERS}
    rows = {name: value for name, value in vars(world).items() if name not in BROWSERS}
    return SimpleNamespace(**deepcopy(rows), **browsers)


def same_browser(client: Client) -> Client:
    same = Client(**client.defaults)
    same.cookies = deepcopy(client.cookies)
    return same


def keep_seats_for_others(world) -> None:
    """Keep seats for a group and for friends. The customer has proven the mailbox of the booking, so they can keep some
    too.
    """
    world.group = make_group(world.showtime, world.label("A6"))
    world.shared = make_shared_block(world.showtime, world.label("B1"), world.label("B2"))
    BookingAccess.objects.create(
        booking=world.booking,
        holder=world.browser.holder,
        link_version=1,
        codes_sent=1,
        code_sent_at=timezone.now(),
        proven_at=timezone.now(),
    )


def names(world) -> None:
    """Set the values that addresses take as arguments."""
    world.values = {
        "showtime": world.showtime.pk, "sold": world.sold.pk, "tonight": world.tonight.pk, "movie": world.showtime.movie.slug,
        "theater": world.theater.slug, "reference": world.booking.reference, "cash": world.cash.reference,
        "fresh": world.fresh.reference,
        "secret": booking_secret(world.booking), "code": world.ticket.code, "invitation": world.secret, "one": 1,
        "refund": Refund.objects.get(payment__sale=world.cash.sale_id).pk, "link": world.link,
        "terms": "terms", "terms_text": PageText.objects.get(page__house=world.theater.house_id).pk, "css": "1a",
        "plan": world.showtime.plan_id, "place": f"{world.theater.pk}", "path": "nothing.jpg", "waiting": world.waiting.code,
        "coming": world.coming.slug, "retrospective": world.retrospective.slug, "favorite": world.favorite.code,
        "transfer": world.transfer.code, "group": world.group.code,
        "shared": world.shared.code,
    }  # fmt: skip


def cancel(booking, percent=100):
    origin = CancellationOrigin(CancelCause.STAFF, "test")
    cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=percent, origin=origin)


# States: each changes the world, and the test undoes it.


def canceled_showtime(world):
    Showtime.objects.filter(pk__in=[world.showtime.pk, world.sold.pk]).update(status="CANCELED")


def over(world):
    """Move both showtimes three days into the past, so that they are over."""
    day = timedelta(days=3)
    shows = Showtime.objects.filter(pk__in=[world.showtime.pk, world.sold.pk])
    moments = ("starts_at", "ends_at", "occupied_until", "sales_close_at")
    shows.update(**{name: F(name) - day for name in moments})


def paused(world):
    pause_sales(why="A test", actor="test")


def seat_taken(world):
    take_seats(showtime_id=world.showtime.pk, browser=make_browser(99), labels=[world.label("A2")])


def sold_out(world):
    labels = [world.label(label) for label in ("A2", "A3", "A4", "A5")]  # a group has A6, and friends have row B
    take_seats(showtime_id=world.showtime.pk, browser=make_browser(98), labels=labels)


def nothing_held(world):
    Hold.objects.filter(showtime=world.showtime).update(
        expires_at=F("started_at"), cap_at=F("started_at"), extended_at=None
    )


def extended(world):
    Hold.objects.filter(showtime=world.showtime).update(extended_at=F("started_at"), expires_at=F("cap_at"))


def canceled_booking(world):
    cancel(world.booking)


def frozen_booking(world):
    Sale.objects.filter(pk=world.booking.sale_id).update(frozen_at=timezone.now())


def used_tickets(world):
    Ticket.objects.filter(booking=world.booking).update(status="USED")


def offer_ran_out(world):
    SeatOffer.objects.update(until=from_now(-1))


def block_over(world):
    age_shared_block(world.shared, 7200)


def favorite_left(world):
    leave_favorite(code=world.favorite.code)


def late_link(world):
    Device.objects.filter(link_hash__isnull=False).update(link_until=from_now(-1))


def renewed_link(world):
    Sale.objects.filter(pk=world.booking.sale_id).update(link_version=2)


def withdrawn(world):
    Invitation.objects.update(withdrawn_at=timezone.now())


STATES = {
    made.__name__: made
    for made in (
        canceled_showtime, over, paused, seat_taken, sold_out, nothing_held, extended, canceled_booking, frozen_booking,
        used_tickets, renewed_link, withdrawn, late_link, offer_ran_out, favorite_left, block_over,
    )
}  # fmt: skip

GONE = {"canceled_showtime": 410, "over": 410}
STAFF_GET = {"who": "clerk", "stranger": 404}

SITE = {
    # Everybody's pages.
    "whats_on": Ask(),
    "movie": Ask("movie"),
    "poster": Ask("movie"),
    "palette": Ask("movie"),
    "theater": Ask("theater"),
    "seat_facts": Ask("plan css"),
    "seat_stylesheet": Ask("theater css", works=404),  # this theater has our look
    "house_stylesheet": Ask("theater css", works=404),  # this house has our look
    "house_icon": Ask("theater css one", works=404),  # this house has our icons
    "text_page": Ask("terms"),
    "earlier_text": Ask("terms terms_text"),
    "news": Ask(),
    "coming_soon": Ask(),
    "closed_show": Ask(both_ways=True, post={"code": "X"}),
    "open_closed_show": Ask("css", works=404),  # no showtime is closed
    "series": Ask("theater", works=404),  # there is no series
    "post": Ask("theater", works=404),  # there is no post
    "media": Ask("path", works=404),
    "share_picture": Ask("movie"),
    "showtimes_ics": Ask("theater"),
    "showtimes_atom": Ask("theater"),
    "showtimes_json": Ask("theater"),
    "search": Ask(query="?q=metropolis"),
    "widget": Ask(),
    "script_sentences": Ask("css css"),
    "robots": Ask(),
    "sitemap": Ask(),
    "manifest": Ask(),
    "house_phone_icon": Ask(works=302),
    "healthz": Ask(),
    "readyz": Ask(),
    "security_txt": Ask(works=404),  # SECURITY_CONTACT is not set
    "metrics": Ask(works=404),
    "webhook": Ask(post={"id": "evt_1"}, works=400),
    "find_booking": Ask(post={"asked_for": "KX7M-4QPD"}, both_ways=True),
    "choose_language": Ask(post={"language": "en"}, works=302),
    # Pages of seats.
    "seat_map": Ask("showtime", wrong={"canceled_showtime": 410}),
    "events": Ask("showtime", works=204),
    "seats": Ask("showtime", {"take": "A2"}, works=302, wrong=GONE | {"seat_taken": 409, "paused": 503}),
    "best": Ask(
        "showtime",
        {"count": "2", "replaces": "A1"},
        works=302,
        wrong=GONE | {"sold_out": 409, "paused": 503},
        wrong_post={"count": "2"},  # nobody can have these seats, so nothing is asked about giving back others
    ),
    "extend": Ask("showtime", {}, works=302, wrong={"extended": 409, "nothing_held": 409}),
    "release_hold": Ask("showtime", {}, works=302),
    "checkout": Ask(
        "showtime",
        {"action": "pay", "email": "ada@example.com", "total": "14.50", "type-A1": "ADULT"},
        wrong=GONE | {"nothing_held": 409, "paused": 503},
        both_ways=True,
    ),
    "waiting_list": Ask(
        "showtime", {"count": "2", "email": "bea@example.com", "together": "yes"},
        wrong=GONE | {"sold_out": 200}, both_ways=True,
    ),
    "waiting_entry": Ask("waiting", {"do": "take"}, both_ways=True, wrong={"offer_ran_out": 409, "paused": 503}),
    "leave_waiting_list": Ask("waiting", {}, works=302),
    "favorite_movie": Ask("coming", {"email": "bea@example.com"}, both_ways=True),
    "favorite_series": Ask("retrospective", {"email": "bea@example.com"}, both_ways=True),
    "favorite": Ask("favorite", {}, both_ways=True, wrong={"favorite_left": 409}),
    "leave_favorite": Ask("favorite", {}, works=302),
    "group": Ask(
        "group", {"count": "1"}, both_ways=True, wrong={"canceled_showtime": 410, "over": 410, "paused": 503},
    ),
    "share_seats": Ask(
        "showtime", {"action": "start", "name": "Ada"}, both_ways=True,
        wrong={"canceled_showtime": 410, "over": 410, "paused": 503},
    ),
    "shared_seats": Ask(
        "showtime shared", {"seats": "B1", "name": "Ben"}, both_ways=True,
        wrong={"canceled_showtime": 410, "over": 410, "paused": 503, "block_over": 410},
    ),
    # Pages of a booking.
    "bookings": Ask(works=302),
    "booking": Ask("reference", stranger=404),
    "booking_calendar": Ask("reference", stranger=404, wrong={"canceled_booking": 409}),
    "booking_pdf": Ask("reference", stranger=404, wrong={"canceled_booking": 409, "frozen_booking": 409}),
    "receipt": Ask("reference", {}, stranger=404, both_ways=True),
    "credit_note": Ask("reference one", {}, works=404, stranger=404, both_ways=True),
    "exchange_receipt": Ask("reference one", {}, works=404, stranger=404, both_ways=True),
    "exchange": Ask(
        "reference",
        {"action": "begin", "choosing": "1", "ticket": "A1"},
        both_ways=True,
        stranger=404,
        wrong={"canceled_booking": 409, "over": 409, "used_tickets": 409, "frozen_booking": 409},
    ),
    "return": Ask("reference", works=302, stranger=404),
    "change_seats": Ask("reference", {}, works=302, stranger=404, wrong={}),
    "cancel_tickets": Ask(
        "reference",
        {"action": "cancel", "labels": "A1", "amount": "14.50"},
        both_ways=True,
        stranger=404,
        wrong={"canceled_booking": 409, "over": 409, "used_tickets": 409, "frozen_booking": 409},
    ),
    "send_tickets_again": Ask("reference", {}, works=302, stranger=404, wrong={"canceled_booking": 409}),
    "choose_codes": Ask("reference", {"for": "party"}, works=302, stranger=404, wrong={"canceled_booking": 409}),
    "ticket_needs": Ask("code", {"tell": "DOG"}, works=404, stranger=404),
    "booking_needs": Ask("reference", {"tell": "DOG"}, works=302, stranger=404),
    "ticket_worker": Ask(),
    "booking_data": Ask("reference", {"action": "code"}, both_ways=True, stranger=404),
    "offer": Ask("reference", {"answer": "keep", "notice": "1"}, works=404, stranger=404),
    "renew_link": Ask("reference", {}, works=302, stranger=404),
    "booking_by_link": Ask("reference secret", works=302, wrong={"renewed_link": 404}),
    "ticket": Ask("code"),
    "transfer": Ask(
        "code", {"action": "make"}, both_ways=True, stranger=404,
        wrong={"canceled_booking": 409, "over": 409, "used_tickets": 409, "frozen_booking": 409},
    ),
    "take_transfer": Ask(
        "transfer", {}, both_ways=True,
        wrong={"canceled_booking": 409, "over": 409, "used_tickets": 409, "frozen_booking": 409},
    ),
    "ticket_qr": Ask("code", wrong={"canceled_booking": 410, "frozen_booking": 409}),
    "ticket_pdf": Ask("code", wrong={"canceled_booking": 410, "frozen_booking": 409}),
    "ticket_calendar": Ask("code", wrong={"canceled_booking": 410}),
    "accept_invitation": Ask("invitation", wrong={"withdrawn": 404}, both_ways=True),
    # Devices.
    "board": Ask(who="board", stranger=403),
    "device": Ask(who="device", stranger=403, both_ways=True),
    "enroll_device": Ask("link", wrong={"late_link": 404}, both_ways=True),
    "lock_device": Ask(post={}, who="device", works=302, stranger=403),
    "unlock_pin": Ask(post={"pin": "1"}, who="device", works=422, stranger=403),
    "forget_device": Ask(post={}, who="device", works=302),
    # The counter.
    "counter": Ask(who="clerk"),
    "choose_counter": Ask(post={"place": "x"}, who="clerk", works=422),
    "counter_map": Ask("showtime", **STAFF_GET, wrong=GONE, both_ways=True),
    "counter_seats": Ask("showtime", {"take": "A2"}, **STAFF_GET | {"works": 302}, wrong=GONE | {"seat_taken": 409}),
    "counter_best": Ask("showtime", {"count": "2"}, **STAFF_GET | {"works": 302}, wrong=GONE | {"sold_out": 409}),
    "counter_release": Ask("showtime", {}, **STAFF_GET | {"works": 302}),
    "counter_group": Ask("showtime", {"group-name": ""}, who="manager", stranger=404, works=422),
    "counter_override": Ask("showtime", {"rules": "prices", "reason": "A guest"}, who="manager", stranger=404, works=302),
    "counter_sales": Ask(who="clerk"),
    "counter_find": Ask(who="clerk"),
    "counter_sale": Ask("cash", **STAFF_GET),
    "counter_tickets": Ask("reference", {}, **STAFF_GET, both_ways=True, wrong={"canceled_booking": 409, "frozen_booking": 409}),
    "counter_receipt": Ask("reference", {}, **STAFF_GET, both_ways=True),
    "counter_credit_note": Ask("cash one", {}, **STAFF_GET, both_ways=True),
    "counter_resend": Ask(
        "reference", {"before": 0, "reason": "Lost"}, **STAFF_GET, both_ways=True, wrong={"canceled_booking": 409}
    ),
    "counter_swap": Ask("reference", {}, **STAFF_GET, both_ways=True),
    "counter_exchange": Ask("reference", {}, **STAFF_GET, both_ways=True),
    "counter_void": Ask("fresh", **STAFF_GET, both_ways=True),
    "counter_needs": Ask("reference", {"need": "DOG"}, **STAFF_GET | {"works": 302}),
    "counter_note": Ask("reference", {"note": "Comes late"}, **STAFF_GET | {"works": 302}),
    "counter_reprint": Ask("reference", {}, **STAFF_GET | {"works": 302}),
    "counter_mail_receipt": Ask(
        "reference", {"before": 0, "email": "ada@example.com"}, **STAFF_GET | {"works": 302}
    ),
    "counter_payouts": Ask(who="manager"),
    "counter_pay_out": Ask("refund", {"method": "cash"}, who="manager", stranger=404, both_ways=True),
    "takings": Ask(who="clerk"),
    "takings_csv": Ask(who="clerk"),
    # The door.
    "door": Ask(who="usher"),
    "choose_door": Ask(post={"place": "x"}, who="usher", works=422),
    "scan": Ask(post={"code": "x"}, who="usher", works=302),
    "undo_scan": Ask("one", {}, who="usher", works=409, stranger=409),
    "overrule_scan": Ask("one", {"reason": "Came back"}, who="manager", works=409, stranger=409),
    "door_find": Ask(who="usher"),
    "door_booking": Ask("reference", who="usher", stranger=404),
    "admit_booking": Ask("reference", {}, who="usher", works=302, stranger=404),
    "door_showtime": Ask("tonight", who="usher", stranger=404),
}  # fmt: skip
