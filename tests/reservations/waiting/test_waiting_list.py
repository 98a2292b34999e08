"""The waiting list of a full showtime: joined by mail, served in order, all or nothing; offers are passed on, and one
click leaves.
"""

import re
from copy import deepcopy

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.clock import from_now
from payments.books.invariants import check_invariants
from payments.privacy.account_erasure import erase_account
from payments.privacy.personal_data import data_of_account
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import Hold, SeatOffer, ShowtimeSeat, WaitingEntry, WaitingMail
from reservations.refusals.seats import HoldLapsed, Paying
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.taking import change_seats
from reservations.selling.bookings import Booking
from reservations.selling.selling_steps import read_hold_to_sell, single_seats_left
from reservations.states import CancelCause
from reservations.waiting import waiting_emails
from reservations.waiting.waiting_list import serve_waiting_lists
from reservations.waiting.waiting_mails import send_due_waiting_mail
from reservations.waiting.waiting_offers import offer_seats, take_offer
from tests.factories import (
    PASS_PHRASE,
    begin_paying,
    buy,
    hold_seats,
    make_auditorium,
    make_browser,
    make_showtime,
    make_theater,
    make_waiting_entry,
)
from tests.hostile import TEXT, probes_in, shows_the_text
from tests.signing_in import signed_in
from tests.standing_booking import sold_once
from tests.variants import some
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
ROW = "A oooo"


def row_of_four():
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    return make_showtime(auditorium=make_auditorium(theater, ROW))


def sell_all_seats(sandbox):
    showtime = row_of_four()
    return buy(sandbox, showtime, make_browser(1), "A1", "A2"), buy(sandbox, showtime, make_browser(2), "A3", "A4")


standing_booking, sandbox = sold_once(sell_all_seats)


@pytest.fixture
def full(standing_booking, sandbox):
    """A showtime with four seats, all sold: two and two."""
    return deepcopy(standing_booking[0])


@pytest.fixture
def showtime(full):
    return full[0].showtime


def cancel(booking: Booking, *labels: str):
    tickets = booking.tickets.filter(seat__label__in=labels).values_list("pk", flat=True)
    cancel_tickets(
        booking_id=booking.pk,
        ticket_ids=set(tickets),
        percent=100,
        origin=CancellationOrigin(CancelCause.CUSTOMER, "guest"),
    )


def ask(showtime, email="bea@example.com", client=None, **wish):
    fields = {"count": 2, "together": "yes", "wheelchairs": 0, "hours": 0, "email": email} | wish
    return (client or Client()).post(f"/showtimes/{showtime.pk}/waiting/", fields)


def link_of_mail(mailoutbox, to="bea@example.com") -> str:
    send_due_waiting_mail(now=timezone.now())
    letter = next(letter for letter in reversed(mailoutbox) if letter.to == [to])
    return re.search(r"/waiting/[\w-]+/", letter.body)[0]


def join(showtime, mailoutbox, email="bea@example.com", **wish) -> str:
    """Join the list; returns the address of the entry's page."""
    assert ask(showtime, email, **wish).status_code == 200
    link = link_of_mail(mailoutbox, email)
    assert Client().post(link, {"do": "confirm"}).status_code == 302
    return link


def entry_at(link: str) -> WaitingEntry:
    return WaitingEntry.objects.get(code=link.split("/")[2])


def states(showtime) -> dict[str, str]:
    """The state of each seat, as others see it."""
    rows = ShowtimeSeat.objects.filter(showtime=showtime).select_related("hold")
    return {row.label: "sold" if row.booking_id else "held" if row.hold_id else "free" for row in rows}


def test_a_place_begins_when_the_mailbox_was_proven_and_opening_the_link_is_no_answer(showtime, full, mailoutbox):
    assert ask(showtime).status_code == 200
    link = link_of_mail(mailoutbox)
    assert Client().get(link).status_code == 200
    assert entry_at(link).joined_at is None
    Client().post(link, {"do": "confirm"})
    assert entry_at(link).joined_at is not None


def test_seats_that_come_back_are_nobodys_else_and_held_for_the_first(showtime, full, mailoutbox):
    link = join(showtime, mailoutbox)
    cancel(full[0], "A1", "A2")
    # Nobody else can have them before a worker looks.
    assert states(showtime) == {"A1": "held", "A2": "held", "A3": "sold", "A4": "sold"}
    late = Client().post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2"]})
    assert late.status_code == 409
    assert offer_seats(showtime_id=showtime.pk) == 1
    send_due_waiting_mail(now=timezone.now())
    assert "A1" in mailoutbox[-1].subject and mailoutbox[-1].to == ["bea@example.com"]
    assert "We hold this for you for 60 minutes." in mailoutbox[-1].body
    page = Client().get(link).content.decode()
    assert "A1 and A2" in page and "We hold this for you for 60 minutes." in page
    assert re.search(r'data-seconds-left="3[56]\d\d"', page) and "js/countdown.js" in page
    client = Client()
    taken = client.post(link, {"do": "take"})
    assert (taken.status_code, taken.url) == (302, f"/showtimes/{showtime.pk}/")
    assert entry_at(link).status == "TOOK"
    assert re.search(r"A1", client.get(taken.url).content.decode())
    assert Hold.objects.get(seat_offer__entry=entry_at(link)).ended_at is None
    assert [finding for finding in check_invariants() if finding.rows] == []


def test_what_was_taken_is_nobody_elses_who_follows_the_link(showtime, full, mailoutbox):
    link = join(showtime, mailoutbox)
    cancel(full[0], "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    code = entry_at(link).code
    take_offer(code=code, browser=make_browser(5))
    assert take_offer(code=code, browser=make_browser(5)).status == "TOOK"
    with pytest.raises(HoldLapsed):
        take_offer(code=code, browser=make_browser(6))
    assert Hold.objects.get(seat_offer__entry__code=code).holder == make_browser(5).holder


def test_a_seat_that_is_somebody_elses_does_not_come_back_with_a_canceled_ticket(showtime, full):
    """Whatever went wrong before: only the booking that has a seat gives it back, not every ticket that names it."""
    make_waiting_entry(showtime, count=1)
    ShowtimeSeat.objects.filter(showtime=showtime, label="A1").update(booking=full[1])
    cancel(full[0], "A1")
    assert ShowtimeSeat.objects.get(showtime=showtime, label="A1").booking == full[1]


def test_no_offer_is_taken_by_who_is_paying_for_other_seats_there(showtime, full, mailoutbox):
    link = join(showtime, mailoutbox)
    cancel(full[0], "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    cancel(full[1], "A3")
    begin_paying(showtime, make_browser(5), "A3")
    with pytest.raises(Paying):
        take_offer(code=entry_at(link).code, browser=make_browser(5))
    assert entry_at(link).status == "OFFERED"


def test_who_came_first_is_first_and_who_is_skipped_can_read_why(showtime, full, mailoutbox):
    pair = join(showtime, mailoutbox, "pair@example.com", count=2)
    single = join(showtime, mailoutbox, "single@example.com", count=1)
    cancel(full[0], "A1")
    assert offer_seats(showtime_id=showtime.pk) == 1
    assert (entry_at(pair).status, entry_at(single).status) == ("WAITING", "OFFERED")
    assert "Too few" in Client().get(pair).content.decode()
    offer_seats(showtime_id=showtime.pk)
    assert entry_at(pair).skips.count() == 1
    Client().post(f"{pair}leave/")
    assert "Too few" in Client().get(pair).content.decode()


def test_side_by_side_is_waited_for_or_not_as_was_wished(showtime, full, mailoutbox):
    together = join(showtime, mailoutbox, "together@example.com")
    apart = join(showtime, mailoutbox, "apart@example.com", together="no")
    cancel(full[0], "A1")
    cancel(full[1], "A3")
    offer_seats(showtime_id=showtime.pk)
    assert entry_at(together).skips.get().reason == "APART"
    assert SeatOffer.objects.get().entry == entry_at(apart)
    assert SeatOffer.objects.get().labels == ["A1", "A3"]


def test_what_is_not_taken_in_time_goes_on_to_the_next_and_is_never_free_between(showtime, full, mailoutbox):
    first = join(showtime, mailoutbox, "first@example.com")
    second = join(showtime, mailoutbox, "second@example.com")
    cancel(full[0], "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    SeatOffer.objects.update(until=from_now(-1))
    assert Client().post(first, {"do": "take"}).status_code == 409
    end_lapsed_holds()
    assert states(showtime)["A1"] == "held"
    serve_waiting_lists()
    assert (entry_at(first).status, entry_at(second).status) == ("MISSED", "OFFERED")
    assert "gone on to the next" in Client().get(first).content.decode()


def test_seats_that_were_passed_on_go_to_the_next_and_the_place_is_kept(showtime, full, mailoutbox):
    first = join(showtime, mailoutbox, "first@example.com")
    second = join(showtime, mailoutbox, "second@example.com")
    cancel(full[0], "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    Client().post(first, {"do": "pass"})
    assert states(showtime)["A1"] == "held"
    offer_seats(showtime_id=showtime.pk)
    assert (entry_at(first).status, entry_at(second).status) == ("WAITING", "OFFERED")
    assert entry_at(first).skips.get().reason == "PASSED"


def test_one_click_leaves_without_a_page_of_ours_and_frees_the_offer(showtime, full, mailoutbox):
    link = join(showtime, mailoutbox)
    cancel(full[0], "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    send_due_waiting_mail(now=timezone.now())
    headers = mailoutbox[-1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(address).status_code == 405
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 302
    assert entry_at(link).status == "LEFT"
    assert states(showtime)["A1"] == "free"


def test_nobody_waits_for_what_can_be_had(sandbox):
    showtime = row_of_four()
    buy(sandbox, showtime, make_browser(1), "A1", "A2")
    answer = ask(showtime)
    assert (answer.status_code, "there are free tickets that fit" in answer.content.decode()) == (409, True)
    assert not WaitingEntry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    some(
        [{"count": 0}, {"count": "x"}, {"count": 99}, {"email": "nobody"}, {"section": "Nowhere"}, {"wheelchairs": 3}],
        every=2,
    ),
)
def test_a_wish_that_cannot_be_is_refused_at_its_field(showtime, full, wrong):
    answer = ask(showtime, **wrong)
    assert answer.status_code == 422
    assert re.search(r'aria-invalid="true"|id="refused"', answer.content.decode())
    assert not WaitingEntry.objects.exists()


def test_a_stranger_who_knows_the_address_changes_nothing_and_hears_nothing(showtime, full, mailoutbox):
    link = join(showtime, mailoutbox)
    first, second = ask(showtime, count=1).content.decode(), ask(showtime, "new@example.com", count=1).content.decode()
    hidden = re.compile(r'value="[^"]*"|x-csrftoken": "[^"]*"')
    assert hidden.sub("", first) == hidden.sub("", second)
    assert entry_at(link).count == 2


def test_a_proven_address_waits_at_once(showtime, full):
    ada = User.objects.create_user("ada@example.com", PASS_PHRASE)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    answer = ask(showtime, "ada@example.com", client=signed_in(ada))
    assert answer.url == f"/waiting/{WaitingEntry.objects.get().code}/"
    assert WaitingEntry.objects.get().status == "WAITING"
    assert not WaitingMail.objects.exists()


def test_a_canceled_showtime_tells_those_who_wait(showtime, full, mailoutbox):
    link = join(showtime, mailoutbox)
    type(showtime).objects.filter(pk=showtime.pk).update(status="CANCELED")
    serve_waiting_lists()
    send_due_waiting_mail(now=timezone.now())
    assert mailoutbox[-1].subject.startswith("Canceled")
    assert entry_at(link).status == "OVER"


def test_addresses_are_forgotten_some_time_after_the_end(showtime, full, mailoutbox):
    link = join(showtime, mailoutbox)
    Client().post(f"{link}leave/")
    serve_waiting_lists()
    assert entry_at(link).contact.email
    WaitingEntry.objects.update(ended_at=from_now(-31 * 24 * 3600))
    serve_waiting_lists()
    assert entry_at(link).contact.email == ""


def test_while_sales_are_paused_nothing_is_offered_and_nothing_taken(showtime, full, mailoutbox):
    link = join(showtime, mailoutbox)
    other = join(showtime, mailoutbox, "other@example.com")
    cancel(full[0], "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    cancel(full[1], "A3", "A4")
    pause_sales(why="A test", actor="test")
    assert offer_seats(showtime_id=showtime.pk) == 0
    assert Client().post(link, {"do": "take"}).status_code == 503
    assert [entry_at(one).status for one in (link, other)] == ["OFFERED", "WAITING"]


@pytest.mark.parametrize("kind", waiting_emails.TEMPLATES)
def test_mails_of_the_list_are_safe_and_speak_german(showtime, full, kind):
    entry = make_waiting_entry(showtime, status="ASKED")
    SeatOffer.objects.create(
        entry=entry, hold=hold_seats(make_showtime(), make_browser(3), "A1"), labels=["A1"], until=from_now(60)
    )
    type(showtime.movie).objects.update(title=TEXT[:80])
    mail = WaitingMail(kind=kind, entry=WaitingEntry.objects.get(), message_key="0" * 32)
    english = waiting_emails.compose(mail, now=timezone.now())
    mail.entry.language = "de"
    german = waiting_emails.compose(mail, now=timezone.now())
    assert english.subject != german.subject
    html = german.alternatives[0].content
    assert probes_in(html) == [] and shows_the_text(html)


def test_without_a_waiting_list_seats_are_free_at_once(showtime, full):
    cancel(full[0], "A1", "A2")
    assert states(showtime)["A1"] == "free"


def test_kept_seats_are_free_again_when_no_worker_ever_looks(showtime, full, mailoutbox):
    join(showtime, mailoutbox)
    cancel(full[0], "A1", "A2")
    Hold.objects.filter(ended_at=None).update(expires_at=from_now(-1))
    ShowtimeSeat.objects.filter(hold__isnull=False).update(held_until=from_now(-1))
    hold_seats(showtime, make_browser(9), "A1", "A2")


def test_who_erases_the_account_leaves_every_list_and_sees_it_in_their_data_before(showtime, full, mailoutbox):
    cleo = User.objects.create_user("cleo@example.com", PASS_PHRASE)
    EmailAddress.objects.create(user=cleo, email=cleo.email, verified=True, primary=True)
    link = ask(showtime, "cleo@example.com", client=signed_in(cleo)).url
    assert data_of_account(cleo)["waiting_lists"][0]["email"] == "cleo@example.com"
    erase_account(user_id=cleo.pk, now=timezone.now())
    assert (entry_at(link).status, entry_at(link).contact.email, entry_at(link).user) == ("LEFT", "", None)


def test_what_the_house_offers_is_not_refused_for_the_single_seat_it_leaves():
    """Only row B has no steps, and a pair there leaves one seat over. For other seats the party has to follow the rule."""
    plan = "steps 5\nA oooooooo\nsteps 0\nB ooo\nsteps 5\nC oooooooo"
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan))
    entry, browser = make_waiting_entry(showtime, is_step_free=True), make_browser(5)
    assert offer_seats(showtime_id=showtime.pk) == 1
    take_offer(code=entry.code, browser=browser)
    assert (SeatOffer.objects.get().labels, sold_alone(showtime, browser)) in [(["B1", "B2"], ()), (["B2", "B3"], ())]
    change_seats(showtime_id=showtime.pk, browser=browser, take=["C2", "C3"], release=SeatOffer.objects.get().labels)
    assert sold_alone(showtime, browser) == ("C1",)


def sold_alone(showtime, browser) -> tuple[str, ...]:
    """The single seats for which Pay would refuse what this browser holds."""
    left_over = single_seats_left(read_hold_to_sell(showtime_id=showtime.pk, holder=browser.holder))
    return () if left_over is None else tuple(seat.label for seat in left_over.singles)


FACTS = "steps 2\nhearing loop yes\nA oo\nsteps 0\nhearing loop unknown\nB oo"


@pytest.fixture
def stairs(sandbox):
    """A showtime in which row A has steps and a loop; row B has no steps, and its loop is unknown. All is sold."""
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    showtime = make_showtime(auditorium=make_auditorium(theater, FACTS))
    return (
        showtime,
        buy(sandbox, showtime, make_browser(1), "A1", "A2"),
        buy(sandbox, showtime, make_browser(2), "B1", "B2"),
    )


def test_who_needs_no_steps_is_offered_seats_of_which_that_is_known(stairs):
    showtime, row_a, row_b = stairs
    loop = make_waiting_entry(showtime, email="bea@example.com", has_hearing_loop=True)
    step_free = make_waiting_entry(showtime, email="ada@example.com", is_step_free=True)
    cancel(row_b, "B1", "B2")
    offer_seats(showtime_id=showtime.pk)
    assert SeatOffer.objects.get().entry == step_free and SeatOffer.objects.get().labels == ["B1", "B2"]
    cancel(row_a, "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    assert SeatOffer.objects.get(entry=loop).labels == ["A1", "A2"]


def test_one_armrest_that_lifts_is_enough_for_a_party(sandbox):
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    showtime = make_showtime(auditorium=make_auditorium(theater, "A oo\nseats 2: armrest lifts yes\nB oo"))
    bookings = [buy(sandbox, showtime, make_browser(at), f"{row}1", f"{row}2") for at, row in enumerate("AB", start=1)]
    waiting = make_waiting_entry(showtime, has_lifting_armrest=True)
    cancel(bookings[0], "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    assert not SeatOffer.objects.exists()
    cancel(bookings[1], "B1", "B2")
    offer_seats(showtime_id=showtime.pk)
    assert (SeatOffer.objects.get().entry, SeatOffer.objects.get().labels) == (waiting, ["B1", "B2"])


def test_the_form_of_the_waiting_list_keeps_the_facts_that_were_ticked(stairs, mailoutbox):
    showtime = stairs[0]
    link = join(showtime, mailoutbox, "ada@example.com", stepfree="yes")
    entry = entry_at(link)
    assert (entry.is_step_free, entry.has_hearing_loop, entry.has_lifting_armrest) == (True, False, False)


def test_seats_that_an_auditorium_never_has_are_not_waited_for(stairs):
    showtime = stairs[0]
    wish = {"count": "2", "together": "yes", "hours": "0", "email": "ada@example.com", "stepfree": "yes", "loop": "yes"}
    answer = Client().post(f"/showtimes/{showtime.pk}/waiting/", wish)
    assert answer.status_code == 422 and 'name="stepfree" value="yes" checked' in answer.text
    assert not WaitingEntry.objects.exists()


def test_nobody_can_ask_for_more_than_the_auditorium_has(client):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A o"))
    page = client.get(f"/showtimes/{showtime.pk}/waiting/").content.decode()
    assert re.findall(r"<option[^>]*>(\d+)</option>", page.partition('name="count"')[2].partition("</select>")[0]) == [
        "1"
    ]
