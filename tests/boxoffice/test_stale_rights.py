"""Somebody loses a right while a page is open: whatever is then posted from that page changes nothing.

The tests post to every page of the office, the counter and the door; the addresses come from the tables of test_limits and
questions.py.
"""

import re
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from staff.models import Device, StaffRole
from staff.services.devices import revoke
from tests.boxoffice.limits import OTHER_PAGES, PAGES
from tests.boxoffice.test_limits import address_of
from tests.core.questions import SITE, copied, make_world
from tests.devices import PIN, at_work
from tests.factories import make_staff, make_theater
from tests.signing_in import give_factor, signed_in
from tests.standing_world import standing_world

pytestmark = [pytest.mark.django_db, pytest.mark.long]
TURNED_AWAY = {302, 403, 404, 405}
# Addresses where people sign in or out, which is no action of the office.
SIGN_IN = {"login", "logout", "password_change", "password_change_done", "jsi18n"}
NOTED_BY_LOOKING = {"django_session", "accounts_accountsession", "staff_device"}
SENT = {
    "_do": "yes", "do": "yes", "post": "yes", "mark": "x", "reason": "Because", "_reason": "Because", "action": "delete_selected",
    "amount": "1.00", "percent": "100", "method": "CASH",
}  # fmt: skip


def everything() -> dict[str, str]:
    """A digest of every table, without those to which merely looking writes."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - NOTED_BY_LOOKING
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        found = {}
        for table in sorted(tables & present):
            cursor.execute(
                f"SELECT coalesce(string_agg(md5(row::text), '' ORDER BY md5(row::text)), '') FROM \"{table}\" AS row"
            )
            found[table] = cursor.fetchone()[0]
    return found


def office_addresses(house) -> dict[str, str]:
    ours = {name: address_of(name, args, house) for name, (args, _) in OTHER_PAGES.items() if name not in SIGN_IN}
    for page, row in ((page, house.rows[page]) for page in PAGES):
        ours |= {f"{page}_{verb}": reverse(f"admin:{page}_{verb}") for verb in ("add", "changelist")}
        ours |= {f"{page}_{verb}": reverse(f"admin:{page}_{verb}", args=[row.pk]) for verb in ("change", "delete")}
    return ours


def roles_withdrawn(person):
    StaffRole.objects.filter(user=person).delete()


def account_closed(person):
    User.objects.filter(pk=person.pk).update(is_active=False)


def no_member_of_staff(person):
    User.objects.filter(pk=person.pk).update(is_staff=False)


def factor_removed(person):
    Authenticator.objects.filter(user=person).delete()


def another_factor(person):
    factor_removed(person)
    give_factor(person)


def works_elsewhere(person):
    StaffRole.objects.filter(user=person).update(theater=make_theater())


LOST = [roles_withdrawn, account_closed, no_member_of_staff, factor_removed, another_factor]


@contextmanager
def nothing_at_all_changes():
    before = everything()
    yield
    after = everything()
    assert [table for table in after if after[table] != before[table]] == []


@pytest.fixture
def owner(houses, settings) -> User:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    return make_staff("OWNER", houses[0].theater)


@pytest.fixture
def office(owner) -> Client:
    client = signed_in(owner, factor=give_factor(owner))
    assert client.get("/admin/").status_code == 200
    return client


def acted(client, addresses) -> dict[str, int]:
    """The pages that did not refuse: neither 403 or 404, nor a redirect to the sign-in."""
    answers = {name: client.post(path, SENT) for name, path in addresses.items()}
    return {
        name: answer.status_code
        for name, answer in answers.items()
        if answer.status_code not in TURNED_AWAY or not (answer.status_code != 302 or "/accounts/" in answer.url)
    }


@pytest.mark.parametrize("lose", LOST)
def test_no_page_of_the_office_acts_any_more(houses, owner, office, lose):
    lose(owner)
    with nothing_at_all_changes():
        assert acted(office, office_addresses(houses[0])) == {}


def test_who_works_at_another_theater_now_acts_on_nothing_here(houses, owner, office):
    named = {name: path for name, path in office_addresses(houses[0]).items() if re.search(r"\d", path)}
    works_elsewhere(owner)
    with nothing_at_all_changes():
        assert acted(office, named) == {}


def test_control_with_the_right_most_of_these_pages_look_at_what_is_sent(houses, office):
    looked = [
        status for status in acted(office, office_addresses(houses[0])).values() if status in (200, 302, 409, 422)
    ]
    assert len(looked) > 60


# The counter and the door.


@pytest.fixture(scope="module")
def standing_work(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, make_world) as world:
        yield world


@pytest.fixture
def work(standing_work, db):
    return copied(standing_work)


PARTS = {"clerk": "counter", "manager": "counter", "usher": "door"}


def posts_of(work, who) -> list[tuple[str, str, dict[str, str]]]:
    """What this person can post, as (name, path, form)."""
    asked = {name: ask for name, ask in SITE.items() if ask.who == who and ask.post is not None}
    assert len(asked) > 3 or who == "manager"
    return [
        (name, reverse(name, args=[work.values[word] for word in ask.args.split()]), SENT | ask.post)
        for name, ask in asked.items()
    ]


def acted_on(client, posts) -> dict[str, int]:
    found = {name: client.post(path, sent).status_code for name, path, sent in posts}
    return {name: status for name, status in found.items() if status not in {403, 404}}


@pytest.mark.parametrize("who", PARTS)
@pytest.mark.parametrize("lose", [roles_withdrawn, account_closed, no_member_of_staff, works_elsewhere])
def test_the_counter_and_the_door_do_nothing_for_somebody_who_lost_the_right(work, who, lose):
    client = work.clients[who]
    person = User.objects.get(pk=client.session["_auth_user_id"])
    posts = posts_of(work, who)
    lose(person)
    with nothing_at_all_changes():
        found = acted_on(client, posts)
    assert {status for name, status in found.items() if not name.startswith("choose_")} <= {302}, found


def revoked(device, person):
    revoke(device_id=device.pk, user_id=device.made_by_id, reason="Stolen")


def enrolled_anew(device, person):
    """Enroll the device in another browser, so that this one loses it."""
    Device.objects.filter(pk=device.pk).update(cookie_hash="0" * 64)


@pytest.mark.parametrize(("role", "who", "task"), [("MANAGER", "clerk", "COUNTER"), ("DOOR", "usher", "DOOR")])
@pytest.mark.parametrize(
    "lose",
    [
        revoked,
        enrolled_anew,
        *(lambda _, person, lose=lose: lose(person) for lose in (roles_withdrawn, account_closed, works_elsewhere)),
    ],
)
def test_a_device_does_nothing_once_it_or_its_operator_lost_the_right(work, role, who, task, lose):
    device, client, person = at_work(role, work.theater, task)
    posts = [(name, path, sent | {"operator_pin": PIN}) for name, path, sent in posts_of(work, who)]
    lose(device, person)
    with nothing_at_all_changes():
        found = acted_on(client, posts)
    assert set(found.values()) <= {302}, found
