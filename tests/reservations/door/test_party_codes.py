"""One code for all or one each: the customer chooses, and either way only people with a sold ticket get in."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from reservations.aftersale.transfers import take_ticket
from reservations.door.door_parties import admit_party, look_up_party_code
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit, undo
from reservations.door.party_codes import NoPartyCode, choose_party_code
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, Move, Scan
from sales.models import Sale
from tests.clock import begins_in
from tests.factories import make_staff, make_transfer
from tests.ledger import broken_invariants
from tests.pdfs import pages_of, text_of
from tests.standing_booking import bought_once

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "A2", "A3")


@pytest.fixture
def me(booking, django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def door(booking):
    theater = booking.showtime.auditorium.theater
    return Door(theater, None, "door 1", make_staff("DOOR", theater).pk)


def party_code(booking):
    choose_party_code(booking_id=booking.pk, wanted=True)
    return Booking.objects.get(pk=booking.pk).party_code


def come(booking, door, **chosen):
    now = booking.showtime.starts_at
    found = look_up_party_code(text=party_code(booking), door=door, now=now)
    return admit_party(reference=found.party.reference, door=door, now=now, **chosen)


def test_chosen_twice_it_is_the_same_code(booking):
    """After a double click the first code may be on a screen already."""
    assert party_code(booking) == party_code(booking)
    assert Move.objects.filter(what="codes").count() == 1


def statuses(booking):
    return {one.seat.label: one.status for one in booking.tickets.select_related("seat")}


def ticket(booking, label):
    return booking.tickets.get(seat__label=label)


def test_the_customer_chooses_on_the_page_of_the_booking_and_back(me, booking):
    page = me.get(booking.get_absolute_url()).text
    assert page.count('class="qr"') == 3 and "Use one code for all of us" in page
    me.post(f"/bookings/{booking.reference}/codes/", {"for": "party"})
    page = me.get(booking.get_absolute_url()).text
    code = Booking.objects.get(pk=booking.pk).party_code
    assert page.count('class="qr"') == 1 and f'data-party-code="{code}"' in page
    assert page.count("Show its own code") == 3
    me.post(f"/bookings/{booking.reference}/codes/", {"for": "each"})
    assert me.get(booking.get_absolute_url()).text.count('class="qr"') == 3
    moves = Move.objects.filter(what="codes", what_id=booking.pk).order_by("pk")
    assert [(one.from_status, one.to_status) for one in moves] == [("EACH", "PARTY"), ("PARTY", "EACH")]


def test_a_code_that_was_given_up_is_dead_and_the_next_is_another(booking, door, client):
    old = party_code(booking)
    assert client.get(f"/tickets/{old}/").status_code == 200
    choose_party_code(booking_id=booking.pk, wanted=False)
    assert client.get(f"/tickets/{old}/").status_code == client.get(f"/tickets/{old}.svg").status_code == 404
    assert look_up_party_code(text=old, door=door, now=timezone.now()) is None
    assert admit(text=old, door=door, now=booking.showtime.starts_at).sentence == "This is not one of our tickets."
    assert party_code(booking) != old


def test_its_page_is_one_that_a_phone_keeps_and_tells_strangers_nothing_but_seats(booking, client):
    page = client.get(f"/tickets/{party_code(booking)}/").text
    assert 'data-ticket-worker="/tickets/worker.js"' in page and "One code for 3 people: A1, A2, A3" in page
    assert booking.reference not in page and "ada@example.com" not in page


def test_the_door_sees_the_party_and_lets_in_all_or_some(booking, door):
    some = come(booking, door, seats=["A2"])
    assert (some.let_in, some.party.inside, some.party.missing) == (("A2",), 1, ("A1", "A3"))
    rest = come(booking, door)
    assert (rest.let_in, rest.party.inside) == (("A1", "A3"), 3)
    assert come(booking, door).let_in == ()
    assert Scan.objects.filter(outcome="ADMITTED").count() == 3


def test_the_scanner_shows_the_party_with_both_buttons(booking, showtime, client):
    theater = showtime.auditorium.theater
    client.force_login(make_staff("DOOR", theater))
    begins_in(showtime, minutes=15)
    client.post("/door/here/", {"place": f"{theater.pk}", "name": "door 1"})
    answer = client.post("/door/scan/", {"code": f"https://x/tickets/{party_code(booking)}/"}, follow=True)
    assert "0 of 3 in" in answer.text and "Let all 3 in" in answer.text and "Let some in now" in answer.text
    some = {"some": "1", "seats": ["A1", "A3"]}
    after = client.post(f"/door/bookings/{booking.reference}/admit/", some, follow=True)
    assert "2 of 3 are in, missing: A2" in after.text


def test_single_codes_are_good_beside_it_and_nobody_goes_in_twice(booking, door):
    now, code = booking.showtime.starts_at, party_code(booking)
    assert admit(text=ticket(booking, "A1").code, door=door, now=now).is_welcome
    assert come(booking, door).let_in == ("A2", "A3")
    assert admit(text=ticket(booking, "A2").code, door=door, now=now).sentence.startswith("Used at")
    undo(scan_id=Scan.objects.filter(ticket__seat__label="A3", outcome="ADMITTED").get().pk, door=door)
    assert admit(text=code, door=door, now=now).is_welcome is False  # it is the code of no ticket
    assert come(booking, door).let_in == ("A3",)


@pytest.mark.parametrize("gone", ["canceled", "given"])
def test_it_lets_in_the_rest(booking, door, gone):
    leaving = ticket(booking, "A2")
    if gone == "canceled":
        cancel_and_refund(booking_id=booking.pk, ticket_ids=[leaving.pk], origin=CUSTOMER)
    else:
        take_ticket(code=make_transfer(leaving).code, holder="f" * 64)
    assert come(booking, door).let_in == ("A1", "A3")
    assert statuses(booking)["A2"] == ("VOID" if gone == "canceled" else "VALID")
    assert broken_invariants() == []


def test_no_code_for_one_person_or_for_a_booking_that_is_over(booking):
    booking.tickets.exclude(seat__label="A1").update(status="VOID")
    with pytest.raises(NoPartyCode):
        choose_party_code(booking_id=booking.pk, wanted=True)
    assert Booking.objects.get(pk=booking.pk).party_code is None


def test_pdf_and_mail_follow(me, booking):
    address = f"/bookings/{booking.reference}/tickets.pdf"
    assert pages_of(me.get(address).content) == 3
    code = party_code(booking)
    pdf = me.get(address).content
    assert pages_of(pdf) == 1 and "3 people" in text_of(pdf) and code in re.sub(r"\s", "", text_of(pdf))
    me.post(f"/bookings/{booking.reference}/send-again/")
    send_due_mail(now=timezone.now())
    sent = mail.outbox[-1]
    assert [cid for cid, *_ in sent.pictures] == [f"{code}@tickets"]
    html = sent.alternatives[0][0]
    assert f"cid:{code}@tickets" in html and html.count("cid:") == 1
    assert f"Code of your party {code}" in sent.body
