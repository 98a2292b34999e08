"""During a rolling update rows may hold values of the next release: customer pages must stay readable and say something
general.

The models say which columns have a list of choices. Each of these gets a value that this release does not know, in every
row, and the tests open every customer page that reads the table.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.clock import from_now
from core.rows.known_values import known
from reservations.letters.emails import _change
from reservations.models import Booking, ChangeNotice, Ticket, WaitingSkip
from reservations.refusals.on_sale import NotOnSale
from reservations.seats.taking import take_seats
from reservations.states import TicketStatus
from tests.core.questions import SITE, copied, hold_near_its_end, make_world
from tests.core.test_four_questions import ask, is_looked_at, undone
from tests.factories import make_browser, make_showtime
from tests.standing_world import standing_world
from theaters.models import PriceVersion, Showtime, ShowtimeChange

pytestmark = pytest.mark.django_db
PAGES = [name for name, asked in SITE.items() if asked.who == "customer" and is_looked_at(name)]
TABLE = re.compile(r'(?:FROM|JOIN|UPDATE|INTO)\s+"?(\w+_\w+)"?', re.IGNORECASE)
# Currencies come from ISO 4217, not from a release.
NOT_OF_A_RELEASE = ("currency",)
# Facts that a plan of the next release may have about a seat.
FACTS = {"steps": 2, "legroom": True}


def columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_models():
        for column in model._meta.local_fields:
            values = column.base_field if isinstance(column, ArrayField) else column
            is_ours = not model.__module__.startswith(("django.", "allauth."))
            if is_ours and values.choices and column.name not in NOT_OF_A_RELEASE:
                yield model, column


ALL = list(columns())
# A page depends on statuses most, so each status is made unknown alone; all other columns are made unknown together.
GROUPS = {f"{model.__name__}.status": [(model, column)] for model, column in ALL if column.name == "status"} | {
    "others": [(model, column) for model, column in ALL if column.name != "status"]
}


def make_changed_world():
    """Make a world with at least one row of everything that customers read about changes, skipped offers and money that
    goes back.
    """
    world = make_world()
    Showtime.objects.filter(pk=world.sold.pk).update(times_changed=1)
    change = ShowtimeChange.objects.create(
        showtime=world.sold, kind="FACTS", status="APPLIED", reason="Measured again", applied_at=timezone.now(),
        before={"value": 1, "text": "plan 1", "facts": {"A1": FACTS}, "worse": {"steps": ["A1"]}},
        after={"value": 2, "text": "plan 2", "facts": {"A1": FACTS}, "worse": {"steps": ["A1"]}}, offer_until=from_now(3600),
    )  # fmt: skip
    ChangeNotice.objects.create(change=change, booking=world.booking)
    WaitingSkip.objects.create(entry=world.waiting, reason="APART", free=2)
    Booking.objects.filter(pk=world.cash.pk).update(holder=world.browser.holder)
    world.tables = {page: tables_of(world, page) for page in pages_of(world)}
    return world


def pages_of(world) -> list[str]:
    """Names of the site's pages, and addresses of the booking that was paid at the counter and canceled."""
    cash = [reverse(name, args=[world.cash.reference]) for name in ("booking", "receipt")]
    return [*PAGES, *cash, reverse("credit_note", args=[world.cash.reference, world.cash.cancellations.get().pk])]


def look_at(world, page: str) -> int:
    """Return the status of a page. What the page writes (a receipt is numbered when it is first printed) is undone."""
    client = world.clients["customer"]
    if page not in SITE:
        return undone(lambda: client.get(page) if "." not in page else client.post(page)).status_code
    return undone(lambda: ask(world, page, world.clients, is_read=True)).status_code


def tables_of(world, page: str) -> set[str]:
    with CaptureQueriesContext(connection) as queries:
        look_at(world, page)
    return {table for query in queries for table in TABLE.findall(query["sql"])}


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, make_changed_world) as world:
        yield world


@pytest.fixture
def world(standing, db):
    hold_near_its_end(standing)
    return copied(standing)


@contextmanager
def without_rules(table: str):
    """A cursor, with the table's constraints and triggers removed until the test undoes it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table])
        drops = "".join(f', DROP CONSTRAINT "{name}"' for (name,) in cursor.fetchall())
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER{drops}")
        yield cursor


def write_unknown(model, column) -> int:
    """Write a value of the next release in all rows; returns the number of rows."""
    table, is_list = model._meta.db_table, isinstance(column, ArrayField)
    values = column.base_field if is_list else column
    value = "NEW" if isinstance(values, models.CharField) else 99
    with without_rules(table) as cursor:
        cursor.execute(f'UPDATE {table} SET "{column.column}" = %s', [[value] if is_list else value])
        return cursor.rowcount


def failed_pages(world, pages) -> dict[str, object]:
    failed: dict[str, object] = {}
    for page in pages:
        try:
            status: object = look_at(world, page)
        except Exception as error:
            status = repr(error)
        if status not in range(200, 500):
            failed[page] = status
    return failed


@pytest.mark.long
@pytest.mark.parametrize("name", GROUPS)
def test_a_value_of_the_next_release_ends_no_page_of_a_customer(world, name):
    tables = {model._meta.db_table for model, _ in GROUPS[name]}
    # Houses and theaters are cached by now, so a few pages are always opened.
    always = {"whats_on", "seat_map", "booking", "ticket"}
    pages = [page for page, read in world.tables.items() if page in always or tables & read]
    if sum([write_unknown(*one) for one in GROUPS[name]]):
        assert failed_pages(world, pages) == {}


@pytest.mark.long
def test_a_price_rule_of_the_next_release_ends_no_page_of_a_customer(world):
    rule = {
        "kind": "NEW",
        "name": "Rain",
        "amount": "1",
        "percent": None,
        "hours_before": 0,
        "ticket_types": [],
        "names": {},
    }
    with without_rules("theaters_priceversion"):
        PriceVersion.objects.update(price_rules=[rule])
    with without_rules("reservations_ticket"):
        Ticket.objects.update(list_price="1.00", price_changes=[rule])
    assert failed_pages(world, world.tables) == {}


def test_a_value_is_known_or_is_not():
    assert (known(TicketStatus, "VALID"), known(TicketStatus, "NEW")) == (TicketStatus.VALID, None)


def test_a_mail_about_a_change_of_the_next_release_waits_for_its_workers():
    with pytest.raises(ValueError, match="NEW"):
        _change({"kind": "NEW", "before": {"text": "plan 1"}, "after": {"text": "plan 2"}}, None)


def test_a_showtime_in_a_status_of_the_next_release_sells_nothing():
    showtime = make_showtime()
    with without_rules("theaters_showtime"):
        Showtime.objects.filter(pk=showtime.pk).update(status="NEW")
    with pytest.raises(NotOnSale):
        take_seats(showtime_id=showtime.pk, browser=make_browser(1), labels=["A1"])


@pytest.mark.long
def test_a_change_of_the_next_release_is_told_in_general_words(world):
    with without_rules("theaters_showtimechange"):
        ShowtimeChange.objects.update(kind="NEW")
    page = world.clients["customer"].get(reverse("booking", args=[world.booking.reference])).content.decode()
    assert "Something about your showtime has changed" in page
    assert "Measured again" in page and "plan 2" not in page and "Before:" not in page
