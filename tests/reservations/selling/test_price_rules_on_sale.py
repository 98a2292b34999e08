"""Price rules from publishing to Pay: the map shows what is charged, and it stays so while seats are held."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.caches.process_cache import forget_everything
from houses.models import Theater
from reservations.models import Booking, Hold
from reservations.opening.showtime_opening import open_for_sale
from reservations.seats.map_reads import read_seat_map
from reservations.seats.price_sql import ENDS_AT
from reservations.seats.showtime_frame import shown_prices
from reservations.seats.taking import Browser
from reservations.selling.bookings import PayForm, open_booking
from reservations.selling.quotes import make_quote
from tests.clock import evening
from tests.factories import (
    PRICES,
    hold_seats,
    make_auditorium,
    make_browser,
    make_draft,
    make_price_list,
    make_price_rule,
    make_promo,
    make_showtime,
    make_theater,
)
from tests.variants import some
from theaters.early_ends import EarlyEnd
from theaters.models import PriceRule, PriceVersion, Showtime, TicketType
from theaters.models.prices import NEVER
from theaters.prices.early_prices import prices_by_moment
from theaters.prices.lowest_prices import lowest_prices
from theaters.prices.prices import pinned_prices
from theaters.prices.repricing import at_older_prices, reprice
from theaters.schedule.scheduling import SchedulingRefused

pytestmark = pytest.mark.django_db
COOKIE = "a-cookie-of-128-random-bits"
ME = Browser(holder=sha256(COOKIE.encode()).hexdigest(), address="127.0.0.1")


@pytest.fixture
def theater():
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save(update_fields=["avoids_single_seats"])
    return theater


def make_deep(theater, **fields):
    """A showtime in 3D, on sale."""
    draft = make_draft(auditorium=make_auditorium(theater), price_list=make_price_list(theater), **fields)
    draft.picture = "3D"
    draft.save(update_fields=["picture"])
    return open_for_sale(showtime_id=draft.pk, actor="test")


def version_at(showtime, now):
    return prices_by_moment(showtime).version_at(now)


def adult(version_id, category="STANDARD"):
    return pinned_prices(version_id).amount("ADULT", category)


def pay_for(showtime, browser, *labels, total, kind="ADULT"):
    form = PayForm(email="ada@example.com", choices=dict.fromkeys(labels, kind), expected_total=Decimal(total))
    return open_booking(showtime_id=showtime.pk, browser=browser, form=form)


def early(theater, **fields):
    usual = {"kind": "EARLY", "name": "Early bird", "pictures": [], "amount": Decimal(3), "hours_before": 12}
    return make_price_rule(theater, **usual | fields)


def too_late(showtime):
    """Move the showtime so near that the early bird is over."""
    Showtime.objects.filter(pk=showtime.pk).update(starts_at=timezone.now() + timedelta(hours=11))
    forget_everything()
    showtime.refresh_from_db()


def test_a_surcharge_is_in_the_price_of_showtimes_in_3d_alone(theater):
    make_price_rule(theater)
    plain, deep = make_showtime(auditorium=make_auditorium(theater)), make_deep(theater)
    assert (adult(plain.price_version_id), adult(deep.price_version_id)) == (Decimal("14.50"), Decimal("16.50"))
    assert shown_prices(deep.pk, now=timezone.now())["PREMIUM"] == Decimal("19.50")
    assert lowest_prices([plain, deep], now=timezone.now()) == {plain.pk: Decimal("14.50"), deep.pk: Decimal("16.50")}
    hold_seats(deep, make_browser(1), "A1", "A2")
    booking = pay_for(deep, make_browser(1), "A1", "A2", total="33.00")
    assert (booking.total, sum(ticket.price for ticket in booking.tickets.all())) == (Decimal(33), Decimal(33))


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"pictures": ["3D"]}, False),
        ({"pictures": ["2D", "IMAX"]}, True),
        ({"movie_kinds": ["EVENT"]}, False),
        ({"movie_kinds": ["FEATURE"]}, True),
        ({"auditoriums": ["mine"]}, True),
        ({"auditoriums": [0]}, False),
        ({"weekdays": ["the day"]}, True),
        ({"weekdays": ["another"]}, False),
        ({"until_time": "19:00"}, False),
        ({"from_time": "19:00"}, True),
    ],
)
def test_which_showtimes_a_rule_is_for(theater, fields, fits):
    auditorium, starts_at = make_auditorium(theater), evening(theater=theater)
    named = {"mine": auditorium.pk, "the day": starts_at.isoweekday(), "another": starts_at.isoweekday() % 7 + 1}
    fields = {
        key: [named.get(one, one) for one in value] if isinstance(value, list) else value
        for key, value in fields.items()
    }
    make_price_rule(theater, **{"pictures": []} | fields)
    showtime = make_showtime(auditorium=auditorium, starts_at=starts_at)
    assert adult(showtime.price_version_id) == Decimal("16.50" if fits else "14.50")


def test_rules_of_another_theater_count_for_nothing_here(theater):
    make_price_rule(make_theater(), pictures=[])
    assert adult(make_showtime(auditorium=make_auditorium(theater)).price_version_id) == Decimal("14.50")


def test_what_is_on_sale_keeps_its_rules_until_staff_say_otherwise(theater):
    rule = make_price_rule(theater)
    deep = make_deep(theater)
    rule.amount = Decimal(4)
    rule.save()
    assert adult(deep.price_version_id) == Decimal("16.50")
    assert list(at_older_prices(deep.price_list, now=timezone.now())) == [deep]
    reprice(showtime_ids=[deep.pk], actor="test")
    deep.refresh_from_db()
    assert (adult(deep.price_version_id), list(at_older_prices(deep.price_list, now=timezone.now()))) == (
        Decimal("18.50"),
        [],
    )


def test_showtimes_with_the_same_rules_share_a_version_and_others_have_their_own(theater):
    make_price_rule(theater)
    prices = make_price_list(theater)
    plain = [make_showtime(auditorium=make_auditorium(theater), price_list=prices) for _ in range(2)]
    drafts = [make_draft(auditorium=make_auditorium(theater), price_list=prices) for _ in range(2)]
    Showtime.objects.filter(pk__in=[one.pk for one in drafts]).update(picture="3D")
    deep = [open_for_sale(showtime_id=draft.pk, actor="test") for draft in drafts]
    assert (
        plain[0].price_version_id == plain[1].price_version_id != deep[0].price_version_id == deep[1].price_version_id
    )
    assert list(at_older_prices(prices, now=timezone.now())) == []


def test_a_price_that_no_card_can_pay_is_refused_at_publishing(theater):
    make_price_rule(theater, kind="DAY_RATE", name="Nearly free", pictures=[], amount=Decimal("0.10"))
    with pytest.raises(SchedulingRefused, match="No card can pay less"):
        make_showtime(auditorium=make_auditorium(theater))
    assert not PriceVersion.objects.exists()


class TestEarlyBird:
    def test_who_chooses_in_time_pays_less_on_the_map_in_lists_and_at_pay(self, theater):
        early(theater)
        showtime, now = make_showtime(auditorium=make_auditorium(theater)), timezone.now()
        assert shown_prices(showtime.pk, now=now)["STANDARD"] == Decimal("11.50")
        assert lowest_prices([showtime], now=now)[showtime.pk] == Decimal("11.50")
        hold = hold_seats(showtime, make_browser(1), "A1")
        assert hold.price_version_id == version_at(showtime, now) != showtime.price_version_id
        assert pay_for(showtime, make_browser(1), "A1", total="11.50").total == Decimal("11.50")

    def test_later_it_is_the_full_price(self, theater):
        early(theater)
        showtime = make_showtime(auditorium=make_auditorium(theater))
        too_late(showtime)
        now = timezone.now()
        assert shown_prices(showtime.pk, now=now)["STANDARD"] == Decimal("14.50")
        assert lowest_prices([showtime], now=now)[showtime.pk] == Decimal("14.50")
        assert hold_seats(showtime, make_browser(1), "A1").price_version_id == showtime.price_version_id

    def test_seats_held_in_time_keep_the_price_although_it_is_over_meanwhile(self, theater):
        early(theater)
        showtime = make_showtime(auditorium=make_auditorium(theater))
        hold_seats(showtime, make_browser(1), "A1")
        too_late(showtime)
        seen = read_seat_map(showtime_id=showtime.pk, holder=make_browser(1).holder)
        assert adult(seen.version_id) == Decimal("11.50")
        assert pay_for(showtime, make_browser(1), "A1", total="11.50").total == Decimal("11.50")

    def test_seats_held_too_late_are_refused_at_the_old_price_and_the_new_one_is_told(self, theater, client):
        early(theater)
        showtime = make_showtime(auditorium=make_auditorium(theater))
        too_late(showtime)
        client.cookies["holder"] = COOKIE
        hold_seats(showtime, ME, "A1")
        form = {"action": "pay", "email": "ada@example.com", "type-A1": "ADULT", "total": "11.50"}
        form["showing"] = f"{showtime.movie.slug} {int(showtime.starts_at.timestamp())}"
        answer = client.post(f"/checkout/{showtime.pk}/", form)
        assert (answer.status_code, Booking.objects.count()) == (409, 0)
        page = answer.content.decode()
        assert "Pay £14.50" in page and "The price has changed" in page

    def test_the_moment_itself_is_still_in_time_in_both_languages(self, theater):
        """The map and the hold ask SQL, and lists ask Python: both find the same stage."""
        early(theater)
        early(theater, name="Very early", amount=Decimal(5), hours_before=13)
        showtime = make_showtime(auditorium=make_auditorium(theater))
        for minutes, price in [
            (13 * 60 + 1, "9.50"),
            (13 * 60 - 1, "11.50"),
            (12 * 60 + 1, "11.50"),
            (12 * 60 - 1, "14.50"),
        ]:
            Showtime.objects.filter(pk=showtime.pk).update(starts_at=timezone.now() + timedelta(minutes=minutes))
            showtime.refresh_from_db()
            seen = read_seat_map(showtime_id=showtime.pk, holder="")
            assert seen.version_id == version_at(showtime, timezone.now())
            assert (
                adult(seen.version_id) == Decimal(price) == lowest_prices([showtime], now=timezone.now())[showtime.pk]
            )
        at = showtime.starts_at - timedelta(hours=12)
        assert adult(version_at(showtime, at)) == Decimal("11.50")
        assert adult(version_at(showtime, at + timedelta(microseconds=1))) == Decimal("14.50")

    def test_until_a_date_all_showtimes_share_the_prices_and_a_moved_one_keeps_its_promise(self, theater):
        today = timezone.now().astimezone(theater.zone).date()
        early(theater, name="Opening offer", hours_before=0, until_day=today + timedelta(days=2))
        auditorium, prices = make_auditorium(theater), make_price_list(theater)
        shows = [
            make_showtime(auditorium=auditorium, price_list=prices, starts_at=evening(days=days)) for days in (3, 5)
        ]
        assert len({showtime.price_version_id for showtime in shows}) == 1
        last = datetime.combine(today + timedelta(days=2), time(23, 59, 59), tzinfo=theater.zone)
        for showtime in shows:
            assert adult(version_at(showtime, last)) == Decimal("11.50")
            assert adult(version_at(showtime, last + timedelta(seconds=1))) == Decimal("14.50")
        Showtime.objects.filter(pk=shows[0].pk).update(starts_at=evening(days=3) - timedelta(minutes=30))
        assert adult(version_at(Showtime.objects.get(pk=shows[0].pk), last)) == Decimal("11.50")
        assert lowest_prices(shows, now=last)[shows[1].pk] == Decimal("11.50")
        hold = hold_seats(shows[1], make_browser(1), "A1")
        assert (
            adult(hold.price_version_id)
            == Decimal("11.50")
            == shown_prices(shows[1].pk, now=timezone.now())["STANDARD"]
        )
        # The release before knows only hours, and sells none of these early.
        assert set(PriceVersion.objects.exclude(standard=None).values_list("hours_before", flat=True)) == {NEVER}

    @pytest.mark.parametrize(
        "zone", some(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"], every=2)
    )
    def test_the_database_counts_days_by_the_same_clock(self, theater, zone):
        """Around each change of clocks in 2027, for days and hours of all kinds."""
        Theater.objects.filter(pk=theater.pk).update(timezone=zone)
        early(theater)
        showtime = make_showtime(auditorium=make_auditorium(theater))
        version = PriceVersion.objects.get(standard=showtime.price_version_id)
        ask = f"""SELECT {ENDS_AT} FROM (SELECT %s::timestamptz AS starts_at, %s::bigint AS auditorium_id) AS showtime,
                  (SELECT NULL::timestamptz AS ends_at, %s::smallint AS hours_before) AS early"""
        nights = [
            datetime(2027, month, day, tzinfo=UTC)
            for month, day in [(3, 14), (3, 28), (4, 3), (10, 2), (10, 31), (11, 7)]
        ]
        with connection.cursor() as cursor:
            for starts_at in (night + timedelta(minutes=30 * step) for night in nights for step in range(-6, 60)):
                for hours in (0, 5, 24, 30, 48, 7 * 24 + 3):
                    cursor.execute(ask, [starts_at, showtime.auditorium_id, hours])
                    expected = EarlyEnd(hours).moment(starts_at, ZoneInfo(zone))
                    assert cursor.fetchone() == (expected,), (starts_at, hours)
        assert version.early_end == EarlyEnd(12)


class TestPages:
    def test_the_map_says_what_is_in_its_prices(self, theater, client):
        make_price_rule(theater, translations={"de": {"name": "3D-Zuschlag"}})
        early(theater, percent=Decimal(10), amount=None)
        deep = make_deep(theater)
        page = client.get(f"/showtimes/{deep.pk}/").content.decode()
        assert "<b>3D surcharge</b>: £2.00 more per person, included" in page
        assert "<b>Early bird</b>: 10% off, if you choose your seats by" in page
        assert "£14.85" in page  # (14.50 + 2) less a tenth
        german = client.get(f"/showtimes/{deep.pk}/", headers={"accept-language": "de"}).content.decode()
        assert "<b>3D-Zuschlag</b>" in german

    def test_checkout_shows_the_list_price_each_rule_and_the_sum(self, theater, client):
        make_price_rule(theater)
        early(theater, percent=Decimal(10), amount=None)
        deep = make_deep(theater)
        client.cookies["holder"] = COOKIE
        hold_seats(deep, ME, "A1", "A2")
        page = " ".join(client.get(f"/checkout/{deep.pk}/").content.decode().split())
        for name, amount in [("List price", "£29.00"), ("3D surcharge", "£4.00"), ("Early bird", "−£3.30")]:
            assert f'<dt>{name}</dt><dd class="amount">{amount}</dd>' in page
        assert "Pay £29.70" in page

    def test_a_promo_code_comes_after_the_rules(self, theater):
        make_price_rule(theater)
        make_promo("HALF", kind="PERCENT", percent=Decimal(50))
        deep, browser = make_deep(theater), make_browser(1)
        hold_seats(deep, browser, "A1")
        form = PayForm(
            email="a@example.com", choices={"A1": "ADULT"}, expected_total=Decimal("8.25"), promo_code="HALF"
        )
        assert open_booking(showtime_id=deep.pk, browser=browser, form=form).total == Decimal("8.25")


RULE = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["DAY_RATE", "SURCHARGE"]),
        "number": st.integers(0, 2000).map(lambda pence: Decimal(pence) / 100),
        "is_amount": st.booleans(),
    }
)


@given(st.lists(RULE, max_size=4), st.sampled_from([("A1",), ("A1", "B1"), ("A1", "A2", "B1")]))
@settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shown_is_charged_to_the_cent_whatever_the_rules(theater, rules, labels):
    PriceRule.objects.all().delete()
    for rule in rules:
        named = {"amount" if rule["is_amount"] else "percent": rule["number"]}
        make_price_rule(theater, kind=rule["kind"], pictures=[], **{"amount": None, "percent": None} | named)
    try:
        showtime = make_showtime(auditorium=make_auditorium(theater))
    except SchedulingRefused:
        return  # below the smallest price that a card can pay
    categories = dict(showtime.plan.seats.values_list("label", "category"))
    on_map = shown_prices(showtime.pk, now=timezone.now())
    shown = sum(on_map[categories[label]] for label in labels)
    browser = make_browser(Hold.objects.count() + 1)
    hold_seats(showtime, browser, *labels)
    seats = list(showtime.plan.seats.filter(label__in=labels).order_by("pk"))
    quote = make_quote(showtime=showtime, seats=seats, choices={}, prices=pinned_prices(showtime.price_version_id))
    assert quote.total == shown == quote.list_total + sum(change.amount for change in quote.price_changes)
    booking = pay_for(showtime, browser, *labels, total=shown)
    tickets = list(booking.tickets.all())
    assert booking.total == shown == sum(ticket.price for ticket in tickets)
    assert all(ticket.price >= 0 for ticket in tickets)
    assert all(ticket.list_price + sum(one.amount for one in ticket.changes) == ticket.price for ticket in tickets)


def test_the_shares_of_a_family_add_up_with_its_surcharge(theater):
    TicketType.objects.create(theater=theater, code="FAMILY", name="Family", position=5, people=3)
    make_price_rule(theater, percent=Decimal(10), pictures=[])
    prices = make_price_list(theater, PRICES | {"FAMILY": Decimal("40.00")})
    showtime, browser = make_showtime(auditorium=make_auditorium(theater), price_list=prices), make_browser(1)
    hold_seats(showtime, browser, "A1", "A2", "A3")
    seats = list(showtime.plan.seats.filter(label__in=["A1", "A2", "A3"]).order_by("pk"))
    quote = make_quote(
        showtime=showtime, seats=seats, choices=dict.fromkeys(("A1", "A2", "A3"), "FAMILY"),
        prices=pinned_prices(showtime.price_version_id),
    )  # fmt: skip
    assert (quote.total, quote.list_total) == (Decimal(44), Decimal(40))
    assert not [one for line in quote.lines for one in line.types if one.is_impossible]
    two = make_quote(showtime=showtime, seats=seats[:2], choices={}, prices=pinned_prices(showtime.price_version_id))
    assert {one.code for one in two.lines[0].types if one.is_impossible} == {"FAMILY"} and two.impossible == []
    assert [(change.name, change.amount) for change in quote.price_changes] == [("3D surcharge", Decimal(4))]
