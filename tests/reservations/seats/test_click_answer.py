"""The answer to a click is put together from a panel that was drawn once: it is the panel drawn anew, token and all."""

import re

import pytest
from django.test import Client

from core.caches.process_cache import forget_everything
from tests.factories import make_showtime

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'(?<=csrfmiddlewaretoken" value=")\w+')
OF_THE_MOMENT = re.compile(r'(?<=-at=")[^"]+|(?<=-now=")[^"]+|(?<=-left=")\d+|(?<=max="480" value=")\d+')
WISHES = [{"take": "A1"}, {"take": "A2"}, {"take": "B1"}, {"release": "A2"}, {"take": "A2"}, {"take": "A2"}]


def clicks(showtime, **headers):
    """What a new browser is sent that takes three seats, gives one back and asks for it twice again."""
    browser, url = Client(headers={"hx-request": "true", **headers}), showtime.get_absolute_url()
    answers = [browser.post(f"{url}seats/", wish).text for wish in WISHES]
    assert browser.post(f"{url}release/").status_code == 200
    return answers


def same_for_all(answers):
    return [OF_THE_MOMENT.sub("", TOKEN.sub("", answer)) for answer in answers]


@pytest.fixture
def keeping(settings):
    settings.KEPT_PAGE_SECONDS = 5
    forget_everything()


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_kept_panel_is_the_panel_drawn_anew(settings, showtime, language):
    fresh = clicks(showtime, **{"accept-language": language})
    settings.KEPT_PAGE_SECONDS = 5
    forget_everything()
    first, kept = (clicks(showtime, **{"accept-language": language}) for _ in range(2))
    assert same_for_all(first) == same_for_all(kept) == same_for_all(fresh)
    assert "hole-" not in "".join(kept)
    assert [len(TOKEN.findall(answer)) for answer in kept] == [len(TOKEN.findall(answer)) for answer in fresh]


def test_each_showtime_has_a_panel_of_its_own(keeping):
    for showtime in (make_showtime(), make_showtime()):
        assert f'data-url="{showtime.get_absolute_url()}"' in clicks(showtime)[0]


def test_each_answer_has_a_token_of_its_own(keeping, showtime):
    tokens = [set(TOKEN.findall(answer)) for answer in clicks(showtime)]
    assert all(map(len, tokens)) and sum(map(len, tokens)) == len(set().union(*tokens))


def test_what_is_said_of_a_limit_is_for_those_it_concerns(keeping, settings, showtime):
    """Two browsers hold three seats each; one of them can take no more."""
    assert "You can take up to 3 seats at once." not in clicks(showtime)[2]
    settings.MAX_SEATS_PER_HOLD = 3
    assert "You can take up to 3 seats at once." in clicks(showtime)[2]
