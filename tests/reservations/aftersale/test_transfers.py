"""A ticket is given to a friend by a link: it gets a new code, the old code stops working, and the money stays with the payer."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from reservations.access import booking_secret
from reservations.aftersale.transfers import CannotTransfer, TransferOver, make_link, take_ticket, withdraw_link
from reservations.counter.swaps import SwapChoice, plan_swap, swap_seats
from reservations.door.door_parties import admit_party, look_up_party
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.letters.outbox import send_due_mail
from reservations.models import OutgoingMail, Ticket, Transfer
from reservations.selectors.bookings import ticket_uid
from sales.models import Sale
from tests.clock import begins_in
from tests.exchanging import cancel_showtime_now, let_exchange
from tests.factories import make_staff, make_transfer
from tests.ledger import broken_invariants, nothing_changes
from tests.pdfs import text_of
from tests.standing_booking import bought_once

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "A2")
FRIEND, OTHER = "f" * 64, "e" * 64


@pytest.fixture
def me(booking, django_user_model):
    """A browser in which the owner is signed in."""
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def ticket(booking):
    return booking.tickets.get(seat__label="A1")


def taken(ticket, holder=FRIEND):
    return take_ticket(code=make_transfer(ticket).code, holder=holder)


def scan(booking, code):
    theater = booking.showtime.auditorium.theater
    door = Door(theater, None, "door 2", make_staff("DOOR", theater).pk)
    return admit(text=code, door=door, now=booking.showtime.starts_at)


def test_the_new_code_opens_the_door_and_the_old_one_says_why_it_does_not(booking, ticket):
    new = taken(ticket)
    assert new.pk == ticket.pk and new.code != ticket.code
    assert scan(booking, ticket.code).sentence == (
        "This ticket was given to somebody else; only their code opens the door."
    )
    assert scan(booking, new.code).is_welcome
    assert broken_invariants() == []


def door_of(booking):
    theater = booking.showtime.auditorium.theater
    return Door(theater, None, "door 2", make_staff("DOOR", theater).pk)


def test_the_payers_reference_lets_in_the_rest_of_the_party_alone(booking, ticket):
    new, door, at = taken(ticket), door_of(booking), booking.showtime.starts_at
    seen = look_up_party(reference=booking.reference, door=door, now=at)
    assert (seen.party.missing, seen.party.given) == (("A2",), ("A1",))
    assert admit_party(reference=booking.reference, door=door, now=at).let_in == ("A2",)
    ticket.refresh_from_db()
    assert ticket.status == "VALID"
    with nothing_changes():
        assert not admit_party(reference=booking.reference, door=door, now=at).is_welcome
    assert scan(booking, new.code).is_welcome
    inside = look_up_party(reference=booking.reference, door=door, now=at)
    assert (inside.party.inside, inside.party.expected, inside.party.given) == (2, 2, ())


def test_the_door_says_who_comes_with_a_code_of_their_own(client, booking, ticket):
    room = booking.showtime.auditorium
    taken(ticket)
    begins_in(booking.showtime, minutes=30)
    client.force_login(make_staff("DOOR", room.theater))
    client.post("/door/here/", {"place": f"{room.theater_id}-{room.pk}", "name": "door 2"})
    page = client.get(f"/door/bookings/{booking.reference}/").content.decode()
    assert "A1 was given to a friend, who needs their own code." in page and "Let A2 in" in page
    shown = client.get(f"/door/showtimes/{booking.showtime_id}/").content.decode()
    assert "missing A2" in shown and "given to friends: A1" in shown


def test_the_counter_does_not_call_it_void(client, booking, ticket):
    new = taken(ticket)
    client.force_login(make_staff("BOX_OFFICE", booking.showtime.auditorium.theater))
    page = client.get(reverse("counter_sale", args=[booking.reference])).content.decode()
    assert "Given to a friend" in page and "Void</p>" not in page and new.code not in page


def test_the_friend_sees_nothing_of_the_payers_booking(me, booking, ticket):
    new = taken(ticket)
    friend, reference = Client(), booking.reference
    page, entry, printed = (friend.get(f"/tickets/{new.code}{end}") for end in ("/", ".ics", ".pdf"))
    # In print, a code of wide letters takes two lines.
    shown = [page.content.decode(), entry.content.decode(), "".join(text_of(printed.content).split())]
    shown += [answer.headers["Content-Disposition"] for answer in (entry, printed)]
    assert new.code in shown[0] and new.code in shown[1] and new.code in shown[2]
    assert [text for text in shown if reference in text] == []
    assert me.get(f"/bookings/{reference}/").content.decode().count(f'<b class="reference">{reference}</b>') >= 2


def test_the_calendar_entry_of_a_friend_keeps_its_id_through_a_swap(booking, ticket):
    new = taken(ticket)
    uid = ticket_uid(new)
    swap(booking, ticket)
    assert ticket_uid(Ticket.objects.get(pk=ticket.pk)) == uid
    assert ticket_uid(take_ticket(code=make_transfer(ticket).code, holder=OTHER)) != uid


def test_the_payer_is_told_once_that_a_friend_took_it(booking, ticket):
    code = make_transfer(ticket).code
    assert not OutgoingMail.objects.filter(kind="GIVEN").exists()
    new = take_ticket(code=code, holder=FRIEND)
    take_ticket(code=code, holder=FRIEND)
    # When a friend gives it on, the payer is not told.
    take_ticket(code=make_transfer(ticket).code, holder=OTHER)
    send_due_mail(now=timezone.now())
    [sent] = [one for one in mail.outbox if "Your friend has the ticket" in one.subject]
    assert (sent.to, "seat A1" in sent.subject, new.code in sent.body) == (["ada@example.com"], True, False)
    assert "your code for this ticket no longer works at the door" in sent.body


def test_the_payer_reads_it_in_german(booking, ticket):
    Sale.objects.filter(pk=booking.sale_id).update(language="de")
    taken(ticket)
    send_due_mail(now=timezone.now())
    [sent] = [one for one in mail.outbox if "A1" in one.subject]
    assert sent.subject.startswith("Ihr Ticket für Platz A1 ist weitergegeben") and "Einlass" in sent.body


def test_a_link_is_one_until_it_is_withdrawn(ticket):
    first = make_transfer(ticket)
    assert make_transfer(ticket) == first
    withdraw_link(ticket_id=ticket.pk, code=ticket.code)
    with nothing_changes(), pytest.raises(TransferOver):
        take_ticket(code=first.code, holder=FRIEND)
    assert make_transfer(ticket).code != first.code


def test_who_gave_it_away_cannot_take_it_back_by_a_page_from_before(ticket):
    """Somebody sells a ticket, and presses the button at the moment when the buyer takes it."""
    before = ticket.code
    new = taken(ticket)
    for act in (make_link, withdraw_link):
        with nothing_changes(), pytest.raises(CannotTransfer, match="Somebody else has this ticket"):
            act(ticket_id=ticket.pk, code=before)
    assert make_link(ticket_id=ticket.pk, code=new.code).is_open


def test_the_first_who_takes_it_has_it(ticket):
    code = make_transfer(ticket).code
    new = take_ticket(code=code, holder=FRIEND)
    with nothing_changes():
        assert take_ticket(code=code, holder=FRIEND).code == new.code
        with pytest.raises(TransferOver):
            take_ticket(code=code, holder=OTHER)


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("used", "used already"),
        ("canceled", "canceled"),
        ("over", "over"),
        ("called off", "does not take place"),
        ("disputed", "disputed"),
    ],
)
def test_what_opens_no_door_is_not_given(booking, ticket, why, sentence):
    link = make_transfer(ticket)
    if why == "used":
        Ticket.objects.filter(pk=ticket.pk).update(status="USED")
    elif why == "canceled":
        cancel_and_refund(booking_id=booking.pk, ticket_ids=[ticket.pk], origin=CUSTOMER)
    elif why == "called off":
        cancel_showtime_now(booking.showtime)  # before the sweep cancels its tickets
    elif why == "over":
        showtime = booking.showtime
        type(showtime).objects.filter(pk=showtime.pk).update(
            starts_at=showtime.starts_at - timedelta(days=9), ends_at=showtime.ends_at - timedelta(days=9)
        )
    else:
        Sale.objects.filter(pk=booking.sale_id).update(frozen_at=timezone.now())
    for act in (
        lambda: make_transfer(ticket),
        lambda: take_ticket(code=link.code, holder=FRIEND),
    ):
        with nothing_changes(), pytest.raises(CannotTransfer, match=sentence):
            act()


def test_the_payer_sees_no_code_of_it_and_gets_the_money(me, booking, ticket):
    new = taken(ticket)
    page = me.get(f"/bookings/{booking.reference}/").content.decode()
    assert "Given to a friend" in page and new.code not in page and page.count("data-ticket-code") == 1
    assert me.get(f"/tickets/{ticket.code}/").status_code == 410
    assert "no longer works at the door" in me.get(f"/tickets/{ticket.code}/").content.decode()
    cancel_and_refund(booking_id=booking.pk, ticket_ids=[ticket.pk], origin=CUSTOMER)
    booking.sale.refresh_from_db()
    assert (booking.sale.refund_due, broken_invariants()) == (ticket.price, [])
    assert "Void" in Client().get(f"/tickets/{new.code}/").content.decode()


def test_mails_and_files_of_the_payer_leave_it_out(me, booking, ticket):
    new = taken(ticket)
    me.post(f"/bookings/{booking.reference}/send-again/")
    send_due_mail(now=timezone.now())
    assert new.code not in mail.outbox[-1].body
    assert [name for _, _, name in mail.outbox[-1].pictures] == ["A2.png"]
    assert new.code not in me.get(f"/bookings/{booking.reference}/data/").content.decode()


def test_it_is_not_exchanged_by_the_payer(me, booking, ticket):
    let_exchange(booking.showtime.auditorium.theater)
    taken(ticket)
    page = me.get(f"/bookings/{booking.reference}/exchange/").content.decode()
    assert 'value="A2"' in page and 'value="A1"' not in page


def swap(booking, ticket):
    choice = SwapChoice((ticket.pk,), ("A4",))
    mark = plan_swap(booking, choice).mark
    swap_seats(booking_id=booking.pk, choice=choice, mark=mark, reason="Wet", actor="test")


def test_a_swap_after_it_gives_the_friend_the_new_code(booking, ticket):
    friend = Client()
    code = make_transfer(ticket).code
    answer = friend.post(f"/transfers/{code}/")
    swap(booking, ticket)
    ticket.refresh_from_db()
    assert answer.url != f"/tickets/{ticket.code}/"
    assert friend.get(f"/transfers/{code}/").url == f"/tickets/{ticket.code}/"
    assert broken_invariants() == []


def test_the_whole_way_on_the_pages(me, ticket):
    url = f"/tickets/{ticket.code}/transfer/"
    assert url in me.get(f"/tickets/{ticket.code}/").content.decode()
    assert "Make the link" in me.get(url).content.decode()
    assert me.post(url, {"action": "make"}).status_code == 303
    link = re.search(r"https?://[^/]+(/transfers/[^<]+)</textarea>", me.get(url).content.decode())[1]
    friend = Client()
    with nothing_changes():
        assert "Take this ticket" in friend.get(link).content.decode()
    answer = friend.post(link)
    shown = friend.get(answer.url).content.decode()
    assert "data-ticket-code" in shown and "Back to the booking" not in shown
    # The friend may pass it on; the payer may not, and others find nothing.
    again = f"{answer.url}transfer/"
    assert friend.post(again, {"action": "make"}).status_code == 303
    assert (me.get(again).status_code, Client().get(again).status_code) == (404, 404)
    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410


def test_a_withdrawn_link_says_so(me, ticket):
    url = f"/tickets/{ticket.code}/transfer/"
    me.post(url, {"action": "make"})
    link = f"/transfers/{Transfer.objects.get().code}/"
    me.post(url, {"action": "withdraw"})
    gone = Client().get(link)
    assert (gone.status_code, "withdrawn" in gone.content.decode()) == (410, True)
    assert "Make the link" in me.get(url).content.decode()


def test_the_link_of_the_booking_alone_gives_nothing_away(booking, ticket):
    client, url = Client(), f"/tickets/{ticket.code}/transfer/"
    client.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    assert 'value="make"' not in client.get(url).content.decode()
    with nothing_changes():
        assert client.post(url, {"action": "make", "code": "000000"}).status_code == 422
    client.post(url, {"action": "code"})
    send_due_mail(now=timezone.now())
    code = re.findall(r"^\d{6}", mail.outbox[-1].subject)[0]
    assert client.post(url, {"action": "make", "code": code}).status_code == 303
    assert Transfer.objects.count() == 1


def test_the_database_gives_a_ticket_no_code_that_was_not_written_down(ticket):
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(code="x" * 28)
