"""The region of a theater's public holidays, and what price lists say about them, in the office."""

import pytest

from houses.models import Theater
from tests.factories import make_price_list, make_theater

pytestmark = pytest.mark.django_db


def page_of(theater):
    return f"/admin/houses/theater/{theater.pk}/change/"


def test_the_regions_of_the_country_are_offered_and_the_next_days_shown(office):
    theater = make_theater()
    page = office.get(page_of(theater)).content.decode()
    assert '<option value="SCT">Scotland</option>' in page and "Bayern" not in page
    Theater.objects.filter(pk=theater.pk).update(country="DE", holiday_region="BY")
    page = office.get(page_of(theater)).content.decode()
    assert '<option value="BY" selected>Bayern</option>' in page


def test_a_price_list_for_holidays_needs_a_country_whose_days_are_known(office):
    prices = make_price_list(make_theater())
    address = f"/admin/theaters/pricelist/{prices.pk}/change/"
    form = {"name": "Holidays", "rank": "1", "holidays": "BOTH"}
    Theater.objects.update(country="XX")
    answer = office.post(address, form)
    assert "are not known here" in str(answer.context["adminform"].form.errors["holidays"])
    Theater.objects.update(country="GB")
    assert office.post(address, form).status_code == 302
    prices.refresh_from_db()
    assert prices.holidays == "BOTH"
    assert "only on public holidays and the day before" in office.get("/admin/theaters/pricelist/").content.decode()
