"""The page and the command for moving in: a preview first, then the tickets; with sample files that can be read."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from reservations.models import Ticket
from reservations.moving_in.old_ticket_files import EXAMPLE, decode_old_tickets, read_old_tickets
from staff.models import AuditEntry
from tests.boxoffice.scenes import book
from tests.factories import make_staff
from tests.moving_in.old_files import HEADER, old_line

pytestmark = pytest.mark.django_db
PAGE = "/admin/theaters/showtime/move-in/"


@pytest.fixture
def manager(showtime) -> Client:
    client = Client()
    client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
    return client


def test_every_line_is_looked_at_before_anything_is_written(showtime, manager):
    book(showtime, "A1")
    text = "\n".join([f"{HEADER},Shoe size", old_line(showtime, "b1", "A3"), old_line(showtime, "b2", "A1")])
    seen = manager.post(PAGE, {"text": text, "_look": "1"}).content.decode()
    assert "Move 1 ticket in" in seen and "Shoe size" in seen and 'data-outcome="CONFLICT"' in seen
    assert Ticket.objects.count() == 1
    done = manager.post(PAGE, {"text": text, "_apply": "1"}).content.decode()
    assert "One ticket is moved in." in done and "sold already" in done
    assert Ticket.objects.count() == 2
    assert AuditEntry.objects.filter(action="move tickets in").count() == 1
    again = manager.post(PAGE, {"text": text, "_look": "1"}).content.decode()
    assert "There is nothing to do" in again and 'data-outcome="SAME"' in again


def test_what_is_no_file_of_tickets_is_refused_on_the_page(showtime, manager):
    answer = manager.post(PAGE, {"text": "barcode,seat\n1,A1", "_look": "1"})
    assert answer.status_code == 422
    assert "These columns are missing" in answer.content.decode()


def test_the_example_can_be_read(showtime, manager):
    answer = manager.get(f"{PAGE}example.csv")
    lines = read_old_tickets(decode_old_tickets(b"".join(answer.streaming_content))).lines
    assert [line.cell("barcode") for line in lines] == [row[0] for row in EXAMPLE[1:]]


@pytest.mark.parametrize("sample", ["old-tickets.csv", "old-tickets-german.csv"])
def test_the_samples_in_the_docs_can_be_read(sample):
    file = read_old_tickets(decode_old_tickets((settings.BASE_DIR / "docs" / "samples" / sample).read_bytes()))
    assert file.unknown_columns == () and len(file.lines) > 1


def test_the_command_says_what_would_happen_and_then_does_it(showtime, tmp_path: Path):
    path = tmp_path / "old.csv"
    path.write_text("\n".join([HEADER, old_line(showtime, "b1", "A3")]))
    theater = showtime.auditorium.theater.slug
    for options, count in (([], 0), (["--apply"], 1), (["--apply"], 1)):
        out = StringIO()
        call_command("move_in", str(path), "--theater", theater, *options, stdout=out)
        assert Ticket.objects.count() == count
    assert out.getvalue() == "Tickets moved in: 0. Here already: 1. In conflict: 0. Lines refused: 0.\n"


def test_the_command_fails_when_a_line_is_left_out(showtime, tmp_path: Path):
    path = tmp_path / "old.csv"
    path.write_text("\n".join([HEADER, old_line(showtime, "b1", "Z9")]))
    out = StringIO()
    with pytest.raises(CommandError, match="left out"):
        call_command("move_in", str(path), "--theater", showtime.auditorium.theater.slug, "--apply", stdout=out)
    assert "Line 2, Refused: There is no seat “Z9”" in out.getvalue()
