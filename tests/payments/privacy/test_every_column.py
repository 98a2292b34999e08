"""Every column of docs/privacy.md about customers is emptied with the account or when its term ends, or identifies
nobody.

A column that is added to the data map fails until it is listed here and `ada` makes a row for it.
"""

import json
import re
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import AccountMail, AccountSession, SavedNeeds, User
from accounts.services import account_mail
from accounts.tasks import sweep_sessions
from payments.models import Payment, ProviderEvent
from payments.privacy.account_erasure import erase_account
from payments.privacy.client_addresses import forget_old_addresses
from payments.privacy.personal_data import data_of_account
from payments.privacy.retention import forget_old_data
from reservations.groups.group_blocks import end_due_blocks
from reservations.models import (
    BookingAccess,
    BookingNote,
    ChangeNotice,
    Exchange,
    FavoriteMail,
    Friend,
    GroupMail,
    LinkRequest,
    SharedBlockMail,
    Transfer,
    WaitingMail,
)
from reservations.tasks import sweep_holds
from sales.models import Contact
from tests.aging import unguarded
from tests.clock import begins_in
from tests.core.test_privacy_map import DOCUMENT, mapped_columns
from tests.factories import (
    buy,
    make_allowance,
    make_browser,
    make_ended_block,
    make_favorite,
    make_group,
    make_staff,
    make_transfer,
    make_waiting_entry,
)
from tests.sales.test_contact_erasure import traces
from theaters.models import ShowtimeChange

pytestmark = pytest.mark.django_db
EMAIL = "ada.lovelace@example.com"


def customers_part() -> str:
    return DOCUMENT.read_text().partition("## Customers")[2].partition("## Staff")[0]


@pytest.fixture
def boss(showtime) -> User:
    return make_staff("MANAGER", showtime.auditorium.theater)


@pytest.fixture
def ada(showtime, sandbox, deliver, django_user_model, boss) -> User:
    booking = buy(sandbox, showtime, make_browser(1), "A1", "A2", email=EMAIL)
    deliver()
    Contact.objects.update(told_needs=["DOG"])
    user = django_user_model.objects.create_user(
        EMAIL, "a long password of hers", first_name="Ada", last_name="Lovelace"
    )
    address = EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    EmailConfirmation.objects.create(email_address=address, key="k" * 40, sent=timezone.now())
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    SavedNeeds.objects.create(user=user, needs=["WHEELCHAIR"])
    BookingAccess.objects.create(booking=booking, holder="a" * 64, link_version=1)
    BookingNote.objects.create(booking=booking, text="Ada phones often", author=boss)
    Exchange.objects.create(booking=booking, holder="b" * 64, showtime=showtime, ticket_ids=[1])
    make_transfer(booking.tickets.first())
    Transfer.objects.update(told_needs=["DOG"])
    make_allowance(showtime, email=EMAIL)
    entry, favorite = (
        make_waiting_entry(showtime, email=EMAIL, user=user),
        make_favorite(showtime.auditorium.theater, showtime.movie, email=EMAIL, user=user),
    )
    (
        WaitingMail.objects.create(entry=entry, kind="CONFIRM"),
        FavoriteMail.objects.create(favorite=favorite, kind="CONFIRM"),
    )
    group = make_group(showtime, "B1", contact=EMAIL)
    GroupMail.objects.create(block=group, purpose="x")
    block = make_ended_block(showtime, email=EMAIL)
    block.user = user
    block.email = EMAIL
    block.save()
    SharedBlockMail.objects.create(block=block, purpose="y")
    Friend.objects.create(block=block, holder="c" * 64, name="Ada")
    LinkRequest.objects.create(asked_for=EMAIL)
    AccountMail.objects.create(kind="x", to=EMAIL, sealed="x")
    AccountSession.objects.create(user=user, session_key="s", auth_hash="h", address="::1", signed_in_at=timezone.now())
    session = SessionStore()
    session["_auth_user_id"] = user.pk
    session.create()
    change = ShowtimeChange.objects.create(showtime=showtime, kind="MOVED", before={}, after={})
    ChangeNotice.objects.create(change=change, booking=booking)
    return user


def filled(*, but: User) -> set[str]:
    """The mapped columns that are filled in some row, without the rows of this member of staff."""
    found = set()
    for name in mapped_columns(customers_part()):
        table, column = name.split(".")
        own = f" AND id <> {but.pk}" if table == "accounts_user" else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT EXISTS (SELECT FROM "{table}" WHERE coalesce("{column}"::text, '') NOT IN ('', '{{}}', '[]'){own})"""
            )
            if cursor.fetchone()[0]:
                found.add(name)
    return found


def fill() -> None:
    """Write something into every mapped column that is empty in all rows."""
    with unguarded() as cursor:
        for name in mapped_columns(customers_part()):
            table, column = name.split(".")
            field = next(
                f for m in apps.get_models() if m._meta.db_table == table for f in m._meta.fields if f.column == column
            )
            value = json.dumps({"to": "Ada"}) if field.get_internal_type() == "JSONField" else "Ada"
            empty = f"""coalesce("{column}"::text, '') IN ('', '{{}}')"""
            # Columns of a state that no row here has stay empty.
            with suppress(IntegrityError, DataError), transaction.atomic():
                cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = %s WHERE {empty}',
                    [value[: getattr(field, "max_length", None) or 99]],
                )


def four_years_later() -> None:
    """Move all moments of all tables four years into the past."""
    with unguarded() as cursor:
        for model in apps.get_models():
            moments = [f.column for f in model._meta.local_fields if f.get_internal_type() == "DateTimeField"]
            if moments and model._meta.managed:
                sets = ", ".join(f""""{column}" = "{column}" - interval '4 years'""" for column in moments)
                cursor.execute(f'UPDATE "{model._meta.db_table}" SET {sets}')


# STAYS never empties. AT_NIGHT empties in the night after the account was erased, or when the term of a thing without an account
# ends.
STAYS = {
    # An erased account has an address and a password that nobody has; the next test checks them.
    "accounts_user.email", "accounts_user.password",
    # Hashes of cookies, secrets of links that no longer work, and words that name nobody.
    "payments_payment.session_url", "reservations_booking.holder", "reservations_booking.party_code",
    "reservations_changenotice.last_error", "reservations_exchange.holder", "reservations_favorite.code",
    "reservations_hold.holder", "reservations_outgoingmail.facts", "reservations_outgoingmail.to", "reservations_transfer.code",
    "reservations_transfer.holder", "reservations_transfer.new_code", "reservations_transfer.old_code",
    "reservations_waitingentry.code", "reservations_waitingentry.section",
}  # fmt: skip
AT_NIGHT = {
    "accounts_accountmail.sealed", "accounts_accountmail.to", "django_session.session_data", "django_session.session_key",
    "payments_payment.address", "payments_payment.card", "payments_payment.card_last4", "payments_providerevent.payload",
    "reservations_bookingaccess.holder", "reservations_groupblock.code", "reservations_groupblock.name",
    "reservations_hold.address", "reservations_hold.network",
}  # fmt: skip


def erase(user: User) -> None:
    """Erase the account days after its showtime."""
    begins_in(Exchange.objects.get().showtime, days=-3)
    with unguarded():
        Payment.objects.update(ended_at=F("ended_at") - timedelta(days=3))
    erase_account(user_id=user.pk, now=timezone.now())


def run_the_night() -> None:
    account_mail.send_due_mail()
    sweep_sessions()
    sweep_holds()
    end_due_blocks()
    forget_old_addresses()
    forget_old_data(now=timezone.now())


def test_every_mapped_column_empties_or_is_said_to_stay(ada, boss):
    fill()
    mapped = mapped_columns(customers_part())
    assert mapped - filled(but=boss) <= STAYS, "the world of this test has nothing in these"
    assert mapped >= STAYS | AT_NIGHT
    erase(ada)
    assert filled(but=boss) <= STAYS | AT_NIGHT, "these are still there after the account was erased"
    four_years_later()
    ProviderEvent.objects.update(done_at=timezone.now(), outcome="nothing to do")
    run_the_night()
    assert filled(but=boss) <= STAYS, "these outlive their term"


def test_what_says_that_it_stays_in_the_map_is_what_stays():
    row = re.compile(r"^\| (\w+) \| ([\w, ]+) \|[^|]*\| stays[^|]* \|", re.MULTILINE)
    said = {f"{table}.{name.strip()}" for table, names in row.findall(customers_part()) for name in names.split(",")}
    assert said <= STAYS


def test_no_table_has_a_trace_of_an_erased_account(ada):
    erase(ada)
    account_mail.send_due_mail()
    assert traces("lovelace") - {"payments_providerevent.payload"} == set()
    assert not User.objects.get(pk=ada.pk).has_usable_password()


def test_what_a_person_gave_us_is_in_their_file(ada):
    """The file has the columns of the map that are theirs, found by the words they typed. Secrets and notes of staff are
    not in it.
    """
    data = json.dumps(data_of_account(ada), default=str)
    for words in (EMAIL, "Ada", "Lovelace", "WHEELCHAIR", "DOG", "Scouts"):
        assert words in data
    parts = data_of_account(ada)
    assert all(parts[name] for name in ("account", "sales", "waiting_lists", "favorites", "held_for_friends", "groups"))
    assert "Ada phones often" not in data
