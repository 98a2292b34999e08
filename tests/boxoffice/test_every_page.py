"""Every page of the office opens, is closed to guests, and keeps the strict Content-Security-Policy."""

import re
from copy import deepcopy

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.account_mail import MailText, queue_mail
from core.models import SalesPause
from houses.models import House, Post, TextPage
from payments.models import InvariantRun, LedgerComparison
from reservations.models import Move, OutgoingMail, Ticket
from staff.services.audit import record
from tests.boxoffice.scenes import ask_back, book, deliver, give_back, pay
from tests.devices import make_device
from tests.factories import (
    make_allowance,
    make_draft,
    make_ended_block,
    make_invitation,
    make_price_rule,
    make_promo,
    make_showtime,
    make_staff,
    make_waiting_entry,
)
from tests.standing_world import standing_world
from theaters.models import MovieRating, Series

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PAGES = {model._meta.label_lower.replace(".", "_") for model in admin.site._registry}
BY_INVITATION = {"staff_staffrole", "accounts_user"}  # nobody can be added there
LEDGERS = {
    "reservations_booking", "reservations_ticket", "reservations_outgoingmail", "reservations_move",
    "reservations_waitingentry", "reservations_sharedblock",
    "payments_payment", "payments_refund", "payments_providerevent", "boxoffice_refundrequest", "staff_auditentry",
    "payments_invariantrun", "payments_ledgercomparison", "core_salespause", "accounts_accountmail",
}  # fmt: skip
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def one_of_everything() -> dict[str, Model]:
    """Make a row for every model that has a page."""
    showtime, manager = make_showtime(), User.objects.create_superuser("manager@marquee.example", "a long pass phrase")
    MovieRating.objects.create(movie=showtime.movie, country="GB", label="PG")
    booking = book(showtime, "A1", "A2")
    payment = pay(booking)
    event, refund = deliver(payment), give_back(payment)
    usher = make_staff("DOOR", showtime.auditorium.theater)
    entry = record(actor="worker", action="change", thing=showtime.movie, theater=None)
    return {
        "houses_house": House.objects.get(), "houses_textpage": TextPage.objects.get(),
        "houses_post": Post.objects.create(house=House.objects.get(), slug="news", title="News", text="x"),
        "theaters_series": Series.objects.create(house=House.objects.get(), slug="noir", name="Noir"),
        "theaters_movie": showtime.movie, "houses_theater": showtime.auditorium.theater,
        "theaters_auditorium": showtime.auditorium, "theaters_seatingplan": showtime.plan,
        "theaters_seatcategory": showtime.auditorium.theater.seat_categories.first(),
        "theaters_tickettype": showtime.auditorium.theater.ticket_types.first(), "theaters_pricelist": showtime.price_list,
        "theaters_pricerule": make_price_rule(showtime.auditorium.theater),
        "theaters_showtime": showtime, "reservations_booking": booking, "reservations_ticket": Ticket.objects.first(),
        "reservations_outgoingmail": OutgoingMail.objects.first(), "reservations_move": Move.objects.first(),
        "payments_payment": payment, "payments_refund": refund, "payments_providerevent": event,
        "payments_invariantrun": InvariantRun.objects.create(actor="schedule"),
        "payments_ledgercomparison": LedgerComparison.objects.create(actor="schedule"),
        "core_salespause": SalesPause.objects.create(kind="BY_HAND", why="A look", ended_at=timezone.now(), ended_by="test"),
        "accounts_accountmail": queue_mail(MailText("invitation", "ada@example.com", "Hello", "A secret link")),
        "boxoffice_refundrequest": ask_back(booking, manager), "reservations_promocode": make_promo(),
        "reservations_ticketallowance": make_allowance(showtime), "reservations_waitingentry": make_waiting_entry(showtime),
        "reservations_sharedblock": make_ended_block(showtime),
        "accounts_user": manager, "staff_staffrole": usher.staff_roles.get(),
        "staff_device": make_device(showtime.auditorium.theater),
        "staff_invitation": make_invitation(showtime.auditorium.theater, manager), "staff_auditentry": entry,
    }  # fmt: skip


@pytest.fixture(scope="module")
def standing_rows(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, one_of_everything) as rows:
        yield rows


@pytest.fixture
def world(standing_rows, db):
    return deepcopy(standing_rows)


@pytest.fixture
def manager(world) -> User:
    return world["accounts_user"]


def addresses(page, world):
    found = {
        "list": reverse(f"admin:{page}_changelist"),
        "search": reverse(f"admin:{page}_changelist") + "?q=ada",
        "change": reverse(f"admin:{page}_change", args=[world[page].pk]),
        "history": reverse(f"admin:{page}_history", args=[world[page].pk]),
    }
    if page not in LEDGERS | BY_INVITATION:
        found["add"] = reverse(f"admin:{page}_add")
    return found


def assert_empty_choices_say_what_they_mean(html):
    """An empty choice says "Choose …" where something has to be chosen, and what empty means where nothing has to be."""
    for attributes, words in re.findall(r'<select([^>]*)>\s*(?:<option value=""[^>]*>([^<]*)</option>)?', html):
        assert "---" not in words and "Select an option" not in words, attributes
        assert words != "Choose …" or "required" in attributes, attributes


def assert_strict(answer):
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    html = re.sub(r'placeholder="[^"]*"', "", answer.content.decode())
    assert INLINE.findall(html) == []
    assert_empty_choices_say_what_they_mean(html)


def test_the_world_has_one_of_everything(world):
    assert set(world) == PAGES


@pytest.mark.parametrize("place", sorted(PAGES))
def test_opens_to_the_manager_and_sends_guests_to_the_sign_in(place, world, office, client):
    for address in addresses(place, world).values():
        answer = office.get(address)
        assert answer.status_code == 200, address
        assert_strict(answer)
        turned_away = client.get(address)
        assert turned_away.status_code == 302 and turned_away.url.startswith("/accounts/login/?next="), address


def test_front_page_in_the_order_of_a_managers_day(office):
    answer = office.get("/admin/")
    assert_strict(answer)
    groups = re.findall(r'class="section">([^<]+)<', answer.content.decode())
    assert groups[:5] == ["Program", "Sales", "House", "Records", "People"]


def test_draft_page_and_delete_page_keep_the_policy(office):
    draft = make_draft()
    for name in ("change", "delete"):
        answer = office.get(reverse(f"admin:theaters_showtime_{name}", args=[draft.pk]))
        assert answer.status_code == 200
        assert_strict(answer)


@pytest.mark.parametrize("place", sorted(LEDGERS))
def test_ledgers_refuse_every_way_of_writing(place, world, office):
    row = world[place]
    before = type(row).objects.filter(pk=row.pk).values().get()
    change, delete = (reverse(f"admin:{place}_{name}", args=[row.pk]) for name in ("change", "delete"))
    assert office.post(change, {"status": "CONFIRMED", "amount": "0.01", "_save": "Save"}).status_code == 403
    assert office.get(reverse(f"admin:{place}_add")).status_code == 403
    assert office.post(reverse(f"admin:{place}_add"), {}).status_code == 403
    assert office.get(delete).status_code == 403
    assert office.post(delete, {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    office.post(reverse(f"admin:{place}_changelist"), action)
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("place", sorted(PAGES))
def test_what_is_not_there_is_said_in_the_offices_frame(place, world, office):
    answer = office.get(reverse(f"admin:{place}_change", args=[999_999]))
    assert answer.status_code == 404
    assert "This page is not here" in answer.content.decode()
    assert_strict(answer)
