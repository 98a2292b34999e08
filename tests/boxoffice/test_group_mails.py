"""The contact of a group gets the link to its seats by mail; the contact is in exports and can be erased."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from payments.privacy.account_erasure import erase_account
from payments.privacy.personal_data import data_of_account
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.groups.group_blocks import Group, end_block, keep_for_group, send_link
from reservations.groups.group_mails import send_due_group_mail
from reservations.models import GroupBlock, GroupMail, ShowtimeSeat
from staff.models import AuditEntry
from tests.boxoffice.test_group_blocks import keep, page_of, said
from tests.factories import make_staff
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
ADA = "ada@example.com"


def keep_seats(showtime, contact=ADA, language="en"):
    now = timezone.now()
    group = Group("Scouts", contact, now + timedelta(hours=1), language)
    return keep_for_group(showtime=showtime, labels=["A1", "A2"], group=group, actor="test", now=now)


def sent():
    send_due_group_mail(now=timezone.now())
    return mail.outbox


def test_the_link_goes_to_the_contact_at_once_and_again_by_a_button(office, showtime):
    answer = keep(office, showtime, "A1", "A2")
    assert "The link is on its way to scouts@example.com." in said(answer)
    (first,) = sent()
    block = GroupBlock.objects.get()
    assert first.to == ["scouts@example.com"] and f"/groups/{block.code}/" in first.body
    assert "A1 and A2" in first.body and first.subject.startswith("Kept for your group: ")
    assert "Send the link again" in office.get(page_of(showtime)).text
    office.post(page_of(showtime), {"seats": [], "_send": str(block.pk)})
    assert len(sent()) == 2
    assert AuditEntry.objects.filter(action="send a group its link").count() == 1


def test_it_is_written_in_the_language_of_the_group(showtime):
    keep_seats(showtime, language="de")
    (only,) = sent()
    assert "Die Plätze Ihrer Gruppe" in only.subject and "Wir halten diese Plätze" in only.body


def test_a_phone_number_gets_no_mail_and_says_so(showtime):
    block = keep_seats(showtime, contact="+44 20 7946 0921")
    assert sent() == []
    with pytest.raises(SchedulingRefused, match="No e-mail address"):
        send_link(block=block, actor="test")


def test_one_mail_at_a_time_and_none_for_a_block_that_ended(showtime):
    block = keep_seats(showtime)
    with pytest.raises(SchedulingRefused, match="still on its way"):
        send_link(block=block, actor="test")
    end_block(block=block, actor="test")
    assert sent() == [] and not GroupMail.objects.exists()


def test_the_contact_is_in_the_export_and_goes_with_the_account(showtime, django_user_model):
    ada = django_user_model.objects.create_user(ADA, "x")
    EmailAddress.objects.create(user=ada, email=ADA, verified=True, primary=True)
    keep_seats(showtime, contact="Ada@Example.com")
    (group,) = data_of_account(ada)["groups"]
    assert (group["name"], group["seats"], group["email"]) == ("Scouts", ["A1", "A2"], "Ada@Example.com")
    erase_account(user_id=ada.pk, now=timezone.now())
    assert GroupBlock.objects.get().contact == "" and sent() == mail.outbox
    assert not [one for one in mail.outbox if "/groups/" in one.body]
    assert ShowtimeSeat.objects.filter(group_block__isnull=False).count() == 2


def test_the_counter_sees_the_link(office, showtime):
    block = keep_seats(showtime)
    assert f"/groups/{block.code}/" in office.get(f"/counter/showtimes/{showtime.pk}/").text


def kept_at_counter(client, showtime, **typed):
    until = showtime.starts_at.astimezone(showtime.auditorium.theater.zone) - timedelta(hours=3)
    form = {"group-name": "Scouts", "group-contact": ADA, "group-on": f"{until:%Y-%m-%d}", "group-at": f"{until:%H:%M}"}
    return client.post(f"/counter/showtimes/{showtime.pk}/group/", form | typed)


def test_the_counter_keeps_the_seats_in_hand_for_a_group(office, showtime):
    office.post(f"/counter/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2"]})
    assert "Keep the seats in hand for a group" in office.get(f"/counter/showtimes/{showtime.pk}/").text
    assert kept_at_counter(office, showtime).status_code == 302
    block = GroupBlock.objects.get()
    rows = ShowtimeSeat.objects.filter(group_block=block).order_by("pk")
    assert [(row.label, row.hold_id) for row in rows] == [("A1", None), ("A2", None)]
    assert [one.to for one in sent()] == [[ADA]]


def test_without_seats_or_a_name_nothing_is_kept_and_the_seats_stay_in_hand(office, showtime):
    assert "Choose the seats of the group" in kept_at_counter(office, showtime).text
    office.post(f"/counter/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    assert kept_at_counter(office, showtime, **{"group-name": ""}).status_code >= 400
    late = showtime.starts_at.astimezone(showtime.auditorium.theater.zone) + timedelta(days=2)
    assert kept_at_counter(office, showtime, **{"group-on": f"{late:%Y-%m-%d}"}).status_code >= 400
    assert ShowtimeSeat.objects.get(label="A1").hold is not None and not GroupBlock.objects.exists()


def test_who_may_only_sell_keeps_nothing_for_groups(showtime):
    seller = Client()
    seller.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    seller.post(f"/counter/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    assert kept_at_counter(seller, showtime).status_code == 403
    assert "Keep the seats in hand" not in seller.get(f"/counter/showtimes/{showtime.pk}/").text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ChangeKind.TIME, "The showtime has changed. What stands above is how it is now."),
        (ChangeKind.CANCEL, "This show has been canceled, so we keep nothing for you any more."),
    ],
)
def test_a_group_that_has_not_paid_is_told_of_a_changed_showtime(showtime, kind, words):
    """The group has no booking, so it would get no notice of the change either."""
    boss = make_staff("MANAGER", showtime.auditorium.theater)
    keep_seats(showtime)
    assert len(sent()) == 1
    starts_at = showtime.starts_at + timedelta(minutes=45) if kind == ChangeKind.TIME else None
    request, now = ChangeRequest(kind, starts_at=starts_at), timezone.now()
    planned = plan_change(showtime=showtime, request=request, user_id=boss.pk, now=now)
    apply_change(change_id=planned.pk, reason="The heating is broken", user_id=boss.pk, now=now)
    second = sent()[1]
    assert words in " ".join(second.body.split())
    assert ("/groups/" in second.body) is (kind == ChangeKind.TIME)
    assert ("Kept for" in second.body) is (kind == ChangeKind.TIME)
    assert second.subject.startswith("Canceled: ") is (kind == ChangeKind.CANCEL)
    assert len(sent()) == 2
