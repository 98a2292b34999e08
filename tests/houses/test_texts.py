"""Texts of a house: which version holds, in which language, and that nothing in them can run."""

import re
import time
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from houses.markdown import as_html
from houses.models import House, PageText, Post, TextPage
from houses.models.pages import LONGEST_TEXT
from houses.selectors import forget_houses
from tests.clock import evening
from tests.factories import make_staff, make_theater
from tests.house_with_terms import LONG_AGO, usual_house
from theaters.houses.house_texts import TextFromThePast, publish_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db) -> House:
    return usual_house()


def write(house, slug, *texts, **columns):
    page = TextPage.objects.create(house=house, slug=slug, **columns)
    for language, title, holds_from in texts:
        PageText.objects.create(
            page=page, language=language, title=title, body=f"About **{title}**", holds_from=holds_from
        )
    forget_houses()
    return page


def days(number):
    return evening(number)


def test_the_newest_text_that_holds_is_shown_and_the_next_waits(client, house):
    write(house, "privacy", ("en", "Old", days(-9)), ("en", "Present", days(-1)), ("en", "Next", days(1)))
    page = client.get("/pages/privacy/")
    assert page.status_code == 200 and "<h1>Present</h1>" in page.content.decode()
    assert "<strong>Present</strong>" in page.content.decode() and "Next" not in page.content.decode()


@pytest.mark.parametrize(("asked", "title"), [("de", "Datenschutz"), ("en", "Privacy"), ("fr", "Privacy")])
def test_in_the_readers_language_where_there_is_one(client, house, asked, title):
    write(house, "privacy", ("en", "Privacy", LONG_AGO), ("de", "Datenschutz", LONG_AGO))
    html = client.get("/pages/privacy/", headers={"Accept-Language": asked}).content.decode()
    assert f"<h1>{title}</h1>" in html
    assert f'href="/pages/privacy/">{title}</a>' in html  # in the footer


def test_another_language_is_better_than_none_and_says_which_it_is(client, house):
    write(house, "imprint", ("de", "Impressum", LONG_AGO))
    html = client.get("/pages/imprint/").content.decode()
    assert '<article lang="de" dir="auto">' in html and "<h1>Impressum</h1>" in html


def test_what_was_accepted_can_be_read_later_and_what_does_not_hold_cannot(client, house):
    page = write(house, "rules", ("en", "Old", days(-9)), ("en", "Present", days(-1)), ("en", "Next", days(1)))
    old, _, later = page.texts.order_by("holds_from")
    assert "<h1>Old</h1>" in client.get(f"/pages/rules/{old.pk}/").content.decode()
    assert client.get(f"/pages/rules/{later.pk}/").status_code == 404
    assert client.get(f"/pages/terms/{old.pk}/").status_code == 404


def test_pages_out_of_the_footer_and_unknown_ones(client, house):
    write(house, "hidden", ("en", "Hidden", LONG_AGO), is_in_footer=False)
    assert "Hidden" not in client.get("/pages/terms/").content.decode()
    assert client.get("/pages/hidden/").status_code == 200
    assert client.get("/pages/nothing/").status_code == 404


def test_a_text_that_somebody_accepted_stays_as_it_was(house):
    text = PageText.objects.get(page__house=house)
    with pytest.raises(DatabaseError), transaction.atomic():
        PageText.objects.filter(pk=text.pk).update(body="Other terms")
    with pytest.raises(DatabaseError), transaction.atomic():
        text.delete()


def test_a_second_press_publishes_nothing_again(house):
    manager = make_staff("OWNER", make_theater())
    page = TextPage.objects.get(house=house)
    words = {
        "language": "en",
        "title": "Terms",
        "body": "New.",
        "holds_from": None,
        "user_id": manager.pk,
        "actor": "test",
    }
    for _ in range(2):
        publish_text(page=page, now=timezone.now(), **words)
    assert page.texts.filter(title="Terms").count() == 1
    with pytest.raises(TextFromThePast):
        publish_text(page=page, now=timezone.now(), **words | {"body": "Newer.", "holds_from": LONG_AGO})


def test_news(client, house):
    Post.objects.create(house=house, slug="new-seats", title="New seats", text="Softer.", published_at=days(-1))
    Post.objects.create(house=house, slug="draft", title="Draft", text="-")
    Post.objects.create(house=house, slug="later", title="Later", text="-", published_at=days(1))
    html = client.get("/news/").content.decode()
    assert "New seats" in html and "Draft" not in html and "Later" not in html
    assert "<p>Softer.</p>" in client.get("/news/new-seats/").content.decode()
    assert client.get("/news/draft/").status_code == client.get("/news/later/").status_code == 404


def test_search_engines_find_news_and_the_pages_of_the_footer_but_no_earlier_text(client, house):
    page = write(house, "privacy", ("en", "Old", days(-9)), ("en", "Present", days(-1)), is_in_footer=True)
    Post.objects.create(house=house, slug="new-seats", title="New seats", text="Softer.", published_at=days(-1))
    Post.objects.create(house=house, slug="later", title="Later", text="-", published_at=days(1))
    sitemap = client.get("/sitemap.xml").content.decode()
    for path in ("/news/", "/news/new-seats/", "/pages/privacy/"):
        answer = client.get(path)
        assert (answer.status_code, "X-Robots-Tag" in answer.headers) == (200, False)
        assert f"{path}</" in sitemap and 'rel="canonical"' in answer.content.decode()
    assert "/news/later/" not in sitemap
    earlier = client.get(f"/pages/privacy/{page.texts.get(title='Old').pk}/")
    assert (earlier.status_code, earlier.headers["X-Robots-Tag"]) == (200, "noindex")


def test_news_in_the_readers_language_and_where_it_is_not_translated_in_its_own(client, house):
    german = {"headers": {"accept-language": "de"}}
    said = {"de": {"title": "Neue Sessel", "text": "Weicher."}}
    told = {"house": house, "published_at": days(-1)}
    Post.objects.create(slug="new-seats", title="New seats", text="Softer.", translations=said, **told)
    Post.objects.create(slug="closed", title="Closed on Monday", text="Painters.", **told)
    Post.objects.create(slug="bar", title="Die Bar", text="Ist offen.", language="de", **told)
    listed = client.get("/news/", **german).content.decode()
    assert [listed.count(f'<li lang="{code}">') for code in ("de", "en")] == [2, 1]
    assert "Neue Sessel" in listed and "Closed on Monday" in listed and "New seats" not in listed
    read = client.get("/news/new-seats/", **german).content.decode()
    assert '<article lang="de" dir="auto">' in read and "<p>Weicher.</p>" in read
    assert '<article lang="en" dir="auto">' in client.get("/news/closed/", **german).content.decode()
    # The same address for people who read English.
    assert "<p>Softer.</p>" in client.get("/news/new-seats/").content.decode()


def test_a_post_for_each_language_becomes_one_and_its_address_leads_there(admin_client, client, house):
    lead = house.posts.create(title="New seats", slug="new-seats", text="Softer.", published_at=days(-2))
    facts = {"title": "Neue Sitze", "slug": "neue-sitze", "language": "de", "text": "Weicher."}
    other = house.posts.create(**facts, published_at=days(-1))
    page = f"/admin/houses/post/{other.pk}/change/"
    form = {"house": house.pk, **facts, "published_at_0": "2020-01-02", "published_at_1": "03:04:05"}
    german = {"headers": {"accept-language": "de"}}
    assert client.get("/news/", **german).text.count("<li lang=") == 2
    refused = admin_client.post(page, form | {"language": "en", "same_as": lead.pk})
    assert "same_as" in refused.context["adminform"].form.errors
    assert admin_client.post(page, form | {"same_as": lead.pk}).status_code == 302
    listed = client.get("/news/", **german).text
    assert "Neue Sitze" in listed and "New seats" not in listed
    assert client.get("/news/neue-sitze/").url == "/news/new-seats/"
    assert "<p>Weicher.</p>" in client.get("/news/new-seats/", **german).text
    assert "<p>Softer.</p>" in client.get("/news/new-seats/").text
    assert admin_client.post(page, form | {"text": "Sehr weich.", "same_as": lead.pk}).status_code == 302
    assert "<p>Sehr weich.</p>" in client.get("/news/new-seats/", **german).text
    # The post gets a German text of its own again.
    assert admin_client.post(page, form | {"text": "Sehr weich.", "same_as": ""}).status_code == 302
    lead.refresh_from_db()
    assert lead.translations == {} and client.get("/news/neue-sitze/").status_code == 200


def test_the_footer_leads_to_news_where_everybody_may_see_some(client, house):
    link = '<a href="/news/">'
    Post.objects.create(house=house, slug="draft", title="Draft", text="-")
    assert link not in client.get("/find-booking/").content.decode()
    Post.objects.update(published_at=days(-1))
    forget_houses()
    assert link in client.get("/find-booking/").content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "[a](javascript:alert(1))", "![x](http://x/y.png)", "<img src=x onerror=alert(1)>",
        "[a](data:text/html;base64,x)", "<a href='javascript:x'>", "[a](https://x.example \"onclick=alert(1)\")",
        "<style>*{display:none}</style>", "<iframe src=x>", "`<b>`", "[a]( jAvAsCrIpT:x)",
    ],
)  # fmt: skip
def test_nothing_in_a_text_runs(text):
    assert harmful(as_html(text)) == []


@given(st.text(max_size=200))
def test_any_text_becomes_html_in_which_nothing_runs(text):
    assert harmful(as_html(text)) == []


@pytest.mark.parametrize("signs", ["[", "*a ", "![", "[a](", "|x|y|\n|-|-|\n", "&", "_a __a ", "`", "<a "])
def test_a_text_of_punctuation_is_rendered_quickly(signs):
    """Anybody can ask for such a page again and again: 100,000 brackets once took 38 seconds each time."""
    text, began = (signs * LONGEST_TEXT)[:LONGEST_TEXT], time.process_time()
    as_html(text)
    assert time.process_time() - began < 1


def test_a_long_text_with_many_links_keeps_them():
    text = "**We** store [what we need](https://example.com/a_b_c), *nothing* else.\n\n" * 400
    assert as_html(text).count('<a href="https://example.com/a_b_c"') == 400


class Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def harmful(html) -> list:
    """Elements that do not belong into a text, attributes other than a link's address, and addresses that run scripts."""
    markup = Markup()
    markup.feed(html)
    plain = {"p", "h2", "h3", "h4", "ul", "ol", "li", "a", "em", "strong", "br", "hr", "code", "pre", "blockquote"}
    return [
        (tag, attributes)
        for tag, attributes in markup.found
        if tag not in plain | {"table", "thead", "tbody", "tr", "th", "td"}
        or set(attributes) - {"href", "rel", "title"}
        or urlsplit(attributes.get("href", "")).scheme not in {"", "https", "http", "mailto", "tel"}
    ]


TOKYO = ZoneInfo("Asia/Tokyo")


def tokyo_house() -> House:
    house = make_theater(timezone_name="Asia/Tokyo").house
    forget_houses()
    return house


def test_days_of_texts_and_news_are_those_of_the_house(client):
    """Just after midnight in Tokyo it is still the day before in London."""
    house, at = tokyo_house(), datetime(2026, 3, 2, 0, 30, tzinfo=TOKYO)
    write(house, "bar", ("en", "Bar", at))
    Post.objects.create(house=house, slug="new-seats", title="New seats", text="Softer.", published_at=at)
    for page in ("/pages/bar/", "/news/", "/news/new-seats/"):
        assert "Monday 2 March 2026" in client.get(page).text
    PageText.objects.create(
        page=house.pages.get(slug="bar"), language="en", title="Now", body="Bar", holds_from=days(-1)
    )
    earlier = PageText.objects.get(page__slug="bar", title="Bar")
    assert "from Monday 2 March 2026" in client.get(f"/pages/bar/{earlier.pk}/").text


def test_a_text_waits_by_the_clock_of_the_house_from_midnight_of_its_day(admin_client):
    house = tokyo_house()
    page = write(house, "bar", ("en", "Bar", LONG_AGO))
    address = f"/admin/houses/textpage/{page.pk}/write/"
    said = {"language": "en", "title": "Later", "body": "*Cake*", "_publish": "1"}
    assert "By the clock in Tokyo" in admin_client.get(address).text
    assert admin_client.post(address, said | {"holds_from_0": "2090-01-02", "holds_from_1": ""}).status_code == 302
    assert page.texts.get(title="Later").holds_from == datetime(2090, 1, 2, tzinfo=TOKYO)
    listed = admin_client.get(f"/admin/houses/textpage/{page.pk}/change/").text
    assert "holds from Mon 02 Jan 2090, 00:00 JST on" in listed and "holds now, since" in listed
    # Each version can be read again, also the one that is not valid yet.
    waiting = page.texts.get(title="Later")
    assert f'href="{address}?text={waiting.pk}"' in listed
    assert "<em>Cake</em>" in admin_client.get(f"{address}?text={waiting.pk}").text
    for odd in ("x", "9" * 30, "0"):
        assert admin_client.get(f"{address}?text={odd}").status_code == 200


def test_who_may_not_write_texts_reads_which_hold_and_is_led_nowhere(client):
    theater = make_theater()
    page = write(theater.house, "bar", ("en", "Bar", LONG_AGO))
    address = f"/admin/houses/textpage/{page.pk}/"
    for role, may_write in (("OWNER", True), ("AUDITOR", False)):
        client.force_login(make_staff(role, theater))
        listed = client.get(f"{address}change/").text
        assert "Bar" in listed and "holds now, since" in listed
        assert (f"{address}write/" in listed) is may_write


@pytest.mark.parametrize("path", ["/admin/houses/post/add/", "/admin/houses/textpage/{}/write/"])
def test_day_and_time_of_a_moment_have_names(admin_client, path):
    page = write(tokyo_house(), "bar", ("en", "Bar", LONG_AGO))
    html = admin_client.get(path.format(page.pk)).text
    assert re.search(r'<input type="date"[^>]* aria-label="Date"', html)
    assert re.search(r'<input type="time"[^>]* aria-label="Time"', html)


def test_a_post_appears_by_the_clock_of_the_house(admin_client):
    house = tokyo_house()
    said = {"house": house.pk, "title": "Bar", "slug": "bar", "language": "en", "text": "Open.", "_reason": "It opens"}
    moment = {"published_at_0": "2090-01-02", "published_at_1": "19:30"}
    assert admin_client.post("/admin/houses/post/add/", said | moment).status_code == 302
    post = Post.objects.get(slug="bar")
    assert post.published_at == datetime(2090, 1, 2, 19, 30, tzinfo=TOKYO)
    page = admin_client.get(f"/admin/houses/post/{post.pk}/change/")
    assert 'value="2090-01-02"' in page.text and 'value="19:30"' in page.text
    assert "Mon 02 Jan 2090, 19:30 JST" in admin_client.get("/admin/houses/post/").text
    assert (
        not page.context["adminform"].form.fields["published_at"].has_changed(post.published_at, list(moment.values()))
    )


def test_a_text_that_waits_can_be_made_to_hold_at_once(house):
    manager = make_staff("OWNER", make_theater())
    page = TextPage.objects.get(house=house)
    words = {"language": "en", "title": "New terms", "body": "New.", "user_id": manager.pk, "actor": "test"}
    publish_text(page=page, now=timezone.now(), holds_from=days(9), **words)
    publish_text(page=page, now=timezone.now(), holds_from=None, **words)
    assert page.texts.holding().filter(language="en").first().title == "New terms"
