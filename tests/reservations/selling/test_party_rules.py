"""Who may come together: each rule alone, then as the page, Pay and the panel explain it."""

from decimal import Decimal

import pytest
from django.db import transaction

from core.refusals import BadChoice
from reservations.models import Booking, Move
from reservations.selling.bookings import confirm_booking, open_booking
from reservations.selling.party_rules import PartySeat, final_objection, objections
from tests.factories import (
    hold_seats,
    make_auditorium,
    make_browser,
    make_movie,
    make_price_list,
    make_showtime,
    make_theater,
    pay_form,
)
from tests.ledger import nothing_changes
from theaters.age_limits import RatingRow
from theaters.models import AgeRule, MovieRating, TicketType

ADULT = TicketType(code="ADULT", name="Adult", is_adult=True)
CHILD = TicketType(code="CHILD", name="Child", max_age=14)
TODDLER = TicketType(code="STUDENT", name="Toddler", max_age=4, needs_adult=True)
SENIOR = TicketType(code="SENIOR", name="Senior", min_age=60, is_adult=True)
CARER = TicketType(code="CARER", name="Carer", needs_wheelchair=True)
ANY = AgeRule("U")
FIFTEEN = AgeRule("15", min_age=15)
TWELVE_A = AgeRule("12A", accompanied_below=12)

S, W, C = "STANDARD", "WHEELCHAIR", "COMPANION"


def party(*places):
    return [PartySeat(f"A{number}", category, kind) for number, (category, kind) in enumerate(places, start=1)]


def refused(*places, ages=ANY):
    return [one.label for one in objections(places=party(*places), ages=ages)]


@pytest.mark.parametrize(
    ("kind", "ages", "labels"),
    [
        (CHILD, FIFTEEN, ["A1"]),
        (CHILD, AgeRule("14", min_age=14), []),
        (CHILD, AgeRule("18", min_age=18), ["A1"]),
        (ADULT, AgeRule("18", min_age=18), []),
        (SENIOR, FIFTEEN, []),
        (CHILD, ANY, []),
    ],
)
def test_people_below_the_least_age_get_no_ticket_even_with_an_adult(kind, ages, labels):
    assert refused((S, kind), (S, ADULT), ages=ages) == labels


@pytest.mark.parametrize(
    ("kinds", "labels"),
    [((CHILD,), ["A1"]), ((CHILD, CHILD), ["A1", "A2"]), ((CHILD, ADULT), []), ((CHILD, SENIOR), []), ((ADULT,), [])],
)
def test_some_films_need_a_grown_up_along(kinds, labels):
    assert refused(*((S, kind) for kind in kinds), ages=TWELVE_A) == labels


def test_a_type_that_is_never_that_young_needs_nobody_along():
    teen = TicketType(code="STUDENT", name="Teen", min_age=12, max_age=17)
    assert refused((S, teen), ages=TWELVE_A) == []


@pytest.mark.parametrize(
    ("kinds", "labels"), [((TODDLER,), ["A1"]), ((TODDLER, CHILD), ["A1"]), ((TODDLER, TODDLER, ADULT), [])]
)
def test_a_type_that_needs_an_adult_is_sold_with_one(kinds, labels):
    assert refused(*((S, kind) for kind in kinds)) == labels


@pytest.mark.parametrize(
    ("places", "labels"),
    [
        ([(W, ADULT), (C, CARER)], []),
        ([(W, ADULT), (S, CARER)], []),
        ([(S, ADULT), (S, CARER)], ["A2"]),
        ([(W, ADULT), (C, CARER), (C, CARER)], ["A3"]),
        ([(W, ADULT), (W, ADULT), (C, CARER), (C, CARER)], []),
        ([(W, CARER)], ["A1"]),
        ([(W, CARER), (C, CARER)], ["A1", "A2"]),
    ],
)
def test_a_carer_comes_with_a_wheelchair_space_that_somebody_else_has(places, labels):
    assert refused(*places) == labels


@pytest.mark.parametrize(
    ("categories", "labels"),
    [
        ([C], ["A1"]),
        ([C, S], ["A1"]),
        ([W, C], []),
        ([W, C, C, C], []),
        ([W, C, C, C, C], ["A5"]),
        ([W, W, C, C, C, C], []),
        ([W], []),
    ],
)
@pytest.mark.parametrize("kind", [None, ADULT])
def test_companion_seats_are_sold_with_a_wheelchair_space_up_to_three(categories, labels, kind):
    assert refused(*((category, kind) for category in categories)) == labels


def test_a_type_is_impossible_only_when_no_other_choice_helps():
    alone = party((S, CHILD), (S, CHILD))
    assert final_objection(places=alone, label="A1", kind=CHILD, ages=TWELVE_A) == ""
    assert "Nobody under 15" in final_objection(places=alone, label="A1", kind=CHILD, ages=FIFTEEN)
    assert "wheelchair space" in final_objection(places=alone, label="A1", kind=CARER, ages=ANY)
    beside = party((W, ADULT), (C, ADULT), (C, CARER))
    assert final_objection(places=beside, label="A2", kind=CARER, ages=ANY) == ""


# On sale.


@pytest.fixture
def showtime(db):
    theater = make_theater()
    theater.ticket_types.filter(code="ADULT").update(is_adult=True)
    theater.ticket_types.filter(code="CHILD").update(max_age=14)
    TicketType.objects.create(
        theater=theater, code="CARER", name="Carer", position=5, needs_wheelchair=True, categories=["COMPANION"]
    )
    prices = make_price_list(theater, {"ADULT": Decimal("14.50"), "CHILD": Decimal(9), "CARER": Decimal(0)})
    return make_showtime(auditorium=make_auditorium(theater, "A wcc.ooo"), price_list=prices)


@pytest.fixture
def rated(showtime):
    def rate(**rule):
        MovieRating.objects.create(movie=showtime.movie, country="GB", **rule)

    return rate


def pay_for(showtime, browser, **choices):
    form = pay_form(showtime, *choices, total=Decimal("1.00"))
    form.choices.update(choices)
    return open_booking(showtime_id=showtime.pk, browser=browser, form=form)


@pytest.mark.parametrize(
    ("rule", "choices", "sentence"),
    [
        ({"label": "15", "min_age": 15}, {"A4": "ADULT", "A5": "CHILD"}, "Nobody under 15"),
        ({"label": "12A", "accompanied_below": 12}, {"A4": "CHILD"}, "under 12 has to come with an adult"),
        ({"label": "U"}, {"A2": "ADULT"}, "only together with a wheelchair space"),
        ({"label": "U"}, {"A1": "ADULT", "A2": "CARER", "A3": "CARER"}, "one Carer ticket for each wheelchair space"),
    ],
)
def test_pay_refuses_with_the_sentence_and_changes_nothing(showtime, my_browser, rated, rule, choices, sentence):
    rated(**rule)
    hold_seats(showtime, my_browser, *choices)
    with nothing_changes(), pytest.raises(BadChoice, match=sentence) as refusal:
        pay_for(showtime, my_browser, **choices)
    assert (refusal.value.field, refusal.value.status) == ("types", 422)


def test_the_rating_of_another_country_does_not_matter(showtime, my_browser):
    MovieRating.objects.create(movie=showtime.movie, country="US", label="NC-17", min_age=18)
    hold_seats(showtime, my_browser, "A4")
    form = pay_form(showtime, "A4", kind="CHILD")
    assert open_booking(showtime_id=showtime.pk, browser=my_browser, form=form).total == 9


def test_a_carer_is_free_beside_a_wheelchair_space(showtime, my_browser):
    hold_seats(showtime, my_browser, "A1", "A2")
    form = pay_form(showtime, "A1", "A2", total=Decimal("14.50"))
    form.choices["A2"] = "CARER"
    booking = open_booking(showtime_id=showtime.pk, browser=my_browser, form=form)
    assert list(booking.tickets.values_list("type_name", "price")) == [("Adult", Decimal("14.50")), ("Carer", 0)]


PROPOSED = "You saved that an assistant comes with you, so seat A2 has a Carer ticket. You can change it."


@pytest.mark.parametrize(
    ("needs", "seats", "is_proposed"),
    [
        (["ASSISTANT"], ["A1", "A4", "A2"], True),
        (["ASSISTANT"], ["A4", "A5"], False),
        (["ASSISTANT"], ["A1", "A4"], False),  # the carer's ticket is only for companion seats
        (["WHEELCHAIR"], ["A1", "A2"], False),
    ],
)
def test_checkout_proposes_the_carers_ticket_to_who_saved_an_assistant(showtime, client, needs, seats, is_proposed):
    client.post("/accounts/needs/", {"need": needs})
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": seats})
    page = client.get(f"/checkout/{showtime.pk}/")
    assert (PROPOSED in " ".join(page.text.split())) == is_proposed
    chosen = {line.label: line.ticket_type.code for line in page.context["quote"].lines}
    assert chosen == {label: "CARER" if is_proposed and label == "A2" else "ADULT" for label in seats}
    assert page.context["quote"].total == Decimal("14.50") * (len(seats) - is_proposed)


def test_a_carers_ticket_that_was_changed_stays_changed(showtime, client):
    client.post("/accounts/needs/", {"need": ["ASSISTANT"]})
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2"]})
    typed = {"action": "update", "type-A1": "ADULT", "type-A2": "ADULT", "total": "14.50"}
    page = client.post(f"/checkout/{showtime.pk}/", typed)
    assert page.context["quote"].total == Decimal(29) and PROPOSED not in " ".join(page.text.split())


def test_checkout_offers_no_type_that_cannot_be_and_says_why(showtime, client, rated):
    rated(label="15", min_age=15)
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A4"})
    page = client.get(f"/checkout/{showtime.pk}/").content.decode()
    assert '<option value="CHILD" disabled>' in page
    assert "Nobody under 15 is admitted, so there are no Child tickets." in page


def test_checkout_shows_what_stands_in_the_way_and_pay_says_it_too(showtime, client, rated):
    rated(label="12A", accompanied_below=12)
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A4"})
    form = {"action": "update", "type-A4": "CHILD", "email": "ada@example.com", "total": "9.00"}
    shown = client.post(f"/checkout/{showtime.pk}/", form)
    paid = client.post(f"/checkout/{showtime.pk}/", form | {"action": "pay"})
    assert (shown.status_code, paid.status_code) == (200, 422)
    for answer in (shown, paid):
        assert answer.content.decode().count("please add a ticket for an adult to the Child ticket.") == 1
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("country", "label", "says"),
    [
        (
            "DE",
            "FSK 12",
            "Nobody under 6 is admitted, and anybody under 12 has to come with a parent or guardian.",
        ),
        ("GB", "12A", "Anybody under 12 has to come with an adult."),
        ("US", "R", "Anybody under 17 has to come with a parent or guardian."),
        ("AT", "12", "Nobody under 12 is admitted."),
    ],
)
def test_with_whom_the_young_come_is_said_as_the_country_says_it(country, label, says):
    rule = AgeRule.strictest([RatingRow(country, label)])
    assert rule.sentence == says
    needs = [
        one.sentence for one in objections(places=party((S, CHILD)), ages=rule) if "has to come with" in one.sentence
    ]
    assert len(needs) == (rule.accompanied_below is not None)
    assert all(("a parent or guardian" in sentence) == rule.is_with_parent for sentence in needs)


def test_the_panel_says_what_a_companion_seat_needs_and_lets_nobody_on(showtime, client):
    url, take = f"/showtimes/{showtime.pk}/", f"/showtimes/{showtime.pk}/seats/"
    must = "Seat A2 is for the companion of a wheelchair user. You can book it only together with a wheelchair space."
    for answer in (client.post(take, {"take": "A2"}, headers={"HX-Request": "true"}), client.get(url)):
        page = answer.content.decode()
        assert (must in page, f'href="/checkout/{showtime.pk}/"' in page) == (True, False)
    page = client.post(take, {"take": "A1"}, headers={"HX-Request": "true"}).content.decode()
    assert (must in page, f'href="/checkout/{showtime.pk}/"' in page) == (False, True)


def test_the_map_says_who_is_let_in(client, db):
    movie = make_movie()
    MovieRating.objects.create(movie=movie, country="GB", label="18", min_age=18)
    page = client.get(f"/showtimes/{make_showtime(movie=movie).pk}/").content.decode()
    assert '<span class="rating">18</span>' in page and "<span>Nobody under 18 is admitted.</span>" in page


def test_companion_seats_are_released_when_every_other_seat_is_sold_and_that_is_logged(showtime):
    buyer, labels = make_browser(7), ["A4", "A5", "A6"]
    hold_seats(showtime, make_browser(8), "A2")
    hold_seats(showtime, buyer, *labels)
    with pytest.raises(BadChoice):
        pay_alone(showtime, make_browser(8), "A2")  # held seats may become free again
    with transaction.atomic():
        sold = open_booking(showtime_id=showtime.pk, browser=buyer, form=pay_form(showtime, *labels))
        assert confirm_booking(sold, actor="test")
    assert not Move.objects.filter(what="accessible").exists()
    booking = pay_alone(showtime, make_browser(8), "A2")
    move = Move.objects.get(what="accessible")
    assert (move.what_id, move.to_status, move.actor) == (booking.pk, "RELEASED", "customer") and "A2" in move.note


def pay_alone(showtime, browser, label):
    with transaction.atomic():
        return open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, label))


def test_how_many_companions_go_with_a_space_is_a_setting(settings):
    settings.COMPANIONS_PER_WHEELCHAIR_SPACE = 1
    assert refused((W, ADULT), (C, ADULT), (C, ADULT)) == ["A3"]


def test_a_wheelchair_space_is_a_declaration_and_nobody_asks_for_proof(showtime, client):
    panel = client.post(
        f"/showtimes/{showtime.pk}/seats/", {"take": "A1"}, headers={"HX-Request": "true"}
    ).content.decode()
    checkout = client.get(f"/checkout/{showtime.pk}/").content.decode()
    for page in (panel, checkout):
        assert "you tell us that somebody in your party uses a wheelchair. We ask for no proof." in page
