"""People save their needs once, in the account or in the browser, and every way to a seat starts from them."""

import re

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.models import SavedNeeds, User
from accounts.selectors import account_data
from accounts.services.account_erasure import empty_account
from accounts.states import Need
from reservations.models import ShowtimeSeat
from reservations.seats.list_wish import ListWish, list_wish_of
from reservations.seats.needs import SeatNeeds, seat_needs
from tests.factories import PASS_PHRASE, make_auditorium, make_showtime, make_theater
from tests.signing_in import signed_in
from theaters.listings.program_filters import Filters
from theaters.models import Movie, Series, Showtime

pytestmark = pytest.mark.django_db
PAGE = "/accounts/needs/"


@pytest.fixture
def ada():
    return User.objects.create_user("ada@example.com", PASS_PHRASE)


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(make_theater(), "A ooo.ooo\nB wc\n"))


def save(client, *needs):
    return client.post(PAGE, {"need": needs})


def listed(page) -> set[int]:
    return {int(chip.url.strip("/").split("/")[-1]) for row in page.rows for chip in row.chips}


def browser_with(*needs) -> Client:
    client = Client()
    save(client, *needs)
    return client


class TestSaving:
    def test_without_an_account_a_cookie_keeps_them_and_no_table(self):
        client = browser_with("AISLE", "CAPTIONS", "FLYING")
        cookie = client.cookies["needs"]
        assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("AISLE.CAPTIONS", True, "Lax")
        page = client.get(PAGE).text
        assert page.count(" checked>") == 2 and "something about your health" in page
        assert SavedNeeds.objects.count() == 0

    def test_with_an_account_the_account_keeps_them_and_no_cookie(self, ada):
        client = signed_in(ada)
        save(client, "WHEELCHAIR")
        assert SavedNeeds.objects.get(user=ada).needs == ["WHEELCHAIR"]
        assert "needs" not in client.cookies or client.cookies["needs"].value == ""
        assert 'value="WHEELCHAIR" checked' in signed_in(ada).get(PAGE).text

    def test_emptied_is_empty(self, ada):
        for client in (browser_with("AISLE"), signed_in(ada)):
            save(client, "AISLE")
            client.post(PAGE, {"need": ["AISLE"], "forget": "yes"})
            assert " checked>" not in client.get(PAGE).text
        assert SavedNeeds.objects.get().needs == []

    def test_a_cookie_of_anything_is_no_need(self):
        client = Client()
        client.cookies["needs"] = "x" * 4000 + ".AISLE.<b>"
        assert client.get(PAGE).text.count(" checked>") == 1

    def test_they_are_in_the_export_and_go_with_the_account(self, ada):
        assert account_data(ada)["needs"] == []
        save(signed_in(ada), "DOG")
        assert account_data(ada)["needs"] == ["DOG"]
        empty_account(ada)
        assert SavedNeeds.objects.get().needs == []


class TestShowtimes:
    def test_the_page_leads_to_what_fits(self):
        link = 'href="/?needs=mine"'
        assert link in browser_with("WHEELCHAIR", "HEARING_LOOP", "AISLE").get(PAGE).text
        assert link in browser_with("NEAR_EXIT").get(PAGE).text
        assert link not in browser_with("ASSISTANT").get(PAGE).text

    def test_the_program_offers_to_fit_them_remembers_it_and_ends_it(self, showtime):
        theater = showtime.auditorium.theater
        plain = make_showtime(auditorium=make_auditorium(theater, "A ooo\n"), starts_at=showtime.starts_at)
        both, first = {showtime.pk, plain.pk}, {showtime.pk}
        client = browser_with("WHEELCHAIR", "AISLE")
        page = client.get("/").context["page"]
        assert listed(page) == both
        assert (page.needs_offer.url, page.needs_offer.count) == (f"/?theater={theater.slug}&needs=mine", 1)
        chosen = client.get(page.needs_offer.url).context["page"]
        assert (listed(chosen), chosen.needs_offer) == (first, None)
        remembered = client.get("/").context["page"]
        assert listed(remembered) == first == listed(client.get(theater.get_absolute_url()).context["page"])
        assert [one.label for one in remembered.chosen_filters] == ["Fits my needs"]
        assert "needs" not in remembered.days[0].url  # people send this address to others
        assert remembered.url_without_filters == remembered.chosen_filters[0].url_without
        assert listed(client.get(remembered.chosen_filters[0].url_without).context["page"]) == both
        assert listed(client.get("/").context["page"]) == both

    def test_the_pages_of_a_movie_and_a_series_mark_what_fits(self, showtime, settings):
        series = Series.objects.create(slug="noir", name="Noir", house=showtime.auditorium.theater.house)
        plain = make_showtime(
            auditorium=make_auditorium(showtime.auditorium.theater, "A ooo\n"),
            movie=showtime.movie,
            starts_at=showtime.starts_at,
        )
        Showtime.objects.update(series=series)
        client = browser_with("WHEELCHAIR")
        movie = client.get(showtime.movie.get_absolute_url())
        chips = [chip for day in movie.context["days"] for group in day.groups for chip in group.chips]
        marked = {showtime.pk: True, plain.pk: False}
        assert {chip.id: chip.fits_needs for chip in chips} == marked
        assert movie.text.count("Fits my needs") == 1
        page = client.get(series.get_absolute_url())
        shown = [one.chip for theater in page.context["theaters"] for day in theater.days for one in day.showtimes]
        assert {chip.id: chip.fits_needs for chip in shown} == marked
        assert page.text.count("Fits my needs") == 1
        settings.KEPT_PAGE_SECONDS = 5
        for address in (showtime.movie.get_absolute_url(), series.get_absolute_url()):
            assert "Fits my needs" in client.get(address).text
            assert "Fits my needs" not in Client().get(address).text, "kept for somebody with other needs"

    def test_filters_count_what_fits_them_and_go_without_them(self, showtime):
        client = browser_with("WHEELCHAIR")
        client.get("/?needs=mine")
        page = client.get("/?format=3d").context["page"]
        without = [one.url_without for one in page.chosen_filters]
        slug = showtime.auditorium.theater.slug
        assert without == [f"/?theater={slug}&format=3d&needs=no", f"/?theater={slug}"]
        assert listed(client.get(without[1]).context["page"]) == {showtime.pk}

    def test_nobody_without_needs_is_offered_anything_or_sees_less(self, showtime):
        plain = make_showtime(
            auditorium=make_auditorium(showtime.auditorium.theater, "A ooo\n"), starts_at=showtime.starts_at
        )
        for client in (Client(), browser_with("ASSISTANT")):
            page = client.get("/?needs=mine").context["page"]
            assert (listed(page), page.needs_offer, page.filters) == ({showtime.pk, plain.pk}, None, Filters())

    def test_who_empties_them_is_not_remembered_either(self, showtime):
        client = browser_with("WHEELCHAIR")
        client.get("/?needs=mine")
        save(client)
        assert client.cookies["needs-filter"].value == ""

    def test_the_account_s_needs_count_where_its_person_is_signed_in(self, showtime, ada):
        client = signed_in(ada)
        save(client, "HEARING_LOOP")
        assert client.get("/").context["page"].needs_offer.count == 0
        assert listed(client.get("/?needs=mine").context["page"]) == set()

    @pytest.mark.parametrize(
        ("asked", "fits"),
        [("hearing-loop", True), ("dogs", True), ("step-free", False), ("hearing-loop&access=wheelchair", True)],
    )
    def test_what_the_theater_says_of_itself(self, showtime, asked, fits):
        theater = showtime.auditorium.theater
        theater.access_features = ["HEARING_LOOP", "DOGS"]
        theater.save()
        page = Client().get(f"/?access={asked}").text
        assert (f"/showtimes/{showtime.pk}/" in page) == fits

    @pytest.mark.parametrize(
        ("version", "fits"),
        [
            ({}, False),
            ({"subtitles_in": "German"}, False),
            ({"subtitles_in": "English"}, True),
            ({"dubbed_in": "German", "subtitles_in": "German"}, True),
            ({"dubbed_in": "German", "subtitles_in": "English"}, False),
        ],
    )
    def test_captions_are_subtitles_in_the_language_that_is_spoken(self, showtime, version, fits):
        Movie.objects.update(languages=["English"])
        Showtime.objects.update(**version)
        assert (f"/showtimes/{showtime.pk}/" in Client().get("/?access=captions").text) == fits

    def test_relaxed_showtimes_are_those_of_a_series_that_says_so(self, showtime):
        house = showtime.auditorium.theater.house
        series = Series.objects.create(house=house, name="Easy Sundays", slug="easy", is_relaxed=True)
        assert f"/showtimes/{showtime.pk}/" not in Client().get("/?access=relaxed").text
        Showtime.objects.update(series=series)
        assert f"/showtimes/{showtime.pk}/" in Client().get("/?access=relaxed").text
        Series.objects.update(is_relaxed=False)
        assert f"/showtimes/{showtime.pk}/" not in Client().get("/?access=relaxed").text


class TestSeats:
    def test_who_needs_an_exit_begins_with_the_rows_near_one(self, showtime):
        path, auditorium = f"/showtimes/{showtime.pk}/?view=list", showtime.auditorium
        auditorium.exit_rows = "B, Z"
        auditorium.save()
        client = browser_with("NEAR_EXIT")
        page = client.get(path).text
        assert page.index('value="B1"') < page.index('value="A1"') and "near an exit" in page
        assert '<option value="exit" selected>' in page
        typed = client.get(f"{path}&count=1").text
        assert typed.index('value="A1"') < typed.index('value="B1"')

    def test_where_no_exit_is_known_the_list_says_the_order_that_it_has(self, showtime):
        page = browser_with("NEAR_EXIT").get(f"/showtimes/{showtime.pk}/?view=list").text
        assert '<option value="row" selected>' in page and 'value="exit"' not in page and 'value="A1"' in page

    @pytest.mark.parametrize(
        ("needs", "expected"),
        [
            ([], SeatNeeds()),
            ([Need.WHEELCHAIR, Need.AISLE], SeatNeeds(wheelchairs=1)),
            ([Need.TRANSFER], SeatNeeds(aisle=True, armrest_lifts=True)),
            ([Need.ARMREST], SeatNeeds(armrest_lifts=True)),
            ([Need.ARMREST, Need.WHEELCHAIR], SeatNeeds(wheelchairs=1)),
            ([Need.DOG], SeatNeeds(aisle=True)),
            ([Need.NEAR_EXIT], SeatNeeds(near_exit=True)),
            ([Need.NEAR_EXIT, Need.AISLE], SeatNeeds(aisle=True, near_exit=True)),
            ([Need.HEARING_LOOP], SeatNeeds(hearing_loop=True)),
            ([Need.STEP_FREE, Need.WHEELCHAIR], SeatNeeds(wheelchairs=1, step_free=True)),
            ([Need.CAPTIONS], SeatNeeds()),
        ],
    )
    def test_what_they_mean_for_a_seat(self, needs, expected):
        assert seat_needs(needs) == expected

    def test_the_list_begins_with_them_until_its_form_is_used(self):
        usual = ListWish(aisle=True)
        assert list_wish_of(QueryDict("view=list"), usual) == usual
        typed = list_wish_of(QueryDict("view=list&count=1&sort=row"), usual)
        assert typed == ListWish()
        assert list_wish_of(QueryDict(typed.query), usual) == ListWish()
        assert list_wish_of(QueryDict(""), usual) is None
        assert list_wish_of(QueryDict("view=both"), usual) == ListWish(aisle=True, has_map=True)

    def test_the_list_of_a_browser_shows_what_fits(self, showtime):
        path = f"/showtimes/{showtime.pk}/?view=list"
        wheelchair = browser_with("WHEELCHAIR").get(path).text
        assert 'value="B1"' in wheelchair and 'value="A1"' not in wheelchair
        aisle = browser_with("AISLE").get(path).text
        assert aisle.index('value="A3"') < aisle.index('value="A1"')
        assert 'value="A1"' in Client().get(path).text

    def test_a_plan_without_wheelchair_spaces_shows_all_its_seats(self):
        plain = make_showtime(auditorium=make_auditorium(make_theater(), "A ooo\n"))
        page = browser_with("WHEELCHAIR").get(f"/showtimes/{plain.pk}/?view=list").text
        assert 'value="A1"' in page

    def test_the_form_of_the_best_seats_begins_with_them_and_is_nobody_elses(self, showtime):
        path = f"/showtimes/{showtime.pk}/"
        for _ in range(2):
            assert "<option selected>1</option>" in browser_with("WHEELCHAIR").get(path).text
            assert 'name="aisle" value="yes" checked' in browser_with("AISLE").get(path).text
            plain = Client().get(path).text
            assert 'name="aisle" value="yes" checked' not in plain

    def test_best_seats_begin_near_an_exit_for_somebody_who_needs_one(self):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A oooo\nB oooo\nC oooo\n"))
        auditorium = showtime.auditorium
        auditorium.exit_rows = "A"
        auditorium.save()
        client, path = browser_with("NEAR_EXIT"), f"/showtimes/{showtime.pk}/"
        assert 'name="exit" value="yes" checked' in client.get(path).text
        assert 'name="exit" value="yes">' in Client().get(path).text
        client.post(f"{path}best/", {"count": "2", "exit": "yes"})
        rows = ShowtimeSeat.objects.filter(showtime=showtime, hold__isnull=False).values_list("seat__row", flat=True)
        assert set(rows) == {"A"}

    def test_the_waiting_list_begins_with_a_wheelchair_space_for_somebody_who_needs_one(self, showtime):
        path = f"/showtimes/{showtime.pk}/waiting/"
        wheelchair = '<select id="wheelchairs"'
        chosen = browser_with("WHEELCHAIR").get(path).text.split(wheelchair)[1].split("</select>")[0]
        of_others = Client().get(path).text.split(wheelchair)[1].split("</select>")[0]
        assert re.findall(r"selected\s*>(\d)<", chosen) == ["1"]
        assert re.findall(r"selected\s*>(\d)<", of_others) in ([], ["0"])


FACTS = "steps 2\nhearing loop no\nA oooo\nsteps 0\nB oooo\nsteps unknown\nhearing loop yes\nC oooo\n"
NOT_KNOWN = "We cannot say how many steps lead to the seats of this auditorium."


class TestFactsOfSeats:
    @pytest.fixture
    def path(self):
        return f"/showtimes/{make_showtime(auditorium=make_auditorium(make_theater(), FACTS)).pk}/"

    def order(self, page):
        return list(dict.fromkeys(re.findall(r'name="take" value="([A-Z])\d"', page)))

    def test_the_list_begins_with_seats_that_have_no_steps_and_says_what_nobody_knows(self, path):
        page = browser_with("STEP_FREE").get(f"{path}?view=list").text
        assert self.order(page) == ["B", "A", "C"] and '<option value="steps" selected>' in page
        assert "steps not known" in page and NOT_KNOWN not in page
        assert "steps not known" not in Client().get(f"{path}?view=list").text

    def test_two_needs_are_both_said(self, path):
        page = browser_with("STEP_FREE", "HEARING_LOOP").get(f"{path}?view=list").text
        assert self.order(page) == ["B", "C", "A"] and "no steps, no hearing loop" in page
        assert '<option value="needs" selected>' in page and "(no steps and hearing loop), then" in page
        assert (
            page.count("1 of the 2 things you asked for") == 2 * 8
            and page.count("nothing of what you asked for") == 2 * 4
        )

    def test_what_meets_all_of_several_needs_comes_before_what_meets_the_first_best(self):
        """Row B lacks the loop alone, row C one step alone; row D has all of it, A nothing."""
        plan = (
            "steps 5\nhearing loop no\nA oooo\nsteps 0\nB oooo\nsteps 1\nhearing loop yes\nC oooo\n"
            "steps 0\nhearing loop yes\nD oooo"
        )
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan))
        path, client = f"/showtimes/{showtime.pk}/", browser_with("STEP_FREE", "HEARING_LOOP", "AISLE")
        page = client.get(f"{path}?view=list&count=2&sort=needs").text
        groups = re.findall(r'<button class="list-seats"[^>]*aria-label="Row (\w), seats \d and \d[^"]*"', page)
        assert groups == list("DDBBCCAA")
        said = re.findall(
            r'aria-label="Row (\w), [^"]*?(everything you asked for|\d of the 3 things you asked for)', page
        )
        assert said[:3] == [("D", "everything you asked for")] * 2 + [("B", "2 of the 3 things you asked for")]
        wish = {"count": "2", "stepfree": "yes", "loop": "yes", "aisle": "yes"}
        answer = client.post(f"{path}best/", wish, headers={"HX-Request": "true"}).text
        others = [found.strip() for found in re.findall(r'name="choices" value="[^"]*">([^<]*)', answer)]
        assert others == [
            "Row D, right, everything you asked for",
            "Row B, left, 2 of the 3 things you asked for",
            "Row C, left, 2 of the 3 things you asked for",
        ]

    def test_what_nobody_knows_of_the_plan_is_not_met(self, showtime):
        """Aisles are drawn and an exit is said; of steps the plan says nothing."""
        showtime.auditorium.exit_rows = "A"
        showtime.auditorium.save()
        page = browser_with("STEP_FREE", "AISLE", "NEAR_EXIT").get(f"/showtimes/{showtime.pk}/?view=list").text
        assert (
            "2 of the 3 things you asked for" in page and "everything you asked for" not in page and NOT_KNOWN in page
        )

    def test_nobody_without_needs_is_offered_their_order(self, path):
        page = Client().get(f"{path}?view=list&sort=needs").text
        assert 'value="needs"' not in page and '<option value="row" selected>' in page and "asked for" not in page
        assert self.order(browser_with("HEARING_LOOP").get(f"{path}?view=list").text)[0] == "C"

    def test_where_the_plan_says_nothing_map_list_and_waiting_list_say_so(self, showtime):
        path, client = f"/showtimes/{showtime.pk}/", browser_with("STEP_FREE", "AISLE")
        for page in (client.get(f"{path}?view=list").text, client.get(path).text, client.get(f"{path}waiting/").text):
            assert NOT_KNOWN in page and "#access" in page and 'name="stepfree"' not in page
        assert '<option value="aisle" selected>' in client.get(f"{path}?view=list").text
        assert '<option value="needs">' in client.get(f"{path}?view=list").text
        assert NOT_KNOWN not in Client().get(path).text

    def test_a_tick_in_the_address_hides_no_seat_where_nobody_knows(self, showtime):
        page = Client().get(f"/showtimes/{showtime.pk}/?view=list&stepfree=yes&loop=yes&armrest=yes").text
        assert 'value="A1"' in page and NOT_KNOWN in page

    def test_the_best_seats_begin_with_them_and_say_what_they_lack(self, path):
        client = browser_with("STEP_FREE")
        assert 'name="stepfree" value="yes" checked' in client.get(path).text
        answer = client.post(f"{path}best/", {"count": "3", "stepfree": "yes"}, headers={"HX-Request": "true"})
        assert "Row B" in answer.text and "steps lead" not in answer.text
        other = browser_with("STEP_FREE").post(
            f"{path}best/", {"count": "4", "stepfree": "yes"}, headers={"HX-Request": "true"}
        )
        assert "2 steps lead to these seats." in other.text
        last = browser_with("STEP_FREE").post(
            f"{path}best/", {"count": "4", "stepfree": "yes", "loop": "yes"}, headers={"HX-Request": "true"}
        )
        assert "We do not know how many steps lead to these seats; please ask us." in last.text
        assert "hearing loop covers" not in last.text

    @pytest.mark.parametrize("need", ["ARMREST", "TRANSFER"])
    def test_an_armrest_that_lifts_comes_first_for_who_slides_over_it(self, need):
        plan = "armrest lifts no\nA oooo\narmrest lifts unknown\nB oooo\narmrest lifts yes\nC oooo\n"
        path = f"/showtimes/{make_showtime(auditorium=make_auditorium(make_theater(), plan)).pk}/"
        client = browser_with(need)
        page = client.get(f"{path}?view=list").text
        assert page.index('value="C1"') < page.index('value="B1"') < page.index('value="A1"')
        assert 'name="armrest" value="yes" checked' in client.get(path).text
        wish = {"count": "2", "armrest": "yes"}
        answers = [Client().post(f"{path}best/", wish, headers={"HX-Request": "true"}).text for _ in range(3)]
        said = ["armrest of these seats lifts; please ask us." in answer for answer in answers]
        assert said == [False, False, True]
        box = need.lower()
        assert f'id="{box}" name="{box}" value="yes" checked' in client.get(f"{path}waiting/").text

    def test_the_waiting_list_begins_with_step_free_seats_for_somebody_who_needs_them(self, path):
        page = browser_with("STEP_FREE").get(f"{path}waiting/").text
        ticked = re.findall(r'name="(stepfree|loop)" value="yes"( checked)?', page)
        assert ticked == [("stepfree", " checked"), ("loop", "")]
        assert "checked" not in Client().get(f"{path}waiting/").text.split('id="stepfree"')[1].split(">")[0]
