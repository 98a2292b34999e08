"""While sales are paused nothing is sold; after a restore nothing settles either, and neither refunds nor mails go out.

Everything that sells and every background task is listed here: a new one fails until it is put into a class.
"""

import ast
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from config.celery import app
from core.models import PauseKind, SalesPause
from core.pauses import current_pause, reconciling
from dev.state import CHECKOUT
from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import Payment, ProviderEvent, Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.staff_lookup import ProviderIsSilent, ask_again
from payments.sessions.checkout import continue_paying
from payments.sessions.database_age import pause_after_restore
from payments.sessions.session_closing import close_due_sessions
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.counter.taking_best import take_best, take_best_at_counter
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, OutgoingMail, Scan, ShowtimeSeat
from reservations.refusals.on_sale import SalesPaused
from reservations.seats.best_seats import Wish
from reservations.seats.taking import extend_hold, release_seats, swap_seats, take_seats
from reservations.selling.comps import Comp, give_comp
from reservations.states import CancelCause
from staff.models import AuditEntry
from tests.aging import past_time_to_pay
from tests.counter import make_seller, press_sell, take
from tests.factories import begin_paying, buy, hold_seats, make_browser, make_staff, press_pay
from tests.ledger import nothing_changes
from theaters.schedule.sales_pauses import NoReason, NotAgreed, NotPaused, note_agreement, pause_sales, resume_sales

pytestmark = pytest.mark.django_db
BY_STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")
STOPS, AFTER = "stops", "stops after a restore"


def pause(kind=PauseKind.BY_HAND):
    known_until = timezone.now() if kind == PauseKind.AFTER_RESTORE else None
    return pause_sales(why="A test", actor="test", kind=kind, known_until=known_until)


# Callers of the statement that locks the showtime. It refuses while sales are paused, unless the caller says that its action goes
# on.

CALLERS = {
    ("reservations/seats/taking.py", STOPS): 1,
    ("reservations/selling/bookings.py", STOPS): 1,
    ("reservations/selling/comps.py", STOPS): 1,
    ("reservations/counter/counter_seats.py", STOPS): 2,
    ("reservations/counter/counter_groups.py", STOPS): 1,
    ("reservations/counter/taking_best.py", STOPS): 1,
    ("reservations/waiting/waiting_offers.py", STOPS): 2,
    ("reservations/groups/shared_blocks.py", STOPS): 1,
    ("reservations/groups/friends_seats.py", STOPS): 1,
    ("reservations/groups/friends_seats.py", AFTER): 1,
    ("payments/sessions/checkout.py", STOPS): 1,
    ("reservations/opening/showtime_opening.py", AFTER): 1,
    ("reservations/opening/house_seats.py", AFTER): 1,
    ("reservations/groups/group_blocks.py", AFTER): 1,
    ("reservations/opening/removed_seats.py", AFTER): 1,
    ("reservations/aftersale/cancellation.py", AFTER): 1,
    ("reservations/counter/swaps.py", AFTER): 1,
    ("reservations/aftersale/transfers.py", AFTER): 1,
    # Tickets that were sold already: a house may move in while nothing is sold.
    ("reservations/moving_in/moving_in.py", AFTER): 1,
    ("payments/refunds/cancellation.py", AFTER): 1,
}
# These lock all showtimes of a sale, and stop only after a restore.
WHOLE_SALES = {
    "payments/refunds/cancellation.py": 1,
    "payments/sessions/settlement.py": 3,
    "payments/sessions/session_closing.py": 1,
    "payments/refunds/refund_answers.py": 1,
    "payments/refunds/dashboard_refunds.py": 1,
    "payments/refunds/disputes.py": 1,
}
# Who may write a hold, or give seats to a hold or a booking. All of them lock the showtime first.
WRITERS = {
    "take_seats": {"reservations/seats/taking.py", "reservations/selling/comps.py", "reservations/counter/counter_seats.py",
                   "reservations/waiting/waiting_offers.py"},
    "lock_or_create_hold": {
        "reservations/seats/taking.py", "reservations/selling/comps.py", "reservations/counter/counter_seats.py",
        "reservations/waiting/waiting_seats.py",
    },
    "hand_over": {"reservations/selling/selling_steps.py", "reservations/selling/comps.py"},
}  # fmt: skip


def calls_of(name):
    """Every call of a function of reservations/locks/ in the product, as file and call."""
    for top in ("reservations", "payments", "boxoffice"):
        for path in (CHECKOUT / top).rglob("*.py"):
            text = path.read_text()
            for node in ast.walk(ast.parse(text)) if name in text else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                    owner = node.func.value
                    if isinstance(owner, ast.Name) and owner.id in {"locks", "reservation_locks"}:
                        yield str(path.relative_to(CHECKOUT)), node


def class_of(call):
    said = [word.value for word in call.keywords if word.arg == "when_paused"]
    return {None: STOPS, "STOPS_AFTER_RESTORE": AFTER}[said[0].attr if said else None]


def test_every_lock_of_a_showtime_is_classed():
    assert Counter((path, class_of(call)) for path, call in calls_of("showtime_gate")) == CALLERS
    assert Counter(path for path, _ in calls_of("whole_sale")) == WHOLE_SALES


@pytest.mark.parametrize("name", WRITERS)
def test_only_known_services_write_holds_and_give_seats(name):
    assert {path for path, _ in calls_of(name)} == WRITERS[name]


@pytest.fixture
def selling(showtime, my_browser, sandbox):
    """Everything that is one step away from a sale."""
    hold_seats(showtime, my_browser, "A1")
    pending = begin_paying(showtime, make_browser(3), "B1")
    seller = make_seller(showtime)
    take(showtime, seller, "B2")
    here = {"showtime_id": showtime.pk}
    now = timezone.now()
    comp = Comp(["B3"], "ada@example.com", "Press")
    return {
        "take": lambda: take_seats(**here, browser=make_browser(5), labels=["A3"]),
        "take more": lambda: take_seats(**here, browser=my_browser, labels=["A2"]),
        "swap": lambda: swap_seats(**here, browser=my_browser, take=["A2"], release=["A1"]),
        "best": lambda: take_best(**here, browser=make_browser(6), wish=Wish(2)),
        "pay": lambda: press_pay(showtime, my_browser, "A1"),
        "continue paying": lambda: continue_paying(booking_id=pending.pk),
        "take at the counter": lambda: take(showtime, seller, "A3"),
        "best at the counter": lambda: take_best_at_counter(**here, seller=seller, wish=Wish(2), now=now),
        "sell at the counter": lambda: press_sell(showtime, seller, "B2"),
        "give away": lambda: give_comp(**here, comp=comp, actor="test", now=now),
    }


ENTRIES = [
    "take", "take more", "swap", "best", "pay", "continue paying", "take at the counter", "best at the counter",
    "sell at the counter", "give away",
]  # fmt: skip


@pytest.mark.parametrize("kind", PauseKind)
def test_nothing_is_sold_while_sales_are_paused(selling, sandbox, kind):
    pause(kind)
    assert set(selling) == set(ENTRIES)
    for entry in ENTRIES:
        asked = len(sandbox.requests())
        with nothing_changes(), pytest.raises(SalesPaused):
            selling[entry]()
        assert len(sandbox.requests()) == asked, entry


def test_all_is_sold_again_when_sales_are_resumed(selling):
    pause()
    resume_sales(actor="test", reason="Done")
    for entry in ("take", "pay", "continue paying", "sell at the counter", "give away"):
        selling[entry]()


# A pause by hand: what goes on.


def test_paused_by_hand_open_payments_settle_refunds_and_mail_go_out(showtime, my_browser, sandbox, mailoutbox):
    booking = begin_paying(showtime, my_browser, "A1", "A2")
    hold_seats(showtime, make_browser(2), "B1")
    pause()
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=[booking.tickets.first().pk], origin=BY_STAFF)
    send_due_refunds()
    send_due_mail(now=timezone.now())
    booking.refresh_from_db()
    assert (booking.status, Refund.objects.get().status) == ("CONFIRMED", "SUCCEEDED")
    assert len(mailoutbox) == OutgoingMail.objects.count() == 2


def test_paused_by_hand_seats_can_be_given_back_and_a_payment_session_is_closed(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    hold_seats(showtime, make_browser(2), "B1", "B2")
    pause()
    release_seats(showtime_id=showtime.pk, browser=make_browser(2), labels=["B1"])
    past_time_to_pay(booking)
    close_due_sessions()
    booking.refresh_from_db()
    assert booking.status == "EXPIRED"
    assert list(ShowtimeSeat.objects.exclude(hold=None).values_list("label", flat=True)) == ["B2"]
    assert sandbox.session(booking.sale.payments.get().session_id)["status"] == "expired"
    with pytest.raises(Exception, match="ask for more time once"):
        extend_hold(showtime_id=showtime.pk, browser=make_browser(2))


# A pause after a restore: what stops as well.


@pytest.fixture
def restored(showtime, my_browser, sandbox, deliver):
    """A paid and a canceled booking whose money moved at Stripe and is not settled here; a mail and a refund wait."""
    canceled = buy(sandbox, showtime, make_browser(2), "B1")
    cancel_and_refund(booking_id=canceled.pk, ticket_ids=None, origin=BY_STAFF)
    booking = begin_paying(showtime, my_browser, "A1")
    sandbox.pay(booking.sale.payments.get().session_id)
    pause(PauseKind.AFTER_RESTORE)
    assert deliver() > 0
    return booking


def test_after_a_restore_events_are_stored_and_nothing_is_acted_on(restored, sandbox, mailoutbox):
    past_time_to_pay(restored)
    Payment.objects.update(look_at=timezone.now())
    before = len(sandbox.requests())
    stored = ProviderEvent.objects.count()
    for name, task in ours():
        if not task.goes_on_after_restore:
            task(**ARGUMENTS.get(name, dict)())
    look_at_due_payments()
    close_due_sessions()
    send_due_refunds()
    send_due_mail(now=timezone.now())
    assert (stored > 0, ProviderEvent.objects.filter(done_at=None).count()) == (True, stored)
    restored.refresh_from_db()
    assert (restored.status, Refund.objects.get().status) == ("PENDING", "REQUESTED")
    assert (mailoutbox, len(sandbox.requests())) == ([], before)


def test_after_a_restore_staff_can_neither_settle_cancel_nor_pay_out(restored):
    payment = restored.sale.payments.get()
    with nothing_changes(), pytest.raises(ProviderIsSilent):
        ask_again(payment_id=payment.pk, actor="staff:1")
    with nothing_changes(), pytest.raises(SalesPaused):
        cancel_and_refund(booking_id=restored.pk, ticket_ids=None, origin=BY_STAFF)


def test_what_reconciles_settles_and_refunds_while_others_wait(restored, sandbox):
    with reconciling():
        settle_due_events()
        send_due_refunds()
        with pytest.raises(SalesPaused):
            take_seats(showtime_id=restored.showtime_id, browser=make_browser(9), labels=["A3"])
    restored.refresh_from_db()
    assert (restored.status, Refund.objects.get().status) == ("CONFIRMED", "SUCCEEDED")
    assert current_pause().is_after_restore


def test_when_sales_are_resumed_all_that_waited_is_done(restored, mailoutbox):
    note_agreement(agrees=True)
    resume_sales(actor="test", reason="Reconciled")
    settle_due_events()
    send_due_refunds()
    send_due_mail(now=timezone.now())
    restored.refresh_from_db()
    assert (restored.status, Refund.objects.get().status) == ("CONFIRMED", "SUCCEEDED")
    assert len(mailoutbox) == OutgoingMail.objects.count() > 0


def test_the_door_goes_on_and_says_what_it_cannot_know(restored, showtime, time_machine):
    theater = showtime.auditorium.theater
    door = Door(theater, None, "Main", make_staff("DOOR", theater).pk)
    answer = admit(text="x" * 28, door=door, now=timezone.now())
    known = SalesPause.objects.get().known_until.astimezone(theater.zone)
    assert answer.sentence == (
        f"We do not know this ticket. Tickets sold after {known:%A %-d %B, %H:%M} cannot be known here."
    )
    note_agreement(agrees=True)
    resume_sales(actor="test", reason="Reconciled")
    assert admit(text="x" * 28, door=door, now=timezone.now()).sentence == "This is not one of our tickets."
    assert Scan.objects.count() == 2


# Tasks: a new one stops after a restore unless it is listed here on purpose.

GOES_ON = {
    "core.heartbeat", "reservations.sweep_holds", "reservations.refresh_fullness", "payments.check_invariants",
    "payments.fetch_undelivered_events", "payments.tell_of_broken_checks", "payments.check_database_age",
    "payments.tell_of_differences", "accounts.sweep_sessions",
}  # fmt: skip
WAITS = {
    "accounts.send_due_mail", "reservations.send_due_mail", "reservations.release_house_seats", "payments.settle_event",
    "payments.sweep_events", "payments.forget_client_addresses", "payments.forget_old_data",
    "payments.close_due_sessions", "payments.sweep_payments", "payments.send_refund", "payments.sweep_refunds",
    "payments.sweep_disputes", "payments.carry_out_changes", "payments.compare_with_providers",
    "reservations.serve_waiting_lists", "reservations.offer_waiting_seats", "reservations.tell_of_sales",
}  # fmt: skip
ARGUMENTS = {
    "payments.settle_event": lambda: {"provider_id": ProviderEvent.objects.first().provider_id},
    "payments.send_refund": lambda: {"refund_id": Refund.objects.first().pk},
    "reservations.offer_waiting_seats": lambda: {"showtime_id": ShowtimeSeat.objects.first().showtime_id},
}


def ours():
    app.loader.import_default_modules()
    return [(name, task) for name, task in app.tasks.items() if not name.startswith("celery.")]


def test_every_task_is_classed():
    found = {name: task.goes_on_after_restore for name, task in ours()}
    assert found == dict.fromkeys(GOES_ON, True) | dict.fromkeys(WAITS, False)
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= found.keys()


# Pages can still be read, and explain the pause kindly.


@pytest.mark.parametrize("kind", PauseKind)
def test_seat_map_and_checkout_say_it_and_a_click_is_refused_with_the_fresh_map(client, showtime, sandbox, kind):
    page = f"/showtimes/{showtime.pk}/"
    client.post(f"{page}seats/", {"take": "A1"})
    pause(kind)
    for address in (page, f"/checkout/{showtime.pk}/"):
        answer = client.get(address)
        assert (answer.status_code, b"data-sales-paused" in answer.content) == (200, True), address
    refused = client.post(f"{page}seats/", {"take": "A2"}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused["Retry-After"]) == (503, "300")
    assert b"We have paused ticket sales" in refused.content and b'id="seat-map"' in refused.content
    form = {"action": "pay", "email": "ada@example.com", "total": "14.50", "type-A1": "ADULT"}
    refused = client.post(f"/checkout/{showtime.pk}/", form)
    assert (refused.status_code, b"We have paused ticket sales" in refused.content) == (503, True)
    assert not Booking.objects.exists()


def test_without_a_pause_no_page_says_so(client, showtime):
    assert b"data-sales-paused" not in client.get(f"/showtimes/{showtime.pk}/").content


def test_the_counter_says_it_and_sells_nothing(client, showtime):
    client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    pause()
    desk = f"/counter/showtimes/{showtime.pk}/"
    assert b"data-sales-paused" in client.get(desk).content
    assert client.post(f"{desk}seats/", {"take": "A1"}).status_code == 503
    assert not ShowtimeSeat.objects.exclude(hold=None).exists()


def test_ready_and_metrics_say_it_and_it_is_still_ready(settings):
    settings.METRICS_TOKEN = "t"
    pause()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["sales"]) == (200, "paused by hand")
    metrics = Client().get("/metrics", headers={"Authorization": "Bearer t"}).content
    assert b'marquee_sales_paused{kind="by_hand"} 1.0' in metrics


# The office.

PAUSES = "/admin/core/salespause/"


@pytest.fixture
def owner(client, showtime):
    user = make_staff("OWNER", showtime.auditorium.theater)
    client.force_login(user)
    return user


def test_an_owner_pauses_and_resumes_with_a_reason_in_the_audit_log(client, owner):
    client.post(f"{PAUSES}switch/", {"do": "pause", "reason": "Fire alarm"})
    assert (current_pause().kind, current_pause().why) == (PauseKind.BY_HAND, "Fire alarm")
    assert b"Sales are paused by hand" in client.get("/admin/").content
    client.post(f"{PAUSES}switch/", {"do": "resume", "reason": "False alarm"})
    assert current_pause() is None
    acts = list(AuditEntry.objects.order_by("pk").values_list("action", "reason", "actor"))
    who = f"staff:{owner.pk}"
    assert acts == [("pause sales", "Fire alarm", who), ("resume sales", "False alarm", who)]


def test_without_a_reason_nothing_is_paused(client, owner):
    with nothing_changes():
        client.post(f"{PAUSES}switch/", {"do": "pause", "reason": " "})
    assert current_pause() is None


@pytest.mark.parametrize("role", ["MANAGER", "FINANCE", "AUDITOR", "BOX_OFFICE", "DOOR"])
def test_nobody_but_an_owner_pauses(client, showtime, role):
    client.force_login(make_staff(role, showtime.auditorium.theater))
    assert client.post(f"{PAUSES}switch/", {"do": "pause", "reason": "Why not"}).status_code == 403
    assert not SalesPause.objects.exists()


def test_pausing_asks_for_the_second_factor_again(client, owner, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    answer = client.post(f"{PAUSES}switch/", {"do": "pause", "reason": "Stolen session"})
    assert answer.status_code == 302
    assert not SalesPause.objects.exists()


# The commands.


def test_the_commands_pause_and_resume(db, capsys):
    call_command("pause_sales", why="Power cut")
    call_command("pause_sales", why="Again")
    assert [pause.why for pause in SalesPause.objects.active()] == ["Power cut"]
    assert "Power cut" in capsys.readouterr().out
    call_command("resume_sales")
    assert current_pause() is None
    with pytest.raises(CommandError, match="not paused"):
        call_command("resume_sales")
    with pytest.raises(CommandError):
        call_command("pause_sales", why=" ")


def test_after_a_restore_nobody_resumes_before_both_ledgers_agree(db, client, owner):
    pause(PauseKind.AFTER_RESTORE)
    with pytest.raises(CommandError, match="do not agree yet"):
        call_command("resume_sales", why="In a hurry")
    client.post(f"{PAUSES}switch/", {"do": "resume", "reason": "In a hurry"})
    note_agreement(agrees=True)
    note_agreement(agrees=False)
    with pytest.raises(NotAgreed):
        resume_sales(actor="test", reason="It agreed an hour ago")
    assert current_pause().is_after_restore
    note_agreement(agrees=True)
    call_command("resume_sales", why="Reconciled")
    assert current_pause() is None


def test_an_agreement_from_before_the_next_sign_of_a_restore_does_not_count(db):
    pause(PauseKind.AFTER_RESTORE)
    note_agreement(agrees=True)
    pause_after_restore("Stripe has a refund without a row", None)
    with pytest.raises(NotAgreed):
        resume_sales(actor="test", reason="It agreed")


def test_somebody_may_resume_although_it_differs_by_name_and_reason(db, client, owner):
    pause(PauseKind.AFTER_RESTORE)
    with pytest.raises(CommandError, match="Say why"):
        call_command("resume_sales", although_it_differs=True)
    call_command("resume_sales", although_it_differs=True, why="The rest is with our bank")
    pause(PauseKind.AFTER_RESTORE)
    page = client.get(PAUSES).content.decode()
    assert "Resume although it differs" in page
    detail = client.get(f"{PAUSES}{SalesPause.objects.latest('pk').pk}/change/").content.decode()
    for shown in (page, detail):
        assert "The payment provider knows nothing of counter sales" in shown and "may be lost" in shown
    client.post(f"{PAUSES}switch/", {"do": "resume-although-it-differs", "reason": "With our bank"})
    assert current_pause() is None
    acts = AuditEntry.objects.filter(action="resume sales although books differ").order_by("pk")
    reasons = [("command", "The rest is with our bank"), (f"staff:{owner.pk}", "With our bank")]
    assert list(acts.values_list("actor", "reason")) == reasons


def test_a_restore_counts_more_than_a_hand_and_resuming_ends_both(db):
    pause()
    pause(PauseKind.AFTER_RESTORE)
    assert current_pause().is_after_restore
    note_agreement(agrees=True)
    assert len(resume_sales(actor="test", reason="Done")) == 2
    with pytest.raises(NotPaused):
        resume_sales(actor="test", reason="Done")
    with pytest.raises(NoReason):
        pause_sales(why="", actor="test")
