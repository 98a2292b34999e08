"""The timeline of a theater's day: one line for each auditorium, a bar for each showtime, and a draft that can be moved."""

import pytest
from django.contrib.messages import get_messages

from tests.boxoffice.scenes import book, utc
from tests.factories import make_auditorium, make_draft, make_movie, make_showtime, make_theater
from theaters.models import Movie, Showtime

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_values_stay_fresh")]
DAY = "/admin/theaters/showtime/day/"


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@pytest.fixture
def room():
    return make_auditorium(make_theater(timezone_name="America/New_York", currency="USD"))


@pytest.fixture
def draft(room):
    """A draft from 19:30 to 21:45 on Friday 5 July 2030, cleaning included."""
    return make_draft(auditorium=room, movie=make_movie(title="The Kid"), starts_at=utc(2030, 7, 5, 23, 30))


def see(office, day="2030-07-05"):
    answer = office.get(f"{DAY}?day={day}")
    assert answer.status_code == 200
    return answer.context["timeline"]


def move(office, showtime, **form):
    return office.post(f"/admin/theaters/showtime/{showtime.pk}/move/", form)


def starts(showtime):
    return Showtime.objects.get(pk=showtime.pk).starts_at


class TestDay:
    def test_bars_gaps_and_what_is_sold(self, office, room, draft):
        later = make_showtime(auditorium=room, starts_at=utc(2030, 7, 6, 2, 30))
        book(later, "A1", "A2")
        Showtime.objects.filter(pk=later.pk).update(seats_taken=2)
        day = see(office)
        first, second = day.lanes[0].bars
        assert (first.at, first.length, first.cleaning, first.is_draft) == (6, 27, 4, True)
        assert (second.at, second.gap_minutes, second.conflict) == (42, 45, "")
        assert [(gap.at, gap.length, gap.minutes) for gap in day.lanes[0].gaps] == [(33, 9, 45)]
        page = office.get(f"{DAY}?day=2030-07-05").content.decode()
        assert "2 of 12 sold" in page and "2 / 12" in page and "45 min free" in page

    def test_a_show_after_midnight_is_of_the_evening_before(self, office, room):
        late = make_draft(auditorium=room, starts_at=utc(2030, 7, 6, 4, 30))
        assert [bar.showtime.pk for bar in see(office).bars()] == [late.pk]
        assert see(office, "2030-07-06").bars() == []

    def test_a_film_that_has_become_longer_is_a_conflict(self, office, room, draft):
        make_draft(auditorium=room, movie=make_movie(title="Metropolis"), starts_at=utc(2030, 7, 6, 1, 45))
        Movie.objects.filter(pk=draft.movie_id).update(running_minutes=130)
        day = see(office)
        assert day.conflicts == 1
        assert day.bars()[0].conflict == ("It needs the auditorium until 22:15 by now; Metropolis starts at 21:45.")

    def test_a_canceled_showtime_is_shown_and_is_no_conflict(self, office, room, draft):
        Showtime.objects.filter(pk=draft.pk).update(status="CANCELED")
        make_draft(auditorium=room, starts_at=utc(2030, 7, 5, 23, 45))
        day = see(office)
        assert [(bar.is_canceled, bar.gap_minutes, bar.conflict) for bar in day.bars()] == [
            (True, None, ""),
            (False, None, ""),
        ]

    def test_the_night_when_clocks_go_back_has_its_hour_twice(self, office, room):
        make_draft(auditorium=room, starts_at=utc(2030, 11, 3, 2, 30))
        make_draft(auditorium=room, starts_at=utc(2030, 11, 3, 6, 30))
        day = see(office, "2030-11-02")
        assert [tick.label for tick in day.ticks][:6] == ["22:00", "23:00", "00:00", "01:00", "01:00", "02:00"]
        assert [(bar.at, bar.twice) for bar in day.bars()] == [(6, ""), (54, "EST")]

    def test_an_empty_day(self, office, room):
        assert see(office).bars() == []
        assert "Nothing is planned for this day" in office.get(f"{DAY}?day=2030-07-05").content.decode()

    @pytest.mark.parametrize("day", ["", "x", "9999-12-31", "0001-01-01"])
    def test_nonsense_shows_today(self, office, room, day):
        assert see(office, day).is_today

    def test_as_many_queries_for_many_as_for_one(self, office, room, draft, django_assert_num_queries):
        def count(more):
            with django_assert_num_queries(more) as found:
                see(office)
            return len(found)

        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        see(office)  # fills what a process keeps in memory
        with CaptureQueriesContext(connection) as few:
            see(office)
        for _ in range(3):
            other = make_auditorium(room.theater)
            make_draft(auditorium=other, starts_at=utc(2030, 7, 5, 20, 0))
            make_showtime(auditorium=other, starts_at=utc(2030, 7, 5, 23, 30))
        assert count(len(few)) <= 12


class TestMove:
    def test_the_same_minutes_sent_twice_count_once(self, office, draft):
        """The first answer was lost, so the browser sends the form again."""
        seen = str(int(starts(draft).timestamp()))
        for _ in range(2):
            move(office, draft, by="10", seen=seen)
        assert starts(draft) == utc(2030, 7, 5, 23, 40)

    def test_by_minutes(self, office, draft):
        answer = move(office, draft, by="-5", day="2030-07-05")
        assert answer.url == f"{DAY}?theater={draft.auditorium.theater_id}&day=2030-07-05#showtime-{draft.pk}"
        moved = Showtime.objects.get()
        assert (moved.starts_at, moved.occupied_until) == (utc(2030, 7, 5, 23, 25), utc(2030, 7, 6, 1, 40))

    @pytest.mark.parametrize(("at", "moment"), [("17:15", utc(2030, 7, 5, 21, 15)), ("00:30", utc(2030, 7, 6, 4, 30))])
    def test_to_a_time_of_the_same_night(self, office, draft, at, moment):
        move(office, draft, at=at)
        assert starts(draft) == moment

    def test_into_another_showtime_it_does_not_go(self, office, room, draft):
        make_draft(auditorium=room, movie=make_movie(title="Metropolis"), starts_at=utc(2030, 7, 6, 1, 45))
        answer = move(office, draft, by="5")
        assert "Metropolis is in" in said(answer)
        assert starts(draft) == utc(2030, 7, 5, 23, 30)

    @pytest.mark.parametrize("form", [{}, {"by": "x"}, {"by": "100000"}, {"at": "25:00"}])
    def test_nonsense_moves_nothing(self, office, draft, form):
        assert "Say when" in said(move(office, draft, **form))
        assert starts(draft) == utc(2030, 7, 5, 23, 30)

    def test_not_into_the_past(self, office, room):
        soon = make_draft(auditorium=room)
        before = starts(soon)
        assert "has passed" in said(move(office, soon, by="-1440")) or starts(soon) < before

    def test_the_hour_that_is_skipped_and_the_hour_that_comes_twice(self, office, room):
        spring = make_draft(auditorium=room, starts_at=utc(2030, 3, 10, 4, 30))
        assert "skip 02:30" in said(move(office, spring, at="02:30"))
        autumn = make_draft(auditorium=room, starts_at=utc(2030, 11, 3, 4, 30))
        answer = move(office, autumn, at="01:30")
        assert answer.url == f"/admin/theaters/showtime/{autumn.pk}/change/"
        assert "twice" in said(answer)
        move(office, autumn, by="120")
        assert starts(autumn) == utc(2030, 11, 3, 6, 30)

    def test_a_published_one_stays(self, office, room):
        shown = make_showtime(auditorium=room, starts_at=utc(2030, 7, 5, 23, 30))
        assert "Only a draft" in said(move(office, shown, by="5"))
        assert starts(shown) == utc(2030, 7, 5, 23, 30)


class TestDoor:
    def test_closed_to_guests_and_to_staff_without_the_right(self, client, draft, django_user_model):
        address = f"/admin/theaters/showtime/{draft.pk}/move/"
        assert client.get(DAY).url.startswith("/accounts/login/")
        assert client.post(address, {"by": "5"}).url.startswith("/accounts/login/")
        client.force_login(django_user_model.objects.create_user("usher@example.com", "x", is_staff=True))
        assert (client.get(DAY).status_code, client.post(address, {"by": "5"}).status_code) == (403, 403)
        assert starts(draft) == utc(2030, 7, 5, 23, 30)

    def test_wrong_methods_and_what_is_not_there(self, office, draft):
        assert office.post(DAY).status_code == 405
        assert office.get(f"/admin/theaters/showtime/{draft.pk}/move/").status_code == 405
        assert office.post("/admin/theaters/showtime/999999/move/", {"by": "5"}).status_code == 404
        assert office.get(f"{DAY}?theater=999999").status_code == 404
