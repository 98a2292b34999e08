"""The office's first page: today's showtimes, today's money and what waits, as far as the person's roles allow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boxoffice.selectors.dashboard import dashboard
from payments.models import InvariantRun, Payment
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import Booking
from reservations.states import CancelCause
from tests.boxoffice.histories import History, unguarded
from tests.boxoffice.scenes import book, pay
from tests.clock import put_day_around_now
from tests.factories import make_showtime, make_staff, make_theater

pytestmark = pytest.mark.django_db
NOON_BEFORE = timedelta(hours=12)


@pytest.fixture
def sold(db):
    """A showtime with one ticket sold; the tests look at the day on which it runs."""
    showtime = make_showtime()
    pay(book(showtime, "A1"))
    return showtime


def today_of(showtime):
    return showtime.starts_at - timedelta(hours=1)


def board_of(role, showtime, now=None):
    return dashboard(make_staff(role, showtime.auditorium.theater), now=now or today_of(showtime))


def test_todays_shows_with_how_they_fill(sold):
    type(sold).objects.filter(pk=sold.pk).update(seats_taken=1)
    (house,) = board_of("BOX_OFFICE", sold).houses
    (show,) = house.shows
    assert (show.movie, show.taken, show.seats, show.status) == (sold.movie.title, 1, 12, "published")
    assert show.url == f"/admin/theaters/showtime/{sold.pk}/change/"
    assert board_of("BOX_OFFICE", sold, today_of(sold) + timedelta(days=1)).houses[0].shows == ()


def test_money_today_beside_a_week_ago(sold):
    """One ticket was sold today. A week ago two were sold an hour before this moment, and one a minute after it."""
    now = timezone.now()
    put_day_around_now(sold.auditorium.theater)
    for number, labels in [(1, ("A2", "A3")), (2, ("A4",))]:
        pay(book(sold, *labels, number=number), number=number)
    moved(["A2", "A3"], now - timedelta(days=7, hours=1))
    moved(["A4"], now - timedelta(days=7) + timedelta(minutes=1))
    (house,) = board_of("MANAGER", sold, timezone.now()).houses
    assert (house.money.sold, house.money.sold_last_week) == (1, 2)
    found = (house.money.today, house.money.last_week, house.money.last_week_in_all)
    assert [str(one) for one in found] == ["14.50", "29.00", "43.50"]


def moved(labels, at):
    """Move the confirmation of the booking with these seats to another time."""
    (pk,) = Booking.objects.filter(tickets__seat__label__in=labels).distinct().values_list("pk", flat=True)
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE reservations_move SET at = %s WHERE what = 'booking' AND what_id = %s AND to_status = 'CONFIRMED'",
            [at, pk],
        )


def test_money_that_came_back_today_is_taken_off(sold):
    booking = Booking.objects.get()
    cancel_tickets(
        booking_id=booking.pk, ticket_ids=None, percent=50, origin=CancellationOrigin(CancelCause.STAFF, "test")
    )
    (house,) = board_of("MANAGER", sold, timezone.now()).houses
    assert (house.money.sold, str(house.money.today)) == (0, "7.25")


def test_who_may_not_see_figures_sees_none(sold):
    assert board_of("BOX_OFFICE", sold).houses[0].money is None


def test_what_waits_has_a_number_and_a_link(sold):
    Payment.objects.update(status="DISPUTED")
    (concern,) = board_of("FINANCE", sold).concerns
    assert (concern.count, concern.text) == (1, "payment is disputed")
    assert concern.url == "/admin/payments/payment/?status__exact=DISPUTED"
    assert board_of("DOOR", sold).concerns == ()


@pytest.mark.parametrize(
    ("role", "ways"), [("DOOR", ["Door"]), ("BOX_OFFICE", ["Counter"]), ("FINANCE", ["Takings", "Reports"])]
)
def test_the_ways_are_those_of_the_role(sold, role, ways):
    assert [way.text for way in board_of(role, sold).ways] == ways


def test_money_to_be_paid_out_at_the_counter_waits_for_a_person(sold, office):
    history = History(sold.auditorium.theater, 0)
    history.cash()
    cash = Booking.objects.exclude(sale__operator=None).get()
    cancel_and_refund(booking_id=cash.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "test"))
    (concern,) = board_of("FINANCE", sold).concerns
    assert (concern.count, concern.text) == (1, "refund waits to be paid out at the counter")
    assert [refund.method for refund in office.get(concern.url).context["cl"].result_list] == ["CASH"]


def test_broken_rules_are_for_those_who_see_all_theaters(sold, manager):
    run = InvariantRun.objects.create(
        actor="schedule", finished_at=timezone.now(), checked=40, broken=2, tell_at=timezone.now()
    )
    (concern,) = dashboard(manager, now=today_of(sold)).concerns
    assert (concern.count, concern.text) == (2, "checks of seats and money found something")
    assert concern.url == f"/admin/payments/invariantrun/{run.pk}/change/"
    make_theater()
    assert board_of("OWNER", sold).concerns == ()


def test_another_theater_is_not_there(sold):
    Payment.objects.update(status="DISPUTED")
    other = make_theater()
    board = dashboard(make_staff("OWNER", other), now=today_of(sold))
    assert ([house.theater for house in board.houses], board.concerns) == ([other], ())


def test_the_page_and_its_queries(sold, office, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        page = office.get("/admin/")
    assert page.status_code == 200
    assert sold.auditorium.theater.name in page.content.decode()


def test_every_link_leads_somewhere(sold, office, manager):
    Payment.objects.update(status="DISPUTED")
    board = dashboard(manager, now=today_of(sold))
    (house,) = board.houses
    links = [*(one.url for one in (*board.ways, *board.concerns)), house.url, house.money.url, house.shows[0].url]
    assert {link: office.get(link).status_code for link in links} == dict.fromkeys(links, 200)
