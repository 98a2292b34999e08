"""An exchange never gives back more than canceling the old tickets at that moment would have, at once or later."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from payments.refunds.cancellation import cancel_and_refund, cancel_as_customer
from payments.refunds.change_notices import carry_out_due
from payments.refunds.exchanges import agree_to_exchange
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.aftersale.exchange_plans import ExchangeChanged, NoMoneyBack
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.models import Booking
from reservations.refusals.cancellation import RefundChanged
from reservations.selectors.cancellation import cancel_offer
from reservations.selectors.exchanges import exchange_offer
from reservations.states import CancelCause
from sales.models import Sale
from tests.exchanging import (
    agree,
    buy_to_exchange,
    choose,
    other_showtime,
    pay_difference,
    planned,
    refunds,
    seats_of,
    with_all,
)
from tests.factories import make_staff
from tests.ledger import broken_invariants, nothing_changes
from tests.standing_booking import BUYER, browser_of_owner
from theaters.models import Showtime
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
ADULT, PREMIUM = Decimal("14.50"), Decimal("17.50")
# The terms in these tests: all until 12 hours before the start, half until 2 hours, then nothing.
HOURS_OF = {100: 13, 50: 3, 0: 1.5}


def give_back(showtime, percent):
    """Move the start so close that canceling gives back this percentage."""
    by = Showtime.objects.get(pk=showtime.pk).starts_at - timezone.now()
    by -= timedelta(hours=HOURS_OF[percent])
    moments = ("starts_at", "ends_at", "occupied_until", "sales_close_at")
    Showtime.objects.filter(pk=showtime.pk).update(**{name: F(name) - by for name in moments})


def cancel(booking):
    """Cancel the booking as its customer; returns the refund."""
    offer = cancel_offer(with_all(booking), labels=None, now=timezone.now())
    labels = [line.card.label for line in offer.lines]
    return cancel_as_customer(booking_id=booking.pk, labels=labels, shown=offer.refund, now=timezone.now()).refunded


def moved(sandbox, booking, showtime, *labels, of=None):
    """Exchange for these seats of another showtime and pay the difference; returns the booking there."""
    exchange = choose(booking, *labels, showtime=showtime, of=of)
    agree(exchange)
    exchange.refresh_from_db()
    if exchange.status == "PAYING":
        pay_difference(sandbox, exchange)
    return Booking.objects.get(showtime=showtime)


@pytest.mark.parametrize("percent", [50, 0])
def test_cheaper_seats_are_refused_while_canceling_gives_a_part(sandbox, percent):
    booking = buy_to_exchange(sandbox, "B1", "B2")
    give_back(booking.showtime, percent)
    exchange = choose(booking, "A1", "A2")
    with nothing_changes(), pytest.raises(NoMoneyBack, match=r"at least £35\.00 together"):
        planned(exchange)
    with nothing_changes(), pytest.raises(NoMoneyBack):
        agree_to_exchange(exchange_id=exchange.pk, browser=BUYER, mark="", now=timezone.now())
    assert (seats_of(booking), refunds()) == (["B1", "B2"], [])


def test_a_difference_to_nothing_is_judged_for_all_seats_together(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "B1")
    give_back(booking.showtime, 0)
    agree(choose(booking, "A4", "B4"))
    assert (seats_of(booking), refunds()) == (["A4", "B4"], [])


def test_while_all_would_come_back_an_exchange_gives_the_difference_and_leaves_the_terms(sandbox):
    booking = buy_to_exchange(sandbox, "B1", "B2")
    give_back(booking.showtime, 100)
    made = moved(sandbox, booking, other_showtime(booking), "A1", "A2")
    assert (refunds(), list(made.tickets.values_list("most_percent", flat=True))) == (
        [2 * (PREMIUM - ADULT)],
        [None] * 2,
    )
    assert cancel(made) == 2 * ADULT


@pytest.mark.parametrize(("percent", "back"), [(50, ADULT), (0, Decimal(0))])
def test_a_later_show_gives_back_what_the_old_tickets_did(sandbox, percent, back):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    later = other_showtime(booking)
    give_back(booking.showtime, percent)
    made = moved(sandbox, booking, later, "A1", "A2")
    give_back(later, 100)
    assert (cancel(made), refunds(), broken_invariants()) == (back, [back] if back else [], [])
    made.sale.refresh_from_db()
    assert made.sale.fees_kept == 2 * ADULT - back


def test_the_terms_of_the_new_show_may_give_less(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    later = other_showtime(booking)
    give_back(booking.showtime, 50)
    made = moved(sandbox, booking, later, "A1", "A2")
    give_back(later, 0)
    assert "too late" in cancel_offer(with_all(made), labels=None, now=timezone.now()).why_not


def test_through_a_chain_of_exchanges_the_least_counts(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    second, third = other_showtime(booking), other_showtime(booking)
    give_back(booking.showtime, 50)
    made = moved(sandbox, booking, second, "A1", "A2")
    give_back(second, 100)
    last = moved(sandbox, made, third, "A1", "A2")
    give_back(third, 100)
    assert (cancel(last), broken_invariants()) == (ADULT, [])


def test_dearer_seats_that_were_paid_for_are_no_way_around(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    later = other_showtime(booking)
    give_back(booking.showtime, 0)
    made = moved(sandbox, booking, later, "B1", "B2")
    give_back(later, 100)
    exchange = choose(made, "A1", "A2")
    with pytest.raises(NoMoneyBack, match="no money back any more"):
        planned(exchange)
    assert (cancel(made), refunds(), broken_invariants()) == (0, [], [])


def test_tickets_that_are_exchanged_together_share_the_least(sandbox):
    """With shares of their own, money would move from a ticket that gives nothing back to one beside it that does."""
    booking = buy_to_exchange(sandbox, "A1", "A2")
    later, last = other_showtime(booking), other_showtime(booking)
    made = moved(sandbox, booking, later, "A1", of=["A1"])
    give_back(booking.showtime, 50)
    moved(sandbox, booking, later, "A2", of=["A2"])
    give_back(later, 100)
    offer = cancel_offer(with_all(made), labels=None, now=timezone.now())
    assert {line.card.label: line.refund for line in offer.lines} == {"A1": ADULT, "A2": ADULT / 2}
    said = exchange_offer(with_all(made), labels=None, now=timezone.now()).no_money_back
    assert said.startswith("A2: canceling gives back 50% of the price now") and "by themselves" in said
    end = moved(sandbox, made, last, "A1", "A2")
    assert list(end.tickets.values_list("most_percent", flat=True)) == [50, 50]


def test_only_what_was_shown_is_agreed_to_when_a_step_passes_meanwhile(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    give_back(booking.showtime, 100)
    exchange = choose(booking, "A4", "A5")
    mark = planned(exchange).mark
    give_back(booking.showtime, 50)
    with nothing_changes(), pytest.raises(ExchangeChanged):
        agree_to_exchange(exchange_id=exchange.pk, browser=BUYER, mark=mark, now=timezone.now())


def test_what_was_agreed_to_stays_while_the_difference_is_paid(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    give_back(booking.showtime, 100)
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    give_back(booking.showtime, 50)
    pay_difference(sandbox, exchange)
    assert list(booking.tickets.live().values_list("most_percent", flat=True)) == [None, None]


def exchanged_for_nothing(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    later = other_showtime(booking)
    give_back(booking.showtime, 0)
    made = moved(sandbox, booking, later, "A1", "A2")
    give_back(later, 100)
    return with_all(made)


def change(showtime, wanted):
    now, showtime = timezone.now(), Showtime.objects.get(pk=showtime.pk)
    planned_change = plan_change(showtime=showtime, request=wanted, user_id=None, now=now)
    boss = make_staff("MANAGER", showtime.auditorium.theater)
    apply_change(change_id=planned_change.pk, reason="The film is longer", user_id=boss.pk, now=now)


def test_staff_give_all_back(sandbox):
    made = exchanged_for_nothing(sandbox)
    staff = CancellationOrigin(CancelCause.STAFF, "staff:1", "Ill.")
    assert cancel_and_refund(booking_id=made.pk, ticket_ids=None, origin=staff).refunded == 2 * ADULT


def test_a_showtime_that_is_called_off_gives_all_back(sandbox):
    made = exchanged_for_nothing(sandbox)
    change(made.showtime, ChangeRequest(ChangeKind.CANCEL))
    carry_out_due()
    assert (refunds(), broken_invariants()) == ([2 * ADULT], [])


def test_a_changed_showtime_gives_all_back_and_lets_all_be_exchanged(sandbox):
    made = exchanged_for_nothing(sandbox)
    later = Showtime.objects.get(pk=made.showtime_id).starts_at + timedelta(hours=1)
    change(made.showtime, ChangeRequest(ChangeKind.TIME, starts_at=later, offer_days=7))
    assert exchange_offer(with_all(made), labels=None, now=timezone.now()).no_money_back == ""
    assert cancel(made) == 2 * ADULT


def test_another_amount_than_was_shown_cancels_nothing(sandbox):
    made = exchanged_for_nothing(sandbox)
    with nothing_changes(), pytest.raises(RefundChanged):
        cancel_as_customer(booking_id=made.pk, labels=["A1", "A2"], shown=2 * ADULT, now=timezone.now())


def test_the_pages_say_it_before_and_after(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    later = other_showtime(booking)
    me, url = browser_of_owner(booking), f"/bookings/{booking.reference}/exchange/"
    give_back(booking.showtime, 50)
    page = me.get(url).content.decode()
    assert "A1, A2: canceling gives back 50% of the price now, so an exchange gives no money back." in page
    me.post(url, {"action": "begin", "choosing": "1", "ticket": ["A1", "A2"], "new_showtime": later.pk})
    me.post(f"/showtimes/{later.pk}/seats/", {"take": ["A1", "A2"]})
    page = me.get(url).content.decode()
    assert "Canceling the new tickets will give back at most 50% of their price." in page
    mark = re.search(r'name="mark" value="([^"]+)"', page)[1]
    assert me.post(url, {"action": "agree", "mark": mark}).status_code == 303
    give_back(later, 100)
    said = "A1, A2: canceling gives back at most 50% of the price, as much as the tickets that were exchanged."
    part = f"?showtime={later.pk}"
    assert said in me.get(f"/bookings/{booking.reference}/{part}").content.decode()
    page = me.get(f"/bookings/{booking.reference}/cancel/{part}").content.decode()
    assert said in page and "Cancel and refund £14.50" in page
    give_back(later, 50)
    page = me.get(f"/bookings/{booking.reference}/exchange/{part}").content.decode()
    assert "gives back 50% of the price now" in page


def test_without_steps_in_the_terms_nothing_comes_back_by_an_exchange(sandbox):
    booking = buy_to_exchange(sandbox, "B1", "B2")
    Sale.objects.update(cancel_tiers=[])
    with pytest.raises(NoMoneyBack):
        planned(choose(booking, "A1", "A2"))
