"""A plan of another program is shown, with everything that is renamed, before it becomes the draft."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_auditorium, make_staff, make_theater

pytestmark = pytest.mark.django_db


def test_the_preview_says_which_rows_are_called_differently():
    room, client = make_auditorium(make_theater()), Client()
    client.force_login(make_staff("MANAGER", room.theater))
    page = client.post(
        reverse("admin:plan_import", args=[room.pk]),
        {"source": "row,seat\nБ,1\nБ,2\n", "revision": "0", "_preview": "1"},
    )
    assert "Row “Б” is row B here." in page.text
