"""A manager plans showtimes in the theater's time and without overlaps; services publish them and take them back."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from reservations.models import Hold, ShowtimeSeat
from reservations.seats.taking import Browser, take_seats
from staff.models import AuditEntry
from tests.boxoffice.scenes import book, utc
from tests.clock import begins_in
from tests.factories import (
    make_auditorium,
    make_draft,
    make_movie,
    make_price_list,
    make_showtime,
    make_staff,
    make_theater,
)
from tests.variants import some
from theaters.models import Auditorium, Price, PriceList, Showtime

pytestmark = pytest.mark.django_db
ADD = "/admin/theaters/showtime/add/"


def change(showtime) -> str:
    return f"/admin/theaters/showtime/{showtime.pk}/change/"


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def errors(answer, field="at") -> str:
    return " ".join(answer.context["adminform"].form.errors.get(field, []))


@pytest.fixture
def room():
    return make_auditorium(make_theater(timezone_name="America/New_York", currency="USD"))


@pytest.fixture
def wish(room):
    """What the form sends for a movie of 100 minutes on a summer evening in New York."""
    return {
        "shown": make_movie(title="The Kid").pk,
        "auditorium": room.pk,
        "price_list": make_price_list(room.theater).pk,
        "on": "2030-07-05",
        "at": "19:30",
        "which": "",
        "note": "4K restoration",
    }


class TestLocalTime:
    @pytest.mark.parametrize(
        ("zone", "moment", "shown"),
        [
            ("America/New_York", utc(2030, 7, 5, 23, 30), "Fri 05 Jul 2030, 19:30"),
            ("Asia/Tokyo", utc(2030, 7, 5, 10, 30), "Fri 05 Jul 2030, 19:30"),
            ("Europe/London", utc(2030, 7, 5, 18, 30), "Fri 05 Jul 2030, 19:30"),
        ],
    )
    def test_there_and_back(self, office, wish, zone, moment, shown):
        room = make_auditorium(make_theater(timezone_name=zone))
        wish |= {"auditorium": room.pk, "price_list": make_price_list(room.theater).pk}
        answer = office.post(ADD, wish)
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        showtime = Showtime.objects.get()
        assert (showtime.starts_at, showtime.status) == (moment, "DRAFT")
        assert showtime.ends_at == moment + timedelta(minutes=115)
        assert showtime.occupied_until == moment + timedelta(minutes=135)
        assert showtime.sales_close_at == moment
        assert shown in office.get("/admin/theaters/showtime/").content.decode()
        form = office.get(change(showtime)).context["adminform"].form
        assert (form["on"].value(), f"{form['at'].value():%H:%M}") == (date(2030, 7, 5), "19:30")

    def test_saving_again_changes_nothing(self, office, wish):
        office.post(ADD, wish)
        showtime = Showtime.objects.get()
        assert office.post(change(showtime), wish).status_code == 302
        again = Showtime.objects.get()
        assert (again.starts_at, again.plan_id) == (showtime.starts_at, showtime.plan_id)

    def test_moved_to_another_room_it_gets_that_rooms_plan(self, office, wish, room):
        office.post(ADD, wish)
        other = make_auditorium(room.theater, plan_text="A oooo\n")
        showtime = Showtime.objects.get()
        assert office.post(change(showtime), wish | {"auditorium": other.pk, "at": "20:00"}).status_code == 302
        showtime.refresh_from_db()
        assert showtime.plan.auditorium == other
        assert showtime.starts_at == utc(2030, 7, 6, 0, 0)
        assert showtime.ends_at == utc(2030, 7, 6, 1, 55)


class TestClockNights:
    """In New York clocks go forward on 10 March 2030 at 02:00 and back on 3 November 2030 at 02:00."""

    def test_a_time_that_clocks_skip_is_refused(self, office, wish):
        answer = office.post(ADD, wish | {"on": "2030-03-10", "at": "02:30"})
        assert "skip 02:30. Did you mean 01:30 or 03:30?" in errors(answer)
        assert not Showtime.objects.exists()

    def test_a_time_that_comes_twice_is_asked_about(self, office, wish):
        night = wish | {"on": "2030-11-03", "at": "01:30"}
        answer = office.post(ADD, night)
        assert "show 01:30 twice. Which one do you mean?" in errors(answer, "which")
        page = answer.content.decode()
        assert "The first: 01:30 EDT (UTC-04:00)" in page
        assert "The second, an hour later: 01:30 EST (UTC-05:00)" in page
        assert not Showtime.objects.exists()

    @pytest.mark.parametrize(("which", "moment"), [("0", utc(2030, 11, 3, 5, 30)), ("1", utc(2030, 11, 3, 6, 30))])
    def test_the_answer_is_kept(self, office, wish, which, moment):
        night = wish | {"on": "2030-11-03", "at": "01:30", "which": which}
        assert office.post(ADD, night).status_code == 302
        showtime = Showtime.objects.get()
        assert showtime.starts_at == moment
        assert showtime.ends_at - showtime.starts_at == timedelta(minutes=115)
        form = office.get(change(showtime)).context["adminform"].form
        assert (form["at"].value().strftime("%H:%M"), form["which"].value()) == ("01:30", which)
        assert office.post(change(showtime), night).status_code == 302
        assert Showtime.objects.get().starts_at == moment
        shown = {"0": "Sun 03 Nov 2030, 01:30 EDT", "1": "Sun 03 Nov 2030, 01:30 EST"}[which]
        assert shown in office.get("/admin/theaters/showtime/").content.decode()

    def test_an_answer_without_a_question_changes_nothing(self, office, wish):
        office.post(ADD, wish | {"which": "1"})
        assert Showtime.objects.get().starts_at == utc(2030, 7, 5, 23, 30)

    def test_a_show_across_the_change_lasts_as_long_as_its_film(self, office, wish):
        office.post(ADD, wish | {"on": "2030-11-03", "at": "00:30"})
        assert Showtime.objects.get().ends_at == utc(2030, 11, 3, 6, 25)


class TestRefused:
    def test_overlap_names_the_other_showtime(self, office, wish):
        office.post(ADD, wish)
        answer = office.post(ADD, wish | {"at": "21:44"})
        assert errors(answer) == (
            f"The Kid is in {Auditorium.objects.get().name} from Fri 05 Jul, 19:30 until 21:45, cleaning included. "
            "Choose another time or auditorium."
        )
        assert Showtime.objects.count() == 1

    def test_as_soon_as_the_room_is_clean_it_is_free(self, office, wish):
        office.post(ADD, wish)
        assert office.post(ADD, wish | {"at": "21:45"}).status_code == 302

    def test_another_manager_was_faster(self, office, wish):
        """The database's constraint refuses the second one, and the form says the same sentence as always."""
        office.post(ADD, wish)
        with mock.patch("boxoffice.forms.showtime_drafts.overlap_sentence", side_effect=["", mock.DEFAULT]) as look:
            look.return_value = "The Kid is there now."
            answer = office.post(ADD, wish)
        assert answer.status_code == 200
        assert errors(answer) == "The Kid is there now."
        assert Showtime.objects.count() == 1

    def test_the_constraint_holds_without_the_form(self, office, wish):
        office.post(ADD, wish)
        twin = Showtime.objects.get()
        twin.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)

    def test_a_moment_that_has_passed(self, office, wish):
        answer = office.post(ADD, wish | {"on": "2020-07-05"})
        assert errors(answer).startswith("This moment has passed: it is ")

    def test_a_price_list_of_another_theater(self, office, wish):
        answer = office.post(ADD, wish | {"price_list": make_price_list(make_theater()).pk})
        assert "the auditorium is in" in errors(answer, "price_list")

    def test_a_room_without_a_plan(self, office, wish, room):
        bare = Auditorium.objects.create(theater=room.theater, name="Bare")
        answer = office.post(ADD, wish | {"auditorium": bare.pk})
        assert errors(answer, "auditorium") == "Bare has no published seating plan yet."

    @pytest.mark.parametrize("field", some(["shown", "auditorium", "price_list", "on", "at"], every=3))
    @pytest.mark.parametrize("value", some(["", "0", "x", "99999999999999999999"], every=2))
    def test_missing_and_nonsense(self, office, wish, field, value):
        PriceList.objects.update(is_by_hand=True)
        assert office.post(ADD, wish | {field: value}).status_code == 200
        assert not Showtime.objects.exists()

    def test_no_single_list_is_said_beside_the_field(self, office, wish, room):
        make_price_list(room.theater)
        answer = office.post(ADD, wish | {"price_list": ""})
        assert "Several price lists are valid on" in errors(answer, "price_list")
        assert not Showtime.objects.exists()

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_the_ends_of_the_calendar(self, office, wish, day):
        answer = office.post(ADD, wish | {"on": day})
        assert answer.status_code == 200
        assert errors(answer, "on")


def test_without_a_choice_the_list_is_the_one_that_is_valid(office, wish):
    office.post(ADD, wish | {"price_list": ""})
    draft = Showtime.objects.get()
    assert (draft.price_list_id, draft.is_list_by_hand) == (wish["price_list"], False)
    page = office.get(f"/admin/theaters/showtime/{draft.pk}/change/").content.decode()
    assert '<option value="" selected>The one that is valid then</option>' in page


class TestPublish:
    def test_button_saves_and_opens_the_sale_with_a_row_per_seat(self, office, wish):
        answer = office.post(ADD, wish | {"_publish": "Save and publish"})
        showtime = Showtime.objects.get()
        assert answer.url == change(showtime)
        assert (showtime.status, showtime.seats_total, showtime.note) == ("PUBLISHED", 12, "4K restoration")
        seats = ShowtimeSeat.objects.filter(showtime=showtime)
        assert set(seats.values_list("seat", flat=True)) == set(showtime.plan.seats.values_list("pk", flat=True))
        assert "on sale with 12 seats" in said(answer)
        assert office.get(showtime.get_absolute_url()).status_code == 200
        assert [entry.after for entry in AuditEntry.objects.filter(action="change")] == [
            {"done": "on sale with 12 seats."}
        ]

    def test_action_publishes_what_it_can_and_says_what_not(self, office):
        good, bad = make_draft(), make_draft()
        Price.objects.filter(price_list=bad.price_list, category="PREMIUM").delete()
        answer = office.post("/admin/theaters/showtime/", {"action": "publish", "_selected_action": [good.pk, bad.pk]})
        assert "has no price for: Premium" in said(answer)
        assert dict(Showtime.objects.values_list("pk", "status")) == {good.pk: "PUBLISHED", bad.pk: "DRAFT"}
        assert not ShowtimeSeat.objects.filter(showtime=bad).exists()

    def test_a_draft_without_prices_is_saved_and_the_refusal_said(self, office, wish):
        Price.objects.all().delete()
        answer = office.post(ADD, wish | {"_publish": "1"})
        assert "has no price for: Standard, Premium" in said(answer)
        assert Showtime.objects.get().status == "DRAFT"

    def test_published_keeps_what_customers_bought(self, office, showtime):
        before = Showtime.objects.filter(pk=showtime.pk).values().get()
        posted = {"starts_at_0": "2031-01-01", "status": "DRAFT", "note": "With a talk", "picture": "3D"}
        assert office.post(change(showtime), posted).status_code == 302
        after = Showtime.objects.filter(pk=showtime.pk).values().get()
        assert after == before | {"note": "With a talk"}
        form = office.get(change(showtime)).context["adminform"].form
        assert set(form.fields) == {"note", "note_de", "note_dv", "series"}

    def test_a_page_left_open_does_not_change_a_showtime_published_meanwhile(self, office, wish):
        office.post(ADD, wish | {"_publish": "1"})
        showtime = Showtime.objects.get()
        answer = office.post(change(showtime), wish | {"at": "12:00", "note": "Other"})
        assert "was published meanwhile" in errors(answer, "__all__")
        showtime.refresh_from_db()
        assert (showtime.starts_at, showtime.note) == (utc(2030, 7, 5, 23, 30), "4K restoration")

    def test_canceled_is_only_read(self, office, showtime):
        Showtime.objects.filter(pk=showtime.pk).update(status="CANCELED")
        assert office.get(change(showtime)).status_code == 200
        assert office.post(change(showtime), {"note": "x"}).status_code == 403


class TestTakeBack:
    def test_an_unsold_one_is_a_draft_again(self, office, showtime):
        answer = office.post(change(showtime), {"note": "", "_take_back": "1"})
        assert "taken back" in said(answer)
        showtime.refresh_from_db()
        assert (showtime.status, showtime.seats_total) == ("DRAFT", 0)
        assert not ShowtimeSeat.objects.exists()

    def test_a_sold_one_stays(self, office, showtime):
        book(showtime, "A1")
        answer = office.post(change(showtime), {"note": "", "_take_back": "1"})
        assert "has bookings" in said(answer)
        assert Showtime.objects.get().status == "PUBLISHED"
        assert ShowtimeSeat.objects.count() == 12

    def test_while_somebody_chooses_it_stays(self, office, showtime):
        somebody = Browser(holder="a" * 64, address="192.0.2.1")
        take_seats(showtime_id=showtime.pk, browser=somebody, labels=["A1"])
        answer = office.post("/admin/theaters/showtime/", {"action": "take_back", "_selected_action": [showtime.pk]})
        assert "choosing seats for this showtime right now" in said(answer)
        assert Showtime.objects.get().status == "PUBLISHED"
        assert Hold.objects.count() == 1


class TestDelete:
    def test_a_draft_goes(self, office):
        draft = make_draft()
        assert office.post(f"/admin/theaters/showtime/{draft.pk}/delete/", {"post": "yes"}).status_code == 302
        assert not Showtime.objects.exists()

    def test_a_published_one_never(self, office, showtime):
        address = f"/admin/theaters/showtime/{showtime.pk}/delete/"
        assert office.get(address).status_code == 403
        assert office.post(address, {"post": "yes"}).status_code == 403
        office.post(
            "/admin/theaters/showtime/",
            {"action": "delete_selected", "_selected_action": [showtime.pk], "post": "yes"},
        )
        assert Showtime.objects.filter(pk=showtime.pk).exists()

    def test_one_with_sales_not_even_by_sql(self, showtime):
        book(showtime, "A1")
        statement = "SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM theaters_showtime WHERE id = %s"
        with connection.cursor() as cursor, pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
            cursor.execute(statement % showtime.pk)
        with pytest.raises(ProtectedError):
            Showtime.objects.all().delete()

    def test_published_while_the_question_was_on_the_screen(self, office):
        draft = make_draft()
        with mock.patch("theaters.schedule.showtime_drafts.locks.showtime_to_change", return_value=make_showtime()):
            answer = office.post(f"/admin/theaters/showtime/{draft.pk}/delete/", {"post": "yes"})
        assert answer.url == change(draft)
        assert "Only a draft may be changed or deleted" in said(answer)
        assert Showtime.objects.filter(pk=draft.pk).exists()


def test_staff_without_the_right_neither_plans_nor_publishes(client):
    draft = make_draft()
    client.force_login(make_staff("BOX_OFFICE", draft.auditorium.theater))
    page = client.get(change(draft)).content.decode()
    assert "_publish" not in page
    assert client.post(change(draft), {"_publish": "1"}).status_code == 403
    assert client.get(ADD).status_code == 403
    client.post("/admin/theaters/showtime/", {"action": "publish", "_selected_action": [draft.pk]})
    draft.refresh_from_db()
    assert draft.status == "DRAFT"


def test_a_past_showtime_leads_to_its_figures_and_no_longer_to_its_sale(office, showtime):
    ways = [
        f'href="{showtime.get_absolute_url()}"',
        f'href="{reverse("admin:schedule_alter", args=[showtime.pk])}"',
        f'href="{reverse("admin:schedule_house_seats", args=[showtime.pk])}"',
    ]
    figures = f'href="{reverse("admin:report_showtime", args=[showtime.pk])}"'
    page = office.get(change(showtime)).content.decode()
    assert [way for way in [*ways, figures] if way not in page] == []
    begins_in(showtime, hours=-5)
    page = office.get(change(showtime)).content.decode()
    assert figures in page and [way for way in ways if way in page] == []
    assert change(showtime) in office.get("/admin/theaters/showtime/?day=all").content.decode()
    clerk = Client()
    clerk.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    assert figures not in clerk.get(change(showtime)).content.decode()
