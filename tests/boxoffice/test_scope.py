"""Ways around the limits of a list: actions, posted keys, and addresses with numbers of another theater."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from staff.models import StaffRole
from staff.office import OfficeAdmin
from staff.roles import EVERY_PERMISSION
from tests.boxoffice.two_theaters import MARK, PUBLIC, names_theirs
from tests.factories import make_staff
from theaters.models import Auditorium, Movie, Showtime

pytestmark = pytest.mark.django_db
SHOWTIMES = "/admin/theaters/showtime/"


@pytest.fixture
def manager(houses):
    return make_staff("MANAGER", houses[0].theater)


@pytest.fixture
def office(manager) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def act(client, row, action="publish"):
    return client.post(f"{SHOWTIMES}?day=all", {"action": action, "_selected_action": [row.pk], "post": "yes"})


def test_an_action_on_rows_of_another_theater_does_nothing(office, houses):
    act(office, houses[1].rows["theaters_showtime"])
    assert Showtime.objects.get(pk=houses[1].rows["theaters_showtime"].pk).status == "DRAFT"
    act(office, houses[0].rows["theaters_showtime"])
    assert Showtime.objects.get(pk=houses[0].rows["theaters_showtime"].pk).status == "PUBLISHED"


def test_action_touches_only_rows_one_may_change_among_those_one_sees(office, houses, manager):
    StaffRole.objects.create(user=manager, theater=houses[1].theater, role="AUDITOR")
    draft = houses[1].rows["theaters_showtime"]
    answer = act(office, draft)
    assert "1 of these are not yours to change" in office.get(answer.url).content.decode()
    assert Showtime.objects.get(pk=draft.pk).status == "DRAFT"


def test_posted_key_of_another_theater_is_no_choice(office, houses):
    answer = office.post("/admin/theaters/auditorium/add/", {"name": "New", "theater": houses[1].theater.pk})
    assert "theater" in answer.context["adminform"].form.errors
    assert not Auditorium.objects.filter(name="New").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/theaters/seatingplan/add/?auditorium={theaters_auditorium}",
        "/admin/theaters/showtime/?showtime={theaters_showtime}&day=all",
        "/admin/theaters/showtime/?theater={houses_theater}&day=all",
        "/admin/reservations/booking/?showtime={sold}",
        "/admin/reservations/booking/?q=zanzibar",
        "/admin/theaters/pricelist/?theater__id__exact={houses_theater}",
        "/admin/theaters/showtime/add/?auditorium={theaters_auditorium}",
    ],
)
def test_an_address_with_somebody_elses_number_tells_nothing(office, houses, path):
    known = {page: row.pk for page, row in houses[1].rows.items()} | houses[1].ids
    page = office.get(path.format(**known), follow=True).content.decode()
    assert f"{MARK} " not in page.replace("q=zanzibar", "")


def test_what_stands_in_the_way_of_a_delete_is_not_named(office, manager, houses, rf):
    request = rf.get("/")
    request.user = manager
    ours, theirs = (house.rows["theaters_showtime"] for house in houses)
    stand_in_the_way = admin.site._registry[Movie].get_deleted_objects([Movie.objects.get()], request)[3]
    assert "Something at another theater" in stand_in_the_way
    assert f"showtime: {ours}" in stand_in_the_way and f"showtime: {theirs}" not in stand_in_the_way
    assert MARK not in "".join(stand_in_the_way)


def test_a_delete_of_a_shared_movie_is_refused_with_what_is_public_alone(office):
    page = office.get(f"/admin/theaters/movie/{Movie.objects.get().pk}/delete/").content.decode()
    assert PUBLIC in page and not names_theirs(page)


def test_djangos_search_for_choices_is_gone(office):
    query = {"app_label": "theaters", "model_name": "showtime", "field_name": "movie", "term": ""}
    assert office.get("/admin/autocomplete/", query).status_code == 404


def test_no_list_can_be_asked_through_what_hangs_on_its_rows(office, manager, houses, rf):
    """`/admin/theaters/movie/?showtimes__auditorium__theater=2` would show what another theater is going to play."""
    request = rf.get("/")
    request.user = manager
    asked = 0
    for page in admin.site._registry.values():
        for field in page.model._meta.get_fields():
            if not field.concrete:
                asked += 1
                assert not page.lookup_allowed(f"{field.name}__pk", "1", request), (page, field.name)
    assert asked > 50
    question = {"showtimes__auditorium__theater": houses[1].theater.pk}
    assert office.get("/admin/theaters/movie/", question).status_code == 400


def test_a_page_leads_to_the_site_only_where_the_site_has_it(office, houses):
    """A draft has no page there yet, and no button may lead to a 404."""
    draft = houses[0].rows["theaters_showtime"]
    page = f"/admin/theaters/showtime/{draft.pk}/change/"
    assert (draft.status, f'href="/showtimes/{draft.pk}/"' in office.get(page).text) == ("DRAFT", False)
    act(office, draft)
    assert f'href="/showtimes/{draft.pk}/"' in office.get(page).text


def test_djangos_redirect_by_number_is_gone(office, houses):
    assert office.get(f"/admin/r/1/{houses[1].ids['booking']}/").status_code == 404


def test_a_page_that_does_not_say_where_its_rows_belong_is_refused():
    class Careless(OfficeAdmin):
        pass

    with pytest.raises(ImproperlyConfigured, match="theater_path"):
        admin.site.register(StaffRole, Careless)


def test_every_permission_of_the_table_exists():
    known = {
        f"{one.content_type.app_label}.{one.codename}" for one in Permission.objects.select_related("content_type")
    }
    assert EVERY_PERMISSION - known == set()
