"""The pages of a hostile world: lists and forms by their addresses, and pages that only an action leads to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.template.base import PartialTemplate, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from dev.state import CHECKOUT
from payments.models import Refund
from reservations.changes.auditorium_moves import resume_sales_of
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.groups.friends_seats import take_friends_seats
from reservations.models import Booking, Cancellation, Favorite, GroupBlock, SharedBlock, ShowtimeSeat, Ticket, Transfer
from sales.models import Sale
from staff.services.invitations import Person, invite
from tests.boxoffice.limits import OTHER_PAGES, PAGES
from tests.boxoffice.test_limits import address_of
from tests.boxoffice.two_theaters import House
from tests.clock import begins_in
from tests.factories import make_auditorium, make_browser, make_favorite, make_group, make_shared_block
from tests.hostile import MARK, TEXT
from theaters.models import PlanDraft, Showtime
from theaters.plans.plans import current_plan
from theaters.states import ChangeKind

TEMPLATES = CHECKOUT / "templates"


def happen(house: House) -> None:
    """Make everything that pages tell of: seats given back, cash to pay out, a showtime that was moved in time, and
    planned moves to another time and to another auditorium.
    """
    booking, boss = house.rows["reservations_booking"], User.objects.get(is_superuser=True)
    Sale.objects.filter(pk=booking.sale_id).update(user=boss)
    Cancellation.objects.create(
        booking=booking, cause="STAFF", actor="worker", reason="x", refunded=1, kept=0, currency=booking.currency
    )
    payment = house.rows["payments_payment"]
    cash = Refund.objects.create(
        payment=payment, provider="counter", method="CASH", amount=1, currency=payment.currency, reason="x"
    )
    showtime, now = Showtime.objects.get(pk=house.ids["sold"]), timezone.now()
    for hours in (1, 2):
        wanted = ChangeRequest(ChangeKind.TIME, starts_at=showtime.starts_at + timedelta(hours=hours))
        change = plan_change(showtime=showtime, request=wanted, user_id=boss.pk, now=now)
        if hours == 1:
            apply_change(change_id=change.pk, reason="x", user_id=boss.pk, now=now)
            showtime.refresh_from_db()
    make_favorite(
        showtime.auditorium.theater, showtime.movie, email="favorite@example.com", user=boss, confirmed_at=now
    )
    hall = make_auditorium(showtime.auditorium.theater)
    wanted = ChangeRequest(ChangeKind.MOVE, moves_to=current_plan(hall))
    move = plan_change(showtime=showtime, request=wanted, user_id=boss.pk, now=now)
    resume_sales_of(showtime.pk)
    free = ShowtimeSeat.objects.filter(showtime=showtime, hold=None, booking=None, area=None, house_reason="").last()
    make_group(showtime, free.label, name=MARK, contact=MARK)
    keep_for_friends(showtime, boss)
    draft = PlanDraft.objects.get(auditorium=showtime.auditorium_id)
    draft.rows[0]["seats"].pop(0)  # a seat that is sold
    draft.save(update_fields=["rows"])
    house.ids |= {"cash": cash.pk, "change": change.pk, "move": move.pk}


def keep_for_friends(showtime: Showtime, user: User) -> None:
    block = make_shared_block(showtime, "B1", "B2", "B3", user_id=user.pk)
    take_friends_seats(block=block, browser=make_browser(71), labels=["B1"], name="Ben")


def link_of_invitation(house: House) -> str:
    """Create an invitation and return its link. Call it after all texts were rewritten, because only the link's hash is
    stored.
    """
    boss = User.objects.get(is_superuser=True)
    who = {"person": Person("guest@example.com", TEXT[:60], TEXT[:60]), "reason": TEXT}
    return invite(theater=house.theater, role="DOOR", inviter=boss, **who)[1]


@contextmanager
def templates_rendered() -> Iterator[set[str]]:
    """Collect the product's own templates that are rendered in the block, as paths below templates/."""
    seen: set[str] = set()

    def noted(render):
        def rendered(template, context) -> str:
            origin = Path(str(template.origin))
            if origin.is_relative_to(TEMPLATES):
                seen.add(str(origin.relative_to(TEMPLATES)))
            return render(template, context)

        return rendered

    # The signal of Django's test client covers only whole pages (tests/page_contexts.py), not the templates they include.
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Template, PartialTemplate):
            patch.setattr(kind, "_render", noted(kind._render))
        yield seen


def all_templates() -> set[str]:
    return {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}


def office_pages(house: House) -> Iterator[str]:
    yield "/admin/"
    for page in PAGES:
        yield reverse(f"admin:{page}_changelist") + ("?day=all" if page == "theaters_showtime" else "")
        yield reverse(f"admin:{page}_changelist") + f"?q={MARK}"
        for name in ("change", "history", "delete"):
            yield reverse(f"admin:{page}_{name}", args=[house.rows[page].pk])
        yield reverse(f"admin:{page}_add")
    for name, (args, _) in OTHER_PAGES.items():
        yield address_of(name, args, house)
    yield reverse("admin:schedule_program", args=[house.rows["theaters_showtime"].pk])
    yield reverse("admin:schedule_program", args=[house.ids["sold"]])
    yield reverse("admin:schedule_change", args=[house.ids["sold"], house.ids["change"]])
    yield reverse("admin:schedule_change", args=[house.ids["sold"], house.ids["move"]])
    # An auditorium for which nobody has begun a draft of a plan.
    yield reverse("admin:plan_editor", args=[house.rows["theaters_showtime"].auditorium_id])
    yield "/admin/ledger/"


def visitors_pages(house: House) -> Iterator[str]:
    theater, movie = house.theater, house.rows["theaters_movie"]
    booking, ticket = house.rows["reservations_booking"], Ticket.objects.get(pk=house.rows["reservations_ticket"].pk)
    yield from ["/", f"/?theater={theater.slug}", f"/movies/{movie.slug}/", f"/theaters/{theater.slug}/"]
    yield from [f"/movies/{movie.slug}/poster.svg", f"/movies/{movie.slug}/palette.css"]
    yield from [f"/theaters/{theater.slug}/showtimes.{kind}" for kind in ("ics", "atom", "json")]
    yield from ["/search/", f"/search/?q={MARK}", "/search/?q=metropolis", "/search/?q=x", "/search/?q=<b>zzz"]
    text = house.rows["houses_textpage"].texts.get()
    yield from ["/pages/terms/", f"/pages/terms/{text.pk}/", "/news/", "/news/news/"]
    yield from ["/sitemap.xml", f"/movies/{movie.slug}/share.png", "/coming-soon/", "/closed/"]
    yield f"/series/{house.rows['theaters_series'].slug}/"
    yield f"/showtimes/{house.ids['sold']}/?view=list"
    yield f"/showtimes/{house.ids['sold']}/waiting/"
    favorite = Favorite.objects.get()
    yield f"/favorites/{favorite.code}/"
    yield f"{favorite.movie.get_absolute_url()}tell-me/"
    yield f"/waiting/{house.rows['reservations_waitingentry'].code}/"
    yield from [f"/showtimes/{house.ids['sold']}/", f"/checkout/{house.ids['sold']}/", "/bookings/", "/find-booking/"]
    for end in ("", "cancel/", "exchange/", "calendar.ics", "tickets.pdf", "receipt.pdf", "credit-notes/1.pdf"):
        yield f"/bookings/{booking.reference}/{end}"
    yield from [f"/tickets/{ticket.code}{end}" for end in ("/", ".svg", ".pdf", ".ics", "/transfer/")]
    party = "p" * 28
    Booking.objects.filter(pk=booking.pk).update(party_code=party)
    yield from [f"/bookings/{booking.reference}/", f"/tickets/{party}/", f"/tickets/{party}.svg"]
    yield f"/groups/{GroupBlock.objects.first().code}/"
    block = SharedBlock.objects.open().get()
    yield from [f"/showtimes/{block.showtime_id}/group/{end}" for end in ("", f"{block.code}/")]
    yield f"/transfers/{Transfer.objects.create(ticket=ticket, code='t' * 32).code}/"
    yield from [
        "/accounts/email/",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/data/",
    ]


def pages_of_strangers(house: House) -> Iterator[str]:
    """Pages that can be opened without signing in."""
    yield from [
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/nothing-here/",
    ]
    yield f"/showtimes/{house.ids['sold']}/group/"
    yield f"/invitations/{link_of_invitation(house)}/"
    yield f"/bookings/{house.rows['reservations_booking'].reference}/{'x' * 43}/"


def pages_of_the_counter(house: House) -> Iterator[str]:
    booking, refund = house.rows["reservations_booking"], house.ids["cash"]
    yield from ["/counter/?change", "/counter/", f"/counter/?q={MARK}", f"/counter/showtimes/{house.ids['sold']}/"]
    yield from ["/counter/sales/", f"/counter/sales/{booking.reference}/", f"/counter/find/?q={booking.reference}"]
    for act in ("swap", "exchange", "resend", "void", "tickets.pdf", "receipt.pdf", "credit-notes/1.pdf"):
        yield f"/counter/sales/{booking.reference}/{act}" + ("" if "." in act else "/")
    yield from ["/counter/pay-outs/", f"/counter/pay-outs/{refund}/", "/counter/takings/", "/counter/takings.csv"]


def pages_of_the_door(house: House) -> Iterator[str]:
    booking = house.rows["reservations_booking"]
    yield from ["/door/", f"/door/find/?q={MARK}", f"/door/showtimes/{house.ids['sold']}/"]
    yield from [f"/door/bookings/{booking.reference}/"]


def pages_of_several(house: House) -> Iterator[str]:
    """Pages of a sale that has bookings for two showtimes."""
    booking = Booking.objects.get(pk=house.rows["reservations_booking"].pk)
    others = Showtime.objects.filter(auditorium__theater=house.theater).exclude(pk=booking.showtime_id)
    copied = {
        name: getattr(booking, name) for name in ("sale_id", "hold_id", "holder", "status", "confirmed_at", "ended_at")
    }
    Booking.objects.create(showtime=others[0], total=0, **copied)
    for area in ("bookings", "counter/sales", "door/bookings"):
        yield f"/{area}/{booking.reference}/"


def answers(house: House, staff: Client) -> Iterator[tuple[str, HttpResponseBase]]:
    """Yield every page with its answer."""
    for path in [*office_pages(house), *visitors_pages(house)]:
        yield path, staff.get(path)
    stranger = Client()
    for path in pages_of_strangers(house):
        yield path, stranger.get(path)
    yield from answers_to_acts(house, staff)
    staff.post("/counter/here/", {"theater": house.theater.pk})
    taken = f"/counter/showtimes/{house.ids['sold']}/seats/"
    yield taken, staff.post(taken, {"take": "A3"}, headers={"HX-Request": "true"})
    for path in pages_of_the_counter(house):
        yield path, staff.get(path)
    room = Showtime.objects.get(pk=house.ids["sold"]).auditorium_id
    staff.post("/door/here/", {"place": f"{house.theater.pk}-{room}", "name": "left"})
    begins_in(Showtime.objects.get(pk=house.ids["sold"]), minutes=30)
    for path in ("/admin/", address_of("schedule_day", "?theater={theater}", house)):
        yield f"{path} today", staff.get(path)
    for path in pages_of_the_door(house):
        yield path, staff.get(path)
    ticket = {"code": Ticket.objects.get(booking=house.rows["reservations_booking"]).code}
    for number in ("first", "second"):
        yield f"{number} scan", staff.post("/door/scan/", ticket, headers={"HX-Request": "true"})
    for path in pages_of_several(house):
        yield f"{path} of several", staff.get(path)


def answers_to_acts(house: House, staff: Client) -> Iterator[tuple[str, HttpResponseBase]]:
    customer, sold = Client(), house.ids["sold"]
    yield "take a seat", customer.post(f"/showtimes/{sold}/seats/", {"take": "A2"}, headers={"HX-Request": "true"})
    for path in ("/", f"/showtimes/{sold}/", f"/checkout/{sold}/"):
        yield f"{path} with a seat", customer.get(path)
    yield "take what is sold", customer.post(f"/showtimes/{sold}/seats/", {"take": "A1"})
    for page in ("theaters_movie", "reservations_promocode"):
        chosen = {"action": "delete_selected", "_selected_action": [house.rows[page].pk]}
        yield f"delete {page}", staff.post(reverse(f"admin:{page}_changelist"), chosen)
    first = Showtime.objects.get(pk=sold).starts_at.date() - timedelta(days=3)
    week = {"first": first.isoformat(), "to": (first + timedelta(days=7)).isoformat()}
    yield "copy a week", staff.post(address_of("schedule_copy", "?theater={theater}", house), week)
