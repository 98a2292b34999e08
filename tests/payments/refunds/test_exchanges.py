"""A customer exchanges tickets: the old ones are valid until the new ones are, and the money follows to the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis, SalesGroup, ledger, sales, total
from core.clock import from_now
from core.models import PauseKind
from core.refusals import BadChoice
from houses.business_days import business_day
from payments.books.ledger_export import ledger_lines
from payments.models import Payment, Refund
from payments.refunds.cancellation import CUSTOMER, BookingDisputed, cancel_and_refund
from payments.refunds.exchanges import agree_to_exchange, end_due_exchanges, stop_exchange
from payments.refunds.money_trail import money_trail
from payments.sessions.checkout import pay
from payments.sessions.settlement import SettlementResult, settle
from reservations.aftersale.exchange_choices import CannotExchange, choice_for, choice_of
from reservations.aftersale.exchange_plans import ExchangeChanged, OtherNumberOfSeats
from reservations.counter.swaps import SwapChoice, plan_swap, swap_seats
from reservations.letters.papers import credit_note_of, wanted_exchange_receipt, wanted_receipt
from reservations.models import Booking, Exchange, Hold, OutgoingMail, ShowtimeSeat
from reservations.pdf.papers import paper_pdf
from reservations.refusals.limits import TooManyTickets
from reservations.refusals.on_sale import NotOnSale, SalesPaused
from reservations.refusals.seats import LeavesSingleSeats
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.taking import take_seats
from reservations.selectors.exchange_terms import exchange_until, may_exchange
from reservations.selectors.papers import paper_links
from reservations.selling.bookings import PayForm
from sales.models import Sale
from tests.aging import age_hold, unguarded
from tests.clock import evening
from tests.exchanging import (
    age_exchange,
    agree,
    buy_to_exchange,
    cancel_showtime_now,
    choose,
    let_exchange,
    other_showtime,
    pay_difference,
    planned,
    refunds,
    seats_of,
    tickets,
    with_all,
)
from tests.factories import (
    begin_paying,
    buy,
    hold_seats,
    make_auditorium,
    make_browser,
    make_price_list,
    make_showtime,
    make_theater,
    press_pay,
)
from tests.ledger import broken_invariants, nothing_changes
from tests.standing_booking import BUYER
from theaters.models import TicketType
from theaters.prices.price_versions import pin_prices
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
ADULT, PREMIUM = Decimal("14.50"), Decimal("17.50")


@pytest.fixture
def booking(sandbox):
    return buy_to_exchange(sandbox, "A1", "A2")


def test_seats_of_the_same_price_change_hands_at_once(booking):
    old = set(booking.tickets.values_list("code", flat=True))
    exchange = choose(booking, "A4", "A5")
    done = agree(exchange)
    exchange.refresh_from_db()
    assert (done.url, exchange.status) == ("", "DONE")
    assert tickets(booking) == {"A1": "VOID", "A2": "VOID", "A4": "VALID", "A5": "VALID"}
    assert seats_of(booking) == ["A4", "A5"]
    assert not old & set(booking.tickets.live().values_list("code", flat=True))
    assert (refunds(), Payment.objects.count(), broken_invariants()) == ([], 1, [])
    assert OutgoingMail.objects.filter(kind="EXCHANGED", booking=booking).count() == 1


def test_cheaper_seats_give_the_difference_back_to_the_card(sandbox):
    booking = buy_to_exchange(sandbox, "B1", "B2")
    agree(choose(booking, "A1", "A2"))
    refund = Refund.objects.get()
    assert (refund.amount, refund.payment) == (2 * (PREMIUM - ADULT), booking.sale.payments.get())
    assert refund.reason == "Exchanged for cheaper tickets"
    assert (seats_of(booking), broken_invariants()) == (["A1", "A2"], [])


def test_dearer_seats_are_paid_first_and_the_old_tickets_open_the_door_until_then(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    agreed = agree(exchange)
    payment = exchange.payments.get()
    assert (agreed.url, payment.amount) == (payment.session_url, 2 * (PREMIUM - ADULT))
    assert tickets(booking) == {"A1": "VALID", "A2": "VALID"}
    assert (seats_of(booking), broken_invariants()) == (["A1", "A2"], [])
    assert pay_difference(sandbox, exchange) == SettlementResult.CONFIRMED
    assert tickets(booking) == {"A1": "VOID", "A2": "VOID", "B1": "VALID", "B2": "VALID"}
    assert (seats_of(booking), refunds(), broken_invariants()) == (["B1", "B2"], [], [])
    assert agree_again(exchange).url == ""


def agree_again(exchange):
    return agree_to_exchange(exchange_id=exchange.pk, browser=BUYER, mark="", now=timezone.now())


def test_another_showtime_is_a_booking_of_the_same_sale(booking):
    showtime = other_showtime(booking)
    agree(choose(booking, "A1", "A2", showtime=showtime))
    made = Booking.objects.get(showtime=showtime)
    booking.refresh_from_db()
    assert (made.sale, made.status, made.total, booking.status) == (booking.sale, "CONFIRMED", 2 * ADULT, "CANCELED")
    assert (seats_of(made), seats_of(booking), broken_invariants()) == (["A1", "A2"], [], [])
    assert OutgoingMail.objects.filter(kind="CONFIRMATION", booking=made).count() == 1


def test_one_of_two_goes_to_another_showtime(booking):
    showtime = other_showtime(booking)
    agree(choose(booking, "A1", showtime=showtime, of=["A2"]))
    booking.refresh_from_db()
    assert (booking.status, seats_of(booking)) == ("CONFIRMED", ["A1"])
    assert (seats_of(Booking.objects.get(showtime=showtime)), broken_invariants()) == (["A1"], [])


def test_a_child_does_not_stay_alone_at_the_old_showtime(sandbox):
    showtime = make_showtime()
    let_exchange(showtime.auditorium.theater)
    TicketType.objects.filter(code="CHILD").update(needs_adult=True)
    TicketType.objects.filter(code="ADULT").update(is_adult=True)
    pin_prices(showtime)
    hold_seats(showtime, BUYER, "A1", "A2")
    wanted = PayForm("ada@example.com", {"A1": "ADULT", "A2": "CHILD"}, Decimal("23.50"))
    family = pay(showtime_id=showtime.pk, browser=BUYER, form=wanted).booking
    payment = family.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    with pytest.raises(CannotExchange, match="cannot keep the other tickets without these"):
        planned(choose(family, "A1", showtime=other_showtime(family), of=["A1"]))


def test_tickets_can_be_exchanged_again_and_canceled_in_the_end(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    pay_difference(sandbox, exchange)
    showtime = other_showtime(booking)
    agree(choose(booking, "A1", "A2", showtime=showtime, of=["B1", "B2"]))
    assert (refunds(), broken_invariants()) == ([2 * (PREMIUM - ADULT)], [])
    made = Booking.objects.get(showtime=showtime)
    cancel_and_refund(booking_id=made.pk, ticket_ids=None, origin=CUSTOMER)
    assert (sorted(refunds()), broken_invariants()) == ([Decimal(6), 2 * ADULT], [])


@pytest.mark.parametrize("why", ["sold", "canceled", "scanned", "called off", "own called off"])
def test_money_that_cannot_have_its_seats_goes_back_and_the_old_tickets_stay(booking, sandbox, why):
    showtime = other_showtime(
        booking, price_list=make_price_list(booking.showtime.auditorium.theater, premium=Decimal(9))
    )
    exchange = choose(booking, "B1", "B2", showtime=showtime)
    agree(exchange)
    exchange.refresh_from_db()
    if why == "sold":
        age_hold(exchange.hold, 3600)
        end_lapsed_holds()
        buy(sandbox, showtime, make_browser(2), "B1", email="other@example.com")
    elif why == "canceled":
        ids = list(booking.tickets.values_list("pk", flat=True))[:1]
        cancel_and_refund(booking_id=booking.pk, ticket_ids=ids, origin=CUSTOMER)
    elif why == "scanned":
        booking.tickets.filter(seat__label="A1").update(status="USED")
    else:
        shown = showtime if why == "called off" else booking.showtime
        cancel_showtime_now(shown)
    before = tickets(booking)
    assert pay_difference(sandbox, exchange) == SettlementResult.REFUNDING
    exchange.refresh_from_db()
    assert (exchange.status, tickets(booking)) == ("ENDED", before)
    assert Decimal(18) in [*refunds(), *[sum(refunds()) - 2 * ADULT]]
    assert Booking.objects.filter(showtime=showtime, sale=booking.sale).count() == 0


def test_an_exchange_that_is_not_paid_ends_and_its_seats_are_free(booking):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    exchange.refresh_from_db()
    age_exchange(exchange)
    assert end_due_exchanges() == 1
    exchange.refresh_from_db()
    assert (exchange.status, exchange.payments.get().status) == ("ENDED", "CLOSED")
    assert not ShowtimeSeat.objects.filter(label__in=["B1", "B2"], hold__isnull=False).exists()
    assert (tickets(booking), end_due_exchanges(), broken_invariants()) == ({"A1": "VALID", "A2": "VALID"}, 0, [])


def test_the_sweep_that_meets_paid_money_finishes_the_exchange(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    exchange.refresh_from_db()
    sandbox.pay(exchange.payments.get().session_id)
    age_exchange(exchange)
    end_due_exchanges()
    exchange.refresh_from_db()
    assert (exchange.status, seats_of(booking)) == ("DONE", ["B1", "B2"])


def test_a_customer_who_stops_keeps_the_old_tickets(booking):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    stop_exchange(exchange_id=exchange.pk, actor="customer")
    exchange.refresh_from_db()
    assert (exchange.status, tickets(booking)) == ("ENDED", {"A1": "VALID", "A2": "VALID"})
    choose(booking, "A4", "A5")
    assert broken_invariants() == []


def test_a_click_in_the_map_changes_nothing_of_seats_that_are_paid_for(booking):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    take_seats(showtime_id=booking.showtime_id, browser=BUYER, labels=["A6"])
    exchange.refresh_from_db()
    assert sorted(exchange.hold.seats.values_list("label", flat=True)) == ["B1", "B2"]


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("terms", "does not exchange"),
        ("late", "too late"),
        ("used", "already been used"),
        ("disputed", "disputed"),
        ("goodwill", "box office"),
        ("comp", "box office"),
    ],
)
def test_who_cannot_exchange_is_told_why(booking, why, sentence):
    sale = booking.sale
    if why == "terms":
        sale.exchange_minutes = 0
        sale.save()
    elif why == "late":
        sale.exchange_minutes = 60 * 24 * 60
        sale.save()
    elif why == "used":
        booking.tickets.update(status="USED")
    elif why == "disputed":
        sale.frozen_at = timezone.now()
        sale.save()
    elif why == "goodwill":
        sale.goodwill = 1
        sale.save()
    else:
        sale.channel, sale.comp_reason, sale.total = "COMP", "A friend", 0
        sale.save()
    with pytest.raises(CannotExchange, match=sentence):
        choose(booking, "A4", "A5")
    assert not Exchange.objects.exists()


@pytest.mark.parametrize(
    ("agreed", "house", "may"), [(60, 0, True), (0, 60, False), (None, 60, True), (None, 0, False)]
)
def test_the_terms_of_the_sale_count_whatever_the_house_says_later(booking, agreed, house, may):
    Sale.objects.filter(pk=booking.sale_id).update(exchange_minutes=agreed)
    type(booking.showtime.auditorium.theater).objects.update(exchange_minutes=house)
    later = with_all(booking)
    assert may_exchange(later, now=timezone.now()) == may
    minutes = house if agreed is None else agreed
    assert exchange_until(later) == later.showtime.starts_at - timedelta(minutes=minutes)


def test_a_sale_keeps_the_exchange_terms_of_its_moment(booking):
    assert booking.sale.exchange_minutes == booking.showtime.auditorium.theater.exchange_minutes == 60


def test_a_disputed_payment_is_not_exchanged(booking):
    exchange = choose(booking, "A4", "A5")
    mark = planned(exchange).mark
    booking.sale.payments.update(status="DISPUTED")
    with nothing_changes(), pytest.raises(BookingDisputed):
        agree_to_exchange(exchange_id=exchange.pk, browser=BUYER, mark=mark, now=timezone.now())


def test_as_many_seats_as_tickets(booking):
    exchange = choose(booking, "A4")
    with pytest.raises(OtherNumberOfSeats, match="you hold 1 for 2"):
        planned(exchange)


def test_a_ticket_that_was_canceled_since_is_said(sandbox):
    """The page does not say that the number of seats is wrong, but that a chosen ticket no longer exists."""
    booking = buy_to_exchange(sandbox, "A1", "A2")
    exchange = choose(booking, "B1", "B2")
    ticket_id = booking.tickets.get(seat__label="A2").pk
    cancel_and_refund(booking_id=booking.pk, ticket_ids=[ticket_id], origin=CUSTOMER)
    with pytest.raises(CannotExchange, match="changed since you began"):
        planned(exchange)


@pytest.fixture
def one_of_two(sandbox):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A oooo\nB pppp\nC ss\n"))
    return buy_to_exchange(sandbox, "A1", "A2", showtime=showtime)


def move_to_the_sofa(booking):
    """Let staff give both tickets of the booking the two places of a sofa."""
    choice = SwapChoice(tuple(booking.tickets.values_list("pk", flat=True)), ("C1", "C2"))
    mark = plan_swap(booking, choice).mark
    swap_seats(booking_id=booking.pk, choice=choice, mark=mark, reason="The seats are wet", actor="test")


def test_a_ticket_that_is_for_half_a_sofa_by_now_is_not_exchanged_alone(one_of_two):
    exchange = choose(one_of_two, "A4", of=["A1"])
    move_to_the_sofa(one_of_two)
    with pytest.raises(CannotExchange, match="changed since you began"):
        planned(exchange)


@pytest.mark.parametrize("is_used", [False, True])
def test_half_a_sofa_is_not_exchanged_once_the_difference_is_paid(one_of_two, sandbox, is_used):
    """The money goes back. If the exchange went on, the ticket for the other place would be canceled with nothing in its
    place.
    """
    exchange = choose(one_of_two, "B1", of=["A1"])
    agree(exchange)
    move_to_the_sofa(one_of_two)
    if is_used:
        one_of_two.tickets.filter(seat__label="C2").update(status="USED")
    before = tickets(one_of_two)
    pay_difference(sandbox, exchange)
    exchange.refresh_from_db()
    assert (exchange.status, tickets(one_of_two), refunds()) == ("ENDED", before, [PREMIUM - ADULT])


def test_a_choice_is_over_after_half_an_hour(booking):
    exchange = choose(booking, "A4", "A5")
    begun = Exchange.objects.filter(pk=exchange.pk)
    with unguarded():
        begun.update(started_at=from_now(-1790))
        assert choice_of(booking_id=booking.pk, holder=BUYER.holder) == exchange
        begun.update(started_at=from_now(-1801))
        assert choice_of(booking_id=booking.pk, holder=BUYER.holder) is None


def test_after_starting_for_another_showtime_people_buy_at_the_first_as_usual(booking):
    choose(booking, "A4", "A5")
    exchange = choose(booking, "A1", "A2", showtime=other_showtime(booking))
    assert choice_for(showtime_id=booking.showtime_id, holder=BUYER.holder) is None
    assert choice_for(showtime_id=exchange.showtime_id, holder=BUYER.holder) == exchange


def test_only_what_was_shown_is_agreed_to(booking):
    exchange = choose(booking, "A4", "A5")
    with nothing_changes(), pytest.raises(ExchangeChanged):
        agree_to_exchange(exchange_id=exchange.pk, browser=BUYER, mark="another", now=timezone.now())


def test_a_showtime_that_is_not_on_the_list_is_refused(booking):
    with pytest.raises(BadChoice, match="from the list"):
        choose(booking, "A1", "A2", showtime=make_showtime())


def test_a_showtime_whose_sales_closed_meanwhile_is_refused(booking):
    showtime = other_showtime(booking)
    exchange = choose(booking, "A1", "A2", showtime=showtime)
    mark = planned(exchange).mark
    type(showtime).objects.filter(pk=showtime.pk).update(sales_close_at=timezone.now())
    with nothing_changes(), pytest.raises(NotOnSale):
        agree_to_exchange(exchange_id=exchange.pk, browser=BUYER, mark=mark, now=timezone.now())


def test_the_limit_of_a_person_counts_the_new_tickets_instead_of_the_old_ones(booking, settings):
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 2
    agree(choose(booking, "A4", "A5"))
    assert seats_of(booking) == ["A4", "A5"]
    showtime = other_showtime(booking)
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 1
    exchange = choose(booking, "A1", "A2", showtime=showtime, of=["A4", "A5"])
    with nothing_changes(), pytest.raises(TooManyTickets):
        agree(exchange)


def test_the_limit_of_a_person_counts_exchanges_that_are_being_paid_for(booking, sandbox, settings):
    """Several bookings, each within the limit of its own showtime, come to one together."""
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 2
    second = with_all(buy(sandbox, other_showtime(booking), BUYER, "A1", "A2"))
    goal = other_showtime(booking)
    agree(choose(booking, "B1", "B2", showtime=goal))
    other = choose(second, "B4", "B5", showtime=goal)
    with nothing_changes(), pytest.raises(TooManyTickets):
        agree(other)
    hold_seats(goal, make_browser(2), "A4")
    with nothing_changes(), pytest.raises(TooManyTickets):
        press_pay(goal, make_browser(2), "A4", email=booking.email)
    stop_exchange(exchange_id=Exchange.objects.get(status="PAYING").pk, actor="customer")
    assert agree(other).url


def test_an_exchange_within_a_showtime_that_is_being_paid_for_counts_its_tickets_once(booking, settings):
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 3
    agree(choose(booking, "B1", "B2"))
    assert begin_paying(booking.showtime, make_browser(2), "A4", email=booking.email)


def test_no_single_seat_is_left_over_by_an_exchange(booking):
    theater = booking.showtime.auditorium.theater
    theater.avoids_single_seats, theater.single_seats_off_up_to = True, 0
    theater.save()
    exchange = choose(booking, "B1", "B3")
    with pytest.raises(LeavesSingleSeats):
        planned(exchange)
    assert Hold.objects.filter(holder=BUYER.holder, ended_at=None).count() == 1


def test_while_one_exchange_is_paid_for_no_other_is_agreed_to(booking):
    agree(choose(booking, "B1", of=["A1"]))
    other = choose(booking, "A4", of=["A2"])
    with nothing_changes(), pytest.raises(CannotExchange, match="Another exchange"):
        agree(other)


def test_pressed_twice_it_is_one_exchange(booking):
    exchange = choose(booking, "B1", "B2")
    first, second = agree(exchange), agree_again(exchange)
    assert (first.url, Payment.objects.filter(exchange=exchange).count()) == (second.url, 1)


def test_what_was_begun_is_gone_from_the_list_once_it_is_left(booking):
    """It would go back to a showtime that the sale has left; the sale's booking there is canceled for good."""
    showtime = other_showtime(booking)
    agree(choose(booking, "A1", "A2", showtime=showtime))
    made = with_all(Booking.objects.get(showtime=showtime))
    with pytest.raises(BadChoice, match="from the list"):
        choose(made, "A4", "A5", showtime=booking.showtime)


def books(booking):
    """The kept amounts by the report on each basis and by the export, over days around now."""
    theater = booking.showtime.auditorium.theater
    today = business_day(theater, timezone.now())
    days = (today - timedelta(days=2), today + timedelta(days=9))
    kept = [
        sum((row.kept for row in sales(span=DayRange(theater, *days), group=SalesGroup.TYPE, basis=basis)), Decimal(0))
        for basis in Basis
    ]
    lines = [line for line in ledger_lines(theater=theater, first=days[0], last=days[1]) if line.book == "sales"]
    paid = ledger(span=DayRange(theater, *days), basis=Basis.SHOW)["GBP"].kept
    return {*kept, sum((line.gross for line in lines), Decimal(0)), paid}


@pytest.mark.parametrize("kept", [2 * ADULT, 2 * PREMIUM])
def test_reports_and_books_say_what_is_kept(booking, sandbox, kept):
    exchange = choose(booking, *(["A4", "A5"] if kept == 2 * ADULT else ["B1", "B2"]))
    agree(exchange)
    if kept == 2 * PREMIUM:
        pay_difference(sandbox, exchange)
    assert books(booking) == {kept}
    agree(choose(booking, "A1", "A2", showtime=other_showtime(booking), of=sorted(set(tickets_valid(booking)))))
    assert books(booking) == {2 * ADULT}


def tickets_valid(booking):
    return booking.tickets.live().values_list("seat__label", flat=True)


def test_the_day_of_each_show_has_what_is_kept_of_it(booking):
    """The money of one sale belongs to two days."""
    later = evening(theater=booking.showtime.auditorium.theater) + timedelta(days=3)
    showtime = other_showtime(booking, starts_at=later)
    agree(choose(booking, "A1", showtime=showtime, of=["A2"]))
    theater = booking.showtime.auditorium.theater
    for shown, kept in ((booking.showtime, ADULT), (showtime, ADULT)):
        day = business_day(theater, shown.starts_at)
        span = DayRange(theater, day, day)
        assert total(sales(span=span, group=SalesGroup.DAY, basis=Basis.SHOW)).kept == kept
        assert ledger(span=span, basis=Basis.SHOW)["GBP"].kept == kept


def test_papers_tell_the_exchange(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    pay_difference(sandbox, exchange)
    exchange.refresh_from_db()
    new = wanted_exchange_receipt(sale_id=booking.sale_id, position=1).issue()
    note = credit_note_of(cancellation_id=exchange.cancellation_id)
    receipt = wanted_receipt(booking_id=booking.pk).issued
    assert [paper.name for paper in (receipt, new, note)] == ["R-000001", "R-000002", "C-000001"]
    assert [paper.content["total"] for paper in (receipt, new, note)] == ["29.00", "35.00", "29.00"]
    assert (note.content["receipt"], new.content["receipt"]) == ("R-000001", "R-000001")
    assert "29.00" in new.content["paid"] and paper_pdf(new).startswith(b"%PDF")
    assert [link.name.split(" (")[0] for link in paper_links(with_all(booking))] == [
        "Receipt", "Receipt of £35.00", "Credit note of £29.00",
    ]  # fmt: skip
    assert broken_invariants() == []


def test_the_receipt_of_what_was_exchanged_on_names_the_exchange_before(booking, sandbox):
    agree(choose(booking, "A4", "A5"))
    agree(choose(booking, "A1", "A2", of=["A4", "A5"]))
    second = Exchange.objects.order_by("-pk")[0]
    assert credit_note_of(cancellation_id=second.cancellation_id).content["receipt"] == "R-000002"


def test_the_trail_of_the_money_tells_the_exchange(sandbox):
    booking = buy_to_exchange(sandbox, "B1", "B2")
    agree(choose(booking, "A1", "A2"))
    said = " ".join(step.sentence for step in money_trail(booking.reference))
    assert "You exchanged tickets that cost £35.00" in said and "£6.00" in said


def test_while_sales_are_paused_nothing_is_agreed_to_and_what_was_paid_is_settled(booking, sandbox):
    chosen, browser = choose(booking, "A4", "A5"), make_browser(9)
    mark = planned(chosen).mark
    paying = choose(booking, "B1", "B2", browser=browser)
    agree(paying, browser)
    sandbox.pay(paying.payments.get().session_id)
    pause_sales(why="A test", actor="test", kind=PauseKind.BY_HAND)
    with nothing_changes(), pytest.raises(SalesPaused):
        agree_to_exchange(exchange_id=chosen.pk, browser=BUYER, mark=mark, now=timezone.now())
    assert pay_difference(sandbox, paying) == SettlementResult.CONFIRMED
