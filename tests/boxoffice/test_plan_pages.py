"""The pages of a plan: drawing it, importing and exporting files, publishing it, and moving its showtimes to it."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from reservations.links.booking_search import bookings_matching
from reservations.models import ShowtimeSeat
from reservations.refusals.seats import SeatGone
from reservations.selling.bookings import open_booking
from staff.models import AuditEntry
from tests.boxoffice.scenes import book
from tests.clock import begins_in, evening
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
    pay_form,
)
from tests.ledger import nothing_changes
from tests.variants import some
from theaters.models import Auditorium, BrokenSeat, PlanDraft, SeatingPlan, Showtime
from theaters.plans.plan_drafts import begin_draft, draft_of, drawing_of_draft, save_areas
from theaters.plans.plan_drawing import AreaDrawing
from theaters.plans.plan_files import read_plan
from theaters.plans.plans import current_plan, drawing_of, lay_out
from theaters.plans.typical_plans import BY_SLUG

pytestmark = pytest.mark.django_db
TEXT = "A  ooo.ooo\nB  ppp.ppp\nC  ss..wc\n"


def page_of(room, name="") -> str:
    return f"/admin/theaters/seatingplan/draft/{room.pk}/{name}"


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@pytest.fixture
def room():
    return make_auditorium(make_theater())


def test_a_further_auditorium_may_begin_like_a_typical_one(client):
    bare = Auditorium.objects.create(theater=make_theater(), name="Bare")
    client.force_login(make_staff("MANAGER", bare.theater))
    assert 'value="arthouse">Arthouse: long rows, one aisle, 120 seats' in client.get(page_of(bare)).text
    assert client.post(page_of(bare, "begin/"), {"like": "arthouse"}).url == page_of(bare)
    assert drawing_of_draft(draft_of(bare)) == read_plan(BY_SLUG["arthouse"].text)


def test_a_ready_made_plan_that_is_not_known_begins_empty(client):
    bare = Auditorium.objects.create(theater=make_theater(), name="Bare")
    client.force_login(make_staff("MANAGER", bare.theater))
    client.post(page_of(bare, "begin/"), {"like": "unknown"})
    assert draft_of(bare).rows == []


def test_an_auditorium_with_a_plan_begins_with_its_copy_alone(client, room):
    client.force_login(make_staff("MANAGER", room.theater))
    assert "arthouse" not in client.get(page_of(room)).text
    client.post(page_of(room, "begin/"), {"like": "arthouse"})
    assert drawing_of_draft(draft_of(room)) == drawing_of(current_plan(room))


def test_a_draft_with_areas_alone_tells_the_editor_that_nothing_is_missing(client, room):
    client.force_login(make_staff("MANAGER", room.theater))
    draft = begin_draft(auditorium=room, user_id=None)
    assert client.get(page_of(room)).context["data"]["hasAreas"] is False
    floor = AreaDrawing("Floor", 60, "STANDARD")
    save_areas(auditorium=room, revision=draft.revision, areas=[floor], user_id=None)
    assert client.get(page_of(room)).context["data"]["hasAreas"] is True


@pytest.fixture
def draft(room, manager):
    return begin_draft(auditorium=room, user_id=manager.pk)


def save(office, room, *, revision=1, rows=None, body=None):
    sent = json.dumps({"revision": revision, "rows": rows}) if body is None else body
    return office.post(page_of(room, "save/"), sent, content_type="application/json")


def rows_of(*labels_and_places):
    """A plan with one row A whose seats are at these positions."""
    return [
        {"row": "A", "y": 0, "seats": [{"number": n, "x": x, "category": "STANDARD"} for n, x in labels_and_places]}
    ]


class TestEditor:
    def test_looking_begins_nothing(self, office, room):
        page = office.get(page_of(room)).content.decode()
        assert "Begin with a copy of plan 1" in page
        assert not PlanDraft.objects.exists()

    def test_beginning_leads_to_the_drawing(self, office, room):
        answer = office.post(page_of(room, "begin/"), follow=True)
        assert answer.redirect_chain == [(page_of(room), 302)]
        assert answer.context["data"]["revision"] == 1
        assert [row["row"] for row in answer.context["data"]["rows"]] == ["A", "B"]

    def test_a_save_answers_with_what_is_wrong_with_the_plan(self, office, room, draft):
        answer = save(office, room, rows=rows_of((1, 0), (1, 4)))
        assert (answer.status_code, answer.json()) == (
            200, {"revision": 2, "problems": ["Row A has 2 seats with the number 1."], "warnings": []},
        )  # fmt: skip
        draft.refresh_from_db()
        assert [seat["x"] for seat in draft.rows[0]["seats"]] == [0, 4]

    def test_the_second_of_two_editors_is_told(self, office, room, draft, manager):
        save(office, room, rows=rows_of((1, 0)))
        answer = save(office, room, rows=[])
        assert (answer.status_code, answer.json()["revision"]) == (409, 2)
        assert answer.json()["sentences"] == [
            f"{manager} saved this draft while you were drawing. Nothing of yours was saved yet."
        ]
        assert PlanDraft.objects.get().rows[0]["row"] == "A"

    @pytest.mark.parametrize(
        "body",
        some(["", "[]", "{", "[" * 100_000, '{"revision": true}', '{"revision": -1}', '{"revision": 99999999999}', "9" * 5000,
         '{"revision": 1}', '{"revision": 1, "rows": 7}', '{"revision": 1, "rows": [[]]}', "\udcff"], every=3),
    )  # fmt: skip
    def test_nonsense_is_a_sentence(self, office, room, draft, body):
        answer = save(office, room, body=body.encode("utf-8", "surrogateescape"))
        assert answer.status_code == 422
        assert all(answer.json()["sentences"])
        assert PlanDraft.objects.get().revision == 1

    def test_a_draft_that_is_gone(self, office, room):
        answer = save(office, room, rows=[])
        assert (answer.status_code, answer.json()["revision"]) == (409, None)

    def test_an_earlier_save_is_taken_back(self, office, room, draft):
        save(office, room, rows=rows_of((1, 0)))
        answer = office.post(page_of(room, "restore/1/"), {"revision": "2"}, follow=True)
        assert "Save 1 is back" in said(answer)
        assert PlanDraft.objects.get().rows == draft.rows
        assert office.post(page_of(room, "restore/1/"), {"revision": "x"}).status_code == 302
        assert office.post(page_of(room, "restore/77/"), {"revision": "3"}).status_code == 404

    def test_discarding_is_asked_once(self, office, room, draft):
        assert "Discard this draft" in office.get(page_of(room, "discard/")).content.decode()
        assert office.post(page_of(room, "discard/"), {"revision": "9"}).url == page_of(room)
        assert PlanDraft.objects.exists()
        office.post(page_of(room, "discard/"), {"revision": "1"})
        assert (PlanDraft.objects.exists(), SeatingPlan.objects.count()) == (False, 1)


class TestPublish:
    def test_the_difference_is_seen_first(self, office, room, draft):
        save(office, room, rows=rows_of((1, 0), (9, 2)))
        page = office.get(page_of(room, "publish/"))
        difference = page.context["difference"]
        assert (difference.new, len(difference.gone)) == (("A9",), 11)
        assert "What differs from plan 1" in page.content.decode()
        assert SeatingPlan.objects.count() == 1

    def test_a_press_publishes(self, office, room, draft, manager):
        save(office, room, rows=rows_of((1, 0), (2, 2)))
        form = {"revision": "2", "present": "1", "reason": "Smaller"}
        answer = office.post(page_of(room, "publish/"), form)
        plan = SeatingPlan.objects.get(number=2)
        assert answer.url == f"/admin/theaters/seatingplan/{plan.pk}/change/"
        assert [seat.label for seat in plan.seats.all()] == ["A1", "A2"]
        entry = AuditEntry.objects.latest("pk")
        assert (entry.action, entry.reason, entry.user) == ("publish plan", "Smaller", manager)

    def test_what_breaks_rules_is_said(self, office, room, draft):
        save(office, room, rows=rows_of((1, 0), (1, 4)))
        assert "Publish this plan" not in office.get(page_of(room, "publish/")).content.decode()
        answer = office.post(page_of(room, "publish/"), {"revision": "2", "present": "1"})
        assert answer.context["refusals"] == ["Row A has 2 seats with the number 1."]

    @pytest.mark.parametrize("form", [{"revision": "9", "present": "1"}, {"revision": "1", "present": "0"}])
    def test_not_what_was_not_looked_at(self, office, room, draft, form):
        answer = office.post(page_of(room, "publish/"), form)
        assert "changed meanwhile" in answer.context["refusals"][0]
        assert SeatingPlan.objects.count() == 1


class TestRemovedSeats:
    """The new plan lacks a seat of the old one, while upcoming showtimes sell that seat."""

    @pytest.fixture
    def draft(self, office, room, manager):
        """The draft of the next plan, without A6."""
        begin_draft(auditorium=room, user_id=manager.pk)
        rows = PlanDraft.objects.get().rows
        rows[0]["seats"].pop()
        save(office, room, rows=rows)
        return PlanDraft.objects.get()

    @pytest.fixture
    def showtimes(self, room):
        movie, price_list = make_movie(), make_price_list(room.theater)
        evenings = [evening(theater=room.theater, days=days) for days in (1, 2, 3)]
        return [
            make_showtime(auditorium=room, movie=movie, price_list=price_list, starts_at=moment) for moment in evenings
        ]

    FORM = {"revision": "2", "present": "1", "reason": ""}

    def test_how_many_sell_it_and_how_many_have_sold_it(self, office, room, draft, showtimes):
        booking = book(showtimes[0], "A6")
        hold_seats(showtimes[1], make_browser(4), "A6")
        make_draft(auditorium=room, starts_at=evening(theater=room.theater, days=4))
        page = office.get(page_of(room, "publish/"))
        (seat,) = page.context["removed"]
        assert (seat.label, [len(part) for part in (seat.on_sale, seat.taken, seat.sold, seat.drafts)]) == (
            "A6", [1, 1, 1, 1],
        )  # fmt: skip
        text = page.content.decode()
        assert f"/admin/reservations/booking/{booking.pk}/change/" in text
        assert "keep these seats back" in text

    def test_one_press_publishes_and_keeps_the_unsold_ones_back(self, office, room, draft, showtimes):
        book(showtimes[0], "A6")
        hold_seats(showtimes[1], make_browser(4), "A6")
        answer = office.post(page_of(room, "publish/"), {**self.FORM, "reason": "Ramp", "_keep_back": "1"})
        assert SeatingPlan.objects.filter(number=2).exists()
        # Held and sold seats too: they are kept back as soon as somebody gives them back.
        rows = ShowtimeSeat.objects.exclude(house_reason="").order_by("showtime__starts_at")
        assert [(row.label, row.house_reason, bool(row.booking), bool(row.hold)) for row in rows] == [
            ("A6", "Ramp", True, False), ("A6", "Ramp", False, True), ("A6", "Ramp", False, False),
        ]  # fmt: skip
        words = said(answer)
        assert "Kept back at 1 showtime: A6." in words
        assert "Sold, so somebody has to be found another seat: <a href=" in words
        assert f"auditorium={room.pk}&amp;label=A6" in words
        with pytest.raises(SeatGone):
            hold_seats(showtimes[2], make_browser(1), "A6")
        kept = AuditEntry.objects.get(action="keep seats back")
        assert (kept.reason, kept.after) == ("Ramp", {"seats": "A6"})

    def test_without_a_reason_the_seats_say_which_plan(self, office, room, draft, showtimes):
        office.post(page_of(room, "publish/"), {**self.FORM, "_keep_back": "1"})
        assert set(ShowtimeSeat.objects.filter(label="A6").values_list("house_reason", flat=True)) == {
            "Not in plan 2 any more"
        }

    def test_they_may_stay_on_sale(self, office, room, draft, showtimes):
        office.post(page_of(room, "publish/"), self.FORM)
        assert not ShowtimeSeat.objects.exclude(house_reason="").exists()

    @pytest.mark.parametrize("form", [{"revision": "9"}, {"present": "0"}])
    def test_nothing_is_kept_back_for_a_plan_that_is_not_published(self, office, room, draft, showtimes, form):
        office.post(page_of(room, "publish/"), {**self.FORM, **form, "_keep_back": "1"})
        assert (SeatingPlan.objects.count(), ShowtimeSeat.objects.exclude(house_reason="").count()) == (1, 0)

    def test_a_wheelchair_space_that_became_a_seat_is_gone_too(self, office, manager):
        room = make_auditorium(make_theater(), "A ooow")
        showtime = make_showtime(auditorium=room)
        begin_draft(auditorium=room, user_id=manager.pk)
        rows = PlanDraft.objects.get().rows
        rows[0]["seats"][3]["category"] = rows[0]["seats"][0]["category"]
        save(office, room, rows=rows)
        office.post(page_of(room, "publish/"), {**self.FORM, "_keep_back": "1"})
        kept = ShowtimeSeat.objects.filter(showtime=showtime).exclude(house_reason="")
        assert [seat.label for seat in kept] == ["A4"]

    def test_what_is_over_or_canceled_is_not_told(self, office, room, draft, showtimes):
        Showtime.objects.filter(pk=showtimes[0].pk).update(status="CANCELED")
        begins_in(showtimes[1], hours=-9)
        (seat,) = office.get(page_of(room, "publish/")).context["removed"]
        assert [showtime.pk for showtime in seat.on_sale] == [showtimes[2].pk]


class TestFiles:
    @pytest.mark.parametrize("kind", ["txt", "json"])
    def test_what_goes_out_comes_in(self, office, room, draft, kind):
        plan = lay_out(auditorium=room, text=TEXT, now=timezone.now())
        answer = office.get(f"/admin/theaters/seatingplan/{plan.pk}/plan.{kind}")
        assert answer["Content-Disposition"].endswith(f'plan-2.{kind}"')
        upload = SimpleUploadedFile(f"plan.{kind}", answer.content)
        form = {"revision": "1", "source": "", "file": upload, "_replace": "1"}
        assert office.post(page_of(room, "import/"), form).url == page_of(room)
        assert office.get(page_of(room, f"plan.{kind}")).content == answer.content

    def test_looking_writes_nothing_and_shows_the_difference(self, office, room, draft):
        answer = office.post(page_of(room, "import/"), {"revision": "1", "source": TEXT, "_preview": "1"})
        assert answer.context["difference"].new == ("C1", "C2", "C3", "C4")
        assert "Take it as the draft" in answer.content.decode()
        assert PlanDraft.objects.get().revision == 1

    def test_without_a_draft_one_is_begun(self, office, room):
        office.post(page_of(room, "import/"), {"revision": "0", "source": TEXT, "_replace": "1"})
        assert [row["row"] for row in PlanDraft.objects.get().rows] == ["A", "B", "C"]

    def test_not_over_what_somebody_saved_meanwhile(self, office, room, draft):
        save(office, room, rows=[])
        answer = office.post(page_of(room, "import/"), {"revision": "1", "source": TEXT, "_replace": "1"})
        assert "saved this draft while you were drawing" in answer.context["refusal"]
        assert PlanDraft.objects.get().rows == []

    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("A oqo", "Line 1: Row A: “q” is not a seat"),
            ('{"format": "marquee-plan"', "This is not JSON"),
            ("", "Type or paste a plan"),
            ("<script>alert(1)</script>", "Line 1"),
        ],
    )
    def test_a_slip_is_said(self, office, room, draft, source, words):
        answer = office.post(page_of(room, "import/"), {"revision": "1", "source": source, "_replace": "1"})
        assert words in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()
        assert PlanDraft.objects.get().revision == 1

    @pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"A" * 400_001, b"\x00", b""])
    def test_any_file_is_answered(self, office, room, draft, data):
        upload = SimpleUploadedFile("plan.txt", data)
        answer = office.post(page_of(room, "import/"), {"revision": "1", "source": "", "file": upload, "_replace": "1"})
        assert (answer.status_code, PlanDraft.objects.get().revision) == (200, 1)

    def test_a_draft_that_breaks_rules_says_why_it_is_no_text(self, office, room, draft):
        save(office, room, rows=rows_of((1, 0), (1, 4)))
        text = office.get(page_of(room, "plan.txt")).content.decode()
        assert text.splitlines()[1] == "# Row A has 2 seats with the number 1."
        assert office.get(page_of(room, "plan.json")).json()["rows"][0]["seats"][1]["x"] == 4
        assert office.get(page_of(room, "plan.pdf")).status_code == 404


class TestPreview:
    def test_customers_see_the_same_seats(self, office, client, room, draft, showtime):
        plan = showtime.plan
        page = office.get(f"/admin/theaters/seatingplan/{plan.pk}/preview/").content.decode()
        shop = client.get(f"/showtimes/{showtime.pk}/").content.decode()
        place = re.compile(r'data-seat="([^"]+)" class="(seat [^"]+)"')
        places = place.findall(shop)
        assert place.findall(page) == places
        assert len(places) == 12
        assert "12 seats" in page

    def test_a_draft_before_it_is_published(self, office, room, draft):
        save(office, room, rows=rows_of((1, 0), (2, 2)))
        assert office.get(page_of(room, "preview/")).content.decode().count('data-seat="') == 2
        save(office, room, revision=2, rows=[])
        assert office.get(page_of(room, "preview/")).status_code == 200


class TestWhatTextCouldNotSayBefore:
    """Rows named by numbers, and sofas for three: the text form of a plan could not say these before."""

    @pytest.fixture
    def showtime(self, room):
        lay_out(auditorium=room, text="12 ttt.oo\n1 oo\n", now=timezone.now())
        return make_showtime(auditorium=room)

    def test_a_seat_of_row_12_is_taken_and_found(self, client, showtime):
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "12-4"})
        assert [row.label for row in ShowtimeSeat.objects.filter(hold__isnull=False)] == ["12-4"]
        browser = make_browser(7)
        hold_seats(showtime, browser, "1-2")
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, "1-2"))
        assert list(bookings_matching("1-2")) == [booking]
        assert list(bookings_matching("12-2")) == []

    def test_the_middle_of_a_sofa_is_drawn(self, client, showtime):
        page = client.get(f"/showtimes/{showtime.pk}/").content.decode()
        assert [page.count(f"sofa-{side} sofa-three") for side in ("left", "middle", "right")] == [1, 1, 1]


class TestShowtimes:
    @pytest.fixture
    def plan(self, showtime):
        return lay_out(auditorium=showtime.auditorium, text="A oooo.oo\nB ppp.pp\n", now=timezone.now())

    def address(self, plan):
        return f"/admin/theaters/seatingplan/{plan.pk}/showtimes/"

    def move(self, office, plan, *showtimes, reason="New seats"):
        return office.post(self.address(plan), {"showtime": [one.pk for one in showtimes], "reason": reason})

    def test_each_shows_what_a_move_would_mean(self, office, showtime, plan):
        book(showtime, "B6")
        page = office.get(self.address(plan))
        found = page.context["found"]
        assert "From plan 1 to plan 2" in page.content.decode()
        assert page.context["differences"] == {1: found[0].difference.seats}
        assert [(one.showtime, one.difference.lost) for one in found] == [(showtime, ("B6",))]
        assert (found[0].difference.seats.gone, found[0].difference.seats.new) == (("B6",), ())

    def test_a_sold_seat_is_never_lost(self, office, showtime, plan):
        book(showtime, "B6")
        with nothing_changes():
            answer = self.move(office, plan, showtime)
        assert "These seats are sold or held and would be lost: B6." in said(answer)
        assert Showtime.objects.get().plan != plan

    def test_sold_unsold_and_draft_ones_move_together(self, office, showtime, plan, manager):
        booking = book(showtime, "A1")
        later = {"auditorium": showtime.auditorium, "price_list": showtime.price_list}
        unsold = make_showtime(**later, starts_at=showtime.starts_at + timedelta(days=1))
        draft = make_draft(**later, starts_at=showtime.starts_at + timedelta(days=2))
        Showtime.objects.filter(pk__in=[unsold.pk, draft.pk]).update(plan=showtime.plan)
        self.move(office, plan, showtime, draft)
        assert set(Showtime.objects.filter(plan=plan)) == {showtime, draft}
        assert booking.tickets.get().seat.plan == plan
        entries = AuditEntry.objects.filter(action="other seating plan").order_by("what_id")
        assert [(one.what_id, one.reason, one.user) for one in entries] == [
            (showtime.pk, "New seats", manager), (draft.pk, "New seats", manager),
        ]  # fmt: skip

    def test_it_needs_a_reason_and_a_choice(self, office, showtime, plan):
        assert self.move(office, plan, showtime, reason="").status_code == 200
        assert self.move(office, plan).context["refusal"] == "Choose at least one showtime."
        assert Showtime.objects.get().plan != plan

    def test_a_broken_seat_stays_kept_back(self, office, showtime, plan):
        BrokenSeat.objects.create(auditorium=showtime.auditorium, label="A7", reason="Torn")
        wider = lay_out(auditorium=showtime.auditorium, text="A oooo.ooo\nB ppp.ppp\n", now=timezone.now())
        self.move(office, wider, showtime)
        assert ShowtimeSeat.objects.get(showtime=showtime, label="A7").house_reason == "Torn"


class TestWhoMay:
    def test_nobody_of_another_theater(self, client, room, draft):
        client.force_login(make_staff("MANAGER", make_theater()))
        for name in ("", "publish/", "discard/", "import/", "preview/", "plan.txt"):
            assert client.get(page_of(room, name)).status_code == 404, name
        for name in ("begin/", "save/", "restore/1/", "publish/", "discard/", "import/"):
            assert client.post(page_of(room, name), {"revision": "1", "present": "1"}).status_code == 404, name
        assert PlanDraft.objects.get().revision == 1

    @pytest.mark.parametrize("role", ["BOX_OFFICE", "FINANCE", "AUDITOR"])
    def test_who_only_looks_draws_nothing(self, client, room, draft, role):
        client.force_login(make_staff(role, room.theater))
        assert client.get(f"/admin/theaters/seatingplan/{room.plans.get().pk}/plan.json").status_code == 200
        for name in ("begin/", "save/", "publish/", "discard/", "import/"):
            assert client.post(page_of(room, name), {"revision": "1"}).status_code == 403, name
        page = client.get(f"/admin/theaters/seatingplan/{room.plans.get().pk}/change/").content.decode()
        assert "draw the next plan" not in page and "Go on with the next plan" not in page
