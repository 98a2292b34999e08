"""Pages that only show something refuse a POST, and no page accepts a method other than GET, HEAD, POST and OPTIONS."""

import re

import pytest
from django.test import Client

from tests.core.walking import filled_paths, named_paths

pytestmark = pytest.mark.django_db
FORM = re.compile(r"<form\b(?![^>]*logout)[^>]*method=\"post\"", re.IGNORECASE)
READ_ONLY = ("_history", "_csv", "_export", "_example", "_preview")


@pytest.fixture
def staff(django_user_model) -> Client:
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("root@marquee.example", "a long pass phrase"))
    return client


def test_other_methods_are_refused_everywhere(client):
    assert {client.delete(path).status_code for path in filled_paths()} == {405}
    assert {client.generic(method, "/").status_code for method in ("PUT", "PATCH", "TRACE", "PROPFIND")} == {405}


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/showtimes/7/seats/", "/showtimes/7/"),
        ("/showtimes/7/best/", "/showtimes/7/"),
        ("/bookings/KX7M-4QPD/codes/", "/bookings/KX7M-4QPD/"),
        ("/language/", "/"),
    ],
)
def test_an_address_of_a_button_that_is_opened_leads_to_its_page(client, path, page):
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert "Only a button leads here. Nothing was changed" in answer.text
    assert f'class="button" data-kind="primary" href="{page}"' in answer.text
    assert client.get(path).content == b"", "scripts are told by the status"


@pytest.mark.long
def test_every_address_that_takes_no_get_says_so_on_a_page(client):
    said = [answer for path in filled_paths() if (answer := client.get(path, headers=BROWSER)).status_code == 405]
    assert len(said) > 15
    assert [answer.wsgi_request.path for answer in said if "data-sentence" not in answer.text] == []


@pytest.mark.long
def test_pages_of_the_office_that_only_show_refuse_a_post(staff):
    """These are pages without a form, every history, and every file."""
    refuses, taken = [], []
    for name, path in named_paths():
        if not path.startswith("/admin/") or name in {"logout", None} or name.endswith(("_add", "_change", "_delete")):
            continue
        shown = staff.get(path)
        is_read_only = name.endswith(READ_ONLY) or (shown.status_code == 200 and not FORM.search(content_of(shown)))
        if is_read_only:
            (refuses if staff.post(path).status_code == 405 else taken).append(name)
    assert taken == []
    assert {"index", "jsi18n", "theaters_movie_export", "app_list"} <= set(refuses)


def content_of(answer) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_a_form_whose_body_a_view_reads_itself(client):
    assert client.post("/payments/stripe/webhook/", {"id": "evt_1"}).status_code == 400
