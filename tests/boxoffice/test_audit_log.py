"""The audit log is shown by day and can be downloaded as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from houses.business_days import day_bounds
from houses.models import Theater
from staff.models import AuditEntry
from staff.services import audit_export
from staff.services.audit import record
from tests.aging import unguarded
from tests.clock import evening, today
from tests.factories import make_staff, make_theater
from tests.signing_in import give_factor, signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/staff/auditentry/"
FILE = f"{LIST}export.csv"


def entry(theater, *, at=None, **facts):
    made = record(actor="worker", action="change", thing=theater or Theater(name="x"), theater=theater, **facts)
    if at is not None:
        with unguarded():
            AuditEntry.objects.filter(pk=made.pk).update(at=at)
    return made


def browser(role, *theaters):
    client = Client()
    client.force_login(make_staff(role, *theaters))
    return client


def listed(client, query=""):
    return set(client.get(f"{LIST}{query}").context["cl"].result_list)


def exported(client, query=""):
    answer = client.get(f"{FILE}{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def days(first="", last=""):
    return f"?first={first}&last={last}"


def test_days_begin_when_the_theaters_do(office):
    london, tokyo = make_theater(), make_theater(timezone_name="Asia/Tokyo")
    day = evening(-5).date()
    edges = {}
    for theater in (london, tokyo):
        start, end = day_bounds(theater, day)
        moments = (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end)
        edges[theater] = [entry(theater, at=moment) for moment in moments]
    inside = {edges[london][1], edges[london][2], edges[tokyo][1], edges[tokyo][2]}
    assert listed(office, days(day, day)) == inside
    after = {edges[london][3], edges[tokyo][3]}
    assert listed(office, days(first=day)) == inside | after
    assert listed(office, days(last=day)) == inside | {edges[london][0], edges[tokyo][0]}


def test_entries_of_no_theater_have_the_days_that_are_shown(office):
    day = evening(-5).date()
    midnight = timezone.now().replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0)
    first, second = entry(None, at=midnight), entry(None, at=midnight + timedelta(hours=23))
    entry(None, at=midnight + timedelta(days=1)), entry(None, at=midnight - timedelta(minutes=1))
    assert listed(office, days(day, day)) == {first, second}


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-13-01", "", "Write days as"),
        ("", "yesterday", "Write days as"),
        ("0001-01-01", "", "Write days as"),
        ("9999-12-31", "9999-12-31", "Write days as"),
        ("2027-03-02", "2027-03-01", "The last day lies before the first."),
    ],
)
def test_impossible_days_are_refused_with_a_sentence(office, first, last, sentence):
    entry(make_theater())
    answer = office.get(LIST + days(first, last))
    assert answer.status_code == 200
    assert sentence in answer.content.decode() and not answer.context["cl"].result_count


def test_an_entry_of_no_theater_opens_for_readers_of_every_theater_alone():
    mine, other = make_theater(), make_theater()
    page = f"{LIST}{entry(None).pk}/change/"
    everywhere, somewhere = browser("AUDITOR", mine, other), browser("AUDITOR", mine)
    assert (everywhere.get(page).status_code, somewhere.get(page).status_code) == (200, 404)


def test_the_form_keeps_search_and_other_filters(office):
    theater = make_theater()
    old = entry(theater, at=timezone.now() - timedelta(days=30), reason="The law changed")
    page = office.get(f"{LIST}?q=law&action=change&p=0").content.decode()
    assert '<input type="hidden" name="q" value="law">' in page
    assert '<input type="hidden" name="action" value="change">' in page
    assert listed(office, "?q=law&action=change") == {old}
    assert listed(office, f"?q=law&action=change&first={today(theater)}") == set()


def test_the_file_has_what_the_list_shows_and_nothing_a_spreadsheet_runs(office, manager):
    theater = make_theater()
    made = entry(theater, before={"name": "Old"}, after={"name": "=1+1", "tags": ["a", "b"]}, reason="=HYPERLINK(1)")
    entry(theater, at=timezone.now() - timedelta(days=30))
    (line,) = exported(office, days(today(theater), today(theater)))
    assert line["number"] == str(made.pk) and line["theater"] == theater.name
    assert line["from → to"] == "name: Old → =1+1; tags:  → a, b"
    assert line["reason"] == "'=HYPERLINK(1)"
    assert line["when"] == AuditEntry.objects.get(pk=made.pk).at.astimezone(theater.zone).isoformat(timespec="seconds")
    assert (line["time zone"], line["person"]) == ("Europe/London", "worker")


def test_the_export_stands_in_the_log_with_its_filters(office, manager):
    theater = make_theater()
    entry(theater)
    exported(office, "?action=change")
    noted = AuditEntry.objects.first()
    assert (noted.user, noted.action, noted.theater) == (manager, "export audit log", None)
    assert noted.after == {"action": "change", "entries": 1}
    assert "the audit log" in office.get(LIST).content.decode()


def test_a_file_has_only_own_theaters_and_each_of_them_logs_it():
    ours, theirs = make_theater(), make_theater()
    mine = entry(ours)
    entry(theirs), entry(None)
    auditor = browser("AUDITOR", ours)
    assert [line["number"] for line in exported(auditor)] == [str(mine.pk)]
    assert exported(auditor, f"?theater__id__exact={theirs.pk}") == []
    told = AuditEntry.objects.filter(action="export audit log")
    assert set(told.values_list("theater", flat=True)) == {ours.pk}


def test_lines_of_a_theater_where_somebody_only_reads_stay_there():
    """The person is manager at one theater and auditor at another."""
    read, audited = make_theater(), make_theater()
    entry(read)
    mine = entry(audited)
    person = make_staff("AUDITOR", audited)
    person.staff_roles.create(theater=read, role="MANAGER")
    make_theater()
    client = Client()
    client.force_login(person)
    assert len(listed(client)) == 2
    assert [line["number"] for line in exported(client)] == [str(mine.pk)]


@pytest.mark.parametrize("role", ["MANAGER", "BOX_OFFICE", "DOOR", "FINANCE"])
def test_others_cannot_download_it(role):
    theater = make_theater()
    client = browser(role, theater)
    assert client.get(FILE).status_code == 403
    assert not AuditEntry.objects.exists()
    if role == "MANAGER":
        assert "Export as CSV" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["", "?action=change"])
def test_a_file_asks_for_the_second_factor_again(settings, time_machine, query):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    person = make_staff("AUDITOR", make_theater())
    client = signed_in(person, factor=give_factor(person))
    assert client.get(FILE + query).status_code == 200
    time_machine.shift(301)
    answer = client.get(FILE + query)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("mfa_reauthenticate"))
    assert AuditEntry.objects.count() == 1


def test_a_long_log_is_read_in_batches(office, monkeypatch):
    monkeypatch.setattr(audit_export, "BATCH", 2)
    theater = make_theater()
    made = [str(entry(theater).pk) for _ in range(5)]
    answer = office.get(FILE)
    assert answer.streaming
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert [line["number"] for line in csv.DictReader(io.StringIO(text))] == made[::-1]
    assert len(queries) == 4


def test_only_get_makes_a_file(office):
    for method in (office.post, office.head):
        assert method(FILE).status_code == 405
    assert office.get(f"{FILE}?nonsense__at=1").status_code in (200, 302)
