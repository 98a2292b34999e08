"""A theater that closes: nothing is planned after its last day, visitors read of it, and what was sold stays."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from houses.business_days import business_day, has_closed
from houses.models import Theater
from tests.boxoffice.test_showtime_changes import alter
from tests.boxoffice.test_theaters import change, theater_form
from tests.clock import evening, today
from tests.factories import make_auditorium, make_draft, make_movie, make_price_list, make_showtime, make_theater
from theaters.models import Showtime
from theaters.planning.showtime_planning import RequestedShowtime, checked_plan, save_drafts
from theaters.schedule.scheduling import SchedulingRefused, schedule
from theaters.schedule.showtime_drafts import move_draft

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CLOSES = "closes: its last day is"


def closing(theater, *, days=0) -> Theater:
    Theater.objects.filter(pk=theater.pk).update(closes_on=today(theater) + days * DAY)
    return Theater.objects.get(pk=theater.pk)


class TestTheOffice:
    def test_the_last_day_is_set_and_taken_back(self, office):
        theater = make_theater()
        last = today(theater) + 30 * DAY
        for day, held in ((last.isoformat(), last), ("", None)):
            assert office.post(change(theater), theater_form(closes_on=day)).status_code == 302
            theater.refresh_from_db()
            assert theater.closes_on == held

    @pytest.mark.parametrize("status", ["DRAFT", "PUBLISHED"])
    def test_a_showtime_after_it_is_named(self, office, status):
        draft = make_draft(starts_at=evening(3))
        Showtime.objects.filter(pk=draft.pk).update(status=status)
        theater = draft.auditorium.theater
        refused = office.post(change(theater), theater_form(closes_on=(today(theater) + DAY).isoformat()))
        assert "is planned after that day" in refused.text and draft.title in refused.text
        theater.refresh_from_db()
        assert theater.closes_on is None
        Showtime.objects.filter(pk=draft.pk).update(status="CANCELED")
        assert office.post(change(theater), theater_form(closes_on=today(theater).isoformat())).status_code == 302

    def test_the_night_of_the_last_day_belongs_to_it(self, office):
        draft = make_draft(starts_at=evening(1, at=time(1)))
        theater = draft.auditorium.theater
        form = theater_form(closes_on=(today(theater) + DAY).isoformat())
        assert office.post(change(theater), form).status_code == 302


class TestPlanning:
    def test_a_showtime_up_to_the_last_day_and_none_later(self):
        theater = closing(make_theater(), days=2)
        auditorium, movie, prices = make_auditorium(theater), make_movie(), make_price_list(theater)
        plan = {"auditorium": auditorium, "movie": movie, "price_list": prices}
        draft = schedule(**plan, starts_at=evening(2, theater=theater))
        with pytest.raises(SchedulingRefused, match=CLOSES):
            schedule(**plan, starts_at=evening(3, theater=theater))
        with pytest.raises(SchedulingRefused, match=CLOSES):
            move_draft(showtime_id=draft.pk, starts_at=evening(3, theater=theater), now=timezone.now())
        assert Showtime.objects.get().starts_at == draft.starts_at

    def test_a_week_says_which_days_are_too_late_and_saves_none_of_them(self):
        theater = make_theater()
        auditorium, movie = make_auditorium(theater), make_movie()
        prices = make_price_list(theater)
        entries = [
            RequestedShowtime(movie, auditorium, prices, today(theater) + days * DAY, time(20)) for days in (1, 3)
        ]
        facts = {"entries": entries, "answers": {}, "left_out": set(), "now": timezone.now()}
        before = checked_plan(theater=theater, **facts)
        theater = closing(theater, days=2)
        assert [[CLOSES in one for one in line.problems] for line in checked_plan(theater=theater, **facts)] == [
            [],
            [True],
        ]
        with pytest.raises(SchedulingRefused, match=CLOSES):
            save_drafts(lines=before)
        assert not Showtime.objects.exists()

    def test_a_sold_showtime_is_not_moved_behind_it(self, office, showtime):
        theater = closing(showtime.auditorium.theater, days=2)
        later = showtime.starts_at.astimezone(theater.zone) + 5 * DAY
        form = {"kind": "TIME", "time-on": f"{later:%Y-%m-%d}", "time-at": f"{later:%H:%M}"}
        refused = office.post(alter(showtime), form)
        assert refused.status_code != 302 and CLOSES in refused.text


class TestVisitors:
    def page(self, theater):
        return Client().get(theater.get_absolute_url())

    def test_before_and_after_the_last_day(self, showtime):
        theater = closing(showtime.auditorium.theater, days=3)
        page = self.page(theater).text
        assert "This theater closes. Its last day is" in page and 'id="listing"' in page
        assert f'"dissolutionDate":"{theater.closes_on}"' in page.replace(" ", "")

    def test_a_closed_theater_leaves_lists_map_and_menu_and_keeps_its_page(self, showtime):
        theater, other = showtime.auditorium.theater, make_showtime().auditorium.theater
        closing(theater, days=-1)
        page = self.page(theater)
        assert "This theater has closed. Its last day was" in page.text and 'id="listing"' not in page.text
        for address in ("/", "/sitemap.xml", other.get_absolute_url()):
            assert theater.get_absolute_url() not in Client().get(address).text, address
        client = Client()
        client.cookies["theater"] = theater.slug
        assert f'value="{theater.slug}" selected' not in client.get("/").text

    def test_one_that_never_sold_anything_is_nowhere(self, showtime):
        founded = closing(make_theater(), days=-1)
        assert self.page(founded).status_code == 404

    def test_the_last_night_is_still_the_last_day(self):
        theater = Theater(timezone="Europe/Berlin", business_day_starts_at=time(5))
        theater.closes_on = today(theater) + DAY
        night = evening(1, theater=theater, at=time(1))
        assert business_day(theater, night) == theater.closes_on and not has_closed(theater, night)
        assert has_closed(theater, night + timedelta(hours=5))


def test_what_was_sold_is_still_given_back_and_scanned(office, showtime):
    """The counter works on: tickets, pay-outs and figures do not ask whether the theater has closed."""
    theater = closing(showtime.auditorium.theater, days=-1)
    assert office.get(f"/counter/showtimes/{showtime.pk}/").status_code == 200
    assert office.get(f"{reverse('admin:report_sales')}?theater={theater.pk}").status_code == 200
