"""Every address of the site is asked four questions: it works, wrong method, wrong person, wrong state.

The addresses come from the resolver: a new one fails here until tests/core/questions.py (or, in the office,
tests/boxoffice/limits.py) says how it is made to work and what it refuses.
"""

import re

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from core.pauses import forget_pause
from tests.core.questions import SITE, STATES, make_world
from tests.core.test_audience import WHOLE_PARTS, addresses
from tests.ledger import snapshot

pytestmark = pytest.mark.django_db
# How pages mark the sentence of a refusal, and where they lead on.
SENTENCE = re.compile(r"data-sentence|data-refused|role=\"alert\"|data-answer=\"refused\"")


@pytest.fixture
def world():
    return make_world()


class Undone(Exception):
    """Ends a question, and what it changed."""


def undone(question, *args):
    try:
        with transaction.atomic():
            answer = question(*args)
            raise Undone
    except Undone:
        return answer
    finally:
        forget_pause()


def ask(world, name, clients, *, is_read, sent=None):
    asked = SITE[name]
    path = reverse(name, args=[world.values[word] for word in asked.args.split()])
    client = clients[asked.who]
    return client.get(path) if is_read else client.post(path, sent or asked.post or {})


def is_looked_at(name):
    return SITE[name].post is None or SITE[name].both_ways


def statuses(world, names, clients, *, is_wrong_method=False):
    return {
        name: undone(
            lambda name=name: ask(world, name, clients, is_read=is_looked_at(name) != is_wrong_method)
        ).status_code
        for name in names
    }


def differing(found, wanted):
    return {key: (found.get(key), wanted[key]) for key in wanted if found.get(key) != wanted[key]}


def test_every_address_has_its_answers():
    named = {name for path, name in addresses(get_resolver()) if name and not path.startswith(WHOLE_PARTS)}
    assert set(SITE) == named


def test_it_works(world):
    assert differing(statuses(world, SITE, world.clients), {name: asked.works for name, asked in SITE.items()}) == {}


def test_the_wrong_person_finds_nothing_there(world):
    closed = {name: asked.stranger for name, asked in SITE.items() if asked.stranger is not None}
    assert differing(statuses(world, closed, world.strangers), closed) == {}


def test_the_wrong_method_is_refused(world):
    one_way = [name for name, asked in SITE.items() if not asked.both_ways]
    found = statuses(world, one_way, world.clients, is_wrong_method=True)
    assert {name: status for name, status in found.items() if status != 405} == {}


def test_the_wrong_state_is_a_refusal_with_a_sentence_and_changes_nothing(world):
    wanted = {(state, name): status for name, asked in SITE.items() for state, status in asked.wrong.items()}
    found = {}
    for state in STATES:
        found |= undone(answers_in, world, state, [name for in_state, name in wanted if in_state == state])
    assert differing({key: facts[0] for key, facts in found.items()}, wanted) == {}
    assert [key for key, (_, has_sentence, _) in found.items() if not has_sentence] == []
    assert [key for key, (_, _, is_unchanged) in found.items() if not is_unchanged] == []


def answers_in(world, state, names):
    STATES[state](world)
    before = snapshot()
    return {(state, name): undone(facts_of, world, name, before) for name in names}


def facts_of(world, name, before):
    asked = SITE[name]
    answer = ask(world, name, world.clients, is_read=asked.post is None, sent=asked.wrong_post)
    return answer.status_code, bool(SENTENCE.search(answer.content.decode())), snapshot() == before
