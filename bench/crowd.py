"""A simulated crowd at one showtime: hoarders, honest buyers, a school. Time passes by aging rows, without sleeping.

The services are called as the pages call them, in the settings of production. Limits of pace are off, because a
simulated hour takes a minute; that helps the attacker. Stripe is left out: Pay opens the booking, and paying confirms
it.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q
from django.test import override_settings

from config.settings import base
from core.clock import ClockTimestamp, from_now
from core.refusals import Refusal
from reservations.counter.taking_best import take_best
from reservations.models import Booking, Hold, ShowtimeSeat
from reservations.seats.best_seats import Wish
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.map_reads import read_seat_map
from reservations.seats.state import UNPAID, in_state
from reservations.seats.taking import Browser, release_hold, take_seats
from reservations.selling.bookings import PayForm, confirm_booking, expire_booking, open_booking
from theaters.models import Seat, Showtime
from theaters.prices.prices import pinned_prices

LIMITS = (
    "MAX_SEATS_PER_HOLD", "LIVE_HOLDS_PER_HOLDER", "LIVE_SEATS_PER_ADDRESS", "SHOWTIME_SHARE_PER_ADDRESS",
    "SHOWTIME_SHARE_UNPAID", "UNPAID_HOLD_PAUSE_SECONDS", "TICKETS_PER_PERSON_AND_SHOWTIME", "HOLD_SECONDS",
    "HOLD_CAP_SECONDS", "CHECKOUT_SECONDS", "PAYMENT_GRACE_SECONDS",
)  # fmt: skip
PRESS_PAY_AT = 440

AGED = {
    "reservations_hold": ["started_at", "expires_at", "cap_at", "ended_at"],
    "reservations_booking": ["created_at", "confirmed_at", "ended_at"],
    "sales_sale": ["created_at", "payable_until", "held_until"],
    "reservations_showtimeseat": ["held_until"],
}


@contextmanager
def limits_of_production(**changes: object) -> Iterator[None]:
    wanted = {name: getattr(base, name) for name in LIMITS}
    pace = {"HOLDS_PER_MINUTE_PER_HOLDER": 0, "HOLDS_PER_MINUTE_PER_ADDRESS": 0}
    with override_settings(**wanted | pace | changes):
        yield


@dataclass
class Crowd:
    """One showtime, and the clock of the simulation in seconds."""

    showtime: Showtime
    clock: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(20261128))
    _cookies: int = 0

    def __post_init__(self) -> None:
        self.seats: dict[str, str] = dict(
            Seat.objects.filter(plan=self.showtime.plan_id).order_by("pk").values_list("label", "category")
        )
        self.prices = pinned_prices(self.showtime.price_version_id)

    def new_browser(self, address: str) -> Browser:
        self._cookies += 1
        # Of this showtime alone: a cookie that paid in another scene would count as one that has paid.
        return Browser(holder=f"{self.showtime.pk:032x}{self._cookies:032x}", address=address)

    def advance(self, seconds: int) -> None:
        """Age all rows by this time, then run the workers' sweeps."""
        with connection.cursor() as cursor:
            for table, moments in AGED.items():
                older = ", ".join(f"{moment} = {moment} - interval '{seconds} s'" for moment in moments)
                cursor.execute(f"UPDATE {table} SET {older} WHERE {' IS NOT NULL OR '.join(moments)} IS NOT NULL")
        self.clock += seconds
        end_lapsed_holds()
        for booking_id in Booking.objects.no_longer_payable().values_list("pk", flat=True):
            with transaction.atomic():
                expire_booking(Booking.objects.select_for_update(no_key=True).get(pk=booking_id), actor="sweep")

    def free(self) -> list[str]:
        seen = read_seat_map(showtime_id=self.showtime.pk, holder="")
        assert seen is not None
        return [label for label, state in zip(self.seats, seen.states, strict=True) if state == "f"]

    def take(self, browser: Browser, labels: Sequence[str]) -> str:
        """'' or the reason of the refusal."""
        try:
            take_seats(showtime_id=self.showtime.pk, browser=browser, labels=list(labels))
        except Refusal as refusal:
            return type(refusal).__name__
        return ""

    def take_pair(self, browser: Browser) -> str:
        """Two seats side by side; '' or the reason of the refusal."""
        try:
            take_best(showtime_id=self.showtime.pk, browser=browser, wish=Wish(2))
        except Refusal as refusal:
            return type(refusal).__name__
        return ""

    def press_pay(self, browser: Browser) -> Booking:
        hold = Hold.objects.live().get(showtime=self.showtime, holder=browser.holder)
        labels = list(hold.seats.values_list("label", flat=True))
        total = sum((self.prices.amount("ADULT", self.seats[label]) for label in labels), Decimal(0))
        form = PayForm(
            email=f"{browser.holder[-8:]}@example.com", choices=dict.fromkeys(labels, "ADULT"), expected_total=total
        )
        with transaction.atomic():
            return open_booking(showtime_id=self.showtime.pk, browser=browser, form=form)

    def buy(self, browser: Browser) -> None:
        booking = self.press_pay(browser)
        with transaction.atomic():
            assert confirm_booking(booking, actor="customer")

    def pay_for(self, browser: Browser) -> None:
        """Buy, also when Pay was pressed before."""
        pending = Booking.objects.awaiting_money().filter(showtime=self.showtime, holder=browser.holder).first()
        if pending is None:
            self.buy(browser)
            return
        with transaction.atomic():
            assert confirm_booking(Booking.objects.select_for_update(no_key=True).get(pk=pending.pk), actor="customer")

    def give_back(self, browser: Browser) -> None:
        release_hold(showtime_id=self.showtime.pk, browser=browser)


@dataclass
class Hoarder:
    """Takes ten seats with every cookie, presses Pay shortly before they lapse, never pays, and comes back."""

    crowd: Crowd
    addresses: Sequence[str]
    cookies: int
    fresh_cookies: bool
    refused: int = 0
    takes: int = 0

    def __post_init__(self) -> None:
        self.browsers = [self._browser(number) for number in range(self.cookies)]

    def _browser(self, number: int) -> Browser:
        return self.crowd.new_browser(self.addresses[number % len(self.addresses)])

    def act(self) -> None:
        holding = dict(
            Hold.objects.live()
            .filter(showtime=self.crowd.showtime, holder__in=[browser.holder for browser in self.browsers])
            .values_list("holder", "started_at")
        )
        paying = set(
            Booking.objects.awaiting_money().filter(showtime=self.crowd.showtime).values_list("holder", flat=True)
        )
        free = self.crowd.free()
        for number, browser in enumerate(self.browsers):
            if browser.holder in paying:
                continue
            if browser.holder in holding:
                self._press_pay_in_time(browser)
            elif free:
                free = self._grab(number, free)

    def _press_pay_in_time(self, browser: Browser) -> None:
        if Hold.objects.live().filter(holder=browser.holder, started_at__lt=from_now(-PRESS_PAY_AT)).exists():
            self.crowd.press_pay(browser)

    def _grab(self, number: int, free: list[str]) -> list[str]:
        if self.fresh_cookies:
            self.browsers[number] = self._browser(number)
        for size in (10, 2):
            wanted = free[:size]
            self.takes += 1
            if not self.crowd.take(self.browsers[number], wanted):
                return free[len(wanted) :]
            self.refused += 1
        return free


@dataclass
class Figures:
    tries: int = 0
    found: int = 0
    attacker_takes: int = 0
    attacker_refused: int = 0
    most_hoarded: int = 0
    refusals: dict[str, int] = field(default_factory=dict)

    @property
    def percent(self) -> float:
        return 100 * self.found / self.tries


def attack(crowd: Crowd, hoarders: Sequence[Hoarder], *, seconds: int, tick: int, honest_every: int) -> Figures:
    """The hoarders act at every tick. An honest buyer from an address of their own comes now and then and wants a pair.

    Five minutes later every second one has paid, and the others give their seats back.
    """
    figures, later = Figures(), list[tuple[int, Browser, bool]]()
    while crowd.clock < seconds:
        for hoarder in hoarders:
            hoarder.act()
        if crowd.clock % honest_every < tick:
            figures.tries += 1
            honest = crowd.new_browser(f"203.0.{figures.tries // 250}.{figures.tries % 250 + 1}")
            reason = crowd.take_pair(honest)
            figures.found += not reason
            if reason:
                figures.refusals[reason] = figures.refusals.get(reason, 0) + 1
            else:
                later.append((crowd.clock + 300, honest, figures.tries % 2 == 0))
        for when, honest, pays in list(later):
            if when <= crowd.clock:
                later.remove((when, honest, pays))
                (crowd.buy if pays else crowd.give_back)(honest)
        figures.most_hoarded = max(figures.most_hoarded, hoarded(crowd, hoarders))
        crowd.advance(tick)
    figures.attacker_takes = sum(hoarder.takes for hoarder in hoarders)
    figures.attacker_refused = sum(hoarder.refused for hoarder in hoarders)
    return figures


def hoarded(crowd: Crowd, hoarders: Sequence[Hoarder]) -> int:
    """Seats that the hoarders hold or are paying for now."""
    holders = [browser.holder for hoarder in hoarders for browser in hoarder.browsers]
    taken = ShowtimeSeat.objects.filter(in_state(*UNPAID, at=ClockTimestamp()), showtime=crowd.showtime)
    return taken.filter(Q(hold__holder__in=holders) | Q(booking__holder__in=holders)).count()


def school(crowd: Crowd, *, pupils: int, tick: int, address: str) -> Figures:
    """All pupils want a seat or two at once, from one address; each pays within ten minutes and tries again if refused."""
    figures = Figures(tries=pupils)
    waiting = [(crowd.new_browser(address), 1 + number % 2) for number in range(pupils)]
    paying: list[tuple[int, Browser]] = []
    while waiting and crowd.clock < 3600:
        for browser, seats in list(waiting):
            reason = crowd.take(browser, crowd.free()[:seats])
            if reason:
                figures.refusals[reason] = figures.refusals.get(reason, 0) + 1
            else:
                waiting.remove((browser, seats))
                paying.append((crowd.clock + crowd.chance.randint(60, 600), browser))
                figures.found += 1
        crowd.advance(tick)
        for when, browser in list(paying):
            # A hold lasts eight minutes: who needs longer has pressed Pay before it ends.
            if when <= crowd.clock:
                paying.remove((when, browser))
                crowd.pay_for(browser)
            elif Hold.objects.live().filter(holder=browser.holder, started_at__lt=from_now(-PRESS_PAY_AT)).exists():
                crowd.press_pay(browser)
    return figures
