"""A theater in the office: from nothing to its first sale, its photo, its access information and its policies."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from houses.models import House, PageText, TextPage, Theater
from houses.selectors import forget_houses
from reservations.selling.bookings import PayForm, open_booking
from staff.models import AuditEntry, StaffRole
from tests.aging import unguarded
from tests.factories import (
    hold_seats,
    make_auditorium,
    make_browser,
    make_draft,
    make_movie,
    make_price_list,
    make_showtime,
    make_staff,
    make_theater,
)
from tests.variants import some
from theaters.models import Auditorium, PriceList, Showtime
from theaters.opening.first_steps import steps_to_first_sale

pytestmark = pytest.mark.django_db
ADD = "/admin/houses/theater/add/"
NO_ROOMS = {
    "photos-TOTAL_FORMS": 0,
    "photos-INITIAL_FORMS": 0,
    "auditoriums-TOTAL_FORMS": "0",
    "auditoriums-INITIAL_FORMS": "0",
}


def picture(size=(1600, 900), kind="JPEG", **options) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "#b9862f").save(out, kind, **options)
    return SimpleUploadedFile(f"front.{kind.lower()}", out.getvalue())


def theater_form(**fields):
    return {
        "name": "Lantern", "slug": "lantern", "street": "1 Light Street", "city": "London", "postal_code": "E8",
        "country": "GB", "timezone": "Europe/London", "currency": "GBP", "tax_rate": "20", "booking_fee": "0.5",
        "business_day_starts_at": "05:00", "sales_close_minutes": "0", "counter_close_minutes": "30", "hold_minutes": "",
        "refund_limit": "100", "hours_1": "24", "percent_1": "100", **NO_ROOMS,
    } | fields  # fmt: skip


def change(theater):
    return f"/admin/houses/theater/{theater.pk}/change/"


@pytest.fixture
def owner():
    """A browser of the owner of another theater."""
    return make_staff("OWNER", make_theater())


@pytest.fixture
def desk(owner):
    client = Client()
    client.force_login(owner)
    return client


def without_terms():
    """Put the house into the state before anybody wrote a text."""
    with unguarded():
        PageText.objects.all().delete()
    TextPage.objects.all().delete()
    forget_houses()


class TestFounding:
    def test_the_form_begins_with_what_most_houses_do(self, desk):
        form = desk.get(ADD).context["adminform"].form
        names = ("hours_1", "percent_1", "hours_2", "percent_2", "refund_limit", "business_day_starts_at")
        assert [str(form[name].value()) for name in names] == ["24", "100", "2", "50", "100", "05:00:00"]

    def test_it_belongs_to_its_founder_and_begins_with_usual_types_and_a_list(self, desk, owner):
        answer = desk.post(ADD, theater_form())
        assert answer.status_code == 302, answer.context["errors"]
        theater = Theater.objects.get(slug="lantern")
        assert answer.url == change(theater)
        assert StaffRole.objects.get(theater=theater).user == owner
        codes = ["ADULT", "CHILD", "SENIOR", "STUDENT", "FAMILY", "CARER"]
        assert list(theater.ticket_types.values_list("code", flat=True)) == codes
        usual = theater.ticket_types.get(is_default=True)
        assert (usual.code, usual.is_adult, theater.price_lists.get().name) == ("ADULT", True, "Standard")
        acts = set(AuditEntry.objects.filter(theater=theater).values_list("action", "what"))
        things = {"houses.theater", "theaters.tickettype", "theaters.pricelist"}
        assert acts == {("add", thing) for thing in things} | {("give role", "staff.staffrole")}

    @pytest.mark.parametrize(
        ("typed", "stored", "shown"),
        some(
            [
                ("7", "0.07", "7"),
                ("7.5", "0.075", "7.5"),
                ("20 %", "0.2", "20"),
                ("0", "0", "0"),
                ("99.999", "0.99999", "99.999"),
            ],
            every=2,
        ),
    )
    def test_a_tax_rate_is_typed_and_read_in_percent(self, desk, typed, stored, shown):
        assert desk.post(ADD, theater_form(tax_rate=typed)).status_code == 302
        theater = Theater.objects.get(slug="lantern")
        assert theater.tax_rate == Decimal(stored)
        form = desk.get(change(theater)).context["adminform"].form
        assert form["tax_rate"].value() == shown
        desk.post(change(theater), theater_form(tax_rate=shown, reason="none"))
        theater.refresh_from_db()
        assert theater.tax_rate == Decimal(stored)

    @pytest.mark.parametrize("typed", some(["100", "-1", "twenty", "7.12345"], every=2))
    def test_a_tax_rate_that_is_no_percentage_is_refused_in_words(self, desk, typed):
        answer = desk.post(ADD, theater_form(tax_rate=typed))
        assert answer.status_code == 200 and not Theater.objects.filter(slug="lantern").exists()
        (sentence,) = answer.context["adminform"].form.errors["tax_rate"]
        assert "{" not in sentence and sentence.startswith(("Ensure", "Enter a number"))

    def test_nobody_but_an_owner_founds_a_theater(self):
        client = Client()
        client.force_login(make_staff("MANAGER", make_theater()))
        assert client.post(ADD, theater_form()).status_code == 403
        assert not Theater.objects.filter(slug="lantern").exists()

    def test_from_nothing_to_a_sale(self, desk):
        """An owner goes the whole way page by page, in the order of the list on the theater's page."""
        without_terms()
        desk.post(ADD, theater_form())
        theater = Theater.objects.get(slug="lantern")
        self.step(desk, theater, "Add an auditorium")
        room = {"auditoriums-TOTAL_FORMS": "1", "auditoriums-0-name": "One", "auditoriums-0-theater": theater.pk}
        minutes = {"auditoriums-0-preroll_minutes": "15", "auditoriums-0-turnaround_minutes": "20"}
        assert desk.post(change(theater), theater_form(**room, **minutes)).status_code == 302
        drawing = {"auditorium": Auditorium.objects.get().pk, "source": "A ooo.ooo\n", "_publish": "1"}
        desk.post(self.step(desk, theater, "Draw its seats"), drawing)
        self.price(desk, self.step(desk, theater, "Fill in the prices"), theater)
        assert self.step(desk, theater, "Say who sells") == f"/admin/first-day/{theater.pk}/law/"
        self.write_terms(desk, "/admin/houses/textpage/", theater)
        assert self.step(desk, theater, "Add a movie") == f"/admin/first-day/{theater.pk}/movie/"
        movie = make_movie()
        desk.post(self.step(desk, theater, "Plan a first week"), {"movie": movie.pk, "evening": "20:00"})
        showtime = Showtime.objects.published().latest("starts_at")
        hold_seats(showtime, make_browser(1), "A1")
        form = PayForm(email="ada@example.com", choices={"A1": "ADULT"}, expected_total=Decimal(12))
        booking = open_booking(showtime_id=showtime.pk, browser=make_browser(1), form=form)
        assert booking.sale.terms_text.title == "Terms of sale"
        assert "first-steps" not in desk.get(change(theater)).content.decode()

    def write_terms(self, desk, url, theater):
        added = desk.post(
            f"{url}add/", {"house": theater.house_id, "slug": "terms", "position": "1", "is_in_footer": "on"}
        )
        words = {"language": "en", "title": "Terms of sale", "body": "A ticket is for **one** seat."}
        shown = desk.post(added.url, words)
        assert "<strong>one</strong>" in shown.text and not PageText.objects.exists()
        assert desk.post(added.url, words | {"_publish": "1"}).status_code == 302

    def test_what_is_on_sale_cannot_be_paid_for_without_terms_and_the_list_says_so(self, showtime):
        theater = showtime.auditorium.theater
        without_terms()
        assert [step.words[:15] for step in steps_to_first_sale(theater, now=timezone.now())] == ["Say who sells, "]

    def step(self, desk, theater, words) -> str:
        """The address of the first open step, which must be this one."""
        todo = [step for step in desk.get(change(theater)).context["steps"] if step.is_needed and not step.is_done]
        assert todo[0].words.startswith(words), todo
        return todo[0].url

    def price(self, desk, url, theater):
        kind = theater.ticket_types.get(is_default=True)
        assert desk.post(url, {kind.code: "12", "premium": "0"}).status_code == 302

    def test_what_sells_needs_no_list(self):
        showtime = make_showtime()
        assert steps_to_first_sale(showtime.auditorium.theater, now=timezone.now()) == []


class TestPhoto:
    def test_it_is_saved_in_two_sizes_and_shown_with_its_description(self, office, client):
        theater = make_theater()
        exif = Image.Exif()
        exif[0x010E] = "secret place"
        upload = picture((3000, 2000), exif=exif, comment=b"hidden passenger")
        words = {"photo_alt": "The lit front at dusk", "photo_credit": "Ada Lovelace"}
        answer = office.post(change(theater), theater_form(photo=upload, **words))
        assert answer.status_code == 302, answer.context["errors"]
        theater.refresh_from_db()
        assert (theater.photo_width, theater.photo_height) == (1920, 1280)
        for kept, size in ((theater.photo, (1920, 1280)), (theater.photo_small, (800, 533))):
            data = kept.read()
            assert b"hidden" not in data and b"secret" not in data
            with Image.open(BytesIO(data)) as image:
                assert (image.format, image.size) == ("JPEG", size)
        page = client.get(theater.get_absolute_url()).content.decode()
        for part in (
            f"{theater.photo_small.url} 800w",
            'width="1920" height="1280"',
            'alt="The lit front at dusk"',
            "Ada Lovelace",
        ):
            assert part in page

    @pytest.mark.parametrize(
        ("upload", "sentence"),
        [
            (SimpleUploadedFile("front.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "valid image|not allowed"),
            (SimpleUploadedFile("front.jpg", b"<html><script>alert(1)</script>"), "valid image"),
            (SimpleUploadedFile("front.jpg", b"x" * (5 * 1024 * 1024 + 1)), "larger than 5 MB"),
        ],
    )
    def test_what_is_no_photo(self, office, upload, sentence):
        theater = make_theater()
        answer = office.post(change(theater), theater_form(photo=upload, photo_alt="x"))
        told = " ".join(answer.context["adminform"].form.errors["photo"])
        assert any(part in told for part in sentence.split("|")), told
        assert not Theater.objects.exclude(photo="").exists()

    def test_a_small_one_and_one_without_words_are_refused(self, office):
        theater = make_theater()
        answer = office.post(change(theater), theater_form(photo=picture((700, 500)), photo_alt="x"))
        assert "too small" in str(answer.context["adminform"].form.errors["photo"])
        answer = office.post(change(theater), theater_form(photo=picture()))
        assert "some visitors hear" in str(answer.context["adminform"].form.errors["photo_alt"])

    def test_replaced_and_taken_away_it_leaves_no_file(self, office, django_capture_on_commit_callbacks):
        theater = make_theater()
        office.post(change(theater), theater_form(photo=picture(), photo_alt="x"))
        theater.refresh_from_db()
        old = [theater.photo, theater.photo_small]
        with django_capture_on_commit_callbacks(execute=True):
            assert office.post(change(theater), theater_form(**{"photo-clear": "on"})).status_code == 302
        theater.refresh_from_db()
        assert (theater.photo.name, theater.photo_small.name, theater.photo_width) == ("", "", None)
        assert not any(file.storage.exists(file.name) for file in old)


class TestPolicies:
    def test_access_information_is_on_the_page_in_the_order_of_the_list(self, office, client):
        theater = make_theater()
        facts = {
            "access_features": ["DOGS", "STEP_FREE"],
            "access_information": "Door 2",
            "access_contact": "a@b.example",
        }
        assert office.post(change(theater), theater_form(**facts)).status_code == 302
        page = client.get(theater.get_absolute_url()).content.decode()
        assert page.index("Step-free entrance") < page.index("Assistance dogs welcome")
        assert "Door 2" in page and 'href="mailto:a@b.example"' in page

    @pytest.mark.parametrize(
        ("field", "value"),
        some([
            ("hold_minutes", "0"), ("hold_minutes", "61"), ("tax_rate", "100"), ("tax_rate", "-1"), ("country", "uk"),
            ("business_day_starts_at", "13:00"), ("sales_close_minutes", "-241"), ("timezone", "Mars/Base"),
            ("currency", "XAU"), ("booking_fee", "-1"), ("refund_limit", "-1"), ("access_features", "NONSENSE"),
        ], every=3),
    )  # fmt: skip
    def test_a_policy_that_makes_no_sense_is_refused_beside_its_field(self, office, field, value):
        answer = office.post(ADD, theater_form(**{field: value}))
        assert set(answer.context["adminform"].form.errors) == {field}
        assert not Theater.objects.exists()

    def test_hold_minutes_are_kept_as_seconds_and_empty_is_the_house(self, office):
        theater = make_theater()
        office.post(change(theater), theater_form(hold_minutes="15"))
        assert Theater.objects.get().hold_seconds == 900
        assert office.get(change(theater)).context["adminform"].form["hold_minutes"].value() == 15
        office.post(change(theater), theater_form(hold_minutes=""))
        assert Theater.objects.get().hold_seconds is None

    def test_currency_stays_with_the_first_price_and_the_zone_with_the_first_showtime(self, office):
        theater = make_theater()
        room = make_auditorium(theater)
        office.post(change(theater), theater_form(currency="EUR", timezone="Europe/Paris"))
        assert set(Theater.objects.values_list("currency", "timezone")) == {("EUR", "Europe/Paris")}
        make_price_list(theater)
        office.post(change(theater), theater_form(currency="USD", timezone="Europe/Berlin"))
        assert set(Theater.objects.values_list("currency", "timezone")) == {("EUR", "Europe/Berlin")}
        make_draft(auditorium=room, price_list=PriceList.objects.get())
        page = office.post(change(theater), theater_form(timezone="Asia/Tokyo"), follow=True)
        assert Theater.objects.get().timezone == "Europe/Berlin"
        assert "Time zone and currency stay" in office.get(change(theater)).content.decode(), page


class TestMorePhotos:
    def rows(self, *rows, initial=0, **fields):
        """What the page posts for its rows of photos."""
        form = {"photos-TOTAL_FORMS": len(rows), "photos-INITIAL_FORMS": initial}
        for number, row in enumerate(rows):
            form |= {f"photos-{number}-{name}": value for name, value in row.items()}
        return theater_form(**form | fields)

    @pytest.fixture
    def two(self, office):
        theater = make_theater()
        exif = Image.Exif()
        exif[0x010E] = "secret place"
        bar = {"place": 2, "photo": picture((3000, 2000), exif=exif), "alt": "The bar", "credit": "Ada Lovelace"}
        hall = {"place": 1, "photo": picture(), "alt": "The large auditorium"}
        answer = office.post(change(theater), self.rows(bar, hall))
        assert answer.status_code == 302, answer.context["errors"]
        return theater

    def test_they_are_saved_again_and_shown_in_order_with_their_descriptions(self, two, client):
        hall, bar = two.photos.all()
        assert (hall.alt, bar.alt, bar.width, bar.height) == ("The large auditorium", "The bar", 1920, 1280)
        for file, size in ((bar.photo, (1920, 1280)), (bar.photo_small, (800, 533))):
            data = file.read()
            assert b"secret" not in data
            with Image.open(BytesIO(data)) as image:
                assert (image.format, image.size) == ("JPEG", size)
        page = client.get(two.get_absolute_url()).content.decode()
        assert (
            page.index('alt="The large auditorium"') < page.index('alt="The bar"') < page.index("Photo: Ada Lovelace")
        )
        assert f"http://testserver{bar.photo.url}" in page  # in the data for search engines

    def test_a_photo_needs_words_a_picture_and_pixels(self, office):
        theater = make_theater()
        for row, field, sentence in (
            ({"place": 1, "photo": picture()}, "alt", "required"),
            ({"place": 1, "alt": "The bar"}, "photo", "required"),
            ({"place": 1, "alt": "The bar", "photo": picture((700, 500))}, "photo", "too small"),
            ({"place": 1, "alt": "The bar", "photo": SimpleUploadedFile("a.jpg", b"<html>")}, "photo", "valid image"),
        ):
            answer = office.post(change(theater), self.rows(row))
            [errors] = [
                one.formset.errors for one in answer.context["inline_admin_formsets"] if one.formset.prefix == "photos"
            ]
            assert sentence in str(errors[0][field]), (field, errors)
        assert not theater.photos.exists()

    def test_what_is_taken_away_or_replaced_leaves_no_file(self, two, office, django_capture_on_commit_callbacks):
        hall, bar = two.photos.all()
        gone, stays = [*hall.files, *bar.files], {"id": hall.pk, "place": 3, "alt": "Hall", "photo": picture()}
        leaves = {"id": bar.pk, "place": 2, "alt": "The bar", "DELETE": "on"}
        with django_capture_on_commit_callbacks(execute=True):
            assert office.post(change(two), self.rows(stays, leaves, initial=2)).status_code == 302
        [left] = two.photos.all()
        assert (left.alt, left.place) == ("Hall", 3)
        assert not any(file.storage.exists(file.name) for file in gone)
        assert all(file.storage.exists(file.name) for file in left.files)

    def test_what_stays_keeps_its_files(self, two, office, django_capture_on_commit_callbacks):
        rows = [{"id": photo.pk, "place": 5, "alt": photo.alt} for photo in two.photos.all()]
        with django_capture_on_commit_callbacks(execute=True):
            assert office.post(change(two), self.rows(*rows, initial=2)).status_code == 302
        assert all(file.storage.exists(file.name) for photo in two.photos.all() for file in photo.files)


class TestTheWrongHouse:
    @pytest.fixture
    def houses(self):
        theater = make_theater()
        return theater, House.objects.create(name="Other", slug="other")

    def test_a_theater_moves_to_another_house_until_a_showtime_is_planned(self, admin_client, houses):
        theater, other = houses
        page = admin_client.get(change(theater))
        assert 'name="house"' in page.text
        answer = admin_client.post(change(theater), theater_form(house=other.pk))
        assert answer.status_code == 302, answer.context["errors"]
        theater.refresh_from_db()
        assert theater.house == other
        make_draft(auditorium=make_auditorium(theater))
        assert 'name="house"' not in admin_client.get(change(theater)).text
        admin_client.post(change(theater), theater_form(house=House.objects.of_installation().pk))
        theater.refresh_from_db()
        assert theater.house == other

    def test_an_owner_moves_it_into_no_house_that_is_not_theirs(self, houses):
        theater, other = houses
        make_theater(house=other)
        owner = Client()
        owner.force_login(make_staff("OWNER", theater))
        owner.post(change(theater), theater_form(house=other.pk))
        theater.refresh_from_db()
        assert theater.house != other
