"""A theater's own seat categories, from the form in the office to the sold ticket and the report."""

import json
import re
from decimal import Decimal

import pytest
from django.forms import model_to_dict
from django.utils import timezone

from boxoffice.selectors.sales_figures import Basis, SalesGroup, sales
from core.texts.languages import speaking
from reservations.models import ShowtimeSeat, Ticket
from reservations.selling.party_rules import PartySeat, objections
from staff.models import AuditEntry
from tests.boxoffice.scenes import book, pay
from tests.boxoffice.test_reports import CSV, span_of
from tests.clock import today
from tests.factories import (
    make_auditorium,
    make_price_list,
    make_showtime,
    make_staff,
    make_theater,
)
from tests.variants import some
from theaters.forms.houses import HouseForm
from theaters.models import AgeRule, Auditorium, Price, SeatCategory, Showtime
from theaters.plans.plan_drafts import publish_draft
from theaters.plans.plans import lay_out

pytestmark = pytest.mark.django_db
PAGE = "/admin/theaters/seatcategory/"
ADD = f"{PAGE}add/"
# Name, German name, sold as, and the code that it gets.
OWN = [
    ("Stalls", "Parkett", "ORDINARY", "STALLS"),
    ("Box", "Loge", "ORDINARY", "BOX"),
    ("Cuddle sofa", "Kuschelsofa", "UNIT", "S-CUDDLESO"),
    ("Bay", "Bucht", "WHEELCHAIR", "W-BAY"),
    ("Chair beside", "Stuhl daneben", "COMPANION", "C-CHAIRBES"),
]


def form(theater, name, **changes):
    return {"theater": theater.pk, "name": name, "behavior": "ORDINARY", "position": 9, **changes}


def change(category):
    return f"{PAGE}{category.pk}/change/"


@pytest.fixture
def theater(office):
    theater = make_theater()
    for name, german, behavior, _ in OWN:
        answer = office.post(ADD, form(theater, name, name_de=german, behavior=behavior))
        assert answer.status_code == 302, answer.context["errors"]
    return theater


def plan_of(theater):
    rows = [("STALLS", ""), ("BOX", ""), ("S-CUDDLESO", "S1"), ("W-BAY", "")]
    drawn = []
    for y, (category, unit) in enumerate(rows):
        seats = [{"number": n, "x": 2 * n, "category": category, **({"unit": unit} if unit else {})} for n in (1, 2)]
        drawn.append({"row": "ABCD"[y], "section": "", "y": y, "seats": seats})
    drawn[3]["seats"][1]["category"] = "C-CHAIRBES"
    return json.dumps({"format": "marquee-plan", "version": 1, "rows": drawn})


@pytest.fixture
def showtime(theater):
    auditorium = Auditorium.objects.create(theater=theater, name="Saal 1")
    lay_out(auditorium=auditorium, text=plan_of(theater), now=timezone.now())
    prices = make_price_list(theater)
    amounts = {"STALLS": "14.50", "BOX": "17.50", "S-CUDDLESO": 16, "W-BAY": 8, "C-CHAIRBES": 0}
    Price.objects.bulk_create(
        Price(price_list=prices, ticket_type=kind, category=code, amount=Decimal(amount))
        for kind in theater.ticket_types.all()
        for code, amount in amounts.items()
    )
    return make_showtime(auditorium=auditorium, price_list=prices)


def test_the_code_comes_from_the_name_and_from_what_it_is_sold_as(office, theater):
    assert dict(theater.seat_categories.exclude(name="").values_list("name", "code")) == {
        name: code for name, _, _, code in OWN
    }
    assert AuditEntry.objects.filter(action="add", what="theaters.seatcategory", theater=theater).count() == len(OWN)
    office.post(ADD, form(theater, "Rear stalls", position=""))
    assert theater.seat_categories.get(name="Rear stalls").position == 10  # after the others
    page = office.get(PAGE).text
    assert "Cuddle sofa" in page and "Sofas" in page
    sofa = theater.seat_categories.get(code="S-CUDDLESO")
    shown = office.get(change(sofa)).text
    assert 'value="Kuschelsofa"' in shown and re.search(r'value="UNIT"[^>]* checked', shown)
    assert office.post(change(sofa), form(theater, "Sofa bed", behavior="UNIT")).status_code == 302
    sofa.refresh_from_db()
    assert (sofa.name, sofa.behavior, sofa.code, sofa.theater) == ("Sofa bed", "UNIT", "S-CUDDLESO", theater)
    # Categories that text plans and files start from stay ordinary.
    assert 'name="behavior"' not in office.get(change(theater.seat_categories.get(code="STANDARD"))).text


@pytest.mark.parametrize(
    ("changes", "field"),
    some(
        [
            ({"name": ""}, "name"),
            ({"name": "box"}, "name"),  # this name exists already
            ({"name": "standard"}, "name"),
            ({"color_light": "#7a2f2f"}, "__all__"),
            ({"color_light": "red", "color_dark": "#e0a3a3"}, "color_light"),
            ({"color_light": "#ffe0e0", "color_dark": "#e0a3a3"}, "color_light"),
            ({"color_light": "#7a2f2f", "color_dark": "#301010"}, "color_dark"),
            ({"behavior": "WHEELCHAIR", "sign": "W"}, "sign"),
            ({"behavior": "BED"}, "behavior"),
            ({"name": "x" * 41}, "name"),
        ],
        every=3,
    ),
)
def test_what_customers_could_not_read_is_refused_beside_its_field(office, theater, changes, field):
    answer = office.post(ADD, form(theater, **{"name": "Balcony", **changes}))
    assert answer.status_code == 200 and field in answer.context["adminform"].form.errors
    assert theater.seat_categories.count() == 5 + len(OWN)


def test_a_usual_category_gets_a_name_and_loses_it_again(office, theater):
    premium = theater.seat_categories.get(code="PREMIUM")
    assert "Empty: Premium, in each language." in office.get(change(premium)).text
    office.post(change(premium), form(theater, "Loggia"))
    assert office.get(change(premium)).text.count('value="Loggia"') == 1
    assert office.post(change(premium), form(theater, "")).status_code == 302
    premium.refresh_from_db()
    assert str(premium) == "Premium"


def test_a_category_is_archived_and_never_deleted(office, theater):
    box = theater.seat_categories.get(code="BOX")
    assert office.post(f"{PAGE}{box.pk}/delete/", {"post": "yes"}).status_code == 403
    assert office.post(change(box), form(theater, "Box", is_archived="on")).status_code == 302
    box.refresh_from_db()
    office.get(PAGE)  # shows the message of the change
    assert box.archived_at is not None and ">Box<" not in office.get(PAGE).text
    office.post(change(box), form(theater, "Box"))
    box.refresh_from_db()
    assert box.archived_at is None


def test_the_behavior_can_change_while_no_showtime_on_sale_has_such_seats(office, theater, showtime):
    """Prices and words stay the same. The existing plan keeps its seats; the next one is drawn."""
    box = theater.seat_categories.get(code="BOX")
    sent = form(theater, "Box", behavior="COMPANION", name_de="Loge", sign="B")
    refused = office.post(change(box), sent)
    (why,) = refused.context["adminform"].form.errors["behavior"]
    assert "on sale for 1 showtime, the last is" in why and "archive it" in why
    assert not theater.seat_categories.filter(code="C-BOX").exists()
    Showtime.objects.update(status="DRAFT", price_version=None)
    page = office.post(change(box), sent, follow=True).text
    assert "Box has the code C-BOX from now on." in page
    assert f'<a href="/admin/theaters/seatingplan/draft/{showtime.auditorium_id}/">' in page
    box.refresh_from_db()
    new = theater.seat_categories.get(code="C-BOX")
    assert (new.name, new.behavior, new.translations, new.archived_at) == ("Box", "COMPANION", box_texts("Loge"), None)
    assert box.archived_at is not None and box.name.startswith("Box (ordinary seats until ")
    costs = {
        code: set(Price.objects.filter(category=code).values_list("ticket_type", "amount")) for code in ("BOX", "C-BOX")
    }
    assert costs["BOX"] == costs["C-BOX"] != set()
    assert set(showtime.plan.seats.filter(row="B").values_list("category", flat=True)) == {"BOX"}
    draft = showtime.auditorium.plan_draft
    publish_draft(
        auditorium=showtime.auditorium,
        revision=draft.revision,
        present=1,
        reason="",
        user_id=draft.user_id,
        now=timezone.now(),
    )
    newest = showtime.auditorium.plans.get(number=2)
    assert set(newest.seats.filter(row="B").values_list("category", flat=True)) == {"C-BOX"}
    assert AuditEntry.objects.get(action="change behavior").after == {"sold as": "COMPANION", "code": "C-BOX"}


def box_texts(german):
    return {"de": {"name": german}}


def test_the_page_explains_how_to_sell_seats_in_another_way(office, theater):
    """The steps that the page describes: rename the category, archive it, and make a new one with the old name."""
    box, behavior = theater.seat_categories.get(code="BOX"), "UNIT"
    office.post(change(box), form(theater, "Box", is_archived="on"))
    refused = office.post(ADD, form(theater, "Box", behavior=behavior))
    assert "It is archived: give that one another name first" in refused.context["adminform"].form.errors["name"][0]
    office.post(change(box), form(theater, "Box of 2026", is_archived="on"))
    assert office.post(ADD, form(theater, "Box", behavior=behavior)).status_code == 302
    assert theater.seat_categories.get(name="Box").behavior == behavior


def test_staff_of_another_theater_cannot_see_or_add_any(theater, client):
    client.force_login(make_staff("MANAGER", make_theater()))
    box = theater.seat_categories.get(code="BOX")
    assert client.get(change(box)).status_code in {302, 404} and "Cuddle sofa" not in client.get(PAGE).text
    assert client.post(ADD, form(theater, "Mine")).status_code == 200
    assert not SeatCategory.objects.filter(name="Mine").exists()


class TestOnSale:
    def test_map_and_legend_say_the_theater_s_words(self, client, showtime):
        page = client.get(f"/showtimes/{showtime.pk}/").text
        for words in (
            "Row A, seat 1, Stalls, £14.50",
            "Row B, seat 2, Box, £17.50",
            "Row C, seat 1, Cuddle sofa, £16.00",
        ):
            assert words in page
        legend = page.split('class="legend"')[1].split("</ul>")[0]
        assert [legend.index(name) for name, *_ in OWN] == sorted(legend.index(name) for name, *_ in OWN)
        assert 'data-category="s-cuddleso"' in page and "sofa-left" in page and "Standard" not in legend
        german = client.get(f"/showtimes/{showtime.pk}/", headers={"Accept-Language": "de"}).text
        assert "Kuschelsofa" in german and "Parkett" in german and "Cuddle" not in german

    def test_list_and_filters_go_by_the_theater_s_words(self, client, showtime):
        page = client.get(f"/showtimes/{showtime.pk}/?view=list&category=box").text
        assert "Row B, seat 1, Box, £17.50" in page
        assert "Row A, seat 1" not in page
        assert client.get(f"/showtimes/{showtime.pk}/?view=list&category=nonsense").text.count("Row A") >= 1

    def test_a_sofa_of_its_own_is_one_unit_and_a_bay_is_for_wheelchairs(self, showtime):
        units = ShowtimeSeat.objects.filter(showtime=showtime).exclude(seat__unit="").count()
        assert units == 2
        place = [PartySeat("D2", "C-CHAIRBES")]
        (alone,) = objections(places=place, ages=AgeRule(), showtime_id=showtime.pk)
        assert "is for the companion of a wheelchair user" in alone.sentence
        assert objections(places=[PartySeat("D1", "W-BAY"), *place], ages=AgeRule()) == []

    def test_from_checkout_to_ticket_and_report(self, client, office, showtime, theater):
        booking = book(showtime, "B1")
        pay(booking)
        ticket = Ticket.objects.get()
        assert ticket.category_name == "Box"
        page = client.get(f"/tickets/{ticket.code}/").text
        assert "Adult, Box" in page
        with speaking("de"):
            assert "Loge" in client.get(f"/tickets/{ticket.code}/", headers={"Accept-Language": "de"}).text
        # After a renaming, maps show the new name at once; tickets keep the old one.
        box = theater.seat_categories.get(code="BOX")
        office.post(change(box), form(theater, "Royal box"))
        assert "Row B, seat 2, Royal box" in client.get(f"/showtimes/{showtime.pk}/").text
        later = client.get(f"/tickets/{ticket.code}/").text
        assert "Adult, Box" in later and "Royal" not in later
        pay(book(showtime, "B2", number=2), number=2)
        lines = sales(span=span_of(theater), group=SalesGroup.CATEGORY, basis=Basis.SALE)
        assert [(line.label, line.sold) for line in lines] == [("Box", 1), ("Royal box", 1)]
        on = today(theater)
        answer = office.get(f"{CSV}?theater={theater.pk}&group=category&basis=sale&first={on}&last={on}")
        text = b"".join(answer.streaming_content).decode()
        assert "Seat category" in text and "Royal box" in text

    def test_a_ticket_that_moves_to_another_seat_has_that_seat_s_name(self, showtime):
        pay(book(showtime, "B1"))
        ticket = Ticket.objects.get()
        Ticket.objects.filter(pk=ticket.pk).update(seat=showtime.plan.seats.get(label="A1"))
        ticket.refresh_from_db()
        assert ticket.category_name == "Stalls"


def test_two_theaters_with_one_code_keep_their_words_apart(client, office):
    pages = []
    for name in ("Loge", "Empore"):
        theater = make_theater()
        theater.seat_categories.filter(code="PREMIUM").update(name=name)
        showtime = make_showtime(auditorium=make_auditorium(theater), price_list=make_price_list(theater))
        pages.append(client.get(f"/showtimes/{showtime.pk}/").text)
    assert "Loge" in pages[0] and "Empore" not in pages[0]
    assert "Empore" in pages[1] and "Loge" not in pages[1]


HOSTILE = "<b>\"'&{{ 1 }}</b>"


def test_hostile_names_are_words_everywhere(client, office, theater):
    usual = theater.seat_categories.get(code="PREMIUM")
    office.post(change(usual), form(theater, HOSTILE, note=HOSTILE, sign="<"))
    showtime = make_showtime(auditorium=make_auditorium(theater), price_list=make_price_list(theater))
    for path in (f"/showtimes/{showtime.pk}/", f"/showtimes/{showtime.pk}/?view=list"):
        page = client.get(path).text
        assert "&lt;b&gt;&quot;" in page and "<b>\"'" not in page
    css = page_css(client, showtime)
    assert 'content:"\\3c "' in css and "<" not in css.replace("\\3c", "")


def page_css(client, showtime):
    page = client.get(f"/showtimes/{showtime.pk}/").text
    url = next(
        part.split('"')[0] for part in page.split('href="') if "/seats/" in part and ".css" in part.split('"')[0]
    )
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer["Cache-Control"]
    return answer.text


def test_colors_come_as_a_stylesheet_under_a_new_name(client, office, theater, showtime):
    assert "/seats/" not in client.get(f"/showtimes/{showtime.pk}/").text.split("</head>")[0]
    box = theater.seat_categories.get(code="BOX")
    office.post(change(box), form(theater, "Box", color_light="#7A2F2F", color_dark="#e0a3a3", sign="B"))
    first = page_css(client, showtime)
    assert '[data-category="box"]' in first and "light-dark(#7a2f2f,#e0a3a3)" in first
    office.post(change(box), form(theater, "Box", color_light="#7a2f2f", color_dark="#e0a3a4", sign="B"))
    assert "#e0a3a4" in page_css(client, showtime)


def test_the_map_costs_no_query_for_names(client, showtime, django_assert_num_queries):
    path = f"/showtimes/{showtime.pk}/"
    client.get(path)
    with django_assert_num_queries(1):
        client.get(path)


@pytest.mark.parametrize(("surface", "refused"), [("#e0d8d0", False), ("#d0c8c0", True)])
def test_a_house_keeps_a_surface_on_which_its_seats_can_be_made_out(theater, surface, refused):
    theater.seat_categories.filter(code="BOX").update(color_light="#7a2f2f", color_dark="#e0a3a3")
    look = {"has_own_colors": True, "accent_light": "#3a2000", "surface_light": surface}
    form = HouseForm(model_to_dict(theater.house) | look, instance=theater.house)
    said = form.errors.get("surface_light", [])
    assert [f"{theater}, Box: " in sentence for sentence in said] == [True] * refused
