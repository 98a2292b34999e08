"""What the counter's page of a showtime and its list of showtimes show, and groups entered as a number and a ticket type."""

import re
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone

from reservations.models import Hold, ShowtimeSeat
from tests.boxoffice.test_counter import HTMX, at, seller
from tests.clock import begins_in
from tests.factories import make_auditorium, make_showtime, make_theater
from tests.variants import some
from theaters.models import MovieRating, Showtime
from theaters.selectors import NotRead, showtime_facts

pytestmark = pytest.mark.django_db
ROOM = "\n".join(f"{letter} oooooooooo" for letter in "ABCDEF") + "\nG pppppppppp"


@pytest.fixture
def showtime(db):
    return make_showtime(auditorium=make_auditorium(make_theater(), ROOM))


@pytest.fixture
def clerk(showtime):
    return seller(showtime.auditorium.theater)


def held() -> list[str]:
    return list(ShowtimeSeat.objects.filter(hold__ended_at=None, hold__isnull=False).values_list("label", flat=True))


def test_the_desk_shows_the_age_rating(clerk, showtime):
    MovieRating.objects.create(movie=showtime.movie, country="GB", label="15", min_age=15)
    page = clerk.get(at(showtime)).content.decode()
    assert '<span class="rating">15</span>' in page and "Nobody under 15 is admitted." in page


def test_a_page_cannot_show_a_rating_that_its_query_left_out(showtime):
    """If it passed silently, the page would say that everybody may see the movie."""
    without = Showtime.objects.with_names().get(pk=showtime.pk)
    facts = showtime_facts(without, now=timezone.now())
    for name in ("rating", "age_note"):
        with pytest.raises(NotRead):
            Template(f"{{{{ showtime.{name} }}}}").render(Context({"showtime": facts}))
    with_ages = Showtime.objects.with_names().with_age_rule().get(pk=showtime.pk)
    assert showtime_facts(with_ages, now=timezone.now()).rating == ""


def test_a_group_is_a_number_and_a_ticket_type(clerk, showtime):
    answer = clerk.post(at(showtime, "best/"), {"count": "30", "kind": "CHILD"}, headers=HTMX)
    quote = answer.context["quote"]
    assert (len(quote.lines), quote.total) == (30, 30 * Decimal("9.00"))
    assert {seat[0] for seat in held()} <= set("ABCDEF") and len(held()) == 30


@pytest.mark.parametrize(("path", "form"), [("best/", {"count": "4"}), ("seats/", {"take": "A1"})])
def test_the_number_of_free_seats_follows_what_is_taken(clerk, showtime, path, form):
    assert "<b data-free>70</b> free" in clerk.get(at(showtime)).text
    answer = clerk.post(at(showtime, path), form, headers=HTMX).text
    assert re.search(rf'id="desk-free" hx-swap-oob="true">\s*<b data-free>{70 - len(held())}</b> free', answer)


def test_a_group_without_script(clerk, showtime):
    answer = clerk.post(at(showtime, "best/"), {"count": "12", "kind": "CHILD"}, follow=True)
    assert (len(answer.context["quote"].lines), answer.context["quote"].total) == (12, 12 * Decimal("9.00"))


def test_standard_only_and_premium_only(clerk, showtime):
    for category, rows in (("PREMIUM", {"G"}), ("STANDARD", set("ABCDEF"))):
        assert clerk.post(at(showtime, "best/"), {"count": "4", "category": category}).status_code == 302
        assert {label[0] for label in held()} <= rows and len(held()) == 4


@pytest.mark.parametrize(
    "posted",
    [
        {"count": "71"},
        {"count": "11", "category": "PREMIUM"},
        {"count": "2", "category": "WHEELCHAIR"},
        {"count": "2", "category": "x"},
    ],
)
def test_what_cannot_be_together_takes_nothing(clerk, showtime, posted):
    assert clerk.post(at(showtime, "best/"), posted).status_code == 409
    assert not Hold.objects.filter(ended_at=None).exists()


STAIRS = "steps 2\nhearing loop yes\nA oooo\nsteps 0\nhearing loop no\nseats 2: armrest lifts yes\nB oo.oo\nC wcoo\n"


@pytest.fixture
def stairs(db):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), STAIRS))
    showtime.auditorium.exit_rows = "C"
    showtime.auditorium.save()
    return showtime


@pytest.mark.parametrize(
    ("wish", "rows", "said"),
    some([
        ({"loop": "yes"}, {"A"}, ""),
        ({"stepfree": "yes", "armrest": "yes"}, {"B"}, ""),
        ({"exit": "yes"}, {"C"}, ""),
        ({"wheelchairs": "1"}, {"C"}, ""),
        ({"stepfree": "yes", "loop": "yes"}, {"C"}, "No hearing loop covers all of these seats."),
        ({"loop": "yes", "armrest": "yes"}, {"A"}, "We do not know whether an armrest of these seats lifts; please ask us."),
    ], every=2),
)  # fmt: skip
def test_the_best_by_needs_are_those_of_the_web_and_what_they_lack_is_said(stairs, wish, rows, said):
    clerk = seller(stairs.auditorium.theater)
    answer = clerk.post(at(stairs, "best/"), {"count": "2", **wish}, headers=HTMX)
    assert ({label[0] for label in held()}, answer.context["notice"]) == (rows, said)
    plain = clerk.post(at(stairs, "best/"), {"count": "2", **wish}, follow=True)
    assert [str(message) for message in plain.context["messages"]] == ([said] if said else [])


def test_needs_can_be_said_for_a_few_and_for_a_group(stairs):
    page = seller(stairs.auditorium.theater).get(at(stairs)).text
    for name in ("aisle", "exit", "stepfree", "loop", "armrest"):
        assert page.count(f'name="{name}" value="yes"') == 2
    assert page.count('<select name="wheelchairs">') == 2


def test_what_can_be_asked_for_stands_on_the_page(clerk, showtime):
    page = clerk.get(at(showtime)).content.decode()
    assert page.count('<option value="STANDARD">Standard only</option>') == 2
    assert '<option value="CHILD">' in page and 'value="SOFA"' not in page


def test_what_is_over_or_canceled_is_text(clerk, showtime):
    """Their pages at the counter answer 410. A showtime that the counter only stopped selling can still be overridden there."""
    theater = showtime.auditorium.theater
    over, closed, canceled = (make_showtime(auditorium=make_auditorium(theater, "A oo")) for _ in range(3))
    for one, minutes in ((over, -300), (closed, -60), (canceled, 90), (showtime, 60)):
        begins_in(one, minutes=minutes)
    Showtime.objects.filter(pk=canceled.pk).update(status="CANCELED")
    page = clerk.get("/counter/").content.decode()
    assert {one.pk for one in (over, closed, canceled, showtime) if f'href="{at(one)}"' in page} == {
        closed.pk, showtime.pk,
    }  # fmt: skip
    assert over.movie.title in page and canceled.movie.title in page
    answers = {clerk.get(link).status_code for link in re.findall(r'href="(/counter/showtimes/[^"]*)"', page)}
    assert answers == {200}


def test_earlier_shows_fold_away(clerk, showtime):
    """At the end of the evening the showtime that still sells comes first."""
    theater = showtime.auditorium.theater
    over, closed, running, later = (make_showtime(auditorium=make_auditorium(theater, "A oo")) for _ in range(4))
    for one, minutes in ((over, -300), (closed, -60), (running, -5), (later, 90), (showtime, 60)):
        begins_in(one, minutes=minutes)
    page = clerk.get("/counter/")
    program = page.context["program"]
    assert [line.url for line in program.present] == [at(one) for one in (running, showtime, later)]
    assert [line.url for line in program.past] == [at(one) for one in (over, closed)]
    html = page.content.decode()
    assert html.index(at(running)) < html.index('<details class="past" id="past">') < html.index(at(closed))
    assert (
        '<details class="past" id="past" open>' in clerk.get("/counter/", {"q": over.auditorium.name}).content.decode()
    )
