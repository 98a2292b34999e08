"""What every page shares: the font, and the color of the browser's own frame."""

from playwright.sync_api import expect

from tests.browser.steps import open_map

FILES = """() => performance.getEntriesByType("resource").map((file) => [file.name.split("/").pop(), file.startTime])"""
FRAME, SURFACE = (
    "document.querySelector('[name=theme-color]').content",
    "getComputedStyle(document.documentElement).backgroundColor",
)


def test_the_font_is_fetched_once_and_before_the_styles(showtime, guest):
    fetched = []
    guest.on("request", lambda request: fetched.append(request.url.split("/")[-1]))
    open_map(guest, showtime)
    guest.evaluate("document.fonts.ready")
    assert fetched.count("archivo.woff2") == 1
    began = dict(guest.evaluate(FILES))
    assert began["archivo.woff2"] <= began["base.css"]


def test_the_frame_of_the_browser_has_the_color_of_the_page_in_both_themes(showtime, guest):
    guest.emulate_media(color_scheme="light")
    open_map(guest, showtime)
    expect(guest.locator("[name=theme-color]")).to_have_count(1)
    light = guest.evaluate(FRAME)
    assert light == guest.evaluate(SURFACE)
    guest.emulate_media(color_scheme="dark")
    expect(guest.locator("[name=theme-color]")).not_to_have_attribute("content", light)
    assert guest.evaluate(FRAME) == guest.evaluate(SURFACE)


def test_a_fade_that_is_cut_short_is_no_error(showtime, guest):
    """The window changes its size while the next page waits for a style; `watch` sees whether the browser reports an error."""
    guest.emulate_media(reduced_motion="no-preference")
    guest.goto("/")

    def cut(route):
        guest.set_viewport_size({"width": 800, "height": 700})
        route.continue_()

    guest.route("**/movie.css", cut)
    guest.locator("main a[href*='/movies/']").first.click()
    guest.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(guest.get_by_role("heading", level=1)).to_be_visible()
