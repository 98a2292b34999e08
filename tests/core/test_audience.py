"""Every address of the site, and who may see it. A new address has to be added here."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.factories import begin_paying, make_browser, make_movie, make_price_list, make_showtime, make_theater

pytestmark = pytest.mark.django_db

PUBLIC = "public"  # anybody
CODE = "who knows the code"  # people who know the code of a ticket, or have the link of a mail
HOLDER = "the holder"  # the browser that holds, or the signed-in owner; anybody else gets 404
SIGNED_IN = "signed in"  # anybody else is sent to the login
STAFF = "staff"  # anybody else is sent to the login
STRIPE = "signed by Stripe"
TOKEN = "a token"
DEVICE = "an enrolled device"  # anybody else is told so, 403

AUDIENCE = {
    "whats_on": PUBLIC, "movie": PUBLIC, "poster": PUBLIC, "palette": PUBLIC, "theater": PUBLIC, "media": PUBLIC,
    "share_picture": PUBLIC, "showtimes_ics": PUBLIC, "showtimes_atom": PUBLIC, "showtimes_json": PUBLIC,
    "search": PUBLIC, "widget": PUBLIC, "robots": PUBLIC, "sitemap": PUBLIC, "manifest": PUBLIC, "script_sentences": PUBLIC,
    "seat_facts": PUBLIC, "seat_stylesheet": PUBLIC, "house_stylesheet": PUBLIC, "house_phone_icon": PUBLIC,
    "text_page": PUBLIC, "earlier_text": PUBLIC, "news": PUBLIC, "post": PUBLIC, "series": PUBLIC,
    "coming_soon": PUBLIC, "closed_show": PUBLIC, "open_closed_show": CODE,
    "seat_map": PUBLIC, "events": PUBLIC, "seats": PUBLIC, "extend": PUBLIC, "release_hold": PUBLIC, "best": PUBLIC,
    "checkout": PUBLIC, "find_booking": PUBLIC, "choose_language": PUBLIC,
    "waiting_list": PUBLIC, "waiting_entry": CODE, "leave_waiting_list": CODE,
    "favorite_movie": PUBLIC, "favorite_series": PUBLIC, "favorite": CODE, "leave_favorite": CODE,
    "healthz": PUBLIC, "readyz": PUBLIC, "security_txt": PUBLIC, "metrics": TOKEN, "webhook": STRIPE,
    "booking": HOLDER, "booking_calendar": HOLDER, "return": HOLDER, "change_seats": HOLDER, "cancel_tickets": HOLDER,
    "exchange": HOLDER, "exchange_receipt": HOLDER, "transfer": HOLDER, "take_transfer": CODE, "group": CODE,
    "share_seats": PUBLIC, "shared_seats": CODE,
    "booking_data": HOLDER, "send_tickets_again": HOLDER, "choose_codes": HOLDER, "booking_needs": HOLDER, "ticket_needs": HOLDER,
    "ticket_worker": PUBLIC,
    "offer": HOLDER, "renew_link": HOLDER, "receipt": HOLDER, "booking_pdf": HOLDER, "credit_note": HOLDER, "bookings": SIGNED_IN,
    "accept_invitation": CODE, "enroll_device": CODE,
    "device": DEVICE, "board": DEVICE, "house_icon": PUBLIC, "lock_device": DEVICE, "unlock_pin": DEVICE, "forget_device": PUBLIC,
    "booking_by_link": CODE, "ticket": CODE, "ticket_qr": CODE, "ticket_pdf": CODE, "ticket_calendar": CODE,
    "door": STAFF, "choose_door": STAFF, "scan": STAFF, "undo_scan": STAFF,
    "overrule_scan": STAFF, "door_booking": STAFF, "admit_booking": STAFF, "door_showtime": STAFF,
    "counter": STAFF, "choose_counter": STAFF, "counter_map": STAFF, "counter_seats": STAFF, "counter_best": STAFF,
    "counter_release": STAFF, "counter_group": STAFF, "counter_override": STAFF, "counter_sales": STAFF, "counter_sale": STAFF,
    "counter_find": STAFF, "door_find": STAFF, "counter_tickets": STAFF, "counter_receipt": STAFF, "counter_credit_note": STAFF,
    "counter_resend": STAFF, "counter_swap": STAFF, "counter_void": STAFF, "counter_exchange": STAFF, "counter_note": STAFF,
    "counter_needs": STAFF, "counter_reprint": STAFF,
    "counter_mail_receipt": STAFF,
    "counter_payouts": STAFF, "counter_pay_out": STAFF, "takings": STAFF, "takings_csv": STAFF,
}  # fmt: skip
WHOLE_PARTS = ("accounts/", "admin/", "dev/")  # allauth's and the office's own checks of who may enter, tried below


def addresses(resolver, prefix=""):
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry.name
        else:
            yield from addresses(entry, path)


def test_every_address_has_an_audience():
    named = {name: path for path, name in addresses(get_resolver()) if not path.startswith(WHOLE_PARTS)}
    assert named.keys() - AUDIENCE.keys() == set()


@pytest.fixture
def world():
    """One paid booking that belongs to somebody else."""
    theater = make_theater()
    nothing = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    showtime = make_showtime(theater=theater, price_list=nothing, movie=make_movie(slug="metropolis"))
    booking = begin_paying(showtime, make_browser(1), "A1")
    return {
        "showtime": showtime.pk,
        "reference": booking.reference,
        "theater": theater.slug,
        "code": booking.tickets.get().code,
    }


def paths(audience):
    found = {
        PUBLIC: ["/", "/movies/metropolis/", "/theaters/{theater}/", "/showtimes/{showtime}/"],
        HOLDER: [
            "/bookings/{reference}/",
            "/bookings/{reference}/calendar.ics",
            "/bookings/{reference}/tickets.pdf",
            "/bookings/{reference}/cancel/",
            "/bookings/{reference}/exchange/",
            "/bookings/{reference}/data/",
            "/payments/return/{reference}/",
        ],
        CODE: ["/tickets/{code}/", "/tickets/{code}.svg", "/tickets/{code}.ics", "/tickets/{code}.pdf"],
    }
    return found[audience]


@pytest.mark.parametrize("who", ["a stranger", "somebody signed in", "staff"])
@pytest.mark.parametrize(("audience", "status"), [(PUBLIC, 200), (CODE, 200), (HOLDER, 404)])
def test_what_others_see_of_a_booking(world, django_user_model, who, audience, status):
    client = Client()
    if who != "a stranger":
        client.force_login(django_user_model.objects.create_user("eve@example.com", "x", is_staff=who == "staff"))
    for path in paths(audience):
        assert client.get(path.format(**world)).status_code == status, path


def office():
    return sorted(
        {
            f"/{path}"
            for path, _ in addresses(get_resolver())
            if path.startswith("admin/") and "<" not in path and "(" not in path
        }
    )


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_the_office_is_for_staff_alone(db, django_user_model, is_signed_in):
    client = Client()
    if is_signed_in:
        client.force_login(django_user_model.objects.create_user("eve@example.com", "x"))
    assert len(office()) > 10
    for path in office():
        answer = client.get(path)
        assert answer.status_code in {302, 403, 404} or b"password" in answer.content.lower(), path


def test_pages_of_an_account_ask_who_it_is(db):
    for path in (
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/bookings/",
        "/accounts/data/",
        "/accounts/data/erase/",
    ):
        answer = Client().get(path)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/"), path


HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@pytest.mark.parametrize(
    "path", ["/", "/showtimes/{showtime}/", "/accounts/login/", "/nothing-here/", "/tickets/{code}/"]
)
def test_every_answer_carries_the_headers_and_a_strict_policy(world, path):
    answer = Client().get(path.format(**world))
    assert {name: answer.get(name) for name in HEADERS} == HEADERS
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "style-src 'self'" in policy and "script-src 'self';" in policy
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
