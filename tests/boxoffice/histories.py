"""Months of random sales for tests of reports: every kind of sale, refunds, comps and goodwill, around the edges of
business days.
"""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from core.clock import database_now
from houses.business_days import day_bounds, local_moment
from houses.models import Theater
from payments.models import Payment, Refund
from payments.records.refund_rows import request_refunds
from payments.records.status_changes import move_refund, record_taken
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.counter_sales import CounterSale, sell
from payments.states import PaymentMethod
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.aftersale.goodwill import most_goodwill, owe_goodwill
from reservations.counter.counter_seats import CounterSeller, take_at_counter
from reservations.models import Booking, ShowtimeSeat
from reservations.selling.bookings import confirm_booking, open_booking
from reservations.selling.comps import Comp, give_comp
from reservations.states import BookingStatus, CancelCause
from tests.aging import unguarded
from tests.factories import (
    hold_seats,
    make_browser,
    make_price_list,
    make_price_rule,
    make_showtime,
    make_staff,
    make_theater,
    pay_form,
)

YEN = {"ADULT": Decimal(1900), "CHILD": Decimal(1200)}


def london(starts="05:00"):
    theater = make_theater()
    theater.business_day_starts_at = starts
    theater.save()
    theater.refresh_from_db()
    return theater


def tokyo():
    return make_theater(currency="JPY", timezone_name="Asia/Tokyo", tax_rate="0.10", country="JP")


def kuwait():
    return make_theater(currency="KWD", timezone_name="Asia/Kuwait", tax_rate="0.05", country="KW")


class History:
    """Random sales and refunds at one theater."""

    def __init__(self, theater, seed):
        self.theater, self.dice = theater, random.Random(f"{theater.currency} {seed}")
        self.operator = make_staff("MANAGER", theater)
        Theater.objects.filter(pk=theater.pk).update(avoids_single_seats=False)  # seats are chosen at random
        make_price_rule(
            theater, pictures=[], ticket_types=["ADULT"], amount=Decimal(200 if theater.currency == "JPY" else 2)
        )
        make_price_rule(theater, pictures=[], kind="DAY_RATE", name="Half the week", percent=Decimal(15))
        prices = {"price_list": make_price_list(theater, YEN, Decimal(300))} if theater.currency == "JPY" else {}
        self.showtimes = [make_showtime(theater=theater, **prices) for _ in range(3)]
        self.number = 1000 * theater.pk

    def live_through(self, events=25):
        ways = [self.cash, self.terminal, self.online, self.comp, self.cancel, self.cancel, self.goodwill, self.arrive]
        for _ in range(events):
            self.dice.choice(ways)()

    def free(self):
        """Choose a showtime, and one to three of its free seats."""
        showtime = self.dice.choice(self.showtimes)
        rows = ShowtimeSeat.objects.filter(showtime=showtime, hold=None, booking=None).order_by("pk")
        labels = list(rows.values_list("label", flat=True))
        return showtime, self.dice.sample(labels, min(len(labels), self.dice.randint(1, 3)))

    def cash(self, method=PaymentMethod.CASH):
        showtime, labels = self.free()
        if labels:
            self.number += 1
            seller = CounterSeller(holder=f"{self.number:064x}", operator_id=self.operator.pk)
            take_at_counter(showtime_id=showtime.pk, seller=seller, labels=labels, now=timezone.now())
            form = pay_form(showtime, *labels, kind=self.dice.choice(["ADULT", "CHILD"]))
            sale = CounterSale(choices=form.choices, expected_total=form.expected_total, method=method)
            sell(showtime_id=showtime.pk, seller=seller, sale=sale, now=timezone.now())

    def terminal(self):
        self.cash(PaymentMethod.TERMINAL)

    def online(self):
        showtime, labels = self.free()
        if labels:
            self.number += 1
            browser = make_browser(self.number)
            hold_seats(showtime, browser, *labels)
            booking = open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, *labels))
            assert confirm_booking(locks.booking(booking.pk), actor="test")
            record_taken(paid_online(booking), actor="stripe")

    def comp(self):
        showtime, labels = self.free()
        if labels:
            gift = Comp(labels=labels, email="critic@example.com", reason="Press")
            give_comp(showtime_id=showtime.pk, comp=gift, actor="test", now=timezone.now())

    def standing(self):
        bookings = Booking.objects.filter(showtime__in=self.showtimes, status=BookingStatus.CONFIRMED)
        return self.dice.choice([None, *bookings.order_by("pk")])

    def cancel(self):
        if booking := self.standing():
            tickets = list(booking.tickets.live().order_by("pk").values_list("pk", flat=True))
            origin = CancellationOrigin(CancelCause.STAFF, "test", "ill")
            if self.dice.random() < 0.3:
                cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=origin)
                return
            chosen = self.dice.sample(tickets, self.dice.randint(1, len(tickets)))
            cancel_tickets(
                booking_id=booking.pk, ticket_ids=chosen, percent=self.dice.choice([33, 50, 100]), origin=origin
            )  # fmt: skip
            self.owe(booking)

    def goodwill(self):
        booking = self.standing()
        if booking and (most := most_goodwill(booking)) > 0:
            with transaction.atomic():
                owe_goodwill(
                    locks.booking(booking.pk), min(most, Decimal(self.dice.randint(1, 9))), actor="test", reason="cold"
                )
            self.owe(booking)

    def owe(self, booking):
        with transaction.atomic():
            request_refunds(locks.booking(booking.pk).sale, reason="Owed to the customer")

    def arrive(self):
        """Let requested refunds succeed; some of those to cards fail afterwards."""
        for refund in Refund.objects.filter(payment__sale__bookings__showtime__in=self.showtimes, status="REQUESTED"):
            if refund.method == PaymentMethod.ONLINE:
                move_refund(refund, "SUBMITTED", actor="test")
                arrived = {"ended_at": timezone.now(), "provider_id": f"re_{refund.pk}"}
                move_refund(refund, "SUCCEEDED", actor="test", **arrived)
                if self.dice.random() < 0.3:
                    move_refund(refund, "FAILED", actor="test")
            else:
                paid_out = {"operator_id": self.operator.pk, "ended_at": timezone.now()}
                move_refund(refund, "SUCCEEDED", actor="test", **paid_out)

    def scatter(self, night: date):
        """Move all sales and showtimes to moments around one night: the edges of business days, and the hour when clocks
        change.
        """
        moments = edges(self.theater, night)
        with unguarded() as cursor:
            for table, column in [("reservations_move", "at"), ("reservations_cancellation", "at")]:
                cursor.execute(f"SELECT id FROM {table}")
                for (pk,) in cursor.fetchall():
                    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [self.dice.choice(moments), pk])
            for pk in Booking.objects.filter(showtime__in=self.showtimes).values_list("pk", flat=True):
                Booking.objects.filter(pk=pk).exclude(confirmed_at=None).update(confirmed_at=self.dice.choice(moments))
            for showtime in self.showtimes:
                showtime.starts_at = self.dice.choice(moments)
                showtime.set_times()
                showtime.save()


def paid_online(booking) -> Payment:
    return Payment(
        sale=booking.sale,
        provider="stripe",
        status="SUCCEEDED",
        request={"mode": "payment"},
        amount=booking.total,
        currency=booking.currency,
        captured=booking.total,
        captured_currency=booking.currency,
        session_id=f"cs_test_{booking.pk}",
        provider_id=f"pi_test_{booking.pk}",
        look_at=database_now(),
        ended_at=timezone.now(),
    )


def edges(theater, night: date) -> list[datetime]:
    found = []
    for on in (night - timedelta(days=1), night, night + timedelta(days=1)):
        begins = day_bounds(theater, on)[0].astimezone(UTC)
        found += [begins - timedelta(microseconds=1), begins, begins + timedelta(hours=12)]
    midnight = local_moment(theater, night, datetime.min.time()).astimezone(UTC)
    return found + [midnight + timedelta(minutes=30 * number) for number in range(8)]
