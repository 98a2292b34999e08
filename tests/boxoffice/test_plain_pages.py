"""Every page of the office has a sentence where a list is empty, a way back, and a label on every field."""

import re

import pytest
from django.urls import reverse

from staff.models import AuditEntry
from tests.boxoffice.scenes import book
from tests.factories import make_movie
from theaters.models import Movie

pytestmark = pytest.mark.django_db


def page_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_list_says_what_will_stand_there(office):
    assert "No money has gone back yet." in page_of(office, reverse("admin:payments_refund_changelist"))


def test_a_search_without_an_answer_leads_back_to_all(office, showtime):
    page = page_of(office, reverse("admin:theaters_movie_changelist") + "?q=nothing+like+it")
    assert 'Nothing here is like that. <a href="/admin/theaters/movie/">' in page


def test_a_booking_does_not_link_to_the_page_that_its_customer_alone_may_see(office, showtime):
    booking = book(showtime, "A1")
    page = page_of(office, reverse("admin:reservations_booking_change", args=[booking.pk]))
    assert booking.get_absolute_url() not in page


def test_trails_name_pages_of_the_office_and_no_apps(office, showtime):
    for address in (reverse("admin:theaters_movie_changelist"), reverse("admin:theaters_movie_add")):
        trail = re.search(r'<ol class="breadcrumbs">(.*?)</ol>', page_of(office, address), re.DOTALL)
        assert trail and "/admin/theaters/movie/" in trail.group(1) + address
        assert 'href="/admin/theaters/"' not in trail.group(1)


def test_fields_in_a_table_say_their_names_and_open_no_windows(office, showtime):
    page = page_of(office, reverse("admin:theaters_movie_change", args=[showtime.movie_id]))
    assert 'aria-label="Country"' in page
    assert "related-widget-wrapper" not in page_of(office, reverse("admin:theaters_auditorium_add"))


def test_several_are_deleted_with_a_reason(office):
    one, other = make_movie(title="M", slug="m"), make_movie(title="Frost", slug="frost")
    chosen = {"action": "delete_selected", "_selected_action": [one.pk, other.pk]}
    address = reverse("admin:theaters_movie_changelist")
    asked = office.post(address, chosen).content.decode()
    assert "Delete these movies?" in asked and "Why" in asked
    office.post(address, {**chosen, "post": "yes", "_reason": "Entered twice"})
    assert not Movie.objects.exists()
    assert list(AuditEntry.objects.values_list("action", "reason")) == [("delete", "Entered twice")] * 2


def test_what_is_needed_elsewhere_stays_and_the_page_leads_back(office, showtime):
    page = page_of(office, reverse("admin:theaters_movie_delete", args=[showtime.movie_id]))
    assert "This cannot be deleted" in page
    assert f'<a class="button" href="/admin/theaters/movie/{showtime.movie_id}/change/">Back</a>' in page
