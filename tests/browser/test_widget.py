"""The widget that shows a theater's showtimes on another site."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.factories import make_movie, make_showtime

pytestmark = pytest.mark.long


@contextmanager
def other_site(port: int, html: str) -> Iterator[str]:
    """A web server that answers every address with this page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/program"
    finally:
        server.shutdown()
        server.server_close()


def page_with_widget(site, showtime, *, language="") -> str:
    theater = showtime.auditorium.theater
    return (
        f'<!doctype html><html lang="{language}"><link rel="icon" href="data:,">'
        f'<script src="{site.url}/widget.js" async></script>'
        f'<body style="color: rgb(1, 2, 3)"><marquee-showtimes theater="{theater.slug}">'
        f'<a href="{site.url}/theaters/{theater.slug}/">Our program</a></marquee-showtimes>'
    )


def test_a_site_on_the_list_shows_times_that_lead_to_us(site, showtime, guest):
    with other_site(site.widget_port, page_with_widget(site, showtime)) as address:
        guest.goto(address)
        time = guest.locator("marquee-showtimes time").first
        expect(time).to_be_visible()
        assert time.evaluate("(time) => getComputedStyle(time).color") == "rgb(1, 2, 3)"
        time.click()
        guest.wait_for_url(f"{site.url}/showtimes/{showtime.pk}/")


def test_it_speaks_the_language_of_the_page_around_it_not_of_the_browser(site, showtime, guest):
    with other_site(site.widget_port, page_with_widget(site, showtime, language="de-AT")) as address:
        guest.goto(address)
        day = guest.locator("marquee-showtimes section").first
        expect(day).to_have_attribute("lang", "de")
        expect(day.locator("h3")).to_have_text(
            re.compile("Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag")
        )


def test_a_program_of_several_movies_stands_apart_from_its_first_movie(site, showtime, guest):
    other = make_showtime(
        auditorium=showtime.auditorium, movie=showtime.movie, starts_at=showtime.starts_at + timedelta(hours=4)
    )
    other.program_title = "A long night"
    other.save()
    for position, movie in enumerate([showtime.movie, make_movie(title="Second")], start=1):
        other.program_items.create(position=position, movie=movie, minutes=90)
    with other_site(site.widget_port, page_with_widget(site, showtime)) as address:
        guest.goto(address)
        titles = guest.locator("marquee-showtimes section > ul > li > a")
        expect(titles).to_have_text([showtime.movie.title, "A long night"])


def test_another_site_keeps_its_link(site, showtime, guest, watch):
    with other_site(0, page_with_widget(site, showtime)) as address:
        with guest.expect_event("requestfailed", lambda request: request.url.endswith("/showtimes.json")):
            guest.goto(address)
        expect(guest.get_by_role("link", name="Our program")).to_be_visible()
        expect(guest.locator("marquee-showtimes time")).to_have_count(0)
    assert all("showtimes.json" in complaint or "ERR_FAILED" in complaint for complaint in watch.complaints)
    watch.complaints.clear()  # the browser's complaint that the answer is not for that site
