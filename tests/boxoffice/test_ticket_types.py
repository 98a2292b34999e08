"""Ticket types in the office: adding one, its names and rules, what is refused, and archiving instead of deleting."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories import make_price_list, make_theater
from tests.variants import some
from theaters.models import TicketType

pytestmark = pytest.mark.django_db
ADD = "/admin/theaters/tickettype/add/"


@pytest.fixture
def theater():
    theater = make_theater()
    make_price_list(theater)
    return theater


def address(kind):
    return f"/admin/theaters/tickettype/{kind.pk}/change/"


def fields(kind, **changes):
    return {"name": kind.name, "position": kind.position, "people": 1, **changes}


def test_a_type_of_the_house_s_own_with_its_names_and_rules(office, theater):
    form = {
        "theater": theater.pk, "code": "FAMILY", "name": "Family of 4", "name_de": "Familie zu viert", "position": 3,
        "people": 4, "most": 8, "channel": "ONLINE", "needs_code": "on", "weekdays": ["1", "2"], "last_on": "2027-03-31",
    }  # fmt: skip
    assert office.post(ADD, form).status_code == 302
    kind = TicketType.objects.get(code="FAMILY")
    assert (kind.people, kind.most, kind.channel, kind.needs_code) == (4, 8, "ONLINE", True)
    assert (kind.weekdays, kind.last_on, kind.translations) == (
        [1, 2],
        date(2027, 3, 31),
        {"de": {"name": "Familie zu viert"}},
    )
    page = office.get("/admin/theaters/tickettype/").content.decode()
    assert "only online; with a code; Mon, Tue; until 31 Mar 2027" in page
    assert 'value="Familie zu viert"' in office.get(address(kind)).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    some(
        [
            ({"derived_percent": 80}, "derived_from"),
            ({"derived_from": "ADULT"}, "derived_percent"),
            ({"derived_from": "ADULT", "derived_percent": 80, "derived_amount": 1}, "derived_percent"),
            ({"derived_from": "ADULT", "derived_percent": 1}, "derived_from"),
            ({"least": 4, "most": 3}, "most"),
            ({"people": 4, "most": 3}, "most"),
            ({"min_age": 9, "max_age": 8}, "max_age"),
        ],
        every=2,
    ),
)
def test_what_can_never_be_sold_is_refused_beside_its_field(office, theater, changes, field):
    types = {kind.code: kind for kind in theater.ticket_types.all()}
    changes = {name: types[value].pk if value in types else value for name, value in changes.items()}
    answer = office.post(address(types["CHILD"]), fields(types["CHILD"], **changes))
    assert list(answer.context["adminform"].form.errors) == [field]


@pytest.mark.parametrize("changes", [{"channel": "COUNTER"}, {"people": 2}, {"weekdays": ["1"]}, {"needs_code": "on"}])
def test_a_seat_starts_with_a_type_that_everybody_can_buy(office, theater, changes):
    adult = theater.ticket_types.get(code="ADULT")
    answer = office.post(address(adult), fields(adult, is_default="on", **changes))
    assert "everybody can buy" in answer.context["adminform"].form.errors["is_default"][0]


def test_a_derived_price_stands_in_the_empty_field_of_a_list(office, theater):
    adult, child = theater.ticket_types.order_by("code")
    child.prices.all().delete()
    form = fields(child, derived_from=adult.pk, derived_percent="60", round_to="0.50")
    assert office.post(address(child), form).status_code == 302
    page = office.get(f"/admin/theaters/pricelist/{theater.price_lists.get().pk}/change/").content.decode()
    assert 'placeholder="8.50"' in page
    child.refresh_from_db()
    assert child.derived_percent == Decimal(60)


@pytest.mark.parametrize(
    "changes", [{"derived_percent": "50"}, {"derived_percent": "80", "categories": ["STANDARD", "WHEELCHAIR"]}]
)
def test_a_changed_rule_never_makes_an_accessible_seat_dearer_than_others(office, theater, changes):
    """The child's prices follow the adult's; that of a wheelchair space is typed."""
    adult, child = theater.ticket_types.order_by("code")
    price_list = theater.price_lists.get()
    child.prices.exclude(category="WHEELCHAIR").delete()
    child.prices.update(amount=Decimal("11.60"))
    price_list.prices.filter(ticket_type=adult, category="STANDARD").update(amount=Decimal("13.00"))
    child.derived_from, child.derived_percent, child.categories = adult, Decimal(90), ["PREMIUM", "WHEELCHAIR"]
    child.save()
    unchanged = {"derived_from": adult.pk, "derived_percent": "90", "categories": child.categories}
    errors = office.post(address(child), fields(child, **unchanged | changes)).context["adminform"].form.errors
    assert list(errors) == ["derived_from"]
    assert f"On the price list {price_list}, Wheelchair space would be £11.60 and the cheapest other seat £" in str(
        errors
    )
    child.refresh_from_db()
    assert child.derived_percent == Decimal(90)
    assert office.post(address(child), fields(child, **unchanged, note="Up to 15")).status_code == 302


def test_what_was_dear_before_does_not_keep_other_changes_away(office, theater):
    child = theater.ticket_types.get(code="CHILD")
    child.prices.filter(category="WHEELCHAIR").update(amount=Decimal(99))
    assert office.post(address(child), fields(child, note="Up to 15")).status_code == 302


def test_a_type_is_archived_and_not_deleted(office, theater):
    child = theater.ticket_types.get(code="CHILD")
    assert office.post(address(child), fields(child, is_archived="on")).status_code == 302
    child.refresh_from_db()
    assert child.archived_at is not None
    office.get("/admin/theaters/tickettype/")  # shows the message of the change
    assert "Child" not in office.get("/admin/theaters/tickettype/").content.decode()
    assert office.post(f"/admin/theaters/tickettype/{child.pk}/delete/", {"post": "yes"}).status_code == 403
    assert office.post(address(child), fields(child)).status_code == 302
    child.refresh_from_db()
    assert child.archived_at is None


def test_of_several_theaters_each_type_to_derive_from_says_its_own(admin_client, theater):
    other = make_theater()
    adults = [TicketType.objects.get(theater=one, code="ADULT") for one in (theater, other)]
    TicketType.objects.create(
        theater=other, code="U25", name="Under 25", derived_from=adults[1], derived_amount=-1, position=9
    )
    page = admin_client.get(ADD).text
    assert all(f">Adult, {kind.theater.name}</option>" in page for kind in adults)
    # A type that is derived itself is not offered as a base.
    assert "Under 25" not in page
