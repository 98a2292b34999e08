"""Text and numbers that no row can hold are refused in one place with 400 or 404, and never give a stack trace."""

import json
import time

import pytest
from django.db import DataError
from django.test import Client

from core.web.unstorable_text import is_unstorable
from reservations.moving_in.old_ticket_files import OldFileRefused, read_old_tickets
from tests.core.walking import filled_paths, routes
from theaters.movies.movie_files import FileRefused, read_table

pytestmark = pytest.mark.django_db
LONE_HALVES = [r"\ud83d", r"\ude00", r"\ude00\ud83d", r"\\\ud83d", r"\ud83d\\ude00", r"\ud83dx\ude00"]


@pytest.fixture
def staff(django_user_model) -> Client:
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("root@marquee.example", "a long pass phrase"))
    return client


@pytest.mark.long
def test_nul_in_the_query_of_every_address(staff):
    assert len(filled_paths()) > 200
    wrong = {path: status for path in filled_paths() if (status := staff.get(f"{path}?q=a%00b").status_code) != 400}
    assert wrong == {}


@pytest.mark.long
def test_nul_in_a_form_of_every_address(staff):
    for path in filled_paths():
        assert staff.post(path, {"q": "a\0b"}).status_code == 400, path


@pytest.mark.parametrize("content", [{"q": "a\0b"}, {"q\0": "a"}])
@pytest.mark.parametrize("as_form", ["multipart", "urlencoded"])
def test_nul_in_the_names_and_values_of_both_kinds_of_forms(client, content, as_form):
    kwargs = {"data": content}
    if as_form == "urlencoded":
        body = "&".join(f"{name}={value}" for name, value in content.items()).replace("\0", "%00")
        kwargs = {"data": body, "content_type": "application/x-www-form-urlencoded"}
    assert client.post("/accounts/login/", **kwargs).status_code == 400


def test_nul_in_the_path_and_in_a_cookie(client):
    assert client.get("/movies/a%00b/").status_code == 400
    assert client.get("/", headers={"cookie": r'theater="\000"'}).status_code == 400


@pytest.mark.parametrize("text", [r"\u0000", r"a\u0000b", *LONE_HALVES])
def test_json_with_text_that_cannot_be_stored(client, text):
    answer = client.post("/payments/stripe/webhook/", f'{{"id": "{text}"}}', content_type="application/json")
    assert answer.status_code == 400
    assert "That did not work." in answer.text


@pytest.mark.parametrize("text", [r"\\u0000", r"\ud83d\ude00", r"\\ud83d", "é", r"\u00e9\ud83d\ude00"])
def test_json_that_can_be_stored_gets_as_far_as_its_view(client, text):
    assert json.loads(f'{{"id": "{text}"}}')
    answer = client.post("/payments/stripe/webhook/", f'{{"id": "{text}"}}', content_type="application/json")
    assert "That did not work." not in answer.text


HEAP = "e" + "\u0301\u0316" * 100_000
HEAPS = [HEAP, "e" + "\u0301" * 100_000 + "\u0316" * 100_000, "\u0f73" * 200_000, "\u0301\uff9e" * 100_000]


@pytest.mark.parametrize("heap", HEAPS)
@pytest.mark.parametrize(
    ("path", "field"), [("/accounts/signup/", "email"), ("/find-booking/", "asked_for"), ("/language/", "language")]
)
def test_accents_on_accents_keep_no_process_busy(client, path, field, heap):
    """Python needs more than a minute to sort 200,000 of them, during which the process would answer nobody."""
    began = time.process_time()
    assert client.post(path, {field: f"ada@{heap}.org"}).status_code == 400
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("text", "status"), [("9" * 4300, 302), ("9" * 4301, 400), ("٣" * 5000, 400), ("[" * 100_000 + "]" * 100_000, 400)]
)
def test_json_in_a_form_that_python_does_not_read(client, text, status):
    assert client.post("/accounts/2fa/webauthn/login/", {"credential": text}).status_code == status


def test_accents_in_the_query_and_the_path(client):
    few, many = "e" + "\u0301\u0316" * 20, "e" + "\u0301\u0316" * 40
    assert client.get("/search/", {"q": few}).status_code == 200
    assert client.get("/search/", {"q": many}).status_code == 400
    assert client.get(f"/movies/{many}/").status_code == 400


@pytest.mark.parametrize(("read", "refused"), [(read_old_tickets, OldFileRefused), (read_table, FileRefused)])
def test_accents_in_a_file(read, refused):
    with pytest.raises(refused, match="not a text file"):
        read(f"title,year,{HEAP}\nx,2027,y\n")


@pytest.mark.parametrize("text", ["Ä" * 70_000, "กำ" * 50_000, "👩‍👩‍👧" * 10_000, "한글" * 50_000, "z̷̡̧̛̘" * 9_000])
def test_letters_of_all_languages_are_text(text):
    assert not is_unstorable(text)


@pytest.mark.long
def test_numbers_that_no_row_has(staff):
    """The numbers are put into the path of every address, for reading and for writing."""
    large = str(10**25)
    paths = {path for path in filled_paths(number=large) if large in path}
    assert len(paths) > 50
    for path in paths:
        for ask in (staff.get, staff.post):
            assert ask(path).status_code in {302, 403, 404, 405}, path


def test_a_value_out_of_the_range_of_its_column_is_a_400(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise DataError("integer out of range")

    monkeypatch.setattr("core.web.views.readiness", refuse)
    assert client.get("/readyz").status_code == 400


def test_all_routes_are_walked():
    assert len(filled_paths()) == len(routes())
