"""Two theaters with one of everything each. Zanzibar's rows carry its name, which nobody of the first theater may read."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.account_mail import MailText, queue_mail
from core.models import SalesPause
from houses.models import Post, Theater
from payments.models import InvariantRun, LedgerComparison
from reservations.models import Move, OutgoingMail, Ticket
from staff.services.audit import record
from tests.boxoffice.scenes import ask_back, book, deliver, give_back, pay
from tests.devices import make_device
from tests.factories import (
    make_allowance,
    make_auditorium,
    make_draft,
    make_ended_block,
    make_invitation,
    make_movie,
    make_price_list,
    make_price_rule,
    make_promo,
    make_showtime,
    make_staff,
    make_theater,
    make_waiting_entry,
)
from tests.house_with_terms import LONG_AGO
from theaters.models import MovieRating, Series
from theaters.plans.plan_drafts import begin_draft

MARK = "Zanzibar"
# What the website tells everybody; the page of the shared movie repeats it.
PUBLIC = f"{MARK} Palace shows this movie too"


def names_theirs(page: str) -> bool:
    """Whether a page names something of Zanzibar's, apart from what is public."""
    return MARK.lower() in page.replace(PUBLIC, "").lower()


@dataclass
class House:
    theater: Theater
    rows: dict[str, Any]
    ids: dict[str, int]


def make_house(name: str, number: int, boss: User, movie) -> House:
    theater = make_theater()
    Theater.objects.filter(pk=theater.pk).update(name=f"{name} Palace", slug=f"{name.lower()}-palace")
    theater.refresh_from_db()
    room = make_auditorium(theater)
    type(room).objects.filter(pk=room.pk).update(name=f"{name} room")
    room.refresh_from_db()
    prices = make_price_list(theater)
    type(prices).objects.filter(pk=prices.pk).update(name=f"{name} prices")
    theater.seat_categories.filter(code="PREMIUM").update(name=f"{name} loge")
    theater.ticket_types.filter(code="CHILD").update(name=f"{name} child")
    sold = make_showtime(auditorium=room, price_list=prices, movie=movie)
    draft = make_draft(auditorium=make_auditorium(theater), price_list=prices, movie=movie)
    booking = book(sold, "A1", email=f"{name.lower()}@example.com", number=number)
    payment = pay(booking, number=number)
    refund, event = give_back(payment, number=number), deliver(payment, number=number)
    usher = make_staff("DOOR", theater, email=f"{name.lower()}.usher@example.com")
    entry = record(actor="worker", action="change", thing=theater, theater=theater, after={"word": name})
    begin_draft(auditorium=room, user_id=boss.pk)
    rows = {
        "houses_house": theater.house, "houses_textpage": theater.house.pages.get(),
        "houses_post": Post.objects.get_or_create(
            house=theater.house, slug="news", title="News", text="x", published_at=LONG_AGO
        )[0],
        "theaters_series": Series.objects.get_or_create(house=theater.house, slug="noir", name="Noir")[0],
        "theaters_movie": movie, "houses_theater": theater, "theaters_auditorium": room, "theaters_seatingplan": sold.plan,
        "theaters_seatcategory": theater.seat_categories.get(code="PREMIUM"),
        "theaters_tickettype": theater.ticket_types.get(code="CHILD"), "theaters_pricelist": prices,
        "theaters_pricerule": make_price_rule(theater, name=f"{name} surcharge"),
        "theaters_showtime": draft, "reservations_booking": booking, "reservations_ticket": Ticket.objects.get(booking=booking),
        "reservations_outgoingmail": OutgoingMail.objects.filter(booking=booking).first(),
        "reservations_move": Move.objects.filter(what="booking", what_id=booking.pk).first(),
        "reservations_promocode": make_promo(name.upper(), theater=theater), "payments_payment": payment,
        "reservations_ticketallowance": make_allowance(sold, email=f"{name.lower()}.group@example.com"),
        "reservations_waitingentry": make_waiting_entry(sold, email=f"{name.lower()}.waits@example.com"),
        "reservations_sharedblock": make_ended_block(sold, email=f"{name.lower()}.shares@example.com", name=name[:30]),
        "payments_refund": refund, "payments_providerevent": event,
        "payments_invariantrun": InvariantRun.objects.get_or_create(actor="schedule")[0],
        "payments_ledgercomparison": LedgerComparison.objects.get_or_create(actor="schedule")[0],
        "accounts_accountmail": queue_mail(MailText("invitation", "ada@example.com", "Hello", "A secret link")),
        "core_salespause": SalesPause.objects.get_or_create(
            kind="BY_HAND", why="A look", ended_at=timezone.now(), ended_by="test"
        )[0],
        "boxoffice_refundrequest": ask_back(booking, boss), "accounts_user": usher,
        "staff_staffrole": usher.staff_roles.get(),
        "staff_device": make_device(theater, name=f"{name} 1"),
        "staff_invitation": make_invitation(theater, boss, email=f"{name.lower()}.new@example.com"),
        "staff_auditentry": entry,
    }  # fmt: skip
    return House(theater, rows, {"sold": sold.pk, "booking": booking.pk, "refund": refund.pk})


@transaction.atomic
def two_houses() -> tuple[House, House]:
    """Two theaters that share the movie and nothing else."""
    boss = User.objects.create_superuser("root@marquee.example", "a long pass phrase")
    movie = make_movie(title="Metropolis", slug="metropolis")
    MovieRating.objects.create(movie=movie, country="GB", label="PG")
    ours = make_house("Lantern", 1, boss, movie)
    theirs = make_house(MARK, 2, boss, movie)
    return ours, theirs
