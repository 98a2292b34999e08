"""The counter's page: what works, and what is refused for a wrong method, person or state."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from houses.business_days import business_day
from payments.models import Payment
from reservations.counter.counter_seats import release_at_counter, swap_at_counter, take_at_counter
from reservations.models import Booking, Hold, ShowtimeSeat, Ticket
from staff.models import AuditEntry
from tests.clock import begins_in
from tests.factories import hold_seats, make_auditorium, make_browser, make_draft, make_showtime, make_staff
from tests.variants import some

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def seller(theater, role="BOX_OFFICE") -> Client:
    client = Client()
    client.force_login(make_staff(role, theater))
    return client


@pytest.fixture
def clerk(showtime) -> Client:
    return seller(showtime.auditorium.theater)


@pytest.fixture
def boss(showtime) -> Client:
    return seller(showtime.auditorium.theater, "MANAGER")


def at(showtime, part="") -> str:
    return f"/counter/showtimes/{showtime.pk}/{part}"


def hold(client, showtime, *labels, **options):
    answer = client.post(at(showtime, "seats/"), {"take": labels}, **options)
    assert answer.status_code in (200, 302)
    return answer


def sale(*labels, total="14.50", method="cash", **fields) -> dict[str, str]:
    return {"total": total, "method": method} | {f"type-{label}": "ADULT" for label in labels} | fields


# ---- what runs -------------------------------------------------------------------------------------------------


def test_the_program_shows_the_day_of_the_only_theater(clerk, showtime):
    begins_in(showtime, hours=2)
    page = clerk.get("/counter/")
    (line,) = page.context["program"].lines
    assert (line.movie, line.free, line.seats, line.is_next, line.state) == (showtime.movie.title, 12, 12, True, "open")
    assert at(showtime) in page.content.decode()


def test_who_sells_at_two_theaters_says_where_once(showtime):
    other = make_showtime()
    client = Client()
    client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater, other.auditorium.theater))
    assert "Where do you sell?" in client.get("/counter/").content.decode()
    place = other.auditorium.theater
    assert client.post("/counter/here/", {"theater": place.pk}).headers["Location"] == "/counter/"
    assert client.get("/counter/").context["theater"] == place


def test_a_theater_of_others_is_no_choice(clerk):
    elsewhere = make_showtime().auditorium.theater
    assert clerk.post("/counter/here/", {"theater": elsewhere.pk}).status_code == 422


@pytest.mark.parametrize(("typed", "found"), [("", 1), ("FILM", 1), ("room", 1), ("nothing", 0), ("film nothing", 0)])
def test_what_is_typed_narrows_the_program_without_script_too(clerk, showtime, typed, found):
    begins_in(showtime, hours=2)
    assert len(clerk.get("/counter/", {"q": typed}).context["program"].lines) == found


def test_a_day_has_drafts_nowhere_and_what_is_over_at_its_place(clerk, showtime):
    begins_in(showtime, hours=-3)
    make_draft(auditorium=make_auditorium(showtime.auditorium.theater), starts_at=timezone.now())
    (line,) = clerk.get("/counter/").context["program"].lines
    assert (line.state, line.is_next) == ("over", False)


# ---- the map ---------------------------------------------------------------------------------------------------


def test_seats_are_held_by_the_payment_session_for_nobody_else(clerk, showtime):
    hold(clerk, showtime, "A1", "A2")
    held = Hold.objects.get()
    assert (held.operator_id, sorted(held.seats.values_list("label", flat=True))) == (
        int(clerk.session["_auth_user_id"]), ["A1", "A2"],
    )  # fmt: skip
    mine, theirs = clerk.get(at(showtime)), seller(showtime.auditorium.theater).get(at(showtime))
    assert mine.context["quote"].total == Decimal("29.00")
    assert (theirs.context["panel"].state, theirs.context["desk"].letters[:2]) == ("empty", "hh")


def test_a_click_answers_with_the_panel_and_the_seats_that_changed(clerk, showtime):
    html = hold(clerk, showtime, "A1", headers=HTMX).content.decode()
    assert "<html" not in html and 'id="order-panel"' in html
    assert html.count("<button hx-swap-oob") == html.count("outerHTML:[data-seat='A1']") == 1


def test_the_best_two_take_the_place_of_what_was_held(clerk, showtime):
    hold(clerk, showtime, "A1")
    html = clerk.post(at(showtime, "best/"), {"count": "2"}, headers=HTMX).content.decode()
    held = list(Hold.objects.get().seats.values_list("label", flat=True))
    assert len(held) == 2 and "A1" not in held
    assert html.count("<button hx-swap-oob") == 3


def give_back_and_then_take(*, take, release, **here):
    release_at_counter(labels=release, showtime_id=here["showtime_id"], seller=here["seller"])
    take_at_counter(labels=take, **here)


@pytest.mark.parametrize(
    ("way", "kept"),
    [
        (swap_at_counter, ["A1", "B1"]),
        pytest.param(give_back_and_then_take, ["B1"], id="control: one after the other"),
    ],
)
def test_a_change_of_seats_that_is_refused_in_the_middle_leaves_the_old_ones_held(
    clerk, showtime, monkeypatch, way, kept
):
    monkeypatch.setattr("boxoffice.views.counter_seats.swap_at_counter", way)
    hold(clerk, showtime, "A1", "B1")
    hold_seats(showtime, make_browser(1), "A2")
    answer = clerk.post(at(showtime, "seats/"), {"take": ["A2", "A3"], "release": "A1"}, headers=HTMX)
    assert answer.status_code == 409
    mine = ShowtimeSeat.objects.filter(hold__operator_id__isnull=False).order_by("pk")
    assert list(mine.values_list("label", flat=True)) == kept


def test_seats_are_changed_in_one_press(clerk, showtime):
    hold(clerk, showtime, "A1", "B1")
    assert clerk.post(at(showtime, "seats/"), {"take": "A3", "release": "A1"}, headers=HTMX).status_code == 200
    assert sorted(Hold.objects.get().seats.values_list("label", flat=True)) == ["A3", "B1"]


@pytest.mark.parametrize("count", ["0", "99", "-1", "x", ""])
def test_no_such_number_together(clerk, showtime, count):
    assert clerk.post(at(showtime, "best/"), {"count": count}).status_code == 409
    assert not Hold.objects.filter(ended_at=None).exists()


def test_give_one_back_then_all(clerk, showtime):
    hold(clerk, showtime, "A1", "A2")
    clerk.post(at(showtime, "seats/"), {"release": "A1"})
    assert list(Hold.objects.get().seats.values_list("label", flat=True)) == ["A2"]
    assert clerk.post(at(showtime, "release/")).headers["Location"] == at(showtime)
    assert Hold.objects.get().end == "RELEASED"
    day = business_day(showtime.auditorium.theater, showtime.starts_at)
    assert clerk.post(at(showtime, "release/"), {"leave": "yes"}).headers["Location"] == f"/counter/?day={day}"


def test_a_seat_that_went_meanwhile_is_refused_with_the_fresh_map(clerk, showtime):
    hold_seats(showtime, make_browser(1), "A1")
    refused = clerk.post(at(showtime, "seats/"), {"take": ["A1", "A2"]}, headers=HTMX)
    html = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody was a moment faster" in html and html.count("data-seat=") == 12
    assert "<html" in clerk.post(at(showtime, "seats/"), {"take": "A1"}).content.decode()


# ---- the sale --------------------------------------------------------------------------------------------------


def test_two_tickets_for_cash_with_change(clerk, showtime):
    hold(clerk, showtime, "A1", "A2")
    answer = clerk.post(at(showtime), sale("A1", "A2", total="29.00", tendered="50"))
    booking, payment = Booking.objects.get(), Payment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/counter/sales/{booking.reference}/")
    assert (booking.status, booking.email, booking.sale.channel) == ("CONFIRMED", "", "COUNTER")
    assert (payment.method, payment.amount, payment.tendered) == ("CASH", Decimal("29.00"), Decimal("50.00"))
    page = clerk.get(answer.headers["Location"]).content.decode()
    assert "data-change>£21.00" in page and page.count("data-ticket-code=") == 2
    # When it is opened after the next sale, it does not show the change again.
    hold(clerk, showtime, "A3")
    clerk.post(at(showtime), sale("A3", total="14.50", tendered="20"))
    page = clerk.get(answer.headers["Location"]).content.decode()
    assert "data-change" not in page and "data-amount>£29.00" in page and "£29.00 of £50.00" in page


def test_a_quick_button_says_what_was_handed_over(clerk, showtime):
    hold(clerk, showtime, "A1")
    assert [str(note) for note in clerk.get(at(showtime)).context["likely_cash"]] == ["15", "20", "50"]
    clerk.post(at(showtime), sale("A1", method="", cash="20", tendered="99"))
    assert Payment.objects.get().tendered == Decimal(20)


def test_the_terminal_said_yes(clerk, showtime):
    hold(clerk, showtime, "A1")
    clerk.post(at(showtime), sale("A1", method="terminal", tendered="nonsense"))
    assert (Payment.objects.get().method, Payment.objects.get().tendered) == ("TERMINAL", None)


def test_pressed_twice_it_is_one_sale(clerk, showtime):
    hold(clerk, showtime, "A1")
    first, second = (clerk.post(at(showtime), sale("A1")).headers["Location"] for _ in range(2))
    assert first == second
    assert (Booking.objects.count(), Payment.objects.count(), Ticket.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    some([
        ({"tendered": "10"}, 422, "less than the total"),
        ({"tendered": "ten"}, 422, "is no amount"),
        ({"tendered": "20.005"}, 422, "is no amount"),
        ({"tendered": "NaN"}, 422, "is no amount"),
        ({"total": "9.00"}, 409, "price has changed"),
        ({"total": "x"}, 422, "Look at the total once more"),
        ({"email": "nobody"}, 422, "Please enter an e-mail address"),
        ({"promo": "NOSUCH"}, 409, "do not know the code"),
        ({"type-A1": "NOSUCH"}, 422, "Choose a ticket type"),
        ({"price-A1": "1.00"}, 403, "Your role does not lower a price"),
        ({"method": "comp", "comp_reason": "a friend"}, 403, "Your role does not give tickets away"),
    ], every=2),
)  # fmt: skip
def test_a_refusal_says_why_and_sells_nothing(clerk, showtime, fields, status, words):
    hold(clerk, showtime, "A1")
    answer = clerk.post(at(showtime), sale("A1") | fields)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert not Booking.objects.exists() and not Payment.objects.exists()
    assert list(Hold.objects.get().seats.values_list("label", flat=True)) == ["A1"]


def test_a_hold_that_ran_out_sells_nothing_and_is_offered_again(clerk, showtime):
    hold(clerk, showtime, "A1")
    Hold.objects.update(
        started_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now(), cap_at=timezone.now()
    )
    answer = clerk.post(at(showtime), sale("A1"))
    assert (answer.status_code, answer.context["panel"].retake) == (409, ["A1"])
    assert not Booking.objects.exists()


def test_types_chosen_are_priced_again_without_selling(clerk, showtime):
    hold(clerk, showtime, "A1", "A2")
    answer = clerk.post(
        at(showtime), {"type-A1": "CHILD", "type-A2": "ADULT", "email": "ada@example.com"}, headers=HTMX
    )
    assert (answer.context["quote"].total, answer.context["entered"].email) == (Decimal("23.50"), "ada@example.com")
    assert not Booking.objects.exists()


def test_given_away_with_a_reason(boss, showtime):
    hold(boss, showtime, "A1")
    assert "Say why" in boss.post(at(showtime), sale("A1", method="comp")).content.decode()
    answer = boss.post(at(showtime), sale("A1", method="comp", comp_reason="The projector broke"))
    assert "Given away" in boss.get(answer.headers["Location"]).content.decode()
    assert (Booking.objects.get().sale.comp_reason, Booking.objects.get().total) == ("The projector broke", 0)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("status", ["CANCELED"])
def test_a_canceled_showtime_is_gone(clerk, showtime, status):
    hold(clerk, showtime, "A1")
    type(showtime).objects.filter(pk=showtime.pk).update(status=status)
    for answer in (clerk.get(at(showtime)), clerk.post(at(showtime), sale("A1"))):
        assert (answer.status_code, b"canceled" in answer.content) == (410, True)
    assert not Booking.objects.exists()


# ---- overrides ---------------------------------------------------------------------------------------------------


def switch_off(client, showtime, *rules, reason="The sponsor's guests"):
    return client.post(at(showtime, "override/"), {"rules": rules, "reason": reason})


def test_a_house_seat_by_right_and_reason(boss, showtime):
    showtime.seats.filter(label="A1").update(house_reason="For the crew")
    refused = boss.post(at(showtime, "seats/"), {"take": "A1"})
    assert refused.status_code == 409
    assert switch_off(boss, showtime, "house_seats").status_code == 302
    hold(boss, showtime, "A1")
    boss.post(at(showtime), sale("A1"))
    assert Booking.objects.get().sale.override_reason == "The sponsor's guests"
    assert list(boss.get(at(showtime)).context["allowed"].rules) == []


def test_a_lower_price_by_right_and_reason(boss, showtime):
    switch_off(boss, showtime, "prices", reason="A torn seat")
    hold(boss, showtime, "A1")
    shown = boss.post(at(showtime), {"type-A1": "ADULT", "price-A1": "5,00"}, headers=HTMX)
    assert shown.context["quote"].total == Decimal("5.00")
    boss.post(at(showtime), sale("A1", total="5.00") | {"price-A1": "5,00"})
    ticket = Ticket.objects.get()
    assert (ticket.price, ticket.discount) == (Decimal("5.00"), Decimal("9.50"))
    assert AuditEntry.objects.filter(action="sell against a rule", reason="A torn seat").count() == 1


def test_a_higher_price_is_refused(boss, showtime):
    switch_off(boss, showtime, "prices")
    hold(boss, showtime, "A1")
    answer = boss.post(at(showtime), sale("A1", total="99.00") | {"price-A1": "99"})
    assert (answer.status_code, b"a price from nothing to the one of the list" in answer.content) == (422, True)
    assert not Booking.objects.exists()


def test_after_the_close_by_right_and_reason(clerk, boss, showtime):
    begins_in(showtime, minutes=-45)
    for client in (clerk, boss):
        assert client.post(at(showtime, "seats/"), {"take": "A1"}).status_code == 410
    switch_off(boss, showtime, "sales_close")
    hold(boss, showtime, "A1")
    assert boss.post(at(showtime), sale("A1")).status_code == 303


def test_the_counter_sells_longer_than_the_web(clerk, showtime):
    begins_in(showtime, minutes=-10)
    hold(clerk, showtime, "A1")
    assert clerk.post(at(showtime), sale("A1")).status_code == 303


@pytest.mark.parametrize("rule", ["house_seats", "prices", "sales_close"])
def test_without_the_right_an_override_is_refused_in_words(clerk, showtime, rule):
    answer = switch_off(clerk, showtime, rule)
    assert (answer.status_code, b"Your role does not override this rule" in answer.content) == (403, True)
    assert "counter_overrides" not in clerk.session


def test_an_override_needs_a_reason_and_a_rule(boss, showtime):
    answer = switch_off(boss, showtime, reason=" ")
    assert (answer.status_code, sorted(answer.context["override_form"].errors)) == (422, ["reason", "rules"])


def test_an_override_ends_when_it_is_ended_or_the_right_is_gone(boss, showtime):
    switch_off(boss, showtime, "prices")
    showtime.auditorium.theater.staff_roles.update(role="BOX_OFFICE")
    assert boss.get(at(showtime)).context["allowed"].rules == frozenset()
    showtime.auditorium.theater.staff_roles.update(role="MANAGER")
    assert boss.get(at(showtime)).context["allowed"].rules == {"prices"}
    boss.post(at(showtime, "override/"), {"end": "yes"})
    assert boss.get(at(showtime)).context["allowed"].rules == frozenset()


# ---- who, and how ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/counter/"), ("get", "/counter/here/"), ("put", "{map}"), ("get", "{map}seats/"), ("get", "{map}best/"),
     ("get", "{map}release/"), ("get", "{map}override/"), ("post", "/counter/sales/"), ("post", "/counter/sales/AAAA-AAAA/")],
)  # fmt: skip
def test_the_wrong_method(clerk, showtime, method, path):
    assert getattr(clerk, method)(path.format(map=at(showtime))).status_code == 405


PATHS = ["/counter/", "{map}", "/counter/sales/", "/counter/sales/AAAA-AAAA/"]
POSTS = ["/counter/here/", "{map}", "{map}seats/", "{map}best/", "{map}release/", "{map}override/"]


@pytest.mark.parametrize(
    ("method", "path"), some([("get", path) for path in PATHS] + [("post", path) for path in POSTS], every=3)
)
@pytest.mark.parametrize(
    ("role", "status"), some([(None, 302), ("DOOR", 403), ("FINANCE", 403), ("customer", 403)], every=2)
)
def test_the_wrong_person(showtime, django_user_model, method, path, role, status):
    client = Client()
    if role == "customer":
        client.force_login(django_user_model.objects.create_user("eve@example.com", "x"))
    elif role:
        client.force_login(make_staff(role, showtime.auditorium.theater))
    answer = getattr(client, method)(path.format(map=at(showtime)), {"take": "A1"})
    assert answer.status_code == status
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("method", "part"),
    [("get", ""), ("post", ""), ("post", "seats/"), ("post", "best/"), ("post", "release/"), ("post", "override/")],
)
def test_a_showtime_of_another_theater_is_not_there(clerk, method, part):
    other = make_showtime()
    assert getattr(clerk, method)(at(other, part), {"take": "A1", "count": "1"}).status_code == 404
    assert not Hold.objects.exists()


def test_a_draft_is_not_there(clerk, showtime):
    draft = make_draft(auditorium=make_auditorium(showtime.auditorium.theater))
    assert clerk.get(at(draft)).status_code == 404


def test_a_sale_of_another_theater_is_not_there(clerk, showtime):
    hold(clerk, showtime, "A1")
    path = clerk.post(at(showtime), sale("A1")).headers["Location"]
    stranger = seller(make_showtime().auditorium.theater)
    assert (clerk.get(path).status_code, stranger.get(path).status_code) == (200, 404)


def test_my_sales_are_mine_and_the_last_stands_first(clerk, showtime):
    for label in ("A1", "A3"):
        hold(clerk, showtime, label)
        clerk.post(at(showtime), sale(label))
    colleague = seller(showtime.auditorium.theater)
    assert [one.page.seats_text for one in clerk.get("/counter/sales/").context["sales"]] == ["A3", "A1"]
    assert colleague.get("/counter/sales/").context["sales"] == []


def test_the_paper_is_remembered(clerk, showtime):
    hold(clerk, showtime, "A1")
    path = clerk.post(at(showtime), sale("A1")).headers["Location"]
    papers = [clerk.get(path + query).context["paper"] for query in ("", "?paper=a4", "", "?paper=stone")]
    assert papers == ["roll", "a4", "a4", "a4"]


def test_whose_page_of_the_sale_never_came_finds_it_on_the_counters_first_page(clerk, showtime):
    """If the network fails between the sale and its page, a clerk who sells again would give the same seats twice."""
    assert "data-last-sale" not in clerk.get("/counter/").content.decode()
    hold(clerk, showtime, "A1")
    clerk.post(at(showtime), sale("A1"))
    sold = Booking.objects.get()
    page = clerk.get("/counter/").content.decode()
    said = page.partition("data-last-sale")[2].partition("</p>")[0]
    link = f'href="{sold.address_of("counter_sale")}"><span class="reference">{sold.reference}</span></a>'
    assert link in said
