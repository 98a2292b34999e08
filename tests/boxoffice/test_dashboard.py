"""The office's first page: what runs today, today's money, what waits; each as far as one's roles go."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from boxoffice.selectors.dashboard import dashboard
from payments.models import Payment
from reservations.models import Booking
from tests.boxoffice.scenes import book, pay
from tests.factories import make_showtime, make_staff, make_theater
from theaters.days import day_bounds

pytestmark = pytest.mark.django_db
NOON_BEFORE = timedelta(hours=12)


@pytest.fixture
def sold(db):
    """A show with one ticket sold; its day is today."""
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
    theater = sold.auditorium.theater
    pay(book(sold, "A2", "A3", number=1), number=1)
    old = Booking.objects.filter(tickets__seat__label__in=["A2", "A3"])
    old.update(confirmed_at=F("confirmed_at") - timedelta(days=7))
    (house,) = board_of("MANAGER", sold, timezone.now()).houses
    assert day_bounds(theater, house.day)[0] <= timezone.now()
    assert (house.money.admissions, house.money.admissions_last_week) == (1, 2)
    assert (str(house.money.today), str(house.money.last_week)) == ("14.50", "29.00")


def test_who_may_not_see_figures_sees_none(sold):
    assert board_of("BOX_OFFICE", sold).houses[0].money is None


def test_what_waits_has_a_number_and_a_link(sold):
    Payment.objects.update(status="DISPUTED")
    (concern,) = board_of("FINANCE", sold).concerns
    assert (concern.count, concern.text) == (1, "payment is disputed")
    assert concern.url == "/admin/payments/payment/?status__exact=DISPUTED"
    assert board_of("DOOR", sold).concerns == ()


@pytest.mark.parametrize(
    ("role", "ways"), [("DOOR", ["Door"]), ("BOX_OFFICE", ["Counter"]), ("FINANCE", ["Sales", "Occupancy"])]
)
def test_the_ways_are_those_of_the_role(sold, role, ways):
    assert [way.text for way in board_of(role, sold).ways] == ways


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
