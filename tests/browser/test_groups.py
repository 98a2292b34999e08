"""Staff keep seats for a group, and the group pays for some of them by the link."""

import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in
from tests.browser.test_axe import assert_open_to_all


def show(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK"):
        for width in (375, 1280):
            for theme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=theme)
                page.screenshot(path=f"{folder}/{name}-{width}-{theme}.png", full_page=True)


@pytest.mark.long
def test_from_the_choice_of_the_seats_to_checkout(visit, manager, showtime):
    staff, group = visit(), visit(width=375, height=812, color_scheme="dark", java_script_enabled=False)
    sign_in(staff, manager)
    staff.goto(f"/admin/theaters/showtime/{showtime.pk}/house-seats/")
    for label in ("A1", "A2", "A3"):
        staff.locator(f'input[name="seats"][value="{label}"]').check(force=True)
    staff.get_by_label("Name of the group").fill("Scouts")
    staff.get_by_label("How to reach them").fill("scouts@example.com")
    until = (timezone.now() + timedelta(hours=2)).astimezone(showtime.auditorium.theater.zone)
    staff.get_by_label("Kept until").fill(f"{until:%Y-%m-%d}")
    staff.get_by_label("Time").fill(f"{until:%H:%M}")
    staff.get_by_role("button", name="Keep for the group").click()
    expect(staff.get_by_text("Kept for Scouts.")).to_be_visible()
    assert_open_to_all(staff)
    show(staff, "office")
    group.goto(staff.get_by_label("Link for the group").input_value())
    group.get_by_text("Choose which seats").click()
    show(group, "group")
    group.set_viewport_size({"width": 375, "height": 812})
    group.get_by_label("How many would you like").fill("2")
    group.get_by_role("button", name="Continue to checkout").click()
    expect(group).to_have_url(re.compile("/checkout/"))
    expect(group.locator('[name="type-A2"]').first).to_be_attached()
    expect(group.locator('[name="type-A3"]')).to_have_count(0)
    show(group, "checkout")
