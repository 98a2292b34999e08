"""A plan of 300 seats is drawn in the browser with the toolbar, mouse and keys; it is published, and a customer sees it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import open_map, seat, see_seat, sign_in, take
from tests.factories import make_auditorium, make_price_list, make_showtime, make_theater
from theaters.models import PlanDraft, SeatCategory, SeatingPlan
from theaters.plans.plan_drafts import begin_draft, drawing_of_draft, save_draft
from theaters.seat_facts import SeatFacts

DRAFT = "/admin/theaters/seatingplan/draft/{}/"


@pytest.fixture
def room(site):
    return make_auditorium(make_theater())


def canvas(page: Page):
    return page.get_by_role("application", name="The auditorium")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        canvas(page).press(key)


def see_counts(page: Page, total: int, **counts: int) -> None:
    expect(page.locator("[data-total]")).to_have_text(str(total))
    for category, count in counts.items():
        expect(page.locator(f'[data-count="{category}"]')).to_have_text(str(count))


def add_rows(page: Page, rows: int, seats: int, **more: str) -> None:
    form = page.locator('[data-form="add-rows"]')
    form.get_by_label("Rows").fill(str(rows))
    form.get_by_label("Seats in each").fill(str(seats))
    for name, value in more.items():
        field = form.locator(f'[name="add-{name}"]')
        field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)
    form.get_by_role("button", name="Add rows").click()


def drag(page: Page, begin: str, end: str) -> None:
    seat(page, begin).hover()
    page.mouse.down()
    box = seat(page, end).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def begin(page: Page, room) -> None:
    page.goto(f"/admin/theaters/seatingplan/{room.plans.get().pk}/change/")
    page.get_by_role("link", name="Edit: draw the next plan").click()
    page.get_by_role("button", name="Begin with a copy of plan 1").click()
    see_counts(page, 12, STANDARD=6, PREMIUM=6)


@pytest.mark.long
def test_a_plan_of_300_seats_is_drawn_and_published(guest, visit, manager, room):
    sign_in(guest, manager)
    begin(guest, room)
    # By the toolbar: clear everything, then 14 rows of 20 with two aisles and one row of 20 more, without the letter I.
    canvas(guest).focus()
    press(guest, "Control+a", "Delete")
    see_counts(guest, 0)
    expect(guest.get_by_text("There are no seats yet.")).to_be_visible()
    add_rows(guest, 14, 20, first="A", names="no-io", aisles="5 15", numbering="odd-left")
    see_counts(guest, 280, STANDARD=280)
    # By mouse: the middle of two rows becomes premium, and a drag over row N selects the seats that become sofas.
    press(guest, "Escape")
    drag(guest, "L9", "M10")
    expect(guest.locator("[data-chosen]")).to_have_text("20")
    guest.get_by_role("button", name="Premium P").click()
    see_counts(guest, 280, STANDARD=260, PREMIUM=20)
    # By keys: a row behind the last one, typed as in the text; one mistake is undone.
    add_rows(guest, 1, 14, names="no-io", aisles="")
    expect(seat(guest, "Q14")).to_be_visible()
    canvas(guest).focus()
    press(guest, "s")
    see_counts(guest, 294, SOFA=14)
    press(guest, "Control+z")
    see_counts(guest, 294, SOFA=0)
    press(guest, "Control+y", "Escape", "End", "ArrowRight", "ArrowRight", "w", "c", "w", "o", "o", "o")
    see_counts(guest, 300, SOFA=14, WHEELCHAIR=2, COMPANION=1)
    expect(guest.locator(".plan-here")).to_contain_text("Row Q, empty place")
    expect(guest.get_by_text("In the way of publishing")).to_be_hidden()
    guest.get_by_role("button", name="Save").click()
    expect(guest.get_by_text("Saved", exact=True)).to_be_visible()
    assert PlanDraft.objects.get().revision == 2
    guest.get_by_role("link", name="Publish …").click()
    guest.get_by_label("What is new").fill("The room was rebuilt")
    guest.get_by_role("button", name="Publish this plan").click()
    expect(guest.get_by_text("is published: new showtimes get it")).to_be_visible()
    plan = SeatingPlan.objects.get(number=2)
    assert plan.seats.count() == 300
    showtime = make_showtime(auditorium=room, price_list=make_price_list(room.theater))
    customer = visit()
    open_map(customer, showtime)
    expect(customer.locator(".seat")).to_have_count(300)
    take(customer, "Q18", "A1")
    see_seat(customer, "Q1", "free")


def test_a_plan_is_drawn_with_categories_of_the_theater_s_own(guest, manager, room):
    for position, (code, name) in enumerate([("BOX", "Box"), ("S-CUDDLE", "Cuddle sofa")], start=6):
        SeatCategory.objects.create(theater=room.theater, code=code, name=name, position=position)
    begin_draft(auditorium=room, user_id=manager.pk)
    sign_in(guest, manager)
    guest.goto(DRAFT.format(room.pk))
    see_counts(guest, 12, STANDARD=6, PREMIUM=6, BOX=0)
    canvas(guest).focus()
    press(guest, "Control+a")
    guest.get_by_role("button", name="Box", exact=True).click()
    see_counts(guest, 12, PREMIUM=0, BOX=12)
    press(guest, "Escape")
    drag(guest, "A1", "A2")
    guest.get_by_role("button", name="Cuddle sofa for two", exact=True).click()
    see_counts(guest, 12, **{"BOX": 10, "S-CUDDLE": 2})
    expect(seat(guest, "A2")).to_have_accessible_name("Row A, seat 2, Cuddle sofa")
    guest.get_by_role("button", name="Save").click()
    expect(guest.get_by_text("Saved", exact=True)).to_be_visible()
    drawn = [one for row in PlanDraft.objects.get().rows for one in row["seats"]]
    assert [one["category"] for one in drawn] == ["S-CUDDLE"] * 2 + ["BOX"] * 10
    assert drawn[0]["unit"] == drawn[1]["unit"]


@pytest.mark.long
def test_two_editors_and_neither_loses_a_seat(guest, manager, room, watch):
    watch.allow(409)
    draft = begin_draft(auditorium=room, user_id=manager.pk)
    sign_in(guest, manager)
    guest.goto(DRAFT.format(room.pk))
    save_draft(auditorium=room, revision=1, rows=draft.rows[:1], user_id=manager.pk)
    add_rows(guest, 1, 3)
    guest.get_by_role("button", name="Save").click()
    expect(guest.get_by_role("alert")).to_contain_text("saved this draft while you were drawing")
    see_counts(guest, 15)
    guest.get_by_role("button", name="Save mine").click()
    expect(guest.get_by_text("Saved", exact=True)).to_be_visible()
    guest.reload()
    see_counts(guest, 15)
    guest.get_by_text("Earlier saves").click()
    guest.get_by_role("button", name="Take it back").first.click()
    see_counts(guest, 6)


def work_of(page: Page, cdp, *keys: str) -> dict[str, float]:
    """The milliseconds that the page itself works for each key, whatever else the machine does."""
    found = {}
    for key in keys:
        before = spent(cdp)
        press(page, key)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        found[key] = (spent(cdp) - before) * 1000
    return found


def spent(cdp) -> float:
    return next(one["value"] for one in cdp.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration")


@pytest.mark.long
def test_a_thousand_seats_answer_at_once(guest, manager, room):
    sign_in(guest, manager)
    begin_draft(auditorium=room, user_id=manager.pk)
    guest.goto(DRAFT.format(room.pk))
    canvas(guest).focus()
    press(guest, "Control+a", "Delete")
    add_rows(guest, 25, 40)
    see_counts(guest, 1000)
    canvas(guest).focus()
    cdp = guest.context.new_cdp_session(guest)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    work = work_of(
        guest, cdp, "Escape", "ArrowRight", "p", "Shift+ArrowDown", "w", "g", "Control+z", "Delete", "Control+y"
    )
    assert max(work.values()) < 100, work


def facts_of(room):
    return {seat.label: seat.facts for seat in drawing_of_draft(PlanDraft.objects.get(auditorium=room)).seats}


@pytest.mark.long
def test_facts_of_a_whole_room_are_said_by_keys_alone(guest, manager, room):
    """Steps that grow by row, a hearing loop in the first row, an armrest and a text at one seat; the rest stays unknown."""
    sign_in(guest, manager)
    begin(guest, room)
    canvas(guest).focus()
    press(guest, "Control+a", "i")
    expect(guest.get_by_label("Steps, first chosen row")).to_be_focused()
    for keys in ("0", "Tab", "1", "Enter"):
        guest.keyboard.press(keys)
    expect(guest.locator('[data-known="steps"]')).to_have_text("known of 12 of 12")
    guest.keyboard.press("Escape")
    expect(canvas(guest)).to_be_focused()
    press(guest, "Escape", "a")
    loop, armrest = guest.get_by_role("group", name="Hearing loop"), guest.get_by_role("group", name="Armrest lifts")
    loop.get_by_role("button", name="Yes").press("Enter")
    expect(guest.locator('[data-known="hearing_loop"]')).to_have_text("6 yes, 0 no, 6 unknown")
    canvas(guest).focus()
    press(guest, "Escape")
    armrest.get_by_role("button", name="No", exact=True).press("Enter")
    guest.get_by_label("Text for customers").first.fill("Behind  a pillar <b>")
    guest.get_by_role("button", name="Set the text").press("Enter")
    expect(guest.locator(".plan-here")).to_have_text(
        "Row A, seat 1, Standard, no steps, hearing loop, armrest does not lift, Behind a pillar <b>"
    )
    guest.keyboard.press("Control+s")
    expect(guest.locator(".plan-state")).to_have_text("Saved")
    kept = facts_of(room)
    assert kept["A1"] == SeatFacts(0, True, False, "Behind a pillar <b>")
    assert kept["A2"] == SeatFacts(0, True) and kept["B1"] == SeatFacts(1)
    guest.reload()
    canvas(guest).focus()
    expect(guest.locator(".plan-here")).to_contain_text("Behind a pillar <b>")
    press(guest, "Control+a")
    guest.get_by_text("Facts of the chosen seats").click()
    loop.get_by_role("button", name="Unknown").click()
    guest.keyboard.press("Control+s")
    expect(guest.locator(".plan-state")).to_have_text("Saved")
    assert {facts.hearing_loop for facts in facts_of(room).values()} == {None}
