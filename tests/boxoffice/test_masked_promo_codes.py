"""Only people who may change a promo code read it. Others see its first letters, and find it by the whole code or ask to
see it.
"""

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reservations import locks
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, OutgoingMail, PromoCode
from reservations.selling.bookings import confirm_booking, open_booking
from staff.models import AuditEntry
from tests.factories import hold_seats, make_browser, make_promo, make_staff, make_theater, pay_form
from tests.variants import some

pytestmark = pytest.mark.django_db
CODE = "WINTERFEST"
MASKED = "WI••••"
LIST = "/admin/reservations/promocode/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def promo(showtime, manager):
    """A promo code made and changed in the office, and used by one booking."""
    office = signed_in(manager)
    form = {"code": CODE, "kind": "PERCENT", "percent": "20", "theater": showtime.auditorium.theater_id}
    assert office.post(f"{LIST}add/", form).status_code == 302
    promo = PromoCode.objects.get()
    assert office.post(f"{LIST}{promo.pk}/change/", form | {"note": "For friends"}).status_code == 302
    browser = make_browser(1)
    hold_seats(showtime, browser, "A1")
    with transaction.atomic():
        booking = open_booking(
            showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, "A1", total="11.60", promo_code=CODE)
        )
        confirm_booking(locks.booking(booking.pk), actor="test")
    return promo


@pytest.fixture
def clerk(showtime):
    return signed_in(make_staff("BOX_OFFICE", showtime.auditorium.theater))


@pytest.mark.long
def test_no_page_of_the_office_shows_the_code_to_who_may_not_change_it(promo, showtime):
    booking = Booking.objects.get()
    rows = {"promocode": promo, "booking": booking, "outgoingmail": OutgoingMail.objects.first()}
    for role in ("BOX_OFFICE", "FINANCE", "AUDITOR"):
        client = signed_in(make_staff(role, showtime.auditorium.theater))
        urls = [
            reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist") for model in admin.site._registry
        ]
        for name, row in rows.items():
            urls += [reverse(f"admin:reservations_{name}_{page}", args=[row.pk]) for page in ("change", "history")]
        urls += ["/admin/", f"{LIST}{promo.pk}/delete/", f"/counter/sales/{booking.reference}/"]
        urls += [f"/admin/staff/auditentry/{entry.pk}/change/" for entry in AuditEntry.objects.all()]
        pages = {url: client.get(url).content.decode() for url in urls}
        assert [url for url, page in pages.items() if CODE in page] == []
        assert MASKED in pages[LIST] and MASKED in pages[f"{LIST}{promo.pk}/change/"]


@pytest.mark.parametrize(
    "query",
    some(["q=WIN", "q=INTER", "code__startswith=W", "code=WINTERFEST", "code__gte=W", "code__regex=^W"], every=2),
)
def test_a_part_of_the_code_finds_nothing(promo, clerk, query):
    answer = clerk.get(f"{LIST}?{query}")
    assert answer.status_code == 400 or MASKED not in answer.content.decode()


def test_other_lists_are_no_way_to_guess_either(promo, clerk):
    for url in (
        "/admin/reservations/booking/?promo_code__code__startswith=W",
        "/admin/reservations/ticket/?code__startswith=A",
    ):
        assert clerk.get(url).status_code == 400


def test_the_whole_code_finds_it_for_the_guest_who_says_it(promo, clerk):
    assert MASKED in clerk.get(f"{LIST}?q={CODE.lower()}").content.decode()


def test_the_manager_reads_it_and_finds_it_by_a_part(promo, manager):
    office = signed_in(manager)
    for url in (LIST, f"{LIST}?q=INTER", f"{LIST}{promo.pk}/change/"):
        assert CODE in office.get(url).content.decode()


def test_a_code_of_all_theaters_is_masked_for_the_manager_of_a_single_theater(promo, showtime):
    make_theater()
    make_promo("EVERYWHERE")
    office = signed_in(make_staff("MANAGER", showtime.auditorium.theater))
    page = office.get(LIST).content.decode()
    assert CODE in page and "EV••••" in page and "EVERYWHERE" not in page
    assert "EV••••" not in office.get(f"{LIST}?q=EVERY").content.decode()


def test_showing_it_is_a_post_that_stands_in_the_audit_log(promo, clerk):
    url = f"{LIST}{promo.pk}/reveal/"
    assert "Show the code" in clerk.get(f"{LIST}{promo.pk}/change/").content.decode()
    assert clerk.get(url).status_code == 405
    before = AuditEntry.objects.count()
    assert f"The code is {CODE}." in clerk.post(url, follow=True).content.decode()
    entry = AuditEntry.objects.latest("pk")
    assert (AuditEntry.objects.count(), entry.action, entry.what_id) == (before + 1, "reveal", promo.pk)
    assert CODE not in f"{entry.what_text} {entry.before} {entry.after}"


def test_nobody_without_a_right_to_codes_there_can_ask(promo):
    elsewhere = signed_in(make_staff("BOX_OFFICE", make_theater()))
    usher = signed_in(make_staff("DOOR", promo.theater))
    for client in (elsewhere, usher):
        assert client.post(f"{LIST}{promo.pk}/reveal/").status_code in {403, 404}
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_the_customers_own_mail_names_the_code(promo, mailoutbox):
    send_due_mail(now=timezone.now())
    (letter,) = mailoutbox
    assert CODE in letter.body and CODE in letter.alternatives[0].content
