"""Archived movies disappear from every choice in planning, but keep their pages and figures."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boxoffice.forms.showtime_changes import MovieChangeForm
from boxoffice.forms.showtime_drafts import DraftForm
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from staff.models import AuditEntry
from tests.clock import begins_in, evening
from tests.factories import make_auditorium, make_draft, make_movie, make_promo, make_showtime, make_staff, make_theater
from theaters.models import Movie, Showtime
from theaters.movies.movie_archive import archive_movie
from theaters.opening.first_steps import steps_to_first_sale
from theaters.planning.showtime_planning import RequestedShowtime, checked_plan, save_drafts
from theaters.schedule.scheduling import SchedulingRefused, schedule
from theaters.schedule.showtime_drafts import move_draft
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
LIST = "/admin/theaters/movie/"
BACK_FIRST = "Nosferatu is archived: bring it back on its own page before it is planned again."


@pytest.fixture
def movie():
    return make_movie(title="Nosferatu", slug="nosferatu", year=1922)


@pytest.fixture
def archived(movie):
    Movie.objects.filter(pk=movie.pk).update(archived_at=timezone.now())
    movie.refresh_from_db()
    return movie


def press(client, movie, button, **fields):
    answer = client.post(f"{LIST}{movie.pk}/change/", {button: "x", **fields})
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def act(client, name, *movies, at=LIST):
    answer = client.post(at, {"action": name, "_selected_action": [movie.pk for movie in movies]})
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_the_buttons_of_its_page_archive_it_and_bring_it_back_with_a_reason_in_the_log(office, movie):
    assert "archived." in press(office, movie, "_archive", _reason="Its run is over", title="Not saved")
    movie.refresh_from_db()
    assert (movie.archived_at is None, movie.title) == (False, "Nosferatu")
    assert "brought back." in press(office, movie, "_bring_back")
    movie.refresh_from_db()
    assert movie.archived_at is None
    entries = AuditEntry.objects.about(movie).order_by("pk")
    assert [(entry.action, entry.after, entry.reason) for entry in entries] == [
        ("archive", {"movie": "archived"}, "Its run is over"),
        ("bring back", {"movie": "in use"}, ""),
    ]


def test_its_page_offers_the_button_that_can_be_pressed_now(office, movie):
    def offered():
        page = office.get(f"{LIST}{movie.pk}/change/").content.decode()
        return [name for name in ("_archive", "_bring_back") if f'name="{name}"' in page]

    assert offered() == ["_archive"]
    press(office, movie, "_archive")
    assert offered() == ["_bring_back"]


def test_the_list_opens_on_movies_in_use_and_a_search_finds_all(office, archived):
    used = make_movie(title="Metropolis")

    def shown(query=""):
        return set(office.get(f"{LIST}{query}").context["cl"].result_list)

    def chosen(query=""):
        changelist = office.get(f"{LIST}{query}").context["cl"]
        (choices,) = [spec.choices(changelist) for spec in changelist.filter_specs if spec.title == "archive"]
        return [choice["display"] for choice in choices if choice["selected"]]

    assert (chosen(), chosen("?archive=archived"), chosen("?q=o")) == (["In use"], ["Archived"], ["All"])
    assert shown() == {used}
    assert shown("?archive=archived") == {archived}
    assert shown("?archive=all") == {used, archived} == shown("?q=o")
    assert shown("?archive=in-use&q=o") == {used}


def test_the_actions_of_the_list_go_on_after_a_refusal(office, movie):
    showtime = make_showtime(movie=movie)
    over = make_movie(title="The Kid", slug="the-kid")
    said = act(office, "archive", movie, over)
    assert "Nosferatu (1922) cannot be archived yet." in said and "The Kid (1927): archived." in said
    assert showtime.auditorium.theater.name in said
    assert list(Movie.objects.exclude(archived_at=None)) == [over]
    assert "it was not archived." in act(office, "bring_back", movie)
    assert "brought back." in act(office, "bring_back", over, at=f"{LIST}?archive=archived")
    assert Movie.objects.in_use().count() == 2


@pytest.mark.parametrize("make", [make_draft, make_showtime])
def test_it_stays_while_showtimes_are_not_over(office, movie, make):
    first = make(movie=movie, starts_at=evening(2))
    make(movie=movie, starts_at=evening(3))
    said = press(office, movie, "_archive")
    assert "It has 2 showtimes that are not over; the next is on" in said
    assert f"{evening(2):%a %d %b %Y}, 20:00, at {first.auditorium.theater.name}, {first.auditorium.name}." in said
    movie.refresh_from_db()
    assert movie.archived_at is None
    assert not AuditEntry.objects.about(movie).exists()


def test_one_that_runs_keeps_it_and_canceled_or_past_ones_do_not(movie):
    running = make_showtime(movie=movie)
    canceled = make_showtime(movie=movie)
    Showtime.objects.filter(pk=canceled.pk).update(status="CANCELED")
    begins_in(running, minutes=-30)
    now = timezone.now()
    with pytest.raises(Exception, match="Its showtime that is not over is on"):
        archive_movie(movie_id=movie.pk, actor="test", reason="", now=now)
    assert archive_movie(movie_id=movie.pk, actor="test", reason="", now=running.ends_at) is True
    assert archive_movie(movie_id=movie.pk, actor="test", reason="", now=running.ends_at) is False
    assert AuditEntry.objects.about(movie).count() == 1


def test_only_people_with_rights_at_every_theater_that_uses_it(movie):
    here, there = make_theater(), make_theater()
    past = make_showtime(theater=there, movie=movie)
    begins_in(past, days=-2)
    client = Client()
    client.force_login(make_staff("MANAGER", here))
    assert client.post(f"{LIST}{movie.pk}/change/", {"_archive": "x"}).status_code == 403
    assert "not yours to change" in act(client, "archive", movie)
    movie.refresh_from_db()
    assert movie.archived_at is None
    clerk = Client()
    clerk.force_login(make_staff("BOX_OFFICE", here, there))
    assert clerk.post(f"{LIST}{movie.pk}/change/", {"_archive": "x"}).status_code == 403


def test_no_form_offers_it(office, archived):
    showtime = make_showtime(movie=make_movie(title="Metropolis"))
    theater = showtime.auditorium.theater
    form = MovieChangeForm(None, showtime=showtime)
    assert "Nosferatu" not in str(form["movie"])
    for page in ("/admin/theaters/showtime/add/", f"{reverse('admin:schedule_plan')}?theater={theater.pk}"):
        text = office.get(page).content.decode()
        assert "Metropolis" in text and "Nosferatu" not in text
    text = office.get("/admin/reservations/promocode/add/").content.decode()
    assert "Metropolis" in text and "Nosferatu" not in text


def test_codes_and_drafts_that_have_it_keep_it(office, archived):
    promo = make_promo()
    promo.movies.add(archived)
    assert "Nosferatu" in office.get(f"/admin/reservations/promocode/{promo.pk}/change/").content.decode()
    Movie.objects.update(archived_at=None)
    draft = make_draft(movie=archived, starts_at=evening(-3))
    Movie.objects.update(archived_at=timezone.now())
    draft.refresh_from_db()
    assert "Nosferatu" in str(DraftForm(instance=draft)["shown"])


def test_it_is_not_planned_in_any_way(archived):
    room = make_auditorium(make_theater())
    now = timezone.now()
    with pytest.raises(SchedulingRefused, match=BACK_FIRST):
        make_draft(movie=archived, auditorium=room)
    draft = make_draft(auditorium=room, starts_at=evening(-2))
    Showtime.objects.filter(pk=draft.pk).update(movie=archived)
    with pytest.raises(SchedulingRefused, match=BACK_FIRST):
        move_draft(showtime_id=draft.pk, starts_at=evening(4), now=now)
    entry = RequestedShowtime(archived, room, draft.price_list, evening(4).date(), evening(4).time())
    (line,) = checked_plan(theater=room.theater, entries=[entry], answers={}, left_out=set(), now=now)
    assert line.problems == (BACK_FIRST,)


def test_a_week_that_was_looked_at_before_is_not_saved_after(movie):
    room = make_auditorium(make_theater())
    prices = make_draft(auditorium=room).price_list
    entry = RequestedShowtime(movie, room, prices, evening(4).date(), evening(4).time())
    lines = checked_plan(theater=room.theater, entries=[entry], answers={}, left_out=set(), now=timezone.now())
    archive_movie(movie_id=movie.pk, actor="test", reason="", now=timezone.now())
    with pytest.raises(SchedulingRefused, match=BACK_FIRST):
        save_drafts(lines=lines)
    with pytest.raises(SchedulingRefused, match=BACK_FIRST):
        schedule(movie=movie, auditorium=room, price_list=prices, starts_at=evening(4))


def test_a_sold_showtime_does_not_change_to_it(showtime, movie, manager):
    now = timezone.now()
    change = plan_change(
        showtime=showtime, request=ChangeRequest(ChangeKind.MOVIE, movie=movie), user_id=manager.pk, now=now
    )
    archive_movie(movie_id=movie.pk, actor="test", reason="", now=now)
    with pytest.raises(SchedulingRefused, match=BACK_FIRST):
        apply_change(change_id=change.pk, reason="Copy is late", user_id=manager.pk, now=now)
    showtime.refresh_from_db()
    assert showtime.movie != movie


def test_its_pages_stay_and_an_import_finds_it(office, client, movie):
    showtime = make_showtime(movie=movie)
    begins_in(showtime, days=-2)
    archive_movie(movie_id=movie.pk, actor="test", reason="", now=timezone.now() + timedelta(days=1))
    assert "Nosferatu" in client.get("/movies/nosferatu/").content.decode()
    assert "Nosferatu" in office.get(reverse("admin:report_showtime", args=[showtime.pk])).content.decode()
    page = office.post(f"{LIST}import/", {"text": "slug,director\nnosferatu,F. W. Murnau\n"}).content.decode()
    assert 'data-fate="change"' in page
    assert "nosferatu" in b"".join(office.get(f"{LIST}export.csv")).decode()


def test_archived_movies_do_not_count_for_the_first_steps(archived):
    steps = steps_to_first_sale(make_theater(), now=timezone.now())
    assert [step.is_done for step in steps if step.words == "Add a movie"] == [False]
