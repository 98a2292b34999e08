"""Areas: unnumbered places from the page to the ticket, beside numbered seats or alone."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments.refunds.cancellation import cancel_as_customer
from payments.sessions.settlement import settle
from reservations.changes.plan_moves import move_to_plan
from reservations.letters.outbox import send_due_mail
from reservations.models import ShowtimeSeat, Ticket
from reservations.refusals.limits import TooManySeats
from reservations.refusals.seats import FewerPlaces
from reservations.seats.fullness import refresh_fullness
from reservations.seats.places import PlacesWanted
from reservations.seats.taking import change_places, take_seats
from reservations.selectors.cancellation import cancel_offer
from tests.aging import lapse
from tests.factories import (
    make_auditorium,
    make_browser,
    make_showtime,
    make_staff,
    make_theater,
    press_pay,
)
from tests.signing_in import signed_in
from theaters.models import PlanDraft, Showtime
from theaters.plans.plan_drafts import publish_draft
from theaters.plans.plan_drawing import AreaDrawing
from theaters.plans.plan_json import parse_json, render_json
from theaters.plans.plan_text import PlanTextError, parse_plan
from theaters.plans.plan_writing import render_plan
from theaters.plans.plans import drawing_of, lay_out
from theaters.seat_facts import SeatFacts

pytestmark = pytest.mark.django_db
MIXED = "A ooo\nB ooo\n[Balcony]\nunreserved 12\n"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def showtime():
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save(update_fields=["avoids_single_seats"])
    return make_showtime(auditorium=make_auditorium(theater, MIXED))


def want(showtime, browser, count):
    change_places(showtime_id=showtime.pk, browser=browser, wanted=PlacesWanted("Balcony", count))


def places(**owner):
    return list(ShowtimeSeat.objects.filter(area__isnull=False, **owner).order_by("pk").values_list("label", flat=True))


def labels(*numbers):
    return [f"Balcony {number:04d}" for number in numbers]


def test_the_lowest_free_places_are_taken_and_the_last_ones_given_back(showtime):
    first, second = make_browser(1), make_browser(2)
    want(showtime, first, 3)
    want(showtime, second, 2)
    assert places(hold__holder=second.holder) == labels(4, 5)
    want(showtime, first, 1)
    want(showtime, second, 4)
    assert places(hold__holder=first.holder) == labels(1)
    assert places(hold__holder=second.holder) == labels(2, 3, 4, 5)
    want(showtime, second, 4)
    want(showtime, second, 0)
    assert places(hold__isnull=False) == labels(1)


def test_more_than_are_free_or_allowed_changes_nothing(showtime, settings):
    settings.MAX_SEATS_PER_HOLD = 10
    want(showtime, make_browser(1), 9)
    with pytest.raises(FewerPlaces, match="you can have 3 places"):
        want(showtime, make_browser(2), 4)
    take_seats(showtime_id=showtime.pk, browser=make_browser(1), labels=["A1"])
    with pytest.raises(TooManySeats):
        want(showtime, make_browser(1), 10)
    assert places(hold__isnull=False) == labels(*range(1, 10))


def test_places_of_a_lapsed_hold_are_free(showtime):
    want(showtime, make_browser(1), 10)
    lapse(ShowtimeSeat.objects.filter(area__isnull=False).first().hold)
    want(showtime, make_browser(2), 10)
    assert places(hold__holder=make_browser(2).holder) == labels(*range(1, 11))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_page_chooses_by_number(showtime, headers):
    client, url = Client(), f"/showtimes/{showtime.pk}/"
    page = client.get(url).text
    assert 'data-area="Balcony" data-free="12"' in page
    assert 'name="places" value="3 Balcony"' in page
    assert "Balcony 0001" not in page
    answer = client.post(f"{url}seats/", {"places": "3 Balcony"}, headers=headers)
    answer = answer if headers else client.get(url)
    assert re.search(r'data-area="Balcony" data-free="9"', answer.text)
    assert "3 × Balcony" in answer.text
    assert "£43.50" in answer.text
    client.post(f"{url}seats/", {"take": "A1"})
    page = client.get(url).text
    assert "£58.00" in page
    assert client.post(f"{url}seats/", {"places": "99 Balcony"}).status_code == 409
    for nonsense in ("3 Attic", "Balcony", "-1 Balcony", "3"):
        assert client.post(f"{url}seats/", {"places": nonsense}).status_code in (404, 409, 422)
    assert places(hold__isnull=False) == labels(1, 2, 3)


def test_a_showtime_without_any_seat(sandbox):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "[Hall]\nunreserved 1000\n"))
    client = Client()
    page = client.get(f"/showtimes/{showtime.pk}/")
    assert 'id="areas"' in page.text
    assert 'id="seat-map"' not in page.text
    assert "How many are you?" in page.text
    assert len(page.content) < 60_000
    client.post(f"/showtimes/{showtime.pk}/seats/", {"places": "2 Hall"})
    assert client.get(f"/showtimes/{showtime.pk}/?view=list").status_code == 200
    assert client.post(f"/showtimes/{showtime.pk}/best/", {"count": "2"}).status_code == 409
    checkout = client.get(f"/checkout/{showtime.pk}/").text
    assert checkout.count("Unreserved") == 2
    refresh_fullness()
    assert Showtime.objects.values_list("seats_total", "seats_taken").get(pk=showtime.pk) == (1000, 2)


def test_the_page_costs_as_many_queries_as_without_areas(showtime, django_assert_max_num_queries):
    client = Client()
    client.get(f"/showtimes/{showtime.pk}/")
    with django_assert_max_num_queries(4):
        client.get(f"/showtimes/{showtime.pk}/")


def test_paid_told_and_canceled(showtime, sandbox, my_browser):
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    want(showtime, my_browser, 2)
    booking = press_pay(showtime, my_browser, "A1", *labels(1, 2))
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    send_due_mail(now=timezone.now())
    (letter,) = mail.outbox
    assert "Balcony, unreserved, place not numbered" in letter.body
    assert "0001" not in letter.body
    ticket = booking.tickets.get(seat__label=labels(1)[0])
    page = Client().get(f"/tickets/{ticket.code}/").text
    assert "Unreserved, not numbered" in page
    assert "0001" not in page
    assert Client().get(f"/tickets/{ticket.code}.pdf").content.startswith(b"%PDF")
    now = timezone.now()
    found = type(booking).objects.with_names().with_tickets().get(pk=booking.pk)
    offer = cancel_offer(found, labels=labels(2), now=now)
    cancel_as_customer(booking_id=booking.pk, labels=labels(2), shown=offer.refund, now=now)
    assert places(booking=booking) == labels(1)
    assert Ticket.objects.live().count() == 2


def test_the_counter_types_a_number(showtime):
    client = signed_in(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    url = reverse("counter_map", args=[showtime.pk])
    assert 'data-area="Balcony" data-free="12"' in client.get(url).text
    client.post(reverse("counter_seats", args=[showtime.pk]), {"places": "Balcony", "number": "4"})
    assert places(hold__isnull=False) == labels(1, 2, 3, 4)
    assert 'data-free="8"' in client.get(url).text


def test_the_counter_offers_no_neighbors_where_nothing_has_a_number(showtime):
    hall = make_showtime(auditorium=make_auditorium(showtime.auditorium.theater, "[Hall]\nunreserved 40\n"))
    client = signed_in(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    desk = client.get(reverse("counter_map", args=[hall.pk])).text
    assert 'id="best"' not in desk and 'id="group"' not in desk
    assert "for two places" in desk
    mixed = client.get(reverse("counter_map", args=[showtime.pk])).text
    assert 'id="best"' in mixed
    assert "for the best two together" in mixed


def test_best_seats_leave_places_alone(showtime):
    client = Client()
    client.post(f"/showtimes/{showtime.pk}/seats/", {"places": "2 Balcony"})
    client.post(f"/showtimes/{showtime.pk}/best/", {"count": "2"})
    assert places(hold__isnull=False) == labels(1, 2)
    assert ShowtimeSeat.objects.filter(hold__isnull=False, area=None).count() == 2


def test_another_plan_of_the_auditorium_keeps_sold_places(showtime, sandbox, my_browser):
    want(showtime, my_browser, 2)
    plan = lay_out(auditorium=showtime.auditorium, text=MIXED.replace("12", "20"), now=timezone.now())
    move_to_plan(showtime, plan)
    assert places(hold__isnull=False) == labels(1, 2)
    assert len(places(area__name="Balcony")) == 20


def test_the_plan_editor_adds_an_area_and_publishing_keeps_it(showtime):
    auditorium = showtime.auditorium
    client = signed_in(make_staff("MANAGER", auditorium.theater))
    client.post(reverse("admin:plan_begin", args=[auditorium.pk]))
    draft = PlanDraft.objects.get()
    url = reverse("admin:plan_areas", args=[auditorium.pk])
    areas = {
        "name": ["Balcony", "Bar", ""],
        "capacity": ["14", "6", ""],
        "category": ["STANDARD", "PREMIUM", "STANDARD"],
        "steps": ["12", "", ""],
        "hearing_loop": ["", "no", ""],
        "note": [" Up a  ladder", "", ""],
    }
    client.post(url, {"revision": draft.revision, **areas})
    page = client.get(reverse("admin:plan_editor", args=[auditorium.pk])).text
    assert 'value="Bar"' in page
    wrong = {"name": ["Bar", "Bar"], "capacity": ["5", "5"], "category": ["STANDARD", "STANDARD"]}
    answer = client.post(url, {"revision": draft.revision + 1, **wrong}, follow=True)
    assert "the name of two parts" in answer.text
    many = {"name": ["Bar"], "capacity": ["5"], "category": ["STANDARD"], "steps": ["many"], "note": ["x" * 81]}
    answer = client.post(url, {"revision": draft.revision + 1, **many}, follow=True)
    assert "Bar: steps are a number from 0 to 99" in answer.text and "one line of up to 80 letters" in answer.text
    draft.refresh_from_db()
    user = make_staff("OWNER", auditorium.theater)
    done = {"auditorium": auditorium, "revision": draft.revision, "present": showtime.plan.number}
    plan = publish_draft(**done, reason="", user_id=user.pk, now=timezone.now())
    assert drawing_of(plan).areas == (
        AreaDrawing("Balcony", 14, facts=SeatFacts(steps=12, note="Up a ladder")),
        AreaDrawing("Bar", 6, "PREMIUM", SeatFacts(hearing_loop=False)),
    )
    assert len(drawing_of(plan).seats) == 6


# Plans.


def test_a_plan_with_an_area_is_written_and_read_the_same():
    drawing = parse_plan("A oo\n[Balcony]\nunreserved 80 premium\n[Boxes]\nunreserved 5\n")
    assert drawing.areas == (AreaDrawing("Balcony", 80, "PREMIUM"), AreaDrawing("Boxes", 5))
    assert parse_plan(render_plan(drawing)) == drawing
    assert parse_json(render_json(drawing)) == drawing


def test_a_stored_plan_gives_its_areas_back(showtime):
    assert drawing_of(showtime.plan).areas == (AreaDrawing("Balcony", 12),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("unreserved 5\n", "need a name"),
        ("[Hall]\nA oo\nunreserved 5\n", "has rows"),
        ("[Hall]\nunreserved 5\nA oo\n", "has unreserved places"),
    ],
)
def test_what_is_no_area(text, says):
    with pytest.raises(PlanTextError, match=says):
        parse_plan(text)
