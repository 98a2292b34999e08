"""The payment page as people use it: its looks, the keyboard, no scripts, impatient clicks."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dev.browser import running_chromium

pytestmark = [pytest.mark.browser, pytest.mark.long]

THEMES = [(375, "light"), (375, "dark"), (1280, "light"), (1280, "dark")]


@pytest.fixture(scope="module")
def chromium():
    """The browser is closed after this module, because Playwright's running event loop disturbs the tests that follow."""
    with running_chromium() as running:
        yield running


@pytest.fixture
def visit(chromium):
    """A page in a window of its own."""
    contexts = []

    def open_window(width=375, scheme="light", **options):
        window = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
        contexts.append(window)
        page = window.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_window
    for window in contexts:
        window.close()


@pytest.fixture
def made(open_session, endpoint):
    """A session that leads back to a site which answers."""

    def create(**changes):
        back = {
            "success_url": f"{endpoint.origin}/back/{{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{endpoint.origin}/cancel/",
        }
        return open_session(**back | changes)

    return create


def fill_in(page, number="4242 4242 4242 4242"):
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiration").fill("12 / 34")
    page.get_by_label("Security code").fill("123")
    page.get_by_label("Name on card").fill("Brigitte Helm")


def assert_in_order(page):
    found = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.complaints == []


@pytest.mark.parametrize(("width", "scheme"), THEMES)
def test_every_state_is_in_order(endpoint, made, visit, width, scheme):
    session = made(line_items=[line_with_a_long_name()])
    page = visit(width, scheme)
    page.goto(session.url)
    assert_in_order(page)
    page.get_by_text("Test cards").click()
    assert_in_order(page)
    page.get_by_role("button", name="Pay $14.50").click()
    expect(page.get_by_label("Card number")).to_be_focused()
    assert_in_order(page)
    fill_in(page, "4000000000000002")
    page.get_by_role("button", name="Pay $14.50").click()
    assert page.get_by_role("alert").inner_text() == "Your card was declined."
    assert_in_order(page)
    fill_in(page, "4000002500003155")
    page.get_by_role("button", name="Pay $14.50").click()
    assert_in_order(page)
    page.get_by_role("button", name="Complete").click()
    page.wait_for_url(f"{endpoint.origin}/back/{session.id}")
    page.goto(session.url)
    assert page.get_by_role("heading", name="You're all done here").is_visible()
    assert_in_order(page)


def line_with_a_long_name():
    name = "The Cabinet of Dr. Caligari, with live piano, in the restored tinted print of 2014"
    return {"price_data": {"currency": "usd", "unit_amount": 1450, "product_data": {"name": name}}, "quantity": 1}


def test_an_expired_page_is_in_order(sandbox, endpoint, made, visit):
    session = made()
    sandbox.expire(session.id)
    page = visit()
    page.goto(session.url)
    assert page.get_by_role("heading", name="This payment page has expired").is_visible()
    assert_in_order(page)
    page.get_by_role("link", name="Return to the site").click()
    page.wait_for_url(f"{endpoint.origin}/cancel/")


def test_the_keyboard_alone_pays(endpoint, made, visit):
    session = made()
    page = visit()
    page.goto(session.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").endswith("Back")
    for typed in ("4242424242424242", "1234", "123", "Brigitte Helm"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{endpoint.origin}/back/{session.id}")


def test_without_script_it_is_the_same(endpoint, made, visit):
    session = made()
    page = visit(java_script_enabled=False)
    page.goto(session.url)
    fill_in(page)
    page.get_by_role("button", name="Pay $29.00").click()
    page.wait_for_url(f"{endpoint.origin}/back/{session.id}")


def test_a_double_click_charges_once(client, endpoint, made, visit):
    session = made()
    page = visit()
    page.goto(session.url)
    fill_in(page)
    page.get_by_role("button", name="Pay $29.00").dblclick()
    # The second click aborts the navigation of the first.
    expect(page).to_have_url(f"{endpoint.origin}/back/{session.id}")
    assert len(client.v1.charges.list().data) == 1


def test_back_leads_to_the_site(endpoint, made, visit):
    page = visit()
    page.goto(made().url)
    page.get_by_role("link", name="Back").click()
    page.wait_for_url(f"{endpoint.origin}/cancel/")
