"""A manager plans a week on one form, checks the preview, saves all showtimes as drafts and publishes them in one step."""

from datetime import date, time

import pytest
from django.contrib.messages import get_messages

from houses.business_days import business_day
from tests.boxoffice.scenes import utc
from tests.factories import make_auditorium, make_draft, make_movie, make_price_list, make_showtime, make_theater
from tests.variants import some
from theaters.models import Price, Showtime
from theaters.planning.showtime_planning import repeated_times

pytestmark = pytest.mark.django_db
PLAN, COPY, PUBLISH = (f"/admin/theaters/showtime/{name}/" for name in ("plan", "copy", "publish"))
WEEK = ["0", "1", "2", "3", "4", "5", "6"]


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@pytest.fixture
def theater():
    return make_theater(timezone_name="America/New_York", currency="USD")


@pytest.fixture
def room(theater):
    return make_auditorium(theater)


@pytest.fixture
def form(room):
    """The form with Metropolis at 17:00 and 20:00, from Friday 5 July 2030 to Thursday."""
    return {
        "first": "2030-07-05", "last": "2030-07-11", "weekdays": WEEK, "rows": "4",
        "movie-0-movie": make_movie(title="Metropolis").pk, "movie-0-auditorium": room.pk,
        "movie-0-price_list": make_price_list(room.theater).pk, "movie-0-times": "17:00, 20:00",
        "movie-0-note": "4K restoration",
    }  # fmt: skip


def look(office, form, address=PLAN):
    answer = office.post(address, form)
    assert answer.status_code == 200
    return answer.context["lines"]


def as_seen(form, lines, without=()):
    """The same form as the page sends it back, with the boxes that it shows ticked."""
    keys = [row["line"].key for row in lines]
    taken = [row["line"].key for row in lines if row["is_taken"] and row["line"].key not in without]
    return form | {"seen": keys, "take": taken, "_save": "Save as drafts"}


class TestPlan:
    def test_a_week_is_looked_at_and_saved_as_drafts(self, office, form, theater):
        lines = look(office, form)
        assert (len(lines), Showtime.objects.count()) == (14, 0)
        answer = office.post(PLAN, as_seen(form, lines))
        assert answer.url == f"{PUBLISH}?theater={theater.pk}&day=2030-07-05"
        assert "14 drafts are saved" in said(answer)
        assert set(Showtime.objects.values_list("status", "picture", "note")) == {("DRAFT", "2D", "4K restoration")}
        assert Showtime.objects.first().starts_at == utc(2030, 7, 5, 21, 0)
        assert Showtime.objects.first().occupied_until == utc(2030, 7, 5, 23, 15)

    def test_the_chosen_price_list_stays_when_it_is_published(self, office, form, theater):
        make_price_list(theater)
        form |= {"last": "2030-07-05", "movie-0-times": "17:00"}
        office.post(PLAN, as_seen(form, look(office, form)))
        draft = Showtime.objects.get()
        office.post(f"{PUBLISH}?theater={theater.pk}", {"take": [draft.pk]})
        shown = Showtime.objects.get()
        assert (shown.status, shown.price_list_id) == ("PUBLISHED", form["movie-0-price_list"])

    def test_only_on_the_chosen_days_of_the_week(self, office, form):
        lines = look(office, form | {"weekdays": ["4", "5"]})
        assert {row["line"].entry.day for row in lines} == {date(2030, 7, 5), date(2030, 7, 6)}

    def test_every_so_many_minutes(self, office, form):
        again = {"movie-0-times": "", "movie-0-every": "180", "movie-0-since": "12:00", "movie-0-until": "22:00"}
        lines = look(office, form | again | {"last": "2030-07-05"})
        assert [f"{row['line'].entry.at:%H:%M}" for row in lines] == ["12:00", "15:00", "18:00", "21:00"]
        assert not any(row["line"].problems for row in lines)

    def test_without_a_number_as_soon_as_the_room_is_clean(self, room):
        times = repeated_times(
            movie=make_movie(running_minutes=98), auditorium=room, first=time(20), last=time(1), every=None
        )
        assert times == [time(20), time(22, 15), time(0, 30)]

    def test_what_starts_after_midnight_belongs_to_the_evening_before(self, office, form):
        lines = look(office, form | {"movie-0-times": "00:30", "last": "2030-07-05"})
        assert [row["line"].starts_at for row in lines] == [utc(2030, 7, 6, 4, 30)]

    def test_overlaps_with_what_is_planned_are_named_and_left_out(self, office, form, room):
        make_draft(auditorium=room, movie=make_movie(title="The Kid"), starts_at=utc(2030, 7, 6, 0, 30))
        lines = look(office, form)
        bad = [row for row in lines if row["line"].problems]
        assert [(row["line"].key[-4:], row["is_taken"]) for row in bad] == [("2000", False)]
        assert bad[0]["line"].problems == ("The Kid is there from Fri 05 Jul, 20:30 until 22:45, cleaning included.",)
        office.post(PLAN, as_seen(form, lines))
        assert Showtime.objects.count() == 1 + 13

    def test_overlaps_of_the_plan_with_itself_are_named_on_both(self, office, form):
        lines = look(office, form | {"movie-0-times": "17:00 18:30", "last": "2030-07-05"})
        assert [row["line"].problems for row in lines] == [
            ("In this plan: Metropolis is there from Fri 05 Jul, 18:30 until 20:45, cleaning included.",),
            ("In this plan: Metropolis is there from Fri 05 Jul, 17:00 until 19:15, cleaning included.",),
        ]

    def test_of_two_that_overlap_one_is_left_out_and_the_other_is_saved(self, office, form):
        form |= {"movie-0-times": "17:00 18:30", "last": "2030-07-05"}
        keys = [row["line"].key for row in look(office, form)]
        answer = office.post(PLAN, form | {"seen": keys, "take": keys[:1], "_save": "1"})
        assert answer.status_code == 302
        assert [showtime.starts_at for showtime in Showtime.objects.all()] == [utc(2030, 7, 5, 21, 0)]

    def test_a_showtime_is_ticked_again_when_it_no_longer_overlaps(self, office, form):
        form |= {"movie-0-times": "17:00 18:30", "last": "2030-07-05"}
        keys = [row["line"].key for row in look(office, form)]
        lines = look(office, form | {"movie-0-times": "17:00 20:00", "seen": keys, "in_the_way": keys})
        assert [(row["line"].problems, row["is_taken"]) for row in lines] == [((), True), ((), True)]

    def test_all_or_nothing(self, office, form):
        form |= {"movie-0-times": "17:00 18:30"}
        keys = [row["line"].key for row in look(office, form)]
        answer = office.post(PLAN, form | {"seen": keys, "take": keys, "_save": "1"})
        assert answer.context["refusal"].startswith("Metropolis, Fri 05 Jul, 17:00: In this plan: ")
        assert not Showtime.objects.exists()

    def test_somebody_else_plans_between_the_look_and_the_save(self, office, form, room, monkeypatch):
        lines = look(office, form)
        make_draft(auditorium=room, starts_at=utc(2030, 7, 6, 0, 30))
        monkeypatch.setattr("theaters.planning.showtime_planning._overlaps_planned", lambda lines: [])
        answer = office.post(PLAN, as_seen(form, lines))
        assert "Somebody planned another showtime" in answer.context["refusal"]
        assert Showtime.objects.count() == 1

    def test_a_plan_changed_after_the_look_is_shown_again(self, office, form):
        lines = look(office, form)
        answer = office.post(PLAN, as_seen(form | {"movie-0-times": "12:00"}, lines))
        assert "has changed since you looked" in answer.context["refusal"]
        assert not Showtime.objects.exists()

    def test_missing_prices_are_told_before_anything_is_saved(self, office, form):
        Price.objects.filter(category="PREMIUM").delete()
        answer = office.post(PLAN, form)
        assert "has no price for: Premium" in answer.content.decode()
        assert office.post(PLAN, as_seen(form, answer.context["lines"])).status_code == 302

    @pytest.mark.parametrize(
        "change",
        some([
            {"last": "2030-07-04"}, {"last": "2030-09-01"}, {"weekdays": []}, {"first": "x"}, {"movie-0-times": "25:00"},
            {"movie-0-times": ""}, {"movie-0-movie": "0"}, {"movie-0-auditorium": "x"}, {"movie-0-since": "12:00"},
            {"movie-0-movie": "", "movie-0-auditorium": "", "movie-0-price_list": "", "movie-0-times": "", "movie-0-note": ""},
        ], every=3),
    )  # fmt: skip
    def test_missing_and_wrong_values_are_refused_beside_the_field(self, office, form, change):
        answer = office.post(PLAN, form | change | {"_save": "1"})
        assert (answer.status_code, answer.context["lines"]) == (200, None)
        assert "errorlist" in answer.content.decode() or answer.context["forms"].problem

    def test_rooms_of_another_theater_are_not_offered(self, office, form, theater):
        other = make_auditorium(make_theater())
        answer = office.post(f"{PLAN}?theater={theater.pk}", form | {"movie-0-auditorium": other.pk})
        assert answer.context["lines"] is None

    @pytest.mark.parametrize("rows", ["²", "9" * 4300, "-1", ""])
    def test_an_unreadable_number_of_rows_is_the_usual_number(self, office, form, rows):
        assert office.post(PLAN, form | {"rows": rows}).status_code == 200

    def test_more_rows(self, office, form):
        answer = office.post(PLAN, form | {"_more": "1"})
        assert (answer.context["forms"].count, answer.context["lines"]) == (8, None)


class TestClockNights:
    """In New York clocks go forward on 10 March 2030 at 02:00 and back on 3 November 2030 at 02:00."""

    def test_no_draft_is_made_at_a_time_that_clocks_skip(self, office, form):
        lines = look(office, form | {"first": "2030-03-09", "last": "2030-03-09", "movie-0-times": "02:30"})
        assert lines[0]["line"].problems == (
            "The clocks in London go forward that night and skip 02:30. Did you mean 01:30 or 03:30?",
        )

    def test_a_time_that_comes_twice_is_asked_about(self, office, form):
        form |= {"first": "2030-11-02", "last": "2030-11-02", "movie-0-times": "01:30"}
        lines = look(office, form)
        assert "show 01:30 twice. Which one do you mean?" in lines[0]["line"].question
        assert "has no" not in (refused := office.post(PLAN, as_seen(form, lines)).context["refusal"])
        assert "Which one do you mean?" in refused
        key = lines[0]["line"].key
        assert office.post(PLAN, as_seen(form, lines) | {f"which-{key}": "1"}).status_code == 302
        assert Showtime.objects.get().starts_at == utc(2030, 11, 3, 6, 30)


class TestCopy:
    @pytest.fixture
    def week(self, room):
        """A week with a Friday evening and the late show after it, before clocks go back on 3 November."""
        for moment in (utc(2030, 10, 25, 23, 30), utc(2030, 10, 26, 4, 30)):
            make_draft(auditorium=room, starts_at=moment)
        canceled = make_draft(auditorium=room, starts_at=utc(2030, 10, 27, 23, 30))
        Showtime.objects.filter(pk=canceled.pk).update(status="CANCELED")
        return {"first": "2030-10-25", "to": "2030-11-01"}

    def test_by_the_clock_on_the_wall_also_when_clocks_change(self, office, week, room):
        week |= {"to": "2030-11-08"}
        answer = office.post(COPY, as_seen(week, look(office, week, COPY)))
        assert answer.status_code == 302
        copied = Showtime.objects.filter(starts_at__gt=utc(2030, 11, 1, 0, 0)).values_list("starts_at", "status")
        assert list(copied) == [(utc(2030, 11, 9, 0, 30), "DRAFT"), (utc(2030, 11, 9, 5, 30), "DRAFT")]

    def test_what_is_in_the_way_is_marked_and_skipped(self, office, week, room):
        make_draft(auditorium=room, starts_at=utc(2030, 11, 1, 22, 0), movie=make_movie(title="The Kid"))
        lines = look(office, week, COPY)
        assert [(bool(row["line"].problems), row["is_taken"]) for row in lines] == [(True, False), (False, True)]
        office.post(COPY, as_seen(week, lines))
        assert Showtime.objects.filter(starts_at__gt=utc(2030, 11, 1, 0, 0)).count() == 2

    def test_weeks_that_overlap_are_refused(self, office, week):
        assert office.post(COPY, week | {"to": "2030-10-27"}).context["lines"] is None

    def test_a_show_in_the_hour_that_comes_twice_is_asked_about(self, office, room):
        make_draft(auditorium=room, starts_at=utc(2030, 10, 27, 5, 30))
        week = {"first": "2030-10-21", "to": "2030-10-28"}
        assert look(office, week, COPY)[0]["line"].question


class TestPublish:
    def test_the_chosen_drafts_go_on_sale_together(self, office, room):
        drafts = [make_draft(auditorium=room, starts_at=utc(2030, 7, day, 20, 0)) for day in (5, 6, 7)]
        page = f"{PUBLISH}?theater={room.theater_id}&day=2030-07-01"
        assert [row.showtime.pk for row in office.get(page).context["rows"]] == [draft.pk for draft in drafts]
        answer = office.post(page, {"take": [drafts[0].pk, drafts[2].pk]})
        assert (answer.url, said(answer)) == (page, "2 showtimes are on sale.")
        assert list(Showtime.objects.values_list("status", flat=True)) == ["PUBLISHED", "DRAFT", "PUBLISHED"]

    def test_or_none_of_them(self, office, room):
        good, bad = (make_draft(auditorium=room, starts_at=utc(2030, 7, day, 20, 0)) for day in (5, 6))
        Price.objects.filter(price_list=bad.price_list, category="PREMIUM").delete()
        answer = office.post(f"{PUBLISH}?theater={room.theater_id}", {"take": [good.pk, bad.pk]})
        assert answer.context["refusal"].startswith(f"Nothing was published. {bad}: ")
        assert "Premium" in answer.context["refusal"]
        assert set(Showtime.objects.values_list("status", flat=True)) == {"DRAFT"}

    def test_nothing_chosen(self, office, room):
        make_draft(auditorium=room, starts_at=utc(2030, 7, 5, 20, 0))
        assert office.post(PUBLISH, {}).context["refusal"] == "Nothing is chosen."

    def test_drafts_of_another_theater_are_not_published_here(self, office, room):
        other = make_draft(starts_at=utc(2030, 7, 5, 20, 0))
        office.post(f"{PUBLISH}?theater={room.theater_id}", {"take": [other.pk]})
        assert Showtime.objects.get().status == "DRAFT"


@pytest.mark.parametrize("address", [PLAN, COPY, PUBLISH])
class TestDoor:
    def test_opens(self, office, room, address):
        assert office.get(address).status_code == 200

    def test_without_a_theater_it_says_so(self, office, address):
        assert office.get(address).url == "/admin/"

    def test_closed_to_guests_and_to_staff_without_the_right(self, client, room, address, django_user_model):
        assert client.get(address).url.startswith("/accounts/login/")
        client.force_login(django_user_model.objects.create_user("usher@example.com", "x", is_staff=True))
        assert client.get(address).status_code == 403

    def test_no_other_methods_and_no_such_theater(self, office, room, address):
        assert office.delete(address).status_code == 405
        assert office.get(f"{address}?theater=99999").status_code == 404


def test_drafts_are_invisible_to_customers(client, room):
    """Drafts appear on no page or fragment that a customer can ask for."""
    movie = make_movie(title="Metropolis", slug="metropolis")
    draft = make_draft(auditorium=room, movie=movie)
    on = business_day(room.theater, draft.starts_at)
    shown = make_showtime(auditorium=make_auditorium(room.theater), movie=make_movie(title="The Kid"))
    here = f"/showtimes/{draft.pk}/"
    for address in (
        "/",
        f"/?theater={room.theater.slug}&day={on}",
        f"/theaters/{room.theater.slug}/",
        "/movies/metropolis/",
    ):
        assert here not in client.get(address).content.decode(), address
    for address in (here, f"/checkout/{draft.pk}/"):
        assert client.get(address).status_code == 404, address
    for name, form in {"seats": {"take": "A1"}, "extend": {}, "release": {}, "best": {"count": "2"}}.items():
        for headers in ({}, {"HX-Request": "true"}):
            answers = [client.post(f"/showtimes/{pk}/{name}/", form, headers=headers) for pk in (draft.pk, 999_999)]
            assert answers[0].status_code == answers[1].status_code != 200, name
    assert client.post(f"/checkout/{draft.pk}/", {"email": "a@example.com", "total": "0"}).status_code == 404
    assert client.get(here, headers={"HX-Request": "true"}).status_code == 404
    assert client.get(f"/showtimes/{shown.pk}/").status_code == 200
