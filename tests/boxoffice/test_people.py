"""Owners give and take roles only at their own theaters, and every change is logged."""

import re

import pytest
from django.test import Client

from accounts.models import User
from staff.models import AuditEntry, StaffRole
from tests.factories import PASS_PHRASE, make_movie, make_price_list, make_staff, make_theater

pytestmark = pytest.mark.django_db
ADD = "/admin/staff/invitation/add/"


@pytest.fixture
def here():
    return make_theater()


@pytest.fixture
def owner(here):
    return make_staff("OWNER", here, email="owner@example.com")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(owner):
    return signed_in(owner)


def wish(theater, role="DOOR", email="New@Example.com", **fields):
    names = {"first_name": "N", "last_name": "", "reason": "opens the second door"}
    return {"email": email, "theater": theater.pk, "role": role} | names | fields


def test_one_reason_is_asked_for_an_invitation_and_roles_are_explained(office):
    page = office.get(ADD).text
    assert 'name="reason"' in page and 'name="_reason"' not in page and "Door scans tickets." in page


@pytest.mark.parametrize("path", [ADD, "/admin/staff/device/add/", "/admin/theaters/pricerule/add/"])
def test_an_only_theater_need_not_be_chosen_and_one_of_two_must_be(owner, here, path):
    chosen = f'<option value="{here.pk}" selected>'
    assert chosen in signed_in(owner).get(path).text
    StaffRole.objects.create(user=owner, theater=make_theater(), role="OWNER")
    assert chosen not in signed_in(owner).get(path).text


def test_taking_the_last_role_closes_the_office_with_the_next_click(office, here):
    usher = make_staff("DOOR", here)
    door = signed_in(usher)
    assert door.get("/admin/theaters/showtime/").status_code == 200
    given = usher.staff_roles.get()
    assert (
        office.post(f"/admin/staff/staffrole/{given.pk}/delete/", {"post": "yes", "_reason": "left us"}).status_code
        == 302
    )
    assert door.get("/admin/theaters/showtime/").status_code == 403
    usher.refresh_from_db()
    assert not usher.is_staff
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.reason) == ({"person": usher.email, "role": "Door"}, "left us")


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_role_is_not_taken_without_a_reason(office, here, reason):
    usher = make_staff("DOOR", here)
    path = f"/admin/staff/staffrole/{usher.staff_roles.get().pk}/delete/"
    assert re.search(r'name="_reason"[^>]* required', office.get(path).content.decode())
    answer = office.post(path, {"post": "yes", "_reason": reason}, follow=True)
    assert answer.redirect_chain[0][0] == path and "Say why." in answer.content.decode()
    assert usher.staff_roles.exists() and not AuditEntry.objects.exists()


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_account_is_neither_closed_nor_opened_without_a_reason(office, here, reason):
    usher = make_staff("DOOR", here)
    path = f"/admin/accounts/user/{usher.pk}/change/"
    for fields in ({}, {"is_active": "on"}):
        before = User.objects.filter(pk=usher.pk).update(is_active=not fields)
        answer = office.post(path, {"first_name": "X", "last_name": "", "_reason": reason, **fields})
        assert before and answer.status_code == 200 and "Say why." in answer.content.decode()
        usher.refresh_from_db()
        assert (usher.is_active, usher.first_name) == (not fields, "")
    assert not AuditEntry.objects.exists()


def test_owner_does_not_lock_themselves_out(office, owner):
    mine = owner.staff_roles.get()
    answer = office.post(f"/admin/staff/staffrole/{mine.pk}/delete/", {"post": "yes", "_reason": "x"}, follow=True)
    assert "You cannot take the owner" in answer.content.decode()
    assert owner.staff_roles.exists()


def test_owner_cannot_make_a_superuser(office, here):
    usher = make_staff("DOOR", here)
    form = {"first_name": "U", "last_name": "", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert office.post(f"/admin/accounts/user/{usher.pk}/change/", form).status_code == 302
    usher.refresh_from_db()
    assert (usher.first_name, usher.is_superuser) == ("U", False)


def test_owner_changes_neither_superusers_nor_people_who_also_work_elsewhere(office, here):
    boss = make_staff("MANAGER", here)
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    both = make_staff("DOOR", here, make_theater())
    for person in (boss, both):
        assert office.post(f"/admin/accounts/user/{person.pk}/change/", {"first_name": "X"}).status_code == 403
    page = office.get(f"/admin/accounts/user/{both.pk}/change/").content.decode()
    assert f"Door at {here}" in page
    assert page.count("Door at ") == 1


def test_closed_account_loses_its_sessions_for_good(office, here, owner):
    usher = make_staff("DOOR", here)
    door = signed_in(usher)
    path = f"/admin/accounts/user/{usher.pk}/change/"
    office.post(path, {"first_name": "", "last_name": "", "_reason": "left us"})
    assert door.get("/admin/").status_code == 302
    entry = AuditEntry.objects.get(action="close account")
    assert (entry.theater, entry.reason, entry.before, entry.after) == (
        here, "left us", {"account": "open"}, {"account": "closed"},
    )  # fmt: skip
    office.post(path, {"first_name": "", "last_name": "", "is_active": "on", "_reason": "came back"})
    # The account is open again; the old session stays ended.
    assert door.get("/admin/").status_code == 302
    assert User.objects.get(pk=usher.pk).is_active


def test_customers_are_not_for_owners(office):
    ada = User.objects.create_user("ada@example.com", PASS_PHRASE)
    assert office.get(f"/admin/accounts/user/{ada.pk}/change/").status_code == 404
    assert "ada@example.com" not in office.get("/admin/accounts/user/?q=ada").content.decode()


class TestAudit:
    def test_a_form_tells_what_was_and_what_is_and_why(self, office, here, owner):
        prices = make_price_list(here)
        path = f"/admin/theaters/pricelist/{prices.pk}/change/"
        form = office.get(path).context["adminform"].form
        data = {form.add_prefix(name): form[name].value() for name in form.fields if form[name].value() is not None}
        old = prices.name
        assert office.post(path, data | {"name": "Matinee", "_reason": "the old name misled"}).status_code == 302
        entry = AuditEntry.objects.get(what="theaters.pricelist")
        assert (entry.before["Name"], entry.after["Name"], entry.reason) == (old, "Matinee", "the old name misled")
        assert (entry.user, entry.theater, entry.action) == (owner, here, "change")
        history = office.get(f"/admin/theaters/pricelist/{prices.pk}/history/").content.decode()
        assert "Matinee" in history and "the old name misled" in history and owner.email in history

    def test_an_unchanged_form_writes_no_entry(self, office, here):
        prices = make_price_list(here)
        path = f"/admin/theaters/pricelist/{prices.pk}/change/"
        form = office.get(path).context["adminform"].form
        data = {form.add_prefix(name): form[name].value() for name in form.fields if form[name].value() is not None}
        assert office.post(path, data).status_code == 302
        assert not AuditEntry.objects.exists()

    def test_deleting_keeps_what_was_there(self, office, here):
        movie = make_movie(title="The Kid")
        office.post(f"/admin/theaters/movie/{movie.pk}/delete/", {"post": "yes", "_reason": "twice"})
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.what_text, entry.reason, entry.theater) == (
            "delete",
            "The Kid (1927)",
            "twice",
            None,
        )
        assert entry.before["title"] == "The Kid"

    def test_each_theater_reads_its_own(self, office, here):
        make_price_list(here)
        office.post(ADD, wish(here))
        auditor = signed_in(make_staff("AUDITOR", here))
        stranger = signed_in(make_staff("AUDITOR", make_theater()))
        path = "/admin/staff/auditentry/"
        assert "new@example.com" in auditor.get(path).content.decode()
        assert "new@example.com" not in stranger.get(path).content.decode()
        assert stranger.get(f"{path}{AuditEntry.objects.get().pk}/change/").status_code == 404
