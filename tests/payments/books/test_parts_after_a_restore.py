"""The effect of price rules on a price stands on the page of a ticket that was written again, and of one that was moved in."""

from decimal import Decimal

import pytest

from core.installation import installation_id
from payments.books.moving_in import move_in
from reservations.models import Ticket
from reservations.opening.showtime_opening import open_for_sale
from tests.factories import buy, make_browser, make_draft, make_price_list, make_price_rule, make_staff, make_theater
from tests.ledger import broken_invariants
from tests.moving_in.old_files import HEADER, old_file, old_line
from tests.payments.books.test_reconcile import lost_by_a_restore, pause, run
from tests.signing_in import signed_in
from theaters.models import PriceRule

pytestmark = pytest.mark.django_db
# 14.50, less a tenth on Mondays, less 3.00 for early birds, plus 2.00 for 3D.
WORDS = "List price £14.50; Happy Monday −£1.45; 3D surcharge £2.00; Early bird −£3.00"


@pytest.fixture
def showtime(sandbox):
    installation_id()
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    make_price_rule(theater)
    make_price_rule(theater, kind="DAY_RATE", name="Happy Monday", percent=Decimal(10))
    make_price_rule(theater, kind="EARLY", name="Early bird", pictures=[], amount=Decimal(3), hours_before=2)
    draft = make_draft(theater=theater, price_list=make_price_list(theater))
    draft.picture = "3D"
    draft.save(update_fields=["picture"])
    return open_for_sale(showtime_id=draft.pk, actor="test")


def shown(ticket: Ticket) -> str:
    """The booking's page in the office and the ticket's page."""
    office = signed_in(make_staff("OWNER", ticket.showtime.auditorium.theater))
    page = office.get(f"/admin/reservations/booking/{ticket.booking_id}/change/").text
    return page + office.get(f"/tickets/{ticket.code}/").text


def facts(ticket: Ticket) -> tuple[object, ...]:
    return ticket.price, ticket.list_price, ticket.discount, ticket.tax, [*ticket.changes], ticket.price_text


def test_a_ticket_written_again_after_a_restore_says_what_its_price_is_made_of(showtime, sandbox):
    with lost_by_a_restore():
        sold = facts(buy(sandbox, showtime, make_browser(1), "A1", total="12.05").tickets.get())
    assert sold[0] == Decimal("12.05") and sold[-1] == WORDS
    PriceRule.objects.update(name="Another", amount=Decimal(9), percent=None)
    pause()
    assert run("--apply")[0] == 0
    ticket = Ticket.objects.select_related("showtime__auditorium__theater").get()
    assert facts(ticket) == sold
    assert WORDS in shown(ticket)
    assert broken_invariants() == []


def test_a_moved_in_ticket_shows_the_discount_it_was_sold_with_and_no_rule_of_ours(showtime):
    from django.utils import timezone

    line = f"{old_line(showtime, 'OLD-1', 'A1')},14.50"
    file = old_file(line, header=f"{HEADER},full_price")
    move_in(theater=showtime.auditorium.theater, file=file, actor="test", now=timezone.now())
    ticket = Ticket.objects.select_related("showtime__auditorium__theater").get()
    assert (ticket.price, ticket.discount, [*ticket.changes]) == (Decimal("12.50"), Decimal("2.00"), [])
    page = shown(ticket)
    assert page.count("£14.50 less £2.00") >= 2
    assert "Happy Monday" not in page and "Early bird" not in page
    assert broken_invariants() == []
