"""The limits of each role at both widths: the first page lists what the role may do, and the other theater does not appear."""

import os
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from staff.models import AuditEntry
from tests.boxoffice.limits import ROLES
from tests.boxoffice.two_theaters import MARK, two_houses
from tests.browser.steps import PASSWORD, sign_in
from tests.browser.test_axe import assert_open_to_all
from tests.factories import make_staff

WIDTHS = (1280, 820)
PICTURES = os.environ.get("ROLE_PICTURES", "")
FIRST_PAGE = {
    "BOX_OFFICE": {"Bookings", "Tickets", "Showtimes"},
    "DOOR": {"Showtimes", "Movies"},
    "MANAGER": {"Bookings", "Payments", "Showtimes", "Audit log", "Price lists"},
    "FINANCE": {"Bookings", "Payments", "Refunds"},
    "AUDITOR": {"Bookings", "Payments", "Audit log", "Roles"},
    "OWNER": {"Bookings", "Payments", "Audit log", "Roles", "Users"},
}
CLOSED = {
    "BOX_OFFICE": {"Payments", "Refunds", "Audit log", "Roles"},
    "DOOR": {"Bookings", "Tickets", "Payments", "Price lists", "Audit log", "Roles"},
    "MANAGER": {"Roles", "Users", "Provider events"},
    "FINANCE": {"Audit log", "Roles"},
    "AUDITOR": {"Provider events"},
    "OWNER": {"Provider events"},
}


def staff_of(role: str, theater):
    person = make_staff(role, theater)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def look(page: Page, name: str) -> None:
    """Look at a page at the widths of a desk and a tablet; `watch` complains if something sticks out sideways."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_sees_first(site, visit, watch, role):
    watch.allow(404, 403)
    ours, theirs = two_houses()
    page = visit(width=WIDTHS[0])
    sign_in(page, staff_of(role, ours.theater))
    page.goto("/admin/")
    expect(page.get_by_text("The second factor is off")).to_be_visible()
    names = set(page.locator(".app-list th a").all_inner_texts())
    assert names >= FIRST_PAGE[role]
    assert not names & CLOSED[role]
    assert MARK not in page.content()
    assert_open_to_all(page)
    look(page, f"{role}-first")
    if role != "DOOR":
        page.goto(f"/admin/reservations/booking/{ours.ids['booking']}/change/")
        look(page, f"{role}-booking")
    assert page.goto(f"/admin/theaters/showtime/{theirs.ids['sold']}/change/").status == 404
    expect(page.get_by_text("it belongs to a theater where you do not work")).to_be_visible()
    look(page, f"{role}-refused")


@pytest.mark.long
def test_owner_invites_by_keyboard_and_the_auditor_reads_it(site, visit):
    ours, _ = two_houses()
    page = visit()
    sign_in(page, staff_of("OWNER", ours.theater))
    page.goto("/admin/staff/invitation/add/")
    page.get_by_label("E-mail").fill("new@example.com")
    page.locator("#id_theater").select_option(label=str(ours.theater))
    page.locator("#id_role").select_option(label="Door")
    page.get_by_label("Reason").fill("opens the second door")
    look(page, "invite")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="new@example.com").first).to_be_visible()
    assert AuditEntry.objects.filter(action="invite", reason="opens the second door").count() == 1
    auditor = visit()
    sign_in(auditor, staff_of("AUDITOR", ours.theater))
    auditor.goto("/admin/staff/auditentry/")
    expect(auditor.get_by_text("opens the second door")).to_be_visible()
    look(auditor, "audit")
