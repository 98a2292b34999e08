"""What staff see of seats that customers hold for friends, and how staff end such a block."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from payments.sessions.settlement import settle
from reservations.groups.friends_seats import take_friends_seats
from reservations.models import Hold, SharedBlock, ShowtimeSeat
from staff.models import AuditEntry
from tests.factories import make_auditorium, make_browser, make_shared_block, make_showtime, press_pay
from tests.ledger import broken_invariants

pytestmark = pytest.mark.django_db
BEN, CLEO = make_browser(71), make_browser(72)


@pytest.fixture
def block(showtime):
    """A block in which Ada holds A1 to A3, Ben has paid for A1, and Cleo took A2."""
    return make_shared_block(showtime, "A1", "A2", "A3")


@pytest.fixture
def with_friends(block, sandbox):
    for browser, label, name in ((BEN, "A1", "Ben"), (CLEO, "A2", "Cleo")):
        take_friends_seats(block=block, browser=browser, labels=[label], name=name)
    payment = press_pay(block.showtime, BEN, "A1").sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    return block


def page_of(block) -> str:
    return f"/admin/theaters/showtime/{block.showtime_id}/house-seats/"


def words(answer) -> str:
    return " ".join(answer.text.split())


def end(office, block, reason="The row is needed for a film crew"):
    form = {"_end_shared": str(block.pk), f"shared-{block.pk}-reason": reason}
    return office.post(page_of(block), form, follow=True)


def test_staff_see_who_organizes_and_what_is_free_taken_and_paid(office, with_friends):
    page = words(office.get(page_of(with_friends)))
    for shown in ("Ada · ada@example.com", "Nobody took yet: A3.", "Taken, not paid: A2.", "Paid: A1.", "Held until"):
        assert shown in page, shown
    # Only first names of friends are known, and staff do not need them.
    assert "Cleo" not in page


def test_ended_with_a_reason_what_nobody_took_is_free_and_friends_read_why(office, with_friends):
    answer = end(office, with_friends)
    assert "Ada: On sale again: A3." in words(answer) and "Nobody took yet" not in words(answer)
    rows = ShowtimeSeat.objects.filter(showtime=with_friends.showtime, label__in=["A1", "A2", "A3"]).order_by("pk")
    assert [(bool(row.booking_id), bool(row.hold_id)) for row in rows] == [(True, False), (False, True), (False, False)]
    friends = words(Client().get(reverse("shared_seats", args=[with_friends.showtime_id, with_friends.code])))
    assert "The theater has released what it kept: The row is needed for a film crew" in friends
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.reason) == ("end a shared block", "The row is needed for a film crew")
    assert "ada" not in str(entry.after).lower()
    assert broken_invariants() == []


def test_a_stranger_with_the_link_reads_why_too(office, block):
    end(office, block)
    answer = Client().get(reverse("shared_seats", args=[block.showtime_id, block.code]))
    assert (answer.status_code, "film crew" in answer.text) == (410, True)


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_ends(office, block, reason):
    assert "Please give a reason" in words(end(office, block, reason))
    assert SharedBlock.objects.open().get() == block
    assert not AuditEntry.objects.filter(action="end a shared block").exists()


def test_one_that_is_over_is_not_shown_and_not_ended_again(office, block):
    end(office, block)
    assert "not held for friends any more" in words(end(office, block))
    assert AuditEntry.objects.filter(action="end a shared block").count() == 1
    assert Hold.objects.get(pk=block.hold_id).end == "RELEASED"


def test_a_block_of_another_showtime_stays(office, block):
    elsewhere = make_showtime(auditorium=make_auditorium(block.showtime.auditorium.theater))
    other = make_shared_block(elsewhere, "A1", "A2", number=75, email="bob@example.com")
    form = {"_end_shared": str(other.pk), f"shared-{other.pk}-reason": "A mistake"}
    assert "not held for friends any more" in words(office.post(page_of(block), form))
    assert set(SharedBlock.objects.open()) == {block, other}


def test_the_office_lists_them_and_each_says_what_is_free_taken_and_paid(office, with_friends):
    listed = words(office.get(reverse("admin:reservations_sharedblock_changelist")))
    assert "Ada · ada@example.com" in listed and "A1, A2, A3" in listed and with_friends.code not in listed
    page = office.get(reverse("admin:reservations_sharedblock_change", args=[with_friends.pk])).text
    for field, seats in (("free", "A3"), ("taken", "A2"), ("paid", "A1")):
        shown = re.search(rf'field-{field}"(.*?)</div>\s*</div>', page, re.DOTALL)[1]
        assert seats in re.sub(r"<[^>]*>", " ", shown).split(), field
    assert page_of(with_friends) in page and with_friends.code not in page
