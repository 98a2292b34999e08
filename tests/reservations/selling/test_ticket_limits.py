"""How many tickets for a showtime one person may have, however often they come back."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from reservations.links.booking_addresses import change_email
from reservations.models import Booking, Hold, Ticket
from reservations.refusals.limits import TooManyTickets
from reservations.seats.taking import Browser
from reservations.selling.bookings import confirm_booking, expire_booking, open_booking
from reservations.selling.ticket_limits import Person
from sales.models import Sale
from sales.services.opening import Customer
from tests.aging import age_shared_block
from tests.factories import (
    hold_seats,
    make_allowance,
    make_auditorium,
    make_promo,
    make_shared_block,
    make_showtime,
    make_theater,
    pay_form,
)
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCD")


@pytest.fixture
def showtime(settings):
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 4
    return make_showtime(auditorium=make_auditorium(make_theater(), ROOM))


def browser(number):
    return Browser(holder=f"{number:064x}", address=f"192.0.2.{number}")


def begin(showtime, number, *labels, **form):
    hold_seats(showtime, browser(number), *labels)
    with transaction.atomic():
        return open_booking(showtime_id=showtime.pk, browser=browser(number), form=pay_form(showtime, *labels, **form))


def buy(showtime, number, *labels, **form):
    booking = begin(showtime, number, *labels, **form)
    with transaction.atomic():
        assert confirm_booking(booking, actor="test")
    return booking


def refused(showtime, number, *labels, **form):
    hold_seats(showtime, browser(number), *labels)
    with nothing_changes(), pytest.raises(TooManyTickets) as caught, transaction.atomic():
        open_booking(showtime_id=showtime.pk, browser=browser(number), form=pay_form(showtime, *labels, **form))
    return caught.value


def account(email="ada@example.com"):
    return User.objects.create_user(email, "a long pass phrase").pk


def test_up_to_the_limit_and_no_further(showtime):
    buy(showtime, 1, "A1", "A2", "A3")
    assert refused(showtime, 1, "B1", "B2").sentence == (
        "One person can have up to 4 tickets for a showtime, and you have 3 already. Please keep 1 of these tickets, or ask our "
        "box office: for a larger group we are glad to help. Nothing was charged."
    )


def test_five_in_one_purchase_are_too_many(showtime):
    assert refused(showtime, 1, "A1", "A2", "A3", "A4", "A5").status == 422


@pytest.mark.parametrize("alias", ["ada@example.com", "ADA@example.com", "ada+two@example.com"])
def test_aliases_of_an_address_are_one_person(showtime, alias):
    buy(showtime, 1, "A1", "A2", "A3", email="Ada+one@example.com")
    refused(showtime, 2, "B1", "B2", email=alias)


def test_dots_at_gmail_are_one_person(showtime):
    buy(showtime, 1, "A1", "A2", "A3", email="ada.lovelace@gmail.com")
    refused(showtime, 2, "B1", "B2", email="adalovelace+x@googlemail.com")


def test_an_account_is_one_person_and_so_is_a_guest_with_its_address(showtime):
    user_id = account()
    buy(showtime, 1, "A1", "A2", "A3", email="one@example.com", user_id=user_id)
    refused(showtime, 2, "B1", "B2", email="two@example.com", user_id=user_id)
    refused(showtime, 3, "C1", "C2", email="one@example.com")


def test_a_browser_is_one_person(showtime):
    buy(showtime, 1, "A1", "A2", "A3", email="one@example.com")
    refused(showtime, 1, "B1", "B2", email="two@example.com")


def test_others_are_not_counted_nor_are_other_showtimes(showtime):
    buy(showtime, 1, "A1", "A2", "A3", email="one@example.com")
    buy(showtime, 2, "B1", "B2", "B3", "B4", email="two@example.com")
    buy(make_showtime(), 1, "A1", "A2", email="one@example.com")


def test_reserved_tickets_count_and_those_that_expired_do_not(showtime):
    booking = begin(showtime, 1, "A1", "A2", "A3", email="one@example.com")
    refused(showtime, 2, "B1", "B2", email="one@example.com")
    with transaction.atomic():
        expire_booking(booking, actor="test")
    begin(showtime, 1, "C1", "C2", email="one@example.com")


def test_a_ticket_that_was_used_counts_and_one_that_was_given_back_does_not(showtime):
    booking = buy(showtime, 1, "A1", "A2", "A3")
    Ticket.objects.filter(booking=booking).update(status="USED")
    refused(showtime, 1, "B1", "B2")
    Ticket.objects.filter(booking=booking).update(status="VOID")
    with transaction.atomic():
        open_booking(showtime_id=showtime.pk, browser=browser(1), form=pay_form(showtime, "B1", "B2"))


def test_tickets_for_nothing_count_too(showtime):
    make_promo("GRATIS", percent=100)
    buy(showtime, 1, "A1", "A2", "A3", promo_code="GRATIS", total=0)
    refused(showtime, 1, "B1", "B2", promo_code="GRATIS", total=0)


def test_what_the_counter_sold_does_not_count(showtime):
    clerk = account("clerk@marquee.example")
    booking = buy(showtime, 1, "A1", "A2", "A3")
    Sale.objects.filter(pk=booking.sale_id).update(operator=clerk, channel="COUNTER")
    buy(showtime, 1, "B1", "B2")


def test_a_corrected_address_is_the_person(showtime):
    booking = buy(showtime, 1, "A1", "A2", "A3", email="wrong@example.com")
    change_email(booking_id=booking.pk, email="Right+1@example.com", reason="misspelled", actor="test")
    refused(showtime, 2, "B1", "B2", email="right@example.com")
    buy(showtime, 3, "C1", "C2", email="wrong@example.com")


def test_zero_is_off(showtime, settings):
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 0
    buy(showtime, 1, *[f"A{number}" for number in range(1, 11)])
    buy(showtime, 1, *[f"B{number}" for number in range(1, 11)])


def test_staff_lift_the_limit_for_one_person_at_one_showtime(showtime):
    make_allowance(showtime, email="Class+5b@example.com", most=8)
    buy(showtime, 1, "A1", "A2", "A3", "A4", "A5", email="class@example.com")
    refused(showtime, 1, "B1", "B2", "B3", "B4", email="class@example.com")
    refused(showtime, 2, "C1", "C2", "C3", "C4", "C5", email="other@example.com")


# The limit is announced before it refuses.


def shown(client, showtime, **known):
    answer = client.get(reverse("checkout", args=[showtime.pk]))
    return answer.context["ticket_limit"]


def test_the_checkout_page_says_how_many_are_left_when_the_limit_is_near(showtime, client, settings):
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 7
    client.post(reverse("seats", args=[showtime.pk]), {"take": ["A1", "A2", "A3"]})
    assert shown(client, showtime) == ""
    client.post(reverse("seats", args=[showtime.pk]), {"take": "A4"})
    assert shown(client, showtime) == (
        "One person can have up to 7 tickets for a showtime. After these you can buy 3 more."
    )


def panel_says(answer):
    found = re.search(r'<p class="order-hint" data-limit>([^<]*)</p>', answer.content.decode())
    return found.group(1) if found else ""


@pytest.fixture
def bought(showtime, client):
    """This browser has two tickets here."""
    client.post(reverse("seats", args=[showtime.pk]), {"take": ["D1", "D2"]})
    holder = Hold.objects.get().holder
    with transaction.atomic():
        form = pay_form(showtime, "D1", "D2")
        booking = open_booking(showtime_id=showtime.pk, browser=Browser(holder=holder, address="192.0.2.1"), form=form)
        assert confirm_booking(booking, actor="test")
    return booking


def test_the_seat_panel_says_how_many_are_left_and_what_is_too_many(showtime, client, bought, settings):
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 7

    def take(*labels):
        return client.post(reverse("seats", args=[showtime.pk]), {"take": labels}, headers={"HX-Request": "true"})

    has = "One person can have up to 7 tickets for a showtime, and you have 2 already."
    assert panel_says(take("A1")) == ""
    assert panel_says(take("A2")) == f"{has} After these you can buy 3 more."
    assert panel_says(take("A3", "A4", "A5")) == f"{has} After these you can buy no more."
    too_many = (
        f"{has} Please give up 1 of these tickets, or ask our box office: for a larger group we are glad to help."
    )
    assert panel_says(take("A6")) == panel_says(client.get(reverse("seat_map", args=[showtime.pk]))) == too_many


def test_a_seat_panel_that_holds_nothing_names_both_limits(showtime, client, settings):
    settings.MAX_SEATS_PER_HOLD = 10
    page = client.get(reverse("seat_map", args=[showtime.pk])).content.decode()
    assert "Up to 10 seats at once, 4 tickets a person." in page


def test_tickets_of_others_and_void_ones_do_not_count_in_the_panel(showtime, client, bought):
    buy(showtime, 8, "C1", "C2")
    bought.tickets.filter(seat__label="D1").update(status="VOID")
    answer = client.post(reverse("seats", args=[showtime.pk]), {"take": "A1"}, headers={"HX-Request": "true"})
    assert "you have 1 already. After these you can buy 2 more" in panel_says(answer)


def test_the_checkout_page_says_that_these_are_too_many(showtime, client):
    client.post(reverse("seats", args=[showtime.pk]), {"take": ["A1", "A2", "A3", "A4", "A5"]})
    page = client.get(reverse("checkout", args=[showtime.pk])).content.decode()
    assert "One person can have up to 4 tickets for a showtime. Please give up 1 of these" in page


def test_pay_answers_422_with_the_sentence(showtime, client):
    labels = ["A1", "A2", "A3", "A4", "A5"]
    client.post(reverse("seats", args=[showtime.pk]), {"take": labels})
    form = {f"type-{label}": "ADULT" for label in labels} | {
        "email": "ada@example.com",
        "total": "72.50",
        "action": "pay",
    }
    answer = client.post(reverse("checkout", args=[showtime.pk]), form)
    assert (answer.status_code, Booking.objects.count()) == (422, 0)
    assert "Please keep 4 of these tickets, or ask our box office" in answer.content.decode()


@pytest.mark.parametrize("most", [None, 9])
def test_panel_and_checkout_say_the_same_of_somebody_who_signed_in_on_another_device(showtime, client, settings, most):
    """Tickets bought elsewhere count, and so does what staff allowed this person."""
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 7
    ada = User.objects.get(pk=account())
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    buy(showtime, 8, "D1", "D2", "D3", email="Ada+cinema@example.com")
    if most:
        make_allowance(showtime, email=ada.email, most=most)
    client.force_login(ada)
    panel = panel_says(
        client.post(reverse("seats", args=[showtime.pk]), {"take": ["A1", "A2", "A3"]}, headers={"HX-Request": "true"})
    )
    assert panel == shown(client, showtime) == panel_says(client.get(reverse("seat_map", args=[showtime.pk])))
    assert panel == (
        f"One person can have up to {most or 7} tickets for a showtime, and you have 3 already. "
        f"After these you can buy {(most or 7) - 6} more."
    )


def test_one_person_is_locked_by_all_that_they_are_known_by(showtime):
    """Account, mailbox and browser: two sales at the same time that share one of these wait for each other."""
    person = Person(Customer("Ada+films@example.com", 7), "h")
    assert person.keys == ["account 7", "e-mail ada@example.com", "browser h"]


def test_what_staff_allowed_for_one_showtime_counts_there_alone(showtime):
    make_allowance(make_showtime(), email="ada@example.com", most=40)
    assert "up to 4 tickets" in refused(showtime, 1, "A1", "A2", "A3", "A4", "A5").sentence


@pytest.mark.parametrize("known_by", ["browser", "address", "account"])
def test_seats_that_a_person_keeps_for_friends_count_until_they_are_over(showtime, known_by):
    user_id = account("organizer@example.com")
    block = make_shared_block(showtime, "A1", "A2", "A3", number=70, email="ada@example.com", user_id=user_id)
    number, form = {
        "browser": (70, {"email": "else@example.com"}),
        "address": (71, {"email": "Ada@example.com"}),
        "account": (71, {"email": "else@example.com", "user_id": user_id}),
    }[known_by]
    refused(showtime, number, "B1", "B2", **form)
    age_shared_block(block, 3600)  # before a worker has run
    assert begin(showtime, number, "B1", "B2", **form).status == "PENDING"


def test_addresses_that_begin_with_a_plus_are_different_people():
    assert [Customer(f"+{name}@example.com").key for name in ("ada", "bob")] == ["+ada@example.com", "+bob@example.com"]
