"""A plan is corrected after seats were sold: only people who relied on a wrong fact are told, and may have their money back."""

import pytest
from django.core import mail
from django.utils import timezone

from boxoffice.selectors.plan_showtimes import NotifiedBookings
from payments.refunds.change_answers import take_money_back
from payments.refunds.change_notices import carry_out_due
from reservations.changes.bulk_plan_moves import move_showtimes_to_plan
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.corrected_facts import worse_facts
from reservations.changes.showtime_changes import plan_change
from reservations.letters.outbox import send_due_mail
from reservations.models import ChangeNotice, SeatOffer
from tests.factories import (
    buy,
    make_auditorium,
    make_browser,
    make_showtime,
    make_staff,
    make_theater,
    make_waiting_entry,
)
from tests.ledger import broken_invariants
from tests.payments.refunds.test_outages import with_needs
from tests.signing_in import signed_in
from theaters.models import ShowtimeChange
from theaters.plans.plan_drafts import begin_draft, save_draft
from theaters.plans.plan_files import as_rows
from theaters.plans.plan_text import parse_plan
from theaters.plans.plans import lay_out
from theaters.seat_facts import SeatFacts
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
SAID = "steps 0\nhearing loop yes\narmrest lifts yes\nA oooo\nB oowc\n"
# In truth two steps lead to row A and its armrests are fixed; row B is as the plan said.
TRUE = "steps 2\nhearing loop yes\narmrest lifts no\nA oooo\nsteps 0\narmrest lifts yes\nB oowc\n"


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(make_theater(), SAID))


@pytest.fixture
def boss(showtime):
    return make_staff("MANAGER", showtime.auditorium.theater)


def put_right(showtime, boss, text=TRUE):
    plan = lay_out(auditorium=showtime.auditorium, text=text, now=timezone.now())
    (moved,) = move_showtimes_to_plan(
        showtimes=[showtime], plan=plan, reason="We have counted them", user_id=boss.pk, now=timezone.now()
    )
    assert moved.refusal == ""
    return plan


def told():
    return set(ChangeNotice.objects.values_list("booking", flat=True))


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (SeatFacts(steps=0), SeatFacts(steps=1), ("steps",)),
        (SeatFacts(), SeatFacts(steps=1), ("steps",)),
        (SeatFacts(steps=0), SeatFacts(), ("steps",)),
        (SeatFacts(steps=3), SeatFacts(), ()),
        (SeatFacts(steps=3), SeatFacts(steps=2), ()),
        (SeatFacts(), SeatFacts(steps=0), ()),
        (SeatFacts(hearing_loop=True), SeatFacts(), ("hearing_loop",)),
        (SeatFacts(), SeatFacts(hearing_loop=False), ("hearing_loop",)),
        (SeatFacts(hearing_loop=False), SeatFacts(), ()),
        (SeatFacts(armrest_lifts=False), SeatFacts(armrest_lifts=True), ()),
        (SeatFacts(armrest_lifts=True, steps=0), SeatFacts(armrest_lifts=False, steps=9), ("steps", "armrest_lifts")),
        (SeatFacts(note="Behind a pillar"), SeatFacts(note="In front of it"), ()),
    ],
)
def test_which_facts_of_a_seat_became_worse(before, after, worse):
    assert worse_facts(before, after) == worse


def test_exactly_those_who_count_on_it_and_sit_there_are_told(showtime, boss, sandbox, django_user_model):
    people = [("STEP_FREE", "A1"), ("ARMREST", "A2"), ("HEARING_LOOP", "A3"), ("STEP_FREE", "B1")]
    step_free, armrest, deaf, behind = (
        with_needs(sandbox, showtime, django_user_model, need, label=label, number=at)
        for at, (need, label) in enumerate(people, start=1)
    )
    quiet = with_needs(sandbox, showtime, django_user_model, "STEP_FREE", tells=False, label="A4", number=5)
    put_right(showtime, boss)
    assert told() == {step_free.pk, armrest.pk}
    assert not {deaf.pk, behind.pk, quiet.pk} & told()
    change = ShowtimeChange.objects.get(kind=ChangeKind.FACTS)
    assert (change.touched["bookings"], change.touched["mails"], change.offer_until is not None) == (2, 2, True)


def test_a_wheelchair_space_with_steps_and_seats_that_were_waited_for(showtime, boss, sandbox):
    on_wheels = buy(sandbox, showtime, make_browser(1), "B3")
    asked = buy(sandbox, showtime, make_browser(2), "A1")
    entry = make_waiting_entry(showtime, status="TOOK", ended_at=timezone.now(), is_step_free=True)
    SeatOffer.objects.create(
        entry=entry, hold_id=asked.hold_id, labels=["A1"], until=timezone.now(), ended_at=timezone.now(), end="TAKEN"
    )
    buy(sandbox, showtime, make_browser(3), "A2")
    put_right(showtime, boss, SAID.replace("steps 0", "steps 1"))
    assert told() == {on_wheels.pk, asked.pk}


@pytest.mark.parametrize("plan", ["A oooooo\n", "seats 3: beside aisle no\nA ooo.ooo\n"])
def test_an_aisle_seat_that_turns_out_to_have_no_aisle(sandbox, django_user_model, plan):
    """The aisle was drawn or stated. A person who needs one turns out to sit in the middle of a row, or beside a pillar."""
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A ooo.ooo\n"))
    at_gap = with_needs(sandbox, showtime, django_user_model, "AISLE", label="A3", number=1)
    with_needs(sandbox, showtime, django_user_model, "AISLE", label="A1", number=2)
    with_needs(sandbox, showtime, django_user_model, "STEP_FREE", label="A4", number=3)
    put_right(showtime, make_staff("MANAGER", showtime.auditorium.theater), plan)
    assert told() == {at_gap.pk}


def test_nobody_is_told_of_what_nobody_there_needs(showtime, boss, sandbox, django_user_model):
    buy(sandbox, showtime, make_browser(1), "A1")
    with_needs(sandbox, showtime, django_user_model, "STEP_FREE", label="B1")
    put_right(showtime, boss)
    assert not told() and not ShowtimeChange.objects.filter(kind=ChangeKind.FACTS).exists()


def test_staff_see_it_before_and_after(showtime, boss, sandbox, django_user_model):
    with_needs(sandbox, showtime, django_user_model, "STEP_FREE")
    plan = lay_out(auditorium=showtime.auditorium, text=TRUE, now=timezone.now())
    change = plan_change(
        showtime=showtime, request=ChangeRequest(ChangeKind.PLAN, plan=plan), user_id=boss.pk, now=timezone.now()
    )
    office = signed_in(boss)
    page = office.get(f"/admin/theaters/showtime/{showtime.pk}/alter/{change.pk}/").text
    assert "Bookings of people who need what is no longer said of their seats" in page
    assert "Seats of which it says other facts" in page and "A1, A2, A3, A4" in page
    listed = office.get(f"/admin/theaters/seatingplan/{plan.pk}/showtimes/").context["found"]
    assert [one.told for one in listed] == [1] and not told()
    put_right(showtime, boss)
    facts = ShowtimeChange.objects.get(kind=ChangeKind.FACTS)
    after = office.get(f"/admin/theaters/showtime/{showtime.pk}/alter/{facts.pk}/").text
    assert "Bookings whose holders are told" in after and "We have counted them" in after


@pytest.mark.parametrize(
    ("needs", "told_then"),
    [(["STEP_FREE", "ARMREST"], NotifiedBookings(2, 1)), (["HEARING_LOOP"], NotifiedBookings(0, 0))],
)
def test_staff_see_it_before_they_publish(showtime, boss, sandbox, django_user_model, needs, told_then):
    for number, need in enumerate(needs, start=1):
        with_needs(sandbox, showtime, django_user_model, need, label=f"A{number}", number=number)
    room = showtime.auditorium
    draft = begin_draft(auditorium=room, user_id=boss.pk)
    rows = as_rows(parse_plan(TRUE).seats)
    save_draft(auditorium=room, revision=draft.revision, rows=rows, user_id=boss.pk)
    page = signed_in(boss).get(f"/admin/theaters/seatingplan/draft/{room.pk}/publish/")
    assert page.context["told"] == told_then
    typed = {"auditorium": room.pk, "source": TRUE, "_preview": "1"}
    looked_at = signed_in(boss).post("/admin/theaters/seatingplan/add/", typed)
    assert looked_at.context["told"] == told_then
    for text in (page.text, looked_at.text):
        assert ("the people of 2 bookings who need what it no longer says" in text) is bool(told_then.bookings)


def test_they_read_what_was_said_and_what_is_so_and_may_take_their_money_back(
    showtime, boss, sandbox, django_user_model, client
):
    booking = with_needs(sandbox, showtime, django_user_model, "STEP_FREE")
    put_right(showtime, boss)
    carry_out_due()
    send_due_mail(now=timezone.now())
    sent = mail.outbox[-1]
    assert sent.subject.startswith("About your seats: ")
    for words in (
        "Your seats are not as we told you.",
        "Before: A1: no steps, armrest lifts",
        "Now: A1: 2 steps,",
        "We have counted them",
    ):
        assert words in sent.body
    assert "full refund until" in sent.body
    client.force_login(booking.sale.user or django_user_model.objects.get(email="somebody2@example.com"))
    page = client.get(f"/bookings/{booking.reference}/").text
    assert "Your seats are not as we told you" in page and "A1: 2 steps" in page
    take_money_back(notice_id=ChangeNotice.objects.get().pk, booking_id=booking.pk)
    booking.refresh_from_db()
    assert (booking.status, broken_invariants()) == ("CANCELED", [])
