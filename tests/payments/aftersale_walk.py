"""The random walks of box_office.py with everything that comes after a sale: exchanges, transfers, voids, waiting lists,
changes of the showtime, and in between a provider whose answers prove nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from boxoffice.services.voids import Operator, VoidOrder, plan_void, void_sale
from core.clock import database_now
from houses.models import Theater
from payments.models import Payment
from payments.privacy.contact_erasure import erase_contact
from payments.refunds.change_answers import take_money_back
from payments.refunds.change_notices import carry_out_due
from payments.refunds.exchanges import agree_to_exchange, continue_exchange, end_due_exchanges, stop_exchange
from reservations.aftersale.exchange_choices import begin_exchange
from reservations.aftersale.transfers import take_ticket
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit, undo
from reservations.groups.group_blocks import end_block
from reservations.groups.group_payments import take_group_seats
from reservations.models import Booking, ChangeNotice, Exchange, GroupBlock, Hold, Scan, SeatOffer, Ticket, WaitingEntry
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.taking import Browser, take_seats
from reservations.waiting.waiting_offers import offer_seats, pass_on, take_offer
from sales.models import Sale
from tests.aging import age_hold
from tests.counter import make_seller
from tests.exchanging import let_exchange, other_showtime, planned
from tests.factories import (
    begin_paying,
    buy,
    make_auditorium,
    make_browser,
    make_group,
    make_price_list,
    make_promo,
    make_showtime,
    make_transfer,
    make_waiting_entry,
    pay_form,
    press_pay,
)
from tests.payments.box_office import CHOICE, CUSTOMERS, BoxOffice, one_of
from tests.payments.odd_answers import put_between
from theaters.models import Price, Showtime
from theaters.plans.plans import current_plan
from theaters.prices.repricing import reprice
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ChangeKind

SESSIONS = "/v1/checkout/sessions*"
LARGER = """
A oooo.oooo
B oooo.oooo
C pppp.pppp
"""
ODD = st.sampled_from(
    [None, None, "a page with 200", "a page with 408", "half of the JSON", "another object", "null", "a page with 502",
     "an error without a code", "a session without an id", "a key in use", "lost", "away"]
)  # fmt: skip
NEW_SEATS = st.sampled_from(
    [["A1"], ["A2"], ["A3"], ["B1"], ["B2"], ["A3", "A4"], ["B2", "B3"], ["B1", "B2"], ["A1", "A2"]]
)


class Aftersale(BoxOffice):
    @initialize()
    def open_the_doors(self):
        self.sandbox.heal()
        self.sandbox.reset()
        self.showtime = make_showtime()
        self.theater = self.showtime.auditorium.theater
        let_exchange(self.theater)
        self.second = other_showtime(
            Booking(showtime=self.showtime), price_list=make_price_list(self.theater, premium=Decimal(18))
        )
        self.rooms = [self.showtime.auditorium, make_auditorium(self.theater, LARGER)]
        self.seller = make_seller(self.showtime, "MANAGER")
        Theater.objects.update(refund_limit=100)
        buy(self.sandbox, self.showtime, make_browser(4), "B2", "B3")
        buy(self.sandbox, self.showtime, make_browser(5), "A3", "A4")
        make_promo("HALF", percent=50)
        make_promo("FREE", percent=100, most_uses=2)
        self.group = make_group(self.showtime, "B4")
        begin_paying(self.showtime, make_browser(1), "A1")

    def _odd(self, answer: str | None, act: Callable[[], object], method: str = "*") -> None:
        if answer == "away":
            self.sandbox.go_dead()
        elif answer == "lost":
            self.sandbox.fault("lose_reply", SESSIONS, times=3, stage="after")
        elif answer is not None:
            put_between(self.sandbox, answer, SESSIONS, method=method)
        self._try(act)
        self.sandbox.heal()

    # Promo codes, groups, and people who want to be forgotten.

    @rule(customer=CUSTOMERS, code=st.sampled_from(["HALF", "FREE"]), answer=ODD)
    def pay_with_a_promo_code(self, customer, code, answer):
        browser = make_browser(customer)
        hold = Hold.objects.live().filter(showtime=self.showtime, holder=browser.holder).first()
        if hold is None:
            return
        labels = list(hold.seats.values_list("label", flat=True))
        total = pay_form(self.showtime, *labels).expected_total * {"HALF": Decimal("0.5"), "FREE": 0}[code]
        self._odd(answer, lambda: press_pay(self.showtime, browser, *labels, promo_code=code, total=total))

    @rule(customer=CUSTOMERS)
    def take_seats_of_the_group(self, customer):
        self._try(lambda: take_group_seats(block=self.group, browser=make_browser(customer), labels=["B4"]))

    @rule(choice=CHOICE)
    def forget_a_customer(self, choice):
        if sale := one_of(Sale.objects.all(), choice):
            self._try(lambda: erase_contact(sale_id=sale.pk, reason="Asked for", actor="staff:1"))

    # Exchanges.

    @rule(choice=CHOICE, labels=NEW_SEATS, second=st.booleans(), whole=st.booleans(), answer=ODD)
    def exchange(self, choice, labels, second, whole, answer):
        confirmed = Booking.objects.filter(status="CONFIRMED", sale__channel="ONLINE")
        booking = one_of(confirmed, choice)
        if booking is None:
            return
        booking = Booking.objects.with_names().with_tickets().get(pk=booking.pk)
        mine = [ticket.seat.label for ticket in booking.tickets.all() if ticket.status == "VALID"]
        of = mine if whole else mine[:1]
        showtime = self.second if second else self.showtime
        browser = Browser(holder=booking.holder, address="192.0.2.77")

        def act():
            begun = begin_exchange(
                booking=booking, holder=browser.holder, labels=of, showtime_id=showtime.pk, now=timezone.now()
            )
            take_seats(showtime_id=showtime.pk, browser=browser, labels=labels)
            mark = planned(begun, browser).mark
            agree_to_exchange(exchange_id=begun.pk, browser=browser, mark=mark, now=timezone.now())

        self._odd(answer, act)

    @rule(choice=CHOICE, answer=ODD)
    def go_on_with_an_exchange(self, choice, answer):
        if exchange := one_of(Exchange.objects.filter(status="PAYING"), choice):
            self._odd(answer, lambda: continue_exchange(exchange_id=exchange.pk, address=""))

    @rule(choice=CHOICE, answer=ODD)
    def stop_an_exchange(self, choice, answer):
        if exchange := one_of(Exchange.objects.filter(status="PAYING"), choice):
            self._odd(answer, lambda: stop_exchange(exchange_id=exchange.pk, actor="customer"))

    @rule(choice=CHOICE, seconds=st.sampled_from([605, 3600]))
    def the_time_of_an_exchange_runs_out(self, choice, seconds):
        exchange = one_of(Exchange.objects.filter(status="PAYING").select_related("hold"), choice)
        if exchange is not None and exchange.payable_until > database_now():
            Exchange.objects.filter(pk=exchange.pk).update(
                payable_until=F("payable_until") - timedelta(seconds=seconds)
            )
            age_hold(exchange.hold, seconds)

    @rule(answer=ODD)
    def sweep_exchanges(self, answer):
        self._odd(answer, end_due_exchanges)
        end_lapsed_holds()

    @rule(choice=CHOICE)
    def pay_for_an_exchange(self, choice):
        payment = one_of(Payment.objects.filter(exchange__isnull=False).exclude(session_id=None), choice)
        if payment and self.sandbox.session(payment.session_id)["status"] == "open":
            self.sandbox.pay(payment.session_id)

    # Other people, the counter, the door.

    @rule(choice=CHOICE)
    def give_a_ticket_away(self, choice):
        if ticket := one_of(Ticket.objects.filter(status="VALID"), choice):
            self._try(lambda: take_ticket(code=make_transfer(ticket).code, holder=f"{choice:064x}"))

    @rule(choice=CHOICE)
    def void_at_the_counter(self, choice):
        sale = one_of(Sale.objects.exclude(operator=None), choice)
        if sale is None:
            return
        operator = Operator(self.seller.operator_id)

        def act():
            plan = plan_void(sale, operator=operator, now=timezone.now())
            order = VoidOrder("Wrong seats", plan.mark, is_reversed=True)
            void_sale(sale_id=sale.pk, operator=operator, order=order, now=timezone.now())

        self._try(act)

    @rule(choice=CHOICE)
    def let_somebody_in(self, choice):
        if ticket := one_of(Ticket.objects.filter(status="VALID"), choice):
            door = Door(self.theater, None, "door 1", self.seller.operator_id)
            admit(text=ticket.code, door=door, now=ticket.showtime.starts_at - timedelta(minutes=10))

    @rule(choice=CHOICE)
    def take_an_entry_back(self, choice):
        if scan := one_of(Scan.objects.filter(outcome="ADMITTED"), choice):
            door = Door(self.theater, None, "door 1", self.seller.operator_id)
            self._try(lambda: undo(scan_id=scan.pk, door=door))

    @rule()
    def release_what_the_group_left(self):
        if block := GroupBlock.objects.first():
            with suppress(SchedulingRefused):
                end_block(block=block, actor="staff:1")

    # The waiting list.

    @rule(customer=CUSTOMERS, count=st.integers(min_value=1, max_value=2))
    def wait_for_seats(self, customer, count):
        email = f"waiting{customer}@example.com"
        if not WaitingEntry.objects.live().filter(contact__email=email).exists():
            make_waiting_entry(self.showtime, email=email, count=count)

    @rule()
    def offer(self):
        self._try(lambda: offer_seats(showtime_id=self.showtime.pk))

    @rule(choice=CHOICE, customer=CUSTOMERS, takes=st.booleans())
    def answer_an_offer(self, choice, customer, takes):
        if entry := one_of(WaitingEntry.objects.filter(status="OFFERED"), choice):
            take = lambda: take_offer(code=entry.code, browser=make_browser(customer))
            self._try(take if takes else lambda: pass_on(code=entry.code))

    @rule(choice=CHOICE)
    def an_offer_runs_out(self, choice):
        if offer := one_of(SeatOffer.objects.filter(ended_at=None).select_related("hold"), choice):
            SeatOffer.objects.filter(pk=offer.pk).update(until=F("until") - timedelta(days=1))
            age_hold(offer.hold, 90_000)

    # Changes of the showtime.

    @rule()
    def move_to_another_auditorium(self):
        showtime = Showtime.objects.with_names().get(pk=self.showtime.pk)
        room = next(one for one in self.rooms if one.pk != showtime.auditorium_id)
        self._change(showtime, ChangeRequest(ChangeKind.MOVE, moves_to=current_plan(room)))

    @rule(minutes=st.sampled_from([-30, 30]))
    def begin_at_another_time(self, minutes):
        showtime = Showtime.objects.with_names().get(pk=self.showtime.pk)
        starts_at = showtime.starts_at + timedelta(minutes=minutes)
        self._change(showtime, ChangeRequest(ChangeKind.TIME, starts_at=starts_at))

    def _change(self, showtime, request):
        def act():
            with transaction.atomic():
                change = plan_change(
                    showtime=showtime, request=request, user_id=self.seller.operator_id, now=timezone.now()
                )
                apply_change(change_id=change.pk, reason="Heating", user_id=self.seller.operator_id, now=timezone.now())

        self._try(act)
        self.showtime = Showtime.objects.with_names().get(pk=self.showtime.pk)

    @rule(tax=st.sampled_from(["0", "0.2"]), fee=st.sampled_from(["0", "1.5"]))
    def raise_prices(self, tax, fee):
        """Holds, open payments and exchanges keep the price, tax and fee that they began with."""
        Price.objects.update(amount=F("amount") + 1)
        Theater.objects.filter(pk=self.theater.pk).update(tax_rate=Decimal(tax), booking_fee=Decimal(fee))
        on_sale = Showtime.objects.published().filter(pk__in=[self.showtime.pk, self.second.pk])
        reprice(showtime_ids=on_sale.values_list("pk", flat=True), actor="test")

    @rule(first=st.sampled_from([False, False, False, True]))
    def call_off(self, first):
        showtime = self.showtime if first else self.second
        self._change(Showtime.objects.with_names().get(pk=showtime.pk), ChangeRequest(ChangeKind.CANCEL))

    @rule()
    def tell_of_changes(self):
        carry_out_due()

    @rule(choice=CHOICE)
    def take_money_back_after_a_change(self, choice):
        if notice := one_of(ChangeNotice.objects.open_offers(), choice):
            self._try(lambda: take_money_back(booking_id=notice.booking_id, notice_id=notice.pk))

    def sweep(self):
        super().sweep()
        end_due_exchanges()

    def _let_everything_arrive(self):
        for exchange in Exchange.objects.filter(status="PAYING"):
            self.the_time_of_an_exchange_runs_out(choice=exchange.pk, seconds=3600)
        for exchange in Exchange.objects.filter(status="PAYING").select_related("hold"):
            Exchange.objects.filter(pk=exchange.pk).update(payable_until=database_now() - timedelta(seconds=3600))
            age_hold(exchange.hold, 3600)
        super()._let_everything_arrive()
        assert not Exchange.objects.filter(status="PAYING").exists()
        self._no_page_is_open_for_nothing()

    def _no_page_is_open_for_nothing(self):
        """An open payment page keeps the seats for the person who pays there."""
        for payment in Payment.objects.exclude(session_id=None).select_related("exchange"):
            if self.sandbox.session(payment.session_id)["status"] != "open":
                continue
            waits = (
                payment.exchange.status == "PAYING"
                if payment.exchange
                else payment.sale.bookings.filter(status="PENDING").exists()
            )
            assert waits, (payment.pk, payment.status, payment.exchange_id)
