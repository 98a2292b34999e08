"""The office's first page: tonight's shows, today's money, and work that needs a person, limited by the person's roles."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from boxoffice.models import RefundRequest
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis, SalesGroup, sales, total
from boxoffice.states import RequestStatus
from core.texts.lazy_text import gettext_lazy as _
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from payments.models import Payment, ProviderEvent, Refund
from payments.selectors import last_check
from payments.states import PaymentMethod, PaymentStatus
from reservations.models import OutgoingMail, Ticket
from staff.access import may, may_everywhere, may_somewhere, theater_ids_of, theaters_of
from theaters.models import Showtime
from theaters.opening.first_steps import Step, steps_to_first_day, steps_to_first_sale

Person = User | AnonymousUser
A_WEEK = timedelta(days=7)
WAYS = (
    ("reservations.sell_at_counter", _("Counter"), "counter"),
    ("reservations.admit_ticket", _("Door"), "door"),
    ("theaters.add_showtime", _("Plan a week"), "admin:schedule_plan"),
    ("reservations.see_takings", _("Takings"), "takings"),
    ("boxoffice.view_reports", _("Reports"), "admin:report_sales"),
)


@dataclass(frozen=True)
class ShowToday:
    starts_at: datetime
    movie: str
    auditorium: str
    state: str
    status: str
    taken: int
    seats: int
    url: str


@dataclass(frozen=True)
class MoneyToday:
    """Today's money so far, as in the books, with the same day of last week until this time and in all."""

    today: Decimal
    last_week: Decimal
    last_week_in_all: Decimal
    sold: int
    sold_last_week: int
    url: str


@dataclass(frozen=True)
class TheaterToday:
    theater: Theater
    day: date
    shows: tuple[ShowToday, ...]
    money: MoneyToday | None
    url: str
    # The steps to the first showtime on sale; empty once there is one.
    steps: tuple[Step, ...] = ()
    # Optional steps before the first show.
    advice: tuple[Step, ...] = ()


@dataclass(frozen=True)
class WaitingWork:
    """Work that waits for a person: the count, and a link to the list."""

    count: int
    text: str
    url: str


@dataclass(frozen=True)
class PageLink:
    """A link to a page."""

    text: str
    url: str


@dataclass(frozen=True)
class Dashboard:
    ways: tuple[PageLink, ...]
    houses: tuple[TheaterToday, ...]
    concerns: tuple[WaitingWork, ...]


def dashboard(user: Person, *, now: datetime) -> Dashboard:
    """The dashboard. For each theater one query of shows and three of money; one for each concern."""
    theaters = theaters_of(user, "theaters.view_showtime")
    return Dashboard(
        ways=tuple(PageLink(text, reverse(name)) for permission, text, name in WAYS if may_somewhere(user, permission)),
        houses=tuple(_house(user, theater, now) for theater in theaters),
        concerns=tuple(_concerns(user)),
    )


def _house(user: Person, theater: Theater, now: datetime) -> TheaterToday:
    today = business_day(theater, now)
    start, end = day_bounds(theater, today)
    showtimes = (
        Showtime.objects.with_names()
        .filter(auditorium__theater=theater, starts_at__gte=start, starts_at__lt=end)
        .order_by("starts_at", "auditorium__name")
    )
    query = f"?theater={theater.pk}&day={today.isoformat()}"
    return TheaterToday(
        theater=theater,
        day=today,
        shows=tuple(_show(showtime, theater) for showtime in showtimes),
        money=_money(theater, today, now) if may(user, "boxoffice.view_reports", theater) else None,
        url=reverse("admin:schedule_day") + query,
        steps=tuple(_steps(user, theater, now)),
        advice=tuple(_advice(user, theater, now)),
    )


def _steps(user: Person, theater: Theater, now: datetime) -> list[Step]:
    """The first steps, for people who plan showtimes. Their links begin at the theater's own page."""
    if not may(user, "theaters.add_showtime", theater):
        return []
    page = reverse("admin:houses_theater_change", args=[theater.pk])
    return [
        replace(step, url=page + step.url) if step.url.startswith("#") else step
        for step in steps_to_first_sale(theater, now=now)
    ]


def _advice(user: Person, theater: Theater, now: datetime) -> list[Step]:
    """The steps to the first day, for people who may do all of them."""
    if not may(user, "houses.add_textpage", theater):
        return []
    bought = Ticket.objects.live().bought_online().filter(showtime__auditorium__theater=OuterRef("pk"))
    return steps_to_first_day(theater, bought=Exists(bought), now=now)


def _show(showtime: Showtime, theater: Theater) -> ShowToday:
    return ShowToday(
        starts_at=showtime.starts_at.astimezone(theater.zone),
        movie=showtime.title,
        auditorium=showtime.auditorium.name,
        state=showtime.get_status_display(),
        status=showtime.status.lower(),
        taken=showtime.seats_taken,
        seats=showtime.seats_total,
        url=reverse("admin:theaters_showtime_change", args=[showtime.pk]),
    )


def _money(theater: Theater, today: date, now: datetime) -> MoneyToday:
    """Money taken less refunds, in the theater's own currency only; without tickets that another system sold."""
    before = today - A_WEEK
    new, old, whole = (
        total(
            line
            for line in sales(span=span, group=SalesGroup.METHOD, basis=Basis.BOOK)
            if line.currency == theater.currency and line.key != PaymentMethod.MOVED_IN
        )
        for span in (
            DayRange(theater, today, today),
            DayRange(theater, before, before, now - A_WEEK),
            DayRange(theater, before, before),
        )
    )
    return MoneyToday(
        today=new.kept,
        last_week=old.kept,
        last_week_in_all=whole.kept,
        sold=new.sold,
        sold_last_week=old.sold,
        url=reverse("admin:report_sales") + f"?theater={theater.pk}&first={before}&last={today}&basis={Basis.BOOK}",
    )


def _concerns(user: Person) -> list[WaitingWork]:
    waiting = [
        WaitingWork(count, (one if count == 1 else many), url)
        for permission, rows, theater_path, (one, many), url in _asked()
        if (count := _seen_by(user, permission, rows, theater_path).count())
    ]
    return [*_broken_rules(user), *_events_set_aside(user), *waiting]


def _broken_rules(user: Person) -> list[WaitingWork]:
    """The findings of the last check of seats and money, for people with rights at all theaters."""
    run = last_check() if may_everywhere(user, "payments.view_invariantrun") else None
    if run is None or not run.broken:
        return []
    text = (
        "check of seats and money found something" if run.broken == 1 else "checks of seats and money found something"
    )
    return [WaitingWork(run.broken, text, reverse("admin:payments_invariantrun_change", args=[run.pk]))]


def _events_set_aside(user: Person) -> list[WaitingWork]:
    """Deliveries of providers that wait for a person, for people with rights at all theaters."""
    if not may_everywhere(user, "payments.view_providerevent"):
        return []
    count = ProviderEvent.objects.set_aside().count()
    one, many = (
        "delivery of a payment provider could not be acted on",
        "deliveries of payment providers could not be acted on",
    )
    url = reverse("admin:payments_providerevent_changelist") + "?state=aside"
    return [WaitingWork(count, one if count == 1 else many, url)] if count else []


def _seen_by(user: Person, permission: str, rows: Any, theater_path: str) -> Any:
    theater_ids = theater_ids_of(user, permission)
    return rows if theater_ids is None else rows.filter(**{f"{theater_path}__in": theater_ids})


def _asked() -> list[tuple[str, Any, str, tuple[str, str], str]]:
    """Kinds of waiting work: the right, the rows, their theater, and the words and link."""
    refunds = reverse("admin:payments_refund_changelist")
    payments = reverse("admin:payments_payment_changelist")
    requests = reverse("admin:boxoffice_refundrequest_changelist")
    mails = reverse("admin:reservations_outgoingmail_changelist")
    house, waiting = "showtime__auditorium__theater_id", RequestStatus.WAITING
    return [
        ("payments.view_refund", Refund.objects.needing_a_person(), "payment__sale__theater_id",
         ("refund needs a person", "refunds need a person"), f"{refunds}?person=yes"),
        ("payments.view_refund", Refund.objects.waiting_at_counter(), "payment__sale__theater_id",
         ("refund waits to be paid out at the counter", "refunds wait to be paid out at the counter"),
         f"{refunds}?person=counter"),
        ("payments.view_payment", Payment.objects.filter(status=PaymentStatus.DISPUTED), "sale__theater_id",
         ("payment is disputed", "payments are disputed"), f"{payments}?status__exact={PaymentStatus.DISPUTED}"),
        ("boxoffice.view_refundrequest", RefundRequest.objects.filter(status=waiting), f"booking__{house}",
         ("refund waits for a second person", "refunds wait for a second person"), f"{requests}?status__exact={waiting}"),
        ("reservations.view_outgoingmail", OutgoingMail.objects.filter(gave_up_at__isnull=False), f"booking__{house}",
         ("mail could not be delivered", "mails could not be delivered"), f"{mails}?state=failed"),
    ]  # fmt: skip
