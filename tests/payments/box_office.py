"""A box office that does, in random order, everything that customers, banks, staff and time can do to it.

After every step all invariants hold. At the end, when all news has arrived, Stripe's ledger and ours agree.
"""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.clock import database_now
from core.refusals import Refusal
from dev.sandbox.errors import StripeError
from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import Payment, ProviderEvent, Refund
from payments.providers import errors
from payments.records.refund_rows import MOST_FAILURES, request_refunds
from payments.refunds.cancellation import BookingDisputed, cancel_and_refund, lock_for_money
from payments.refunds.payouts import pay_out
from payments.sessions.session_closing import change_seats, close_due_sessions
from payments.sessions.settlement import settle
from payments.states import CAPTURED_PAYMENTS, COUNTER_METHODS, PaymentMethod
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.groups.friends_seats import give_back_to_friends, take_friends_seats
from reservations.groups.shared_blocks import Organizer, release_block, start_sharing
from reservations.models import Booking, Hold, SharedBlock, Ticket
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.taking import release_hold, take_seats
from reservations.states import CancelCause
from sales.services.opening import Customer
from tests.aging import age_booking, age_shared_block, lapse
from tests.counter import make_seller, sell_seats
from tests.factories import begin_paying, buy, make_browser, make_showtime, press_pay
from tests.ledger import broken_invariants
from tests.payments.odd_answers import put_between

CREATE = "/v1/checkout/sessions"
GOOD, DECLINED, DISPUTED_AT_ONCE = "4242424242424242", "4000000000000002", "4000000000000259"
LABELS = st.sampled_from([["A1"], ["A2"], ["A1", "A2"], ["B1"], ["A2", "B1"]])
CUSTOMERS = st.integers(min_value=1, max_value=3)
CHOICE = st.integers(min_value=0, max_value=999)
BY_STAFF, BY_CUSTOMER = (
    CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for."),
    CancellationOrigin(CancelCause.CUSTOMER, "customer"),
)


def one_of(rows, choice: int):
    found = list(rows.order_by("pk"))
    return found[choice % len(found)] if found else None


class BoxOffice(RuleBasedStateMachine):
    sandbox = None  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world._from_testcase = True  # this block is the test's, so providers may be called inside
        self.world.__enter__()

    @initialize()
    def open_the_doors(self):
        self.sandbox.heal()
        self.sandbox.reset()
        self.showtime = make_showtime()
        self.seller = make_seller(self.showtime, "MANAGER")
        # Something to cancel, refund and dispute from the first step, and a payment that waits.
        buy(self.sandbox, self.showtime, make_browser(4), "B2", "B3")
        begin_paying(self.showtime, make_browser(1), "A1")

    # Customers.

    @rule(customer=CUSTOMERS, labels=LABELS)
    def take(self, customer, labels):
        self._try(lambda: take_seats(showtime_id=self.showtime.pk, browser=make_browser(customer), labels=labels))

    @rule(customer=CUSTOMERS, answer_is_lost=st.booleans())
    def press_pay(self, customer, answer_is_lost):
        browser = make_browser(customer)
        hold = Hold.objects.live().filter(showtime=self.showtime, holder=browser.holder).first()
        if hold is None:
            return
        if answer_is_lost:
            self.sandbox.fault("lose_reply", CREATE, times=3, stage="after")
        labels = hold.seats.values_list("label", flat=True)
        self._try(lambda: press_pay(self.showtime, browser, *labels))
        self.sandbox.heal()

    @rule(choice=CHOICE, card=st.sampled_from([GOOD, GOOD, DECLINED, "processing", DISPUTED_AT_ONCE]))
    def fill_in_the_card(self, choice, card):
        payment = one_of(Payment.objects.exclude(session_id=None), choice)
        if payment and self.sandbox.session(payment.session_id)["status"] == "open":
            self.sandbox.pay(payment.session_id, card=card)

    @rule(choice=CHOICE)
    def money_comes_late(self, choice):
        payment = one_of(Payment.objects.exclude(session_id=None), choice)
        if payment and self.sandbox.session(payment.session_id)["status"] == "expired":
            self.sandbox.pay_late(payment.session_id)

    @rule(choice=CHOICE)
    def come_back_from_stripe(self, choice):
        if payment := one_of(Payment.objects.all(), choice):
            settle(payment_id=payment.pk, actor="customer")

    @rule(choice=CHOICE)
    def change_seats(self, choice):
        if booking := one_of(Booking.objects.pending(), choice):
            change_seats(booking_id=booking.pk, actor="customer")

    @rule(customer=CUSTOMERS)
    def give_seats_back(self, customer):
        self._try(lambda: release_hold(showtime_id=self.showtime.pk, browser=make_browser(customer)))

    @rule(customer=CUSTOMERS)
    def hold_seats_for_friends(self, customer):
        browser = make_browser(customer)
        organizer = Organizer(browser, Customer(email=f"organizer{customer}@example.com"))
        self._try(lambda: start_sharing(showtime_id=self.showtime.pk, organizer=organizer, name="Ada"))

    @rule(customer=CUSTOMERS, choice=CHOICE, labels=LABELS)
    def take_seats_of_a_friend(self, customer, choice, labels):
        if block := one_of(SharedBlock.objects.all(), choice):
            browser = make_browser(customer)
            self._try(lambda: take_friends_seats(block=block, browser=browser, labels=labels, name="Ben"))

    @rule(customer=CUSTOMERS, choice=CHOICE)
    def give_seats_back_to_a_friend(self, customer, choice):
        if block := one_of(SharedBlock.objects.all(), choice):
            self._try(lambda: give_back_to_friends(block=block, browser=make_browser(customer)))

    @rule(choice=CHOICE)
    def release_what_friends_left(self, choice):
        if block := one_of(SharedBlock.objects.all(), choice):
            release_block(block_id=block.pk)

    @rule(choice=CHOICE)
    def cancel_for_half(self, choice):
        ticket = one_of(Ticket.objects.live(), choice)
        if ticket is None:
            return
        with suppress(BookingDisputed), transaction.atomic():
            lock_for_money(ticket.booking_id)
            made = cancel_tickets(booking_id=ticket.booking_id, ticket_ids=[ticket.pk], percent=50, origin=BY_CUSTOMER)
            request_refunds(made.booking.sale, reason="test")

    # The counter.

    @rule(labels=LABELS, method=st.sampled_from(COUNTER_METHODS))
    def sell_at_the_counter(self, labels, method):
        self._try(lambda: sell_seats(self.showtime, self.seller, *labels, method=method))

    @rule(choice=CHOICE)
    def pay_out_at_the_counter(self, choice):
        if refund := one_of(Refund.objects.waiting_at_counter(), choice):
            how = {"method": PaymentMethod.CASH, "operator_id": self.seller.operator_id}
            self._try(lambda: pay_out(refund_id=refund.pk, **how))

    # Time and workers.

    @rule(choice=CHOICE)
    def a_hold_runs_out(self, choice):
        if hold := one_of(Hold.objects.live(), choice):
            if block := SharedBlock.objects.filter(hold=hold).first():
                age_shared_block(block, 3600)
            else:
                lapse(hold)

    @rule(choice=CHOICE, moment=st.sampled_from(["payable_until", "held_until"]))
    def the_time_to_pay_runs_out(self, choice, moment):
        booking = one_of(Booking.objects.awaiting_money(), choice)
        left = (getattr(booking.sale, moment) - database_now()).total_seconds() if booking else 0
        if left > 0:
            age_booking(booking, left + 5)

    @rule()
    def sweep(self):
        now_due(Payment, "look_at")
        close_due_sessions()
        look_at_due_payments()
        end_lapsed_holds()

    @rule(
        answer=st.sampled_from([None, None, "a page with 200", "a page with 408", "half of the JSON", "another object"])
    )
    def send_refunds(self, answer):
        self._send_refunds(answer)

    def _send_refunds(self, answer):
        now_due(Refund, "look_at")
        if answer is not None:
            put_between(self.sandbox, answer, "/v1/refunds", method="POST")
        send_due_refunds()
        self.sandbox.heal()

    @rule()
    def news_arrives(self):
        self.sandbox.deliver_to(post)
        now_due(ProviderEvent, "try_at")
        settle_due_events()

    @rule()
    def news_is_lost(self):
        self.sandbox.collect()

    # Staff, banks, and people in the dashboard.

    @rule(choice=CHOICE, whole=st.booleans())
    def staff_cancel(self, choice, whole):
        ticket = one_of(Ticket.objects.live(), choice)
        if ticket is not None:
            ids = None if whole else [ticket.pk]
            self._try(lambda: cancel_and_refund(booking_id=ticket.booking_id, ticket_ids=ids, origin=BY_STAFF))

    @rule(mode=st.sampled_from(["succeeded", "succeeded", "pending", "failed", "insufficient_balance"]))
    def refunds_go(self, mode):
        self.sandbox.switches.refunds = mode

    @rule(choice=CHOICE, succeeds=st.booleans())
    def a_refund_is_decided(self, choice, succeeds):
        refund = one_of(Refund.objects.exclude(provider_id=None), choice)
        if refund is not None:
            self._at_stripe(self.sandbox.refund_succeeds if succeeds else self.sandbox.refund_fails, refund.provider_id)

    @rule(choice=CHOICE, amount=st.sampled_from([None, 500]))
    def refund_in_the_dashboard(self, choice, amount):
        if payment := one_of(Payment.objects.filter(status__in=CAPTURED_PAYMENTS, method="ONLINE"), choice):
            self._at_stripe(self.sandbox.refund, payment.session_id, amount=amount)

    @rule(choice=CHOICE)
    def dispute(self, choice):
        payment = one_of(Payment.objects.exclude(provider_id=None), choice)
        if payment and kept_at_stripe(self.sandbox, payment) > 0:
            self._at_stripe(self.sandbox.dispute, payment.session_id)

    @precondition(lambda self: self.sandbox.desk.ledger.find("dispute", "status = 'needs_response'"))
    @rule(choice=CHOICE, won=st.booleans())
    def a_dispute_is_decided(self, choice, won):
        open_ones = self.sandbox.desk.ledger.find("dispute", "status = 'needs_response'")
        decide = self.sandbox.win_dispute if won else self.sandbox.lose_dispute
        decide(open_ones[choice % len(open_ones)]["id"])

    @rule(choice=CHOICE, card=st.sampled_from([GOOD, DECLINED]))
    def a_slow_bank_decides(self, choice, card):
        payment = one_of(Payment.objects.exclude(session_id=None), choice)
        if payment and self.sandbox.session(payment.session_id)["status"] == "complete":
            self._at_stripe(self.sandbox.settle, payment.session_id, card=card)

    # What must be true.

    @invariant()
    def nothing_is_broken(self):
        assert broken_invariants() == []

    def teardown(self):
        try:
            if hasattr(self, "showtime"):
                self._let_everything_arrive()
                self._compare_with_providers()
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    def _let_everything_arrive(self):
        self.sandbox.switches.refunds = "succeeded"
        # Due now, without the pause before a next try, for which a fast machine would not wait.
        self.sandbox.desk.ledger.write("UPDATE deliveries SET state = 'due', next_at = 0")
        for _ in range(MOST_FAILURES + 2):
            self.news_arrives()
            self.sweep()
            Refund.objects.update(ended_at=F("ended_at") - timedelta(hours=1))
            self._send_refunds(None)
        self.news_arrives()
        assert broken_invariants() == []

    def _compare_with_providers(self):
        for payment in Payment.objects.exclude(provider_id=None):
            # While a bank decides about a payment, its refunds that were not sent yet wait.
            waits = ["REQUESTED"] if payment.disputes.open().exists() else []
            refunds = payment.refunds.exclude(status__in=["FAILED", *waits])
            refunded = refunds.aggregate(total=Sum("amount"))["total"] or Decimal(0)
            lost = payment.disputes.lost().aggregate(total=Sum("amount"))["total"] or Decimal(0)
            assert payment.taken - refunded - lost == kept_at_stripe(self.sandbox, payment)
        charged = self.sandbox.desk.ledger.find("charge", "status = 'succeeded'")
        assert len(charged) == Payment.objects.filter(status__in=CAPTURED_PAYMENTS, method="ONLINE").count()

    def _try(self, act):
        with suppress(Refusal, errors.ProviderError):
            act()

    def _at_stripe(self, act, *names, **values):
        with suppress(StripeError):
            act(*names, **values)


def post(body: bytes, signature: str) -> int:
    signed = {"Stripe-Signature": signature}
    return Client().post("/payments/stripe/webhook/", body, content_type="application/json", headers=signed).status_code


def now_due(model, field: str) -> None:
    model.objects.update(**{field: F(field) - timedelta(days=1)})


def kept_at_stripe(sandbox, payment) -> Decimal:
    """By the sandbox: what was paid, less what was refunded and what banks took back."""
    [charge] = sandbox.desk.ledger.find("charge", "payment_intent = ? AND status = 'succeeded'", payment.provider_id)
    lost = sandbox.desk.ledger.find("dispute", "charge = ? AND status = 'lost'", charge["id"])
    return Decimal(charge["amount"] - charge["amount_refunded"] - sum(one["amount"] for one in lost)) / 100
