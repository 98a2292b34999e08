"""What codes of seat categories mean, and what the database ensures: each seat has a category of its theater."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from core.caches.process_cache import forget_everything
from tests.factories import make_auditorium, make_theater
from theaters.models import Seat, SeatCategory, SeatingPlan, TicketType
from theaters.plans.category_names import categories_of, codes_by_word, read_categories
from theaters.plans.plan_files import FileCategories, as_json, new_categories, read_plan, with_names
from theaters.plans.plans import PlanRefused, lay_out
from theaters.prices.derived_prices import all_cells
from theaters.seat_categories import Categories, CategoryFacts, behavior_of, code_for, looks_of, with_behavior
from theaters.seat_colors import problems_of_colors, stylesheet
from theaters.states import SeatBehavior, UsualCategory

SURFACES = ("#f8f4ec", "#16110d")
USUAL = ["STANDARD", "PREMIUM", "SOFA", "WHEELCHAIR", "COMPANION"]


@pytest.mark.parametrize(
    ("code", "behavior"),
    [
        ("STANDARD", "ORDINARY"), ("PREMIUM", "ORDINARY"), ("SOFA", "UNIT"), ("WHEELCHAIR", "WHEELCHAIR"),
        ("COMPANION", "COMPANION"), ("LOGE", "ORDINARY"), ("S-KUSCHEL", "UNIT"), ("W-ROLLI", "WHEELCHAIR"),
        ("C-BEGLEIT", "COMPANION"), ("SOFAS", "ORDINARY"), ("WHEEL", "ORDINARY"),
    ],
)  # fmt: skip
def test_a_code_says_how_seats_are_sold(code, behavior):
    assert behavior_of(code) == behavior


@pytest.mark.parametrize(
    ("name", "behavior", "code"),
    [
        ("Loge", "ORDINARY", "LOGE2"),  # this code exists already
        ("Kuschelsofa", "UNIT", "S-KUSCHELS"),
        ("Hörplatz", "WHEELCHAIR", "W-HORPLATZ"),
        ("特等席", "ORDINARY", "SEAT"),
        ("12", "COMPANION", "C-SEAT"),
        ("S-Klasse", "ORDINARY", "SKLASSE"),
        ("Premium", "ORDINARY", "PREMIUM2"),
        ("'\"><script>", "ORDINARY", "SCRIPT"),
    ],
)
def test_a_code_reads_like_the_name_and_says_the_behavior(name, behavior, code):
    made = code_for(name, SeatBehavior(behavior), taken={"LOGE"})
    assert (made, behavior_of(made)) == (code, behavior)


def test_a_picture_looks_like_the_usual_category_that_is_sold_so():
    assert [looks_of(code) for code in ("SOFA", "S-BED", "W-1A", "LOGE")] == [
        "sofa",
        "s-bed sofa",
        "w-1a wheelchair",
        "loge",
    ]


def test_a_price_is_derived_for_a_category_of_the_theater_s_own():
    adult = TicketType(pk=1, code="ADULT")
    child = TicketType(pk=2, code="CHILD", derived_from_id=1, derived_percent=Decimal(50))
    cells = all_cells({(1, "LOGE"): Decimal(20)}, [adult, child], currency="EUR")
    assert {cell: amount for cell, (_, amount) in cells.items()} == {(1, "LOGE"): 20, (2, "LOGE"): 10}


class TestColors:
    def test_what_cannot_be_read_is_refused_and_told_what_to_do(self):
        assert problems_of_colors(("#7a2f2f", "#e0a3a3"), SURFACES) == {}
        found = problems_of_colors(("#ffe0e0", "#301010"), SURFACES)
        assert "choose a darker color" in found["light"] and "choose a lighter color" in found["dark"]

    def test_a_stylesheet_has_what_the_theater_chose_and_nothing_else(self):
        assert stylesheet([CategoryFacts("STANDARD", "Standard")]) == ""
        css = stylesheet([CategoryFacts("LOGE", "Loge", sign='"', colors=("#7a2f2f", "#e0a3a3"))])
        assert 'data-category="loge"' in css and "light-dark(#7a2f2f,#e0a3a3)" in css
        assert 'content:"\\22 "' in css  # a quotation mark does not end the text


@pytest.mark.django_db
class TestTheDatabase:
    def test_each_theater_begins_with_the_usual_five(self):
        theater = make_theater()
        assert list(theater.seat_categories.values_list("code", flat=True)) == USUAL == list(UsualCategory)
        assert [one.name for one in categories_of(theater.pk).facts][2:4] == ["Sofa", "Wheelchair space"]

    def test_a_usual_category_has_the_usual_word_in_each_language_until_it_has_its_own(self):
        theater = make_theater()
        with translation.override("de"):
            assert read_categories(theater.pk).name("WHEELCHAIR") == "Rollstuhlplatz"
        theater.seat_categories.filter(code="WHEELCHAIR").update(name="Bay", translations={"de": {"name": "Bucht"}})
        assert read_categories(theater.pk).name("WHEELCHAIR") == "Bay"
        with translation.override("de"):
            assert read_categories(theater.pk).name("WHEELCHAIR") == "Bucht"

    def test_a_seat_has_a_category_of_its_theater(self):
        auditorium = make_auditorium(make_theater())
        SeatCategory.objects.create(theater=make_theater(), code="LOGE", name="Loge")
        plan = SeatingPlan.objects.create(auditorium=auditorium, number=2, source="")
        with pytest.raises(IntegrityError, match="no seat category LOGE"), transaction.atomic():
            Seat.objects.create(plan=plan, label="A1", row="A", number=1, x=0, y=0, category="LOGE")
        SeatCategory.objects.create(theater=auditorium.theater, code="LOGE", name="Loge")
        Seat.objects.create(plan=plan, label="A1", row="A", number=1, x=0, y=0, category="LOGE")

    def test_a_code_never_changes_and_only_a_usual_category_has_no_name(self):
        theater = make_theater()
        with pytest.raises(DatabaseError), transaction.atomic():
            theater.seat_categories.filter(code="SOFA").update(code="S-SOFA")
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatCategory.objects.create(theater=theater, code="LOGE")

    def test_with_behavior_finds_usual_categories_and_those_of_the_theater(self):
        theater = make_theater()
        SeatCategory.objects.create(theater=theater, code="W-BAY", name="Bay")
        plan = SeatingPlan.objects.create(auditorium=make_auditorium(theater), number=2, source="")
        for number, code in enumerate([*USUAL, "W-BAY"], start=1):
            Seat.objects.create(plan=plan, label=f"A{number}", row="A", number=number, x=2 * number, y=0, category=code)
        found = Seat.objects.filter(with_behavior(SeatBehavior.WHEELCHAIR, SeatBehavior.COMPANION), plan=plan)
        assert set(found.values_list("category", flat=True)) == {"WHEELCHAIR", "COMPANION", "W-BAY"}

    def test_names_are_those_of_the_theater(self):
        one, other = make_theater(), make_theater()
        for theater, name in ((one, "Loge"), (other, "Box")):
            SeatCategory.objects.create(theater=theater, code="LOGE", name=name)
        forget_everything()
        assert (categories_of(one.pk).name("LOGE"), categories_of(other.pk).name("LOGE")) == ("Loge", "Box")


PRETIX = """{"zones": [{"name": "", "position": {"x": 0, "y": 0}, "rows": [
{"row_number": "A", "position": {"x": 0, "y": 0}, "seats": [
{"seat_number": "1", "position": {"x": 0, "y": 0}, "category": "loge "},
{"seat_number": "2", "position": {"x": 30, "y": 0}, "category": "Kuschelsofa"},
{"seat_number": "3", "position": {"x": 60, "y": 0}, "category": "Kuschelsofa"},
{"seat_number": "4", "position": {"x": 90, "y": 0}, "category": "Rang\\u0000 <b>"}]}]}]}"""


@pytest.mark.django_db
class TestFiles:
    def found(self, theater, *, adopts):
        return read_plan(PRETIX, FileCategories(codes_by_word(theater.pk), adopts=adopts))

    def test_categories_are_found_by_name_and_others_are_the_usual_ones(self):
        theater = make_theater()
        SeatCategory.objects.create(
            theater=theater, code="BOX", name="Box", translations={"de": {"name": "Loge"}}, position=9
        )
        plan = self.found(theater, adopts=False)
        assert [seat.category for seat in plan.seats] == ["BOX", "SOFA", "SOFA", "STANDARD"]

    def test_unknown_ones_come_with_the_file_when_asked_for(self):
        theater = make_theater()
        plan = self.found(theater, adopts=True)
        assert [seat.category for seat in plan.seats] == ["LOGE", "S-KUSCHELS", "S-KUSCHELS", "RANGB"]
        assert plan.seats[1].unit == plan.seats[2].unit is not None
        new = new_categories(plan, read_categories(theater.pk))
        assert new == {"LOGE": "loge", "S-KUSCHELS": "Kuschelsofa", "RANGB": "Rang <b>"}

    def test_a_plan_takes_its_names_along_as_json(self):
        theater = make_theater()
        SeatCategory.objects.create(theater=theater, code="LOGE", name="Loge")
        plan = self.found(theater, adopts=True)
        text = as_json(with_names(plan, read_categories(theater.pk)))
        again = read_plan(text)
        assert again.seats == plan.seats and dict(again.names) == {"LOGE": "Loge"}

    def test_a_plan_of_unknown_or_archived_categories_is_not_published(self):
        theater = make_theater()
        auditorium = make_auditorium(theater)
        text = as_json(self.found(theater, adopts=True))
        with pytest.raises(PlanRefused) as refusal:
            lay_out(auditorium=auditorium, text=text, now=timezone.now())
        assert "There is no seat category LOGE here." in " ".join(refusal.value.sentences)
        theater.seat_categories.filter(code="PREMIUM").update(archived_at=timezone.now())
        with pytest.raises(PlanRefused) as refusal:
            lay_out(auditorium=auditorium, text="A ppp", now=timezone.now())
        assert refusal.value.sentences == ["The seat category Premium is archived: give its seats another one."]


def test_an_unknown_code_is_called_by_its_code():
    assert Categories().name("LOGE") == "LOGE" and Categories().name("SOFA") == "Sofa"
