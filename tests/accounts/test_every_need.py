"""Each need on each way that begins with it: the program and its order, map, list, best seats, waiting list, the
assistant's ticket, door, outages.

A need for which a way has nothing to do stands in NOTHING with the reason; every other cell is tried.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.states import Need
from houses.states import AccessFeature
from reservations.changes.corrected_facts import NEEDS as CORRECTED
from reservations.changes.outages import OUTAGES
from reservations.forms.waiting import TICKS
from reservations.models import ShowtimeSeat
from reservations.selectors.door_needs import WORDS, in_words, needs_of_booking
from sales.models import Contact
from tests.boxoffice.scenes import book
from tests.factories import make_auditorium, make_movie, make_showtime, make_theater
from tests.variants import some
from theaters.models import Movie, Series, Showtime

pytestmark = pytest.mark.django_db

OF_THE_SHOW = "the showtime has it or not, whatever the seat"
COMES_ALONG = "counts among the people: sits where they choose to sit"
NOTHING = {
    "program": {Need.ASSISTANT: "may come to every showtime"},
    "list": {
        Need.CAPTIONS: OF_THE_SHOW, Need.AUDIO_DESCRIPTION: OF_THE_SHOW, Need.RELAXED: OF_THE_SHOW, Need.ASSISTANT: COMES_ALONG,
    },
    "ticket": {need: "pays as everybody does" for need in Need if need != Need.ASSISTANT},
    "door": {},
    "outage": {
        Need.RELAXED: "nothing that breaks: who books a series hears of every change of it",
        Need.ASSISTANT: COMES_ALONG,
    },
}  # fmt: skip
NOTHING["best"] = NOTHING["waiting"] = NOTHING["map"] = NOTHING["list"]
NOTHING["order of the program"] = NOTHING["program"] | dict.fromkeys(
    [Need.STEP_FREE, Need.HEARING_LOOP, Need.AUDIO_DESCRIPTION, Need.DOG],
    "the theater has it for all of its showtimes or for none",
)
# Row A has steps, no loop, no armrest, no aisle and no exit; row B has all of it, behind.
FULL = "steps 3\nhearing loop no\narmrest lifts no\nA oooooo\nsteps 0\nhearing loop yes\narmrest lifts yes\nB oo.oowc"
CELLS = [(way, need) for way in NOTHING for need in Need if need not in NOTHING[way]]


@pytest.fixture
def full():
    """A showtime that has everything anybody needs."""
    theater = make_theater()
    theater.access_features = [feature.value for feature in AccessFeature]
    theater.save()
    auditorium = make_auditorium(theater, FULL)
    auditorium.exit_rows = "B"
    auditorium.save()
    series = Series.objects.create(house=theater.house, name="Easy", slug="easy", is_relaxed=True)
    showtime = make_showtime(auditorium=auditorium)
    Showtime.objects.update(series=series, subtitles_in="English")
    Movie.objects.update(languages=["English"])
    return showtime


@pytest.fixture
def bare():
    """One that has nothing of it."""
    return make_showtime(auditorium=make_auditorium(make_theater(), "[Hall]\nunreserved 4\n"))


def browser_with(need) -> Client:
    client = Client()
    client.post("/accounts/needs/", {"need": [need.value]})
    return client


def is_listed(client, showtime) -> bool:
    address = f"/?theater={showtime.auditorium.theater.slug}&needs=mine"
    return f"/showtimes/{showtime.pk}/" in client.get(address).text


def program(need, full, bare):
    client = browser_with(need)
    assert (is_listed(client, full), is_listed(client, bare)) == (True, False)
    assert is_listed(Client(), bare)


def program_order(need, full, _bare):
    """A movie that fits comes before an earlier one that does not, and is marked."""
    theater = full.auditorium.theater
    hall = make_auditorium(theater, "[Hall]\nunreserved 4\n")
    earlier = make_showtime(auditorium=hall, movie=make_movie(), starts_at=full.starts_at - timedelta(hours=1))
    address = f"/?theater={theater.slug}"
    assert _addresses(Client(), address) == [earlier.pk, full.pk]
    assert _addresses(browser_with(need), address) == [full.pk, earlier.pk]


def _addresses(client, address) -> list[int]:
    return list(map(int, dict.fromkeys(re.findall(r'class="chip" href="/showtimes/(\d+)/"', client.get(address).text))))


def map_(need, full, _bare):
    """The map marks the seats that meet it, also below the list without scripts, and tells the script which they are."""
    page = browser_with(need).get(f"/showtimes/{full.pk}/").text
    told = re.search(r'data-fits="([^"]*)"', page)[1].split("\t")
    assert {label[0] for label in told} == {"B"}
    below_list = browser_with(need).get(f"/showtimes/{full.pk}/?view=both").text
    for drawn in (page, below_list):
        names = dict(re.findall(r'<button data-fits name="take" data-seat="(\w+)"[^>]*aria-label="([^"]+)"', drawn))
        assert set(names) == set(told)
        assert all(name.endswith(", fits my needs, free") for name in names.values())
    assert "data-fits" not in Client().get(f"/showtimes/{full.pk}/").text


def first_row(client, showtime) -> str:
    return re.search(r'name="take" value="(\w)\d"', client.get(f"/showtimes/{showtime.pk}/?view=list").text)[1]


def list_(need, full, _bare):
    assert (first_row(browser_with(need), full), first_row(Client(), full)) == ("B", "A")


def best(need, full, _bare):
    """The form of the best seats begins with it, and what it then takes has it."""
    client, path = browser_with(need), f"/showtimes/{full.pk}/"
    form = client.get(path).text
    ticked = dict.fromkeys(re.findall(r'name="(\w+)" value="yes" checked', form), "yes")
    spaces = re.search(r'name="wheelchairs".*?<option selected>(\d)', form, re.DOTALL)
    wish = {"count": "1"} | ticked | ({"wheelchairs": spaces[1]} if spaces else {})
    assert len(wish) > 1
    client.post(f"{path}best/", wish)
    [row] = ShowtimeSeat.objects.filter(showtime=full, hold__isnull=False).values_list("seat__row", flat=True)
    assert row == "B"


def waiting(need, full, _bare):
    page = browser_with(need).get(f"/showtimes/{full.pk}/waiting/").text
    if need == Need.WHEELCHAIR:
        assert re.search(r'id="wheelchairs".*?selected\s*>1<', page, re.DOTALL)
        return
    [tick] = [tick for tick in TICKS if need in tick.saved]
    assert f'id="{tick.name}" name="{tick.name}" value="yes" checked' in page


def ticket(need, _full, _bare):
    """tests/reservations/selling/test_party_rules.py tries it with a carer's ticket."""
    assert need == Need.ASSISTANT


def door(need, full, _bare):
    booking = book(full, "A1")
    Contact.objects.filter(sale=booking.sale_id).update(told_needs=[need.value])
    booking.sale.contact.refresh_from_db()
    assert needs_of_booking(booking) == in_words([need]) == (str(WORDS[need]),)


def outage(need, _full, _bare):
    """Something that can be out of order, or a fact that a corrected plan takes back, tells its people."""
    assert any(need in needs for needs in [*OUTAGES.values(), *CORRECTED.values()])


WAYS = {
    "program": program, "order of the program": program_order, "map": map_,
    "list": list_, "best": best, "waiting": waiting, "ticket": ticket, "door": door, "outage": outage,
}  # fmt: skip


@pytest.mark.parametrize(("way", "need"), some(CELLS, every=3), ids=lambda value: str(getattr(value, "value", value)))
def test_each_way_begins_with_each_need(way, need, full, bare):
    WAYS[way](need, full, bare)


def test_every_way_is_tried():
    assert set(WAYS) == set(NOTHING)
