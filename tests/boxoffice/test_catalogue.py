"""Movies, plans and prices in the office."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.factories import make_auditorium, make_draft, make_movie, make_price_list, make_showtime, make_theater
from tests.variants import some
from theaters.models import Movie, MovieStill, Price, PriceList, Seat, SeatingPlan, TicketType
from theaters.prices.prices import pinned_prices

pytestmark = pytest.mark.django_db


def picture(size=(300, 450), kind="PNG", mode="RGB", **options) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "#b9862f" if mode != "L" else 128).save(out, kind, **options)
    return out.getvalue()


def movie_form(**fields):
    ratings = {
        "versions-TOTAL_FORMS": "0",
        "versions-INITIAL_FORMS": "0",
        "stills-TOTAL_FORMS": "0",
        "stills-INITIAL_FORMS": "0",
        "ratings-TOTAL_FORMS": "1",
        "ratings-INITIAL_FORMS": "0",
        "ratings-0-country": "GB",
        "ratings-0-label": "PG",
    }
    return {
        "title": "The Kid", "slug": "the-kid", "year": "1921", "running_minutes": "68", "director": "Charles Chaplin",
        "kind": "FEATURE", "cast": "Charles Chaplin, Jackie Coogan", "palette": "#111111,#222222,#333333", **ratings,
    } | fields  # fmt: skip


class TestMovies:
    add = "/admin/theaters/movie/add/"

    def test_a_movie_with_its_rating(self, office):
        answer = office.post(self.add, movie_form())
        assert answer.status_code == 302, answer.context["errors"]
        movie = Movie.objects.get()
        assert movie.cast == ["Charles Chaplin", "Jackie Coogan"]
        assert [str(rating) for rating in movie.ratings.all()] == ["PG (GB)"]
        page = office.get("/admin/theaters/movie/").content.decode()
        assert 'src="/movies/the-kid/poster.svg"' in page
        assert "GB PG" in page

    def test_without_an_address_it_gets_a_free_address_from_its_title(self, office):
        for year in (1921, 2019):
            office.post(self.add, movie_form(title="Æon Flux", slug="", year=str(year)))
        assert list(Movie.objects.order_by("year").values_list("slug", flat=True)) == ["aeon-flux", "aeon-flux-2019"]

    def test_an_uploaded_poster_is_written_anew(self, office):
        upload = SimpleUploadedFile("../../evil.png", picture((2400, 3600)) + b"<?php evil ?>", "image/png")
        answer = office.post(self.add, movie_form(poster_image=upload))
        assert answer.status_code == 302, answer.context["errors"]
        movie = Movie.objects.get()
        kept = movie.poster_image.read()
        assert movie.poster_image.name.startswith("posters/") and movie.poster_image.name.endswith(".jpg")
        assert "evil" not in movie.poster_image.name and b"evil" not in kept
        with Image.open(BytesIO(kept)) as poster:
            assert (poster.format, poster.size, poster.getexif()) == ("JPEG", (1200, 1800), {})
        assert movie.poster_image.url in office.get("/admin/theaters/movie/").content.decode()

    @pytest.mark.parametrize(
        ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB"), ("JPEG", "CMYK")]
    )
    def test_every_kind_of_picture(self, office, kind, mode):
        image = Image.new("RGB", (30, 45), "#b9862f").convert(mode)
        out = BytesIO()
        image.save(out, kind)
        upload = SimpleUploadedFile(f"poster.{kind.lower()}", out.getvalue())
        assert office.post(self.add, movie_form(poster_image=upload)).status_code == 302

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("big.png", picture((50, 50)) + b"x" * 5 * 1024 * 1024, "larger than 5 MB"),
            ("page.png", b"<html><script>alert(1)</script></html>", "valid image"),
            ("poster.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not allowed|valid image"),
            ("poster.gif", picture(kind="GIF"), "not a picture we can read|not allowed"),
            ("bomb.png", picture((9000, 9000), mode="1"), "40 million|valid image"),
        ],
    )
    def test_what_is_no_poster_is_refused(self, office, name, content, sentence):
        answer = office.post(self.add, movie_form(poster_image=SimpleUploadedFile(name, content)))
        assert answer.status_code == 200
        told = " ".join(answer.context["adminform"].form.errors["poster_image"])
        assert any(part in told for part in sentence.split("|")), told
        assert not Movie.objects.exists()

    def test_a_replaced_poster_is_thrown_away(self, office, django_capture_on_commit_callbacks):
        office.post(self.add, movie_form(poster_image=SimpleUploadedFile("a.png", picture())))
        movie = Movie.objects.get()
        old = movie.poster_image.name
        with django_capture_on_commit_callbacks(execute=True):
            form = movie_form(poster_image=SimpleUploadedFile("b.png", picture()))
            form |= {"ratings-TOTAL_FORMS": "0"}
            assert office.post(f"/admin/theaters/movie/{movie.pk}/change/", form).status_code == 302
        movie.refresh_from_db()
        assert movie.poster_image.name != old
        assert not movie.poster_image.storage.exists(old)
        assert movie.poster_image.storage.exists(movie.poster_image.name)

    def test_stills_are_written_anew_and_shown_on_the_page_of_the_movie(self, office, client):
        upload = SimpleUploadedFile("../../evil.png", picture((3200, 1800)) + b"<?php evil ?>", "image/png")
        still = {
            "stills-TOTAL_FORMS": "1",
            "stills-0-picture": upload,
            "stills-0-alt": "A tramp and a boy on a doorstep",
        }
        answer = office.post(self.add, movie_form(**still, **{"stills-0-position": "1"}))
        assert answer.status_code == 302, answer.context["errors"]
        kept = MovieStill.objects.get()
        assert kept.picture.name.startswith("stills/") and b"evil" not in kept.picture.read()
        assert (kept.width, kept.height) == (1600, 900)
        page = client.get(kept.movie.get_absolute_url()).content.decode()
        assert f'<img src="{kept.picture.url}" alt="A tramp and a boy on a doorstep" width="1600" height="900"' in page

    def test_a_still_needs_its_description_and_a_picture(self, office):
        still = {"stills-TOTAL_FORMS": "1", "stills-0-picture": SimpleUploadedFile("a.png", b"no picture")}
        answer = office.post(self.add, movie_form(**still, **{"stills-0-position": "1"}))
        errors = answer.context["inline_admin_formsets"][2].formset.errors
        assert errors[0].keys() == {"picture", "alt"} and not Movie.objects.exists()

    def test_a_still_that_is_taken_away_or_replaced_is_thrown_away(self, office, django_capture_on_commit_callbacks):
        movie = make_movie(slug="the-kid")
        stills = [
            MovieStill.objects.create(movie=movie, picture=SimpleUploadedFile("a.png", picture()), alt="A")
            for _ in "ab"
        ]
        names = [still.picture.name for still in stills]
        form = movie_form(**{"ratings-TOTAL_FORMS": "0", "stills-TOTAL_FORMS": "2", "stills-INITIAL_FORMS": "2"})
        for at, still in enumerate(stills):
            line = {"id": still.pk, "movie": movie.pk, "alt": "A", "position": 0}
            form |= {f"stills-{at}-{name}": value for name, value in line.items()}
        form |= {"stills-0-DELETE": "on", "stills-1-picture": SimpleUploadedFile("b.png", picture())}
        with django_capture_on_commit_callbacks(execute=True):
            assert office.post(f"/admin/theaters/movie/{movie.pk}/change/", form).status_code == 302
        left = MovieStill.objects.get()
        assert left.picture.name not in names and left.picture.storage.exists(left.picture.name)
        assert not any(left.picture.storage.exists(name) for name in names)

    @pytest.mark.parametrize("palette", ["#111111", "red,green,blue", "#111111,#222222,#333333,#444444"])
    def test_a_palette_is_three_colors(self, office, palette):
        assert office.post(self.add, movie_form(palette=palette)).status_code == 200

    def test_the_address_of_a_movie_stays(self, office):
        movie = make_movie()
        office.post(
            f"/admin/theaters/movie/{movie.pk}/change/", movie_form(slug="other", **{"ratings-TOTAL_FORMS": "0"})
        )
        assert Movie.objects.get().slug == movie.slug

    def test_a_movie_with_showtimes_is_not_deleted(self, office):
        draft = make_draft()
        office.post(f"/admin/theaters/movie/{draft.movie_id}/delete/", {"post": "yes"})
        assert Movie.objects.filter(pk=draft.movie_id).exists()


class TestPlans:
    add = "/admin/theaters/seatingplan/add/"

    @pytest.fixture
    def room(self):
        return make_auditorium(make_theater())

    def test_looking_writes_nothing(self, office, room):
        answer = office.post(self.add, {"auditorium": room.pk, "source": "A oo.pp\n", "_preview": "1"})
        page = answer.content.decode()
        assert page.count('<g class="chair ') == 4
        assert "2 Premium" in page
        assert SeatingPlan.objects.count() == 1

    def test_publishing_makes_the_next_plan(self, office, room):
        source = "A  ss.wc\r\n\r\n[Balcony]\r\nBA oo.pp\r\n"
        answer = office.post(self.add, {"auditorium": room.pk, "source": source, "_publish": "1"})
        plan = SeatingPlan.objects.order_by("-number").first()
        assert answer.url == f"/admin/theaters/seatingplan/{plan.pk}/change/"
        assert (plan.number, plan.status, "\r" in plan.source) == (2, "PUBLISHED", False)
        page = office.get(answer.url).content.decode()
        assert page.count('<g class="chair ') == 7
        assert "<title>A1 and A2, Sofa</title>" in page
        assert "Balcony" in page
        assert (
            office.get(f"/admin/theaters/auditorium/{room.pk}/change/").content.decode().count('<g class="chair ') == 7
        )

    def test_a_slip_of_the_pen_is_told_with_its_line(self, office, room):
        answer = office.post(self.add, {"auditorium": room.pk, "source": "A ooo\nB oqo\n", "_publish": "1"})
        assert "Line 2: Row B: “q” is not a seat." in answer.content.decode()
        assert SeatingPlan.objects.count() == 1

    @pytest.mark.parametrize("source", ["", "\n", "<script>alert(1)</script>", "A " + "o" * 70_000])
    def test_nonsense(self, office, room, source):
        answer = office.post(self.add, {"auditorium": room.pk, "source": source, "_publish": "1"})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        assert SeatingPlan.objects.count() == 1

    def test_the_next_plan_begins_with_the_present_drawing(self, office, room):
        form = office.get(f"{self.add}?auditorium={room.pk}").context["form"]
        assert form["source"].value() == room.plans.get().source

    def test_a_published_plan_is_only_read(self, office, room):
        plan = room.plans.get()
        address = f"/admin/theaters/seatingplan/{plan.pk}/"
        assert office.post(f"{address}change/", {"source": "A o", "status": "DRAFT"}).status_code == 403
        assert office.post(f"{address}delete/", {"post": "yes"}).status_code == 403
        plan.refresh_from_db()
        assert plan.status == "PUBLISHED"
        assert Seat.objects.filter(plan=plan).count() == 12

    def test_names_are_escaped_in_the_picture(self, office, room):
        source = "[<b>Loge</b> & more]\nA oo\n"
        page = office.post(self.add, {"auditorium": room.pk, "source": source, "_preview": "1"}).content.decode()
        assert "<b>Loge" not in page
        assert "&lt;b&gt;Loge" in page


class TestPrices:
    @pytest.fixture
    def prices(self):
        return make_auditorium(make_theater()).theater.price_lists.first() or make_price_list(
            make_auditorium(make_theater()).theater
        )

    def address(self, price_list):
        return f"/admin/theaters/pricelist/{price_list.pk}/change/"

    def cells(self, price_list, **amounts):
        """All cells of the form as they are now, with some of them changed."""
        form_types = list(price_list.theater.ticket_types.all())
        data = {"name": price_list.name, "rank": "0"}
        for price in price_list.prices.all():
            data[f"price-{price.ticket_type_id}-{price.category.lower()}"] = str(price.amount)
        for name, amount in amounts.items():
            code, category = name.split("_")
            kind = next(kind for kind in form_types if kind.code == code.upper())
            data[f"price-{kind.pk}-{category}"] = amount
        return data

    def test_the_table_has_a_field_for_each_type_and_category(self, office, prices):
        page = office.get(self.address(prices)).content.decode()
        assert page.count('class="price"') == 10
        assert 'aria-label="Child, Premium"' in page

    def test_prices_change_appear_and_go(self, office, prices):
        form = self.cells(prices, adult_standard="15.25", child_premium="")
        assert office.post(self.address(prices), form).status_code == 302
        amounts = {(price.ticket_type.code, price.category): price.amount for price in prices.prices.all()}
        assert amounts["ADULT", "STANDARD"] == Decimal("15.25")
        assert ("CHILD", "PREMIUM") not in amounts
        assert amounts["CHILD", "STANDARD"] == Decimal("9.00")

    def test_who_changes_prices_is_told_what_keeps_the_old_ones(self, office):
        showtime = make_showtime()
        prices = showtime.price_list
        page = office.post(self.address(prices), self.cells(prices), follow=True).text
        assert "on sale keeps its prices" not in page
        page = office.post(self.address(prices), self.cells(prices, adult_standard="15.25"), follow=True).text
        assert f"1 showtime on sale keeps its prices of {prices}." in page
        assert f'href="/admin/theaters/pricelist/{prices.pk}/showtimes/">Choose which sell at the new ones' in page

    @pytest.mark.parametrize("amount", some(["-1", "1.234", "abc", "NaN", "Infinity", "99999999999"], every=2))
    def test_nonsense_is_refused_beside_its_field(self, office, prices, amount):
        before = list(prices.prices.order_by("pk").values())
        assert office.post(self.address(prices), self.cells(prices, adult_standard=amount)).status_code == 200
        assert list(prices.prices.order_by("pk").values()) == before

    def test_yen_have_no_decimals(self, office):
        theater = make_auditorium(make_theater(currency="JPY", timezone_name="Asia/Tokyo")).theater
        prices = make_price_list(theater, {"ADULT": Decimal(1900), "CHILD": Decimal(1000)}, premium=Decimal(300))
        page = office.get(self.address(prices)).content.decode()
        assert 'value="1900"' in page
        form = {
            name: amount.removesuffix(".00") for name, amount in self.cells(prices, adult_standard="1900.50").items()
        }
        assert office.post(self.address(prices), form).status_code == 200
        assert office.post(self.address(prices), form | self.cells_of(prices, "2000")).status_code == 302
        assert Price.objects.get(price_list=prices, ticket_type__code="ADULT", category="STANDARD").amount == 2000

    def cells_of(self, prices, amount):
        kind = prices.theater.ticket_types.get(code="ADULT")
        return {f"price-{kind.pk}-standard": amount}

    def test_what_is_on_sale_keeps_its_prices_when_the_list_loses_them(self, office):
        showtime = make_showtime()
        form = self.cells(showtime.price_list, adult_premium="", child_premium="")
        assert office.post(self.address(showtime.price_list), form).status_code == 302
        assert showtime.price_list.prices.filter(category="PREMIUM").count() == 0
        assert pinned_prices(showtime.price_version_id).amounts["ADULT", "PREMIUM"] == Decimal("17.50")

    def test_a_new_list_leads_to_its_table(self, office):
        theater = make_auditorium(make_theater()).theater
        answer = office.post("/admin/theaters/pricelist/add/", {"theater": theater.pk, "name": "Sunday", "rank": "0"})
        assert answer.url == self.address(PriceList.objects.get())
        assert office.get(answer.url).content.decode().count('class="price"') == 4


def test_one_ticket_type_is_the_default(office):
    theater = make_theater()
    child = theater.ticket_types.get(code="CHILD")
    form = {"name": "Child", "position": "1", "is_default": "on"}
    answer = office.post(f"/admin/theaters/tickettype/{child.pk}/change/", form)
    assert "Adult is the type a seat starts with already" in answer.content.decode()
    assert TicketType.objects.get(theater=theater, is_default=True).code == "ADULT"


def test_a_theater_with_showtimes_keeps_its_clock_and_coins(office):
    theater = make_draft().auditorium.theater
    page = office.get(f"/admin/houses/theater/{theater.pk}/change/").content.decode()
    for name in ("timezone", "currency", "slug"):
        assert f'name="{name}"' not in page
    assert 'name="timezone"' in office.get(f"/admin/houses/theater/{make_theater().pk}/change/").content.decode()


class TestCancelSteps:
    @pytest.fixture
    def theater(self, db):
        return make_theater()

    def save(self, office, theater, **steps):
        values = {name: getattr(theater, name) for name in (
            "name", "street", "city", "country", "timezone", "currency", "tax_rate", "business_day_starts_at",
            "sales_close_minutes", "counter_close_minutes", "booking_fee", "refund_limit", "cancellation_terms",
        )}  # fmt: skip
        inlines = {
            "photos-TOTAL_FORMS": 0,
            "photos-INITIAL_FORMS": 0,
            "auditoriums-TOTAL_FORMS": "0",
            "auditoriums-INITIAL_FORMS": "0",
        }
        return office.post(f"/admin/houses/theater/{theater.pk}/change/", values | inlines | steps)

    def test_the_form_shows_the_steps_in_hours(self, office, theater):
        form = office.get(f"/admin/houses/theater/{theater.pk}/change/").context["adminform"].form
        assert [form[name].value() for name in ("hours_1", "percent_1", "hours_2", "percent_2", "hours_3")] == [
            "12", 100, "2", 50, None,
        ]  # fmt: skip

    def test_steps_are_kept_in_minutes_earliest_first(self, office, theater):
        answer = self.save(office, theater, hours_1="1.5", percent_1="25", hours_4="48", percent_4="100")
        assert answer.status_code == 302, answer.context["errors"]
        theater.refresh_from_db()
        assert theater.cancel_tiers == [{"minutes": 2880, "percent": 100}, {"minutes": 90, "percent": 25}]

    def test_no_steps_are_possible(self, office, theater):
        assert self.save(office, theater).status_code == 302
        theater.refresh_from_db()
        assert theater.cancel_tiers == []

    @pytest.mark.parametrize(
        "steps",
        some(
            [
                {"hours_1": "2"},
                {"percent_1": "50"},
                {"hours_1": "2", "percent_1": "101"},
                {"hours_1": "-1", "percent_1": "50"},
                {"hours_1": "24", "percent_1": "50", "hours_2": "2", "percent_2": "100"},
                {"hours_1": "2161", "percent_1": "100"},
            ],
            every=2,
        ),
    )
    def test_steps_that_make_no_sense_are_refused(self, office, theater, steps):
        answer = self.save(office, theater, **steps)
        assert answer.status_code == 200 and answer.context["errors"]
        theater.refresh_from_db()
        assert len(theater.cancel_tiers) == 2
