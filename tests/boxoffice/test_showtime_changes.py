"""The office's pages for changing what is on sale: staff see the effects, give a reason, apply it, and can read it later."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from reservations.models import ChangeNotice, ShowtimeSeat, Ticket
from reservations.selectors.change_offers import side_text
from staff.models import AuditEntry
from tests.boxoffice.scenes import book
from tests.factories import (
    make_auditorium,
    make_draft,
    make_movie,
    make_price_list,
    make_showtime,
    make_staff,
    make_theater,
)
from tests.ledger import nothing_changes
from theaters.models import Auditorium, MovieRating, ProgramItem, Showtime, ShowtimeChange
from theaters.plans.plans import lay_out

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def alter(showtime) -> str:
    return f"/admin/theaters/showtime/{showtime.pk}/alter/"


def look(office, showtime, kind, **values) -> ShowtimeChange:
    form = {f"{kind.lower()}-{name}": value for name, value in values.items()}
    answer = office.post(alter(showtime), {"kind": kind, **form})
    assert answer.status_code == 302, (answer.context["refusal"], [form.errors for form in answer.context["forms"]])
    return ShowtimeChange.objects.latest("pk")


def do(office, change, reason="The projector is broken"):
    return office.post(f"{alter(change.showtime)}{change.pk}/", {"reason": reason})


def local(showtime, by=LATER):
    moment = (showtime.starts_at + by).astimezone(showtime.auditorium.theater.zone)
    return {"on": f"{moment:%Y-%m-%d}", "at": f"{moment:%H:%M}"}


class TestCancel:
    def test_looking_counts_and_changes_nothing(self, office, showtime):
        book(showtime, "A1", "A2")
        book(showtime, "B1", number=1)
        with nothing_changes():
            change = look(office, showtime, "CANCEL")
        assert Showtime.objects.get().status == "PUBLISHED"
        page = office.get(f"{alter(showtime)}{change.pk}/").content.decode()
        assert "£46.50" in page and "Cancel this showtime" in page
        assert (change.touched["bookings"], change.touched["tickets"], change.touched["mails"]) == (2, 3, 2)

    def test_it_needs_a_reason(self, office, showtime):
        change = look(office, showtime, "CANCEL")
        assert do(office, change, reason="").status_code == 200
        assert Showtime.objects.get().status == "PUBLISHED"

    def test_done_it_is_the_record_with_what_waits(self, office, showtime, manager):
        booking = book(showtime, "A1")
        change = look(office, showtime, "CANCEL")
        answer = do(office, change)
        assert answer.url == f"{alter(showtime)}{change.pk}/"
        ChangeNotice.objects.update(last_error="The bank is closed", attempts=3)
        page = office.get(answer.url).content.decode()
        for words in ("The projector is broken", str(manager), "0 / 1", booking.reference, "The bank is closed"):
            assert words in page, words
        assert (
            "1 failed"
            in office.get(
                f"/admin/theaters/showtime/changes/?theater={showtime.auditorium.theater_id}"
            ).content.decode()
        )

    def test_a_canceled_showtime_does_not_block_its_auditorium(self, office, showtime):
        do(office, look(office, showtime, "CANCEL"))
        assert make_draft(auditorium=showtime.auditorium, starts_at=showtime.starts_at).pk

    def test_customers_are_told_on_the_map(self, office, showtime, client):
        do(office, look(office, showtime, "CANCEL"))
        assert client.get(f"/showtimes/{showtime.pk}/").status_code == 410


class TestOtherChanges:
    def test_the_time(self, office, showtime):
        book(showtime, "A1")
        change = look(office, showtime, "TIME", **local(showtime))
        assert "Done" in said(do(office, change))
        moved = Showtime.objects.get()
        assert moved.starts_at == (showtime.starts_at + LATER).replace(second=0, microsecond=0)
        assert ChangeNotice.objects.get().change.offer_until is not None

    @pytest.mark.parametrize(("days", "hours"), [("1", 24), ("", 7 * 24), ("30", 7 * 24 + 1)])
    def test_how_long_holders_may_decide_is_chosen_and_ends_with_the_new_start(self, office, client, days, hours):
        starts_at = (timezone.now() + timedelta(days=7, hours=0.5)).replace(second=0, microsecond=0)
        booking = book(showtime := make_showtime(starts_at=starts_at), "A1")
        change = look(office, showtime, "TIME", **local(showtime, timedelta(hours=0.5)), offer_days=days)
        until = timezone.now() + timedelta(hours=hours)
        assert abs(change.offer_until - min(until, starts_at + timedelta(hours=0.5))) < timedelta(minutes=2)
        shown = date_format(localtime(change.offer_until, showtime.auditorium.theater.zone), "D d M Y, H:i")
        assert shown in office.get(f"{alter(showtime)}{change.pk}/").content.decode()
        do(office, change)
        offer = ChangeNotice.objects.get(booking=booking).change.offer_until
        assert abs(offer - change.offer_until) < timedelta(minutes=2)
        assert AuditEntry.objects.get(action="move the time").after["money back until"] == offer.isoformat()

    @pytest.mark.parametrize("days", ["0", "61", "soon"])
    def test_nonsense_for_days_plans_nothing(self, office, showtime, days):
        answer = office.post(alter(showtime), {"kind": "RATING", "rating-rating": "18", "rating-offer_days": days})
        assert answer.status_code == 200 and not ShowtimeChange.objects.exists()

    def test_the_film(self, office, showtime):
        book(showtime, "A1")
        other = make_movie(title="The Kid", running_minutes=50)
        do(office, look(office, showtime, "MOVIE", movie=other.pk))
        changed = Showtime.objects.get()
        assert (changed.movie, changed.ends_at - changed.starts_at) == (other, timedelta(minutes=65))
        assert ChangeNotice.objects.count() == 1

    def test_the_version_is_told_and_offers_the_money_back(self, office, showtime, client):
        booking = book(showtime, "A1")
        for picture, dubbed_in in (("2D", ""), ("3D", "German")):
            showtime.movie.versions.create(picture=picture, dubbed_in=dubbed_in)
        change = look(office, showtime, "VERSION", version="3D, dubbed in German")
        assert (change.before["text"], change.touched["mails"]) == ("2D", 1)
        do(office, change)
        assert Showtime.objects.get().version.text == "3D, dubbed in German"
        notice = ChangeNotice.objects.get()
        assert (notice.booking, notice.change.offer_until is not None) == (booking, True)
        assert AuditEntry.objects.get(action="other version").after["value"] == "3D, dubbed in German"
        assert "3D, dubbed in German" in client.get(f"/showtimes/{showtime.pk}/").content.decode()

    @pytest.mark.parametrize("version", ["", "2D", "IMAX", "nonsense"])
    def test_a_version_that_is_not_offered_is_refused(self, office, showtime, version):
        showtime.movie.versions.create(picture="2D")
        showtime.movie.versions.create(picture="3D")
        with nothing_changes():
            answer = office.post(alter(showtime), {"kind": "VERSION", "version-version": version})
        assert answer.status_code == 200

    def test_another_film_comes_in_the_chosen_version(self, office, showtime):
        other = make_movie(title="The Kid")
        for picture in ("2D", "35 mm"):
            other.versions.create(picture=picture)
        change = look(office, showtime, "MOVIE", movie=f"{other.pk}:35 mm")
        do(office, change)
        changed = Showtime.objects.get()
        assert (changed.movie, changed.version.text, change.after["text"]) == (other, "35 mm", f"{other}, 35 mm")

    def test_the_price_list_is_for_what_is_sold_from_now_on(self, office, showtime):
        booking = book(showtime, "A1")
        other = make_price_list(showtime.auditorium.theater)
        before = Ticket.objects.values().get()
        do(office, look(office, showtime, "PRICES", price_list=other.pk))
        assert Showtime.objects.get().price_list == other
        assert (Ticket.objects.values().get(), ChangeNotice.objects.count()) == (before, 0)
        booking.refresh_from_db()
        assert booking.status == "CONFIRMED"

    def test_a_price_list_that_lacks_a_category_is_refused(self, office, showtime):
        other = make_price_list(showtime.auditorium.theater)
        other.prices.filter(category="PREMIUM").delete()
        answer = office.post(alter(showtime), {"kind": "PRICES", "prices-price_list": other.pk})
        assert "has no price for: Premium" in answer.context["refusal"]

    def test_the_rating_counts_at_every_showtime_of_the_country(self, office, showtime):
        book(showtime, "A1")
        other = make_showtime(movie=showtime.movie)
        book(other, "A1", number=1)
        change = look(office, showtime, "RATING", rating="15")
        assert (change.touched["showtimes"], change.touched["bookings"]) == (2, 2)
        do(office, change)
        assert MovieRating.objects.get().label == "15"
        assert set(ShowtimeChange.objects.values_list("showtime", "status", "reason")) == {
            (showtime.pk, "APPLIED", "The projector is broken"),
            (other.pk, "APPLIED", "The projector is broken"),
        }
        assert ChangeNotice.objects.count() == 2

    def test_ages_that_somebody_typed_stay_and_are_corrected_while_it_is_on_sale(self, office, showtime):
        book(showtime, "A1")
        MovieRating.objects.create(movie=showtime.movie, country="GB", label="Mature", min_age=16)
        form = next(form for form in office.get(alter(showtime)).context["forms"] if form.kind == "RATING")
        assert (form.initial["rating"], form.initial["min_age"]) == ("Mature", 16)
        change = look(office, showtime, "RATING", rating="Mature", min_age="18")
        assert (change.before["text"], change.after["text"]) == ("Mature, from 16", "Mature, from 18")
        do(office, change)
        assert MovieRating.objects.values_list("label", "min_age").get() == ("Mature", 18)
        assert side_text("RATING", change.after, ZoneInfo("UTC")) == "Mature: Nobody under 18 is admitted."
        again = office.post(alter(showtime), {"kind": "RATING", "rating-rating": "Mature", "rating-min_age": "18"})
        assert again.context["refusal"] == "That is how it is already."

    def test_another_label_gets_its_own_ages_instead_of_those_of_the_old_one(self, office, showtime):
        MovieRating.objects.create(movie=showtime.movie, country="GB", label="Mature", min_age=16)
        do(office, look(office, showtime, "RATING", rating="18", min_age="16"))
        assert MovieRating.objects.values_list("label", "min_age").get() == ("18", 18)
        do(office, look(office, showtime, "RATING", rating="12A", min_age=""))
        assert MovieRating.objects.values_list("label", "min_age", "accompanied_below").get() == ("12A", None, 12)

    def test_a_label_that_nobody_knows_needs_ages(self, office, showtime):
        with nothing_changes():
            answer = office.post(alter(showtime), {"kind": "RATING", "rating-rating": "Mature"})
        form = next(form for form in answer.context["forms"] if form.is_bound)
        assert "“Mature” is no label that we know of United Kingdom" in form.errors["min_age"][0]
        do(office, look(office, showtime, "RATING", rating="Mature", min_age="0"))
        assert MovieRating.objects.values_list("label", "min_age").get() == ("Mature", 0)
        assert Showtime.objects.get().age_rule.sentence == ""

    def test_of_another_movie_of_a_program(self, office, showtime):
        other = make_movie(title="Other", slug="other")
        Showtime.objects.filter(pk=showtime.pk).update(program_title="Both", program_minutes=180)
        for position, movie in enumerate([showtime.movie, other]):
            ProgramItem.objects.create(showtime=showtime, position=position, movie=movie, minutes=90)
        change = look(office, showtime, "RATING", movie=other.pk, rating="15")
        do(office, change)
        assert MovieRating.objects.values_list("movie", "label", "min_age").get() == (other.pk, "15", 15)

    def test_a_change_that_the_release_before_planned_is_applied(self, office, showtime):
        change = look(office, showtime, "RATING", rating="15")
        for side in (change.before, change.after):
            side.pop("ages")
        change.save()
        do(office, change)
        assert MovieRating.objects.values_list("label", "min_age").get() == ("15", 15)


class TestPlan:
    def test_a_new_version_that_keeps_what_is_sold(self, office, showtime):
        booking = book(showtime, "A1", "B6")
        plan = lay_out(auditorium=showtime.auditorium, text="A ooo.oo\nB ppp.pppo\n", now=showtime.starts_at)
        change = look(office, showtime, "PLAN", plan=plan.pk)
        assert change.touched["seats"] == {
            "new": ["B7"], "gone": ["A6"], "changed": [], "moved": [], "told_anew": [], "lost": [], "house": [],
        }  # fmt: skip
        do(office, change)
        assert Showtime.objects.get().plan == plan
        rows = ShowtimeSeat.objects.filter(showtime=showtime)
        assert set(rows.values_list("seat", flat=True)) == set(plan.seats.values_list("pk", flat=True))
        sold = set(rows.filter(booking=booking).values_list("label", flat=True))
        assert sold == {"A1", "B6"} == {ticket.seat.label for ticket in booking.tickets.select_related("seat")}
        assert set(booking.tickets.values_list("seat__plan", flat=True)) == {plan.pk}

    def test_a_sold_seat_is_never_lost(self, office, showtime):
        book(showtime, "A6", "B1")
        plan = lay_out(auditorium=showtime.auditorium, text="A ooo.oo\nB opp.ppp\n", now=showtime.starts_at)
        change = look(office, showtime, "PLAN", plan=plan.pk)
        page = office.get(f"{alter(showtime)}{change.pk}/").content.decode()
        assert "A6, B1" in page and "Make this change" not in page
        with nothing_changes():
            answer = do(office, change)
        assert answer.context["refusal"] == "These seats are sold or held and would be lost: A6, B1."
        assert Showtime.objects.get().plan != plan

    def test_a_plan_of_another_room_is_not_offered(self, office, showtime):
        other = make_auditorium(showtime.auditorium.theater).plans.get()
        answer = office.post(alter(showtime), {"kind": "PLAN", "plan-plan": other.pk})
        assert answer.status_code == 200 and not ShowtimeChange.objects.exists()


class TestRefused:
    @pytest.mark.parametrize(
        ("kind", "values", "words"),
        [
            ("TIME", {"on": "2020-01-01", "at": "12:00"}, "has passed"),
            ("TIME", {"on": "x", "at": ""}, ""),
            ("MOVIE", {"movie": "0"}, ""),
            ("NONSENSE", {}, ""),
        ],
    )
    def test_what_cannot_be_is_said_and_not_planned(self, office, showtime, kind, values, words):
        form = {f"{kind.lower()}-{name}": value for name, value in values.items()}
        answer = office.post(alter(showtime), {"kind": kind, **form})
        assert words in answer.context["refusal"]
        assert not ShowtimeChange.objects.exists()

    def test_a_draft_has_pages_of_its_own(self, office):
        draft = make_draft()
        answer = office.post(alter(draft), {"kind": "CANCEL"})
        assert "only one on sale" in answer.context["refusal"]

    def test_into_another_showtime(self, office, showtime):
        make_draft(auditorium=showtime.auditorium, starts_at=showtime.starts_at + 3 * LATER)
        form = {f"time-{name}": value for name, value in local(showtime).items()}
        answer = office.post(alter(showtime), {"kind": "TIME", **form})
        assert "cleaning included" in answer.context["refusal"]


class TestDoor:
    def test_a_manager_of_another_theater_finds_nothing(self, client, office, showtime):
        book(showtime, "A1")
        change = look(office, showtime, "CANCEL")
        client.force_login(make_staff("MANAGER", make_auditorium(make_showtime().auditorium.theater).theater))
        for address in (alter(showtime), f"{alter(showtime)}{change.pk}/"):
            assert client.get(address).status_code == 404
            assert client.post(address, {"kind": "CANCEL", "reason": "x"}).status_code == 404
        assert Showtime.objects.get(pk=showtime.pk).status == "PUBLISHED"

    def test_who_has_no_right_may_read_the_record_and_not_act(self, client, office, showtime):
        change = look(office, showtime, "CANCEL")
        client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
        assert client.get(alter(showtime)).status_code == 403
        assert "Cancel this showtime" not in client.get(f"{alter(showtime)}{change.pk}/").content.decode()
        assert client.post(f"{alter(showtime)}{change.pk}/", {"reason": "x"}).status_code == 403

    def test_guests_and_wrong_methods(self, client, office, showtime):
        assert client.get(alter(showtime)).url.startswith("/accounts/login/")
        assert office.delete(alter(showtime)).status_code == 405
        assert office.post("/admin/theaters/showtime/changes/").status_code == 405
        assert office.get(f"{alter(showtime)}999999/").status_code == 404
        assert office.get("/admin/theaters/showtime/999999/alter/").status_code == 404

    def test_a_rating_needs_the_right_at_every_theater_that_shows_the_film(self, client, showtime):
        make_showtime(movie=showtime.movie)
        client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
        answer = client.post(alter(showtime), {"kind": "RATING", "rating-rating": "18"})
        assert "shows this movie too; someone with rights at every theater" in answer.context["refusal"]
        assert not ShowtimeChange.objects.exists()

    def test_a_theater_of_the_country_that_only_plans_the_film_counts_for_its_rating(self, client, showtime):
        make_draft(movie=showtime.movie)
        client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
        answer = client.post(alter(showtime), {"kind": "RATING", "rating-rating": "18"})
        assert "Another theater plans to show this movie" in answer.context["refusal"]
        assert not ShowtimeChange.objects.exists()

    def test_theaters_of_other_countries_do_not_count_for_a_rating(self, client, showtime):
        make_showtime(movie=showtime.movie, theater=make_theater(country="FR", timezone_name="Europe/Paris"))
        client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
        assert client.post(alter(showtime), {"kind": "RATING", "rating-rating": "18"}).status_code == 302


class TestRatingOfAMovieOnSale:
    """The page of the movie cannot show which showtimes a new rating affects."""

    def form(self, movie, label):
        ratings = {
            "versions-TOTAL_FORMS": "0",
            "versions-INITIAL_FORMS": "0",
            "stills-TOTAL_FORMS": "0",
            "stills-INITIAL_FORMS": "0",
            "ratings-TOTAL_FORMS": "1",
            "ratings-INITIAL_FORMS": "0",
            "ratings-0-country": "GB",
            "ratings-0-label": label,
        }
        names = ("title", "slug", "kind", "year", "running_minutes", "director")
        return {name: getattr(movie, name) for name in names} | ratings

    def test_is_changed_at_a_showtime_alone(self, office, showtime):
        page = f"/admin/theaters/movie/{showtime.movie_id}/change/"
        answer = office.post(page, self.form(showtime.movie, "18"))
        assert "is on sale in GB" in answer.content.decode()
        assert not MovieRating.objects.exists()

    def test_of_a_movie_that_is_not_on_sale_as_before(self, office):
        movie = make_draft().movie
        assert office.post(f"/admin/theaters/movie/{movie.pk}/change/", self.form(movie, "18")).status_code == 302
        assert MovieRating.objects.get().label == "18"


class TestMove:
    """A move to another auditorium: staff see who would sit where, change it and apply the move on the same page."""

    @pytest.fixture
    def larger(self, showtime):
        return make_auditorium(showtime.auditorium.theater, "A oooo.oooo\nB oooo.oooo\nC pppp.pppp")

    @pytest.fixture
    def booking(self, showtime):
        return book(showtime, "B1", "B2")

    def page(self, office, change) -> str:
        return office.get(f"{alter(change.showtime)}{change.pk}/").content.decode()

    def test_only_other_auditoriums_of_the_theater_with_a_plan_are_offered(self, office, showtime, larger):
        Auditorium.objects.create(theater=showtime.auditorium.theater, name="Empty")
        make_auditorium(make_theater())
        forms = office.get(alter(showtime)).context["forms"]
        field = next(form for form in forms if form.kind == "MOVE").fields["auditorium"]
        assert list(field.queryset) == [larger]

    def test_the_page_shows_both_rooms_and_each_seat(self, office, showtime, larger, booking):
        page = self.page(office, look(office, showtime, "MOVE", auditorium=larger.pk))
        ticket = booking.tickets.first()
        for words in (str(showtime.auditorium), str(larger), booking.reference, "Everybody sits as well as before."):
            assert words in page, words
        assert f'name="seat-{ticket.pk}" value="C1"' in page and page.count('<svg class="plan"') == 2
        assert page.count(" given") == 4 and "Nothing is sold for this showtime until" in page

    def test_what_is_worse_is_counted(self, office, showtime, booking):
        worse = make_auditorium(showtime.auditorium.theater, "A o.o.o\nB o.o.o")
        page = self.page(office, look(office, showtime, "MOVE", auditorium=worse.pk))
        assert "<b>apart: 1</b>" in page and "<b>lower category: 2</b>" in page

    def test_other_seats_are_chosen_before_it_is_done(self, office, showtime, larger, booking):
        change = look(office, showtime, "MOVE", auditorium=larger.pk)
        first, second = booking.tickets.order_by("seat_id")
        address = f"{alter(showtime)}{change.pk}/"
        answer = office.post(address, {"seats": "1", f"seat-{first.pk}": "C7", f"seat-{second.pk}": "C8"})
        assert answer.status_code == 302 and 'value="C7"' in self.page(office, change)
        do(office, change)
        assert list(booking.tickets.order_by("seat_id").values_list("seat__label", flat=True)) == ["C7", "C8"]
        page = self.page(office, change)
        assert "Who moved where" in page and "C7" in page and "Change these seats" not in page

    def test_a_seat_that_cannot_be_is_refused_with_the_page(self, office, showtime, larger, booking):
        change = look(office, showtime, "MOVE", auditorium=larger.pk)
        ticket = booking.tickets.first()
        answer = office.post(f"{alter(showtime)}{change.pk}/", {"seats": "1", f"seat-{ticket.pk}": "Z9"})
        assert answer.status_code == 409 and "There is no seat Z9" in answer.content.decode()

    def test_left_where_it_is_it_is_sold_again(self, office, showtime, larger):
        change = look(office, showtime, "MOVE", auditorium=larger.pk)
        answer = office.post(f"{alter(showtime)}{change.pk}/", {"leave": "1"})
        assert answer.url == alter(showtime) and "sold again" in said(answer)
        showtime.refresh_from_db()
        assert (showtime.sales_paused_until, showtime.auditorium == larger) == (None, False)

    def test_who_comes_back_finds_the_move_that_pauses_the_sale(self, office, showtime, larger):
        change = look(office, showtime, "MOVE", auditorium=larger.pk)
        page = office.get(alter(showtime)).content.decode()
        assert "because its move to another auditorium is being looked at" in page
        assert f'href="{alter(showtime)}{change.pk}/"' in page
        office.post(f"{alter(showtime)}{change.pk}/", {"leave": "1"})
        assert "Go on with the move" not in office.get(alter(showtime)).content.decode()

    def test_after_the_pause_the_page_says_that_it_is_sold(self, office, showtime, larger):
        change = look(office, showtime, "MOVE", auditorium=larger.pk)
        Showtime.objects.update(sales_paused_until=None)
        assert "This showtime is sold again meanwhile." in self.page(office, change)


def test_what_has_nothing_to_choose_says_so_in_the_place_of_an_empty_field(office, showtime):
    words = " ".join(office.get(alter(showtime)).text.split())
    for sentence in (
        "comes in no other version.",
        "This theater has no other auditorium with a published plan.",
        "This theater has no other price list.",
        "This auditorium has no other published plan.",
    ):
        assert sentence in words
    for name in ("version-version", "move-auditorium", "prices-price_list", "plan-plan"):
        assert f'name="{name}"' not in words
