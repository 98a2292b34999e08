"""The smallest world a test needs: one theater, one auditorium, one showtime on sale tomorrow evening."""

import secrets
from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from accounts.models import User
from core.clock import from_now
from houses.models import House, Theater
from payments.sessions.checkout import pay
from payments.sessions.settlement import settle
from reservations.aftersale.transfers import make_link
from reservations.groups.group_blocks import Group, keep_for_group
from reservations.groups.shared_blocks import Organizer, start_sharing
from reservations.models import (
    Booking,
    Favorite,
    GroupBlock,
    Hold,
    PromoCode,
    SharedBlock,
    Ticket,
    TicketAllowance,
    Transfer,
    WaitingEntry,
)
from reservations.opening.showtime_opening import open_for_sale
from reservations.seats.taking import Browser, take_seats
from reservations.selling.bookings import PayForm
from sales.models import Contact, Sale
from sales.services.opening import Customer, open_sale
from staff.models import StaffRole
from staff.services.invitations import invite
from staff.services.roles import Person
from tests import showtime_copies
from tests.clock import evening
from tests.house_with_terms import usual_house
from theaters.models import Auditorium, Movie, Price, PriceList, PriceRule, Showtime, TicketType
from theaters.plans.plans import lay_out
from theaters.prices.prices import pinned_prices
from theaters.schedule.scheduling import schedule

# All of one length, so that names and addresses sort in the order in which things were made.
_numbers = count(100_001)

# Two rows of six with an aisle in the middle; row B is premium.
SMALL_PLAN = """
A ooo.ooo
B ppp.ppp
"""

PASS_PHRASE = "a long pass phrase"
PRICES = {"ADULT": Decimal("14.50"), "CHILD": Decimal("9.00")}


def make_theater(
    *, currency="GBP", timezone_name="Europe/London", tax_rate="0.20", country="GB", house: House | None = None
) -> Theater:
    number = next(_numbers)
    theater = Theater.objects.create(
        house=house or usual_house(),
        name=f"Theater {number}",
        slug=f"theater-{number}",
        street="1 Light Street",
        city="London",
        country=country,
        timezone=timezone_name,
        currency=currency,
        tax_rate=Decimal(tax_rate),
        cancel_tiers=[{"minutes": 720, "percent": 100}, {"minutes": 120, "percent": 50}],
        cancellation_terms="At the counter we are happy to help.",
    )
    TicketType.objects.bulk_create(
        TicketType(theater=theater, code=code, name=name, position=position, is_default=code == "ADULT")
        for position, (code, name) in enumerate([("ADULT", "Adult"), ("CHILD", "Child")])
    )
    return theater


def make_price_list(theater: Theater, prices=PRICES, premium=Decimal("3.00")) -> PriceList:
    price_list = PriceList.objects.create(theater=theater, name=f"List {next(_numbers)}")
    extras = dict.fromkeys(("STANDARD", "PREMIUM", "SOFA", "WHEELCHAIR", "COMPANION"), Decimal(0)) | {
        "PREMIUM": premium
    }
    Price.objects.bulk_create(
        Price(price_list=price_list, ticket_type=kind, category=category, amount=prices[kind.code] + extra)
        for kind in theater.ticket_types.all()
        for category, extra in extras.items()
    )
    return price_list


def make_price_rule(theater: Theater, **fields) -> PriceRule:
    """A price rule: a surcharge of £2 on 3D, changed by `fields`."""
    usual = {"kind": "SURCHARGE", "name": "3D surcharge", "pictures": ["3D"]}
    if "percent" not in fields:
        usual["amount"] = Decimal(2)
    return PriceRule.objects.create(theater=theater, **usual | fields)


def make_auditorium(theater: Theater, plan_text=SMALL_PLAN) -> Auditorium:
    auditorium = Auditorium.objects.create(
        theater=theater, name=f"Room {next(_numbers)}", preroll_minutes=15, turnaround_minutes=20
    )
    lay_out(auditorium=auditorium, text=plan_text, now=timezone.now())
    return auditorium


def make_movie(**fields) -> Movie:
    number = next(_numbers)
    values = {
        "title": f"Film {number}",
        "slug": f"film-{number}",
        "year": 1927,
        "director": "A. Director",
        "running_minutes": 100,
    }
    return Movie.objects.create(**values | fields)


def make_draft(*, theater=None, auditorium=None, movie=None, starts_at=None, price_list=None) -> Showtime:
    if auditorium is None:
        auditorium = make_auditorium(theater or make_theater())
    return schedule(
        movie=movie or make_movie(),
        auditorium=auditorium,
        price_list=price_list or make_price_list(auditorium.theater),
        starts_at=starts_at or evening(theater=auditorium.theater),
    )


def make_sale(showtime: Showtime, **columns: object) -> Sale:
    """A sale without bookings or payments."""
    usual = {"currency": "GBP", "total": 1, "terms": "", "payable_until": from_now(99), "held_until": from_now(99)}
    customer = Customer(email="a@example.com")
    return open_sale(customer, theater=showtime.auditorium.theater, **usual | columns)


def make_showtime(**fields) -> Showtime:
    """A showtime on sale. Without arguments it is a copy of one that `open_usual_showtime` made at the start of the process."""
    if not fields and showtime_copies.is_learned():
        return showtime_copies.copied_showtime(_numbers)
    return open_for_sale(showtime_id=make_draft(**fields).pk, actor="test")


def open_usual_showtime() -> Showtime:
    """A showtime that the services planned and opened."""
    return open_for_sale(showtime_id=make_draft().pk, actor="test")


def make_staff(role: str, *theaters: Theater, email: str | None = None) -> User:
    """A person with one role at these theaters: make_staff("MANAGER", theater)."""
    number = next(_numbers)
    user = User.objects.create_user(email or f"{role.lower()}{number}@marquee.example", PASS_PHRASE, is_staff=True)
    for theater in theaters:
        StaffRole.objects.create(user=user, theater=theater, role=role)
    return user


def make_invitation(theater: Theater, inviter: User, role="DOOR", email="new@example.com"):
    """An open invitation, with a link that nobody knows."""
    person = Person(email)
    return invite(person=person, theater=theater, role=role, inviter=inviter, reason="more hands")[0]


def make_promo(code="LANTERN", **fields) -> PromoCode:
    """A promo code: 20 % off everything, unless `fields` say something else."""
    if "amount" not in fields:
        fields = {"kind": "PERCENT", "percent": Decimal(20)} | fields
    movies = fields.pop("movies", ())
    promo = PromoCode.objects.create(code=code, **fields)
    promo.movies.set(movies)
    return promo


def make_group(showtime: Showtime, *labels: str, name="Scouts", contact="") -> GroupBlock:
    """A group block that ends in an hour."""
    now = timezone.now()
    group = Group(name, contact, now + timedelta(hours=1))
    return keep_for_group(showtime=showtime, labels=[*labels], group=group, actor="test", now=now)


def make_allowance(showtime: Showtime, *, email="group@example.com", most=40) -> TicketAllowance:
    return TicketAllowance.objects.create(
        showtime=showtime, email=email, customer=Customer(email=email).key, most=most, reason="A school class"
    )


def make_waiting_entry(showtime: Showtime, *, email="bea@example.com", status="WAITING", **wish) -> WaitingEntry:
    contact = Contact.objects.create(email=email, customer=Customer(email=email).key)
    moments = {} if status == "ASKED" else {"joined_at": timezone.now()}
    return WaitingEntry.objects.create(
        showtime=showtime, contact=contact, code=secrets.token_urlsafe(24), language="en", status=status,
        until=showtime.sales_close_at, **{"count": 2} | moments | wish,
    )  # fmt: skip


def make_favorite(theater: Theater, movie: Movie, *, email="bea@example.com", **columns) -> Favorite:
    contact = Contact.objects.create(email=email, customer=Customer(email=email).key)
    code = secrets.token_urlsafe(24)
    return Favorite.objects.create(
        house=theater.house, movie=movie, contact=contact, code=code, language="en", **columns
    )


# What a customer does, by calling the services.


def make_shared_block(
    showtime: Showtime, *labels: str, number=70, name="Ada", email="ada@example.com", user_id=None
) -> SharedBlock:
    """A shared block: the organizer holds the seats in the browser with that number, and shares them."""
    browser = make_browser(number)
    hold_seats(showtime, browser, *labels)
    organizer = Organizer(browser, Customer(email=email, user_id=user_id))
    return start_sharing(showtime_id=showtime.pk, organizer=organizer, name=name)


def make_transfer(ticket: Ticket) -> Transfer:
    """The link by which the present owner gives the ticket away."""
    return make_link(ticket_id=ticket.pk, code=Ticket.objects.values_list("code", flat=True).get(pk=ticket.pk))


def make_ended_block(showtime: Showtime, *, email="ada@example.com", name="Ada") -> SharedBlock:
    """A shared block that is over, so its seats no longer belong to it."""
    over = from_now(-60)
    kept = Hold.objects.create(
        showtime=showtime, holder=secrets.token_hex(32), expires_at=over, cap_at=over, ended_at=over, end="RELEASED"
    )
    return SharedBlock.objects.create(
        showtime=showtime, hold=kept, code=secrets.token_urlsafe(24), name=name, holder=secrets.token_hex(32),
        customer=email, labels=["A1", "A2"],
    )  # fmt: skip


def make_browser(number: int) -> Browser:
    return Browser(holder=f"{number:064x}", address=f"192.0.2.{number % 250}")


def hold_seats(showtime: Showtime, browser: Browser, *labels: str) -> Hold:
    take_seats(showtime_id=showtime.pk, browser=browser, labels=list(labels))
    return Hold.objects.get(showtime=showtime, holder=browser.holder, ended_at=None)


def pay_form(showtime: Showtime, *labels: str, kind="ADULT", email="ada@example.com", total=None, **known) -> PayForm:
    prices = pinned_prices(showtime.price_version_id)
    categories = dict(showtime.plan.seats.values_list("label", "category"))
    shown = sum(prices.amount(kind, categories[label]) for label in labels)
    expected = shown if total is None else Decimal(total)
    return PayForm(email=email, choices=dict.fromkeys(labels, kind), expected_total=expected, **known)


def press_pay(showtime: Showtime, browser: Browser, *labels: str, **form) -> Booking:
    """Pay for seats that are held already."""
    return pay(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, *labels, **form)).booking


def begin_paying(showtime: Showtime, browser: Browser, *labels: str, **form) -> Booking:
    """Take seats and press Pay; the payment session is open at the sandbox."""
    hold_seats(showtime, browser, *labels)
    return press_pay(showtime, browser, *labels, **form)


def buy(sandbox, showtime: Showtime, browser: Browser, *labels: str, **form) -> Booking:
    """Take seats, press Pay, pay at the sandbox and settle: a confirmed booking."""
    booking = begin_paying(showtime, browser, *labels, **form)
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    booking.refresh_from_db()
    return booking
