"""Two people send the same text at the same time: the second one finds what the first has written."""

import pytest
from django.db import transaction

from reservations.letters.holder_mails import Words, mail_to, recipients_of, write_to_holders
from reservations.models import OutgoingMail
from staff.models import AuditEntry
from tests.boxoffice.scenes import book
from tests.race.racing import run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WORDS = Words("The bar is closed", "Please bring water.")


@pytest.fixture
def send(showtime):
    with transaction.atomic():
        book(showtime, "A1", email="ada@example.com", number=1)
        book(showtime, "A3", email="bob@example.com", number=2)
    mark = recipients_of(showtime, WORDS).mark
    return lambda: write_to_holders(showtime_id=showtime.pk, words=WORDS, mark=mark, reason="x", actor="test")


def test_all_at_once_each_mailbox_gets_one(send):
    assert sorted(map(str, run_all(*[send] * 4))) == ["2", *["WrittenAlready"] * 3]
    assert OutgoingMail.objects.filter(kind="MESSAGE").count() == 2
    assert AuditEntry.objects.filter(action="write to all holders").count() == 1


def test_without_the_lock_the_second_would_fail_on_what_the_first_wrote(send, showtime):
    """Negative control: a constraint on the mails keeps two senders apart, but only by an error."""
    found = recipients_of(showtime, WORDS)

    def write_unlocked():
        OutgoingMail.objects.bulk_create(mail_to(recipient, WORDS) for recipient in found.to_write)

    with transaction.atomic():
        write_unlocked()
        second = start_and_block(write_unlocked)
    with pytest.raises(Exception, match="duplicate key"):
        second.outcome()
