"""Every address of the site is asked four questions: does it work, and what do wrong method, wrong person and wrong state
give?

The addresses come from the resolver: a new one makes a test fail until tests/core/questions.py (or, in the office,
tests/boxoffice/limits.py) says how it is made to work and what it refuses.
"""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.models import User
from core.monitoring.redaction import secret_routes
from core.pauses import forget_pause
from tests.boxoffice.limits import OTHER_PAGES
from tests.boxoffice.test_limits import address_of
from tests.boxoffice.two_theaters import two_houses
from tests.core.office_states import ASKS_THE_PROVIDER, NO_WRONG_STATE, SAID_ON_THE_NEXT_PAGE, WRONG
from tests.core.questions import SITE, STATES, client_of, copied, hold_near_its_end, make_world
from tests.core.test_audience import WHOLE_PARTS, addresses
from tests.core.web.test_private_answers import WRITES
from tests.ledger import snapshot
from tests.standing_world import standing_world

pytestmark = pytest.mark.django_db
# Tables to which merely looking may write: when a person or device was last here, and that a browser opened a booking's link.
NOTED_BY_LOOKING = ("django_session", "accounts_accountsession", "staff_device", "reservations_bookingaccess")
# How pages mark the sentence of a refusal.
SENTENCE = re.compile(
    r'data-sentence(?!s)|data-refused|role="alert"|data-answer="refused"|class="notice" (data-tone="danger"|role="status")'
)
OFFICE_SENTENCE = re.compile(SENTENCE.pattern + r'|class="error|errorlist|"sentences": \["')


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, make_world) as world:
        yield world


@pytest.fixture
def world(standing, db):
    hold_near_its_end(standing)
    return copied(standing)


class Undone(Exception):
    """Raised to end a question and roll back what it changed."""


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


@pytest.mark.long
def test_it_works(world):
    assert differing(statuses(world, SITE, world.clients), {name: asked.works for name, asked in SITE.items()}) == {}


def written_by_looking(world, name):
    with CaptureQueriesContext(connection) as queries:
        undone(lambda: ask(world, name, world.clients, is_read=True))
    written = [query["sql"] for query in queries if WRITES.match(query["sql"])]
    return [sql[:90] for sql in written if not any(table in sql for table in NOTED_BY_LOOKING)]


@pytest.mark.long
def test_a_look_writes_nothing(world):
    """Asked of pages that work, because people, mail scanners and browsers open addresses without meaning anything by it."""
    found = {name: written_by_looking(world, name) for name in SITE if is_looked_at(name)}
    assert {name: written for name, written in found.items() if written} == {}


def test_the_wrong_person_finds_nothing_there(world):
    closed = {name: asked.stranger for name, asked in SITE.items() if asked.stranger is not None}
    assert differing(statuses(world, closed, world.strangers), closed) == {}


def test_right_links_are_not_counted_and_work_beside_too_many_wrong_ones(world):
    """A school and a guesser may share one address: people who have the link get in."""
    secret = {entry.name for entry, _ in secret_routes()} & SITE.keys()
    right = {name: SITE[name].works for name in secret if SITE[name].works != 404}
    wrong = reverse("ticket", args=["x" * 32])
    assert len(right) > 10 and differing(statuses(world, right, world.clients), right) == {}
    assert [Client().get(wrong).status_code for _ in range(11)] == [404] * 10 + [429]
    assert differing(statuses(world, right, world.clients), right) == {}


def test_the_wrong_method_is_refused(world):
    one_way = [name for name, asked in SITE.items() if not asked.both_ways]
    found = statuses(world, one_way, world.clients, is_wrong_method=True)
    assert {name: status for name, status in found.items() if status != 405} == {}


@pytest.mark.long
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
    # Where states must look the same to a stranger, the answer is the usual page.
    has_sentence = answer.status_code == 200 or bool(SENTENCE.search(answer.content.decode()))
    return answer.status_code, has_sentence, snapshot() == before


def test_every_act_of_the_office_says_where_it_is_not_possible():
    reports = {name for name in OTHER_PAGES if name.startswith("report_")}
    assert WRONG.keys() | NO_WRONG_STATE | ASKS_THE_PROVIDER | reports == OTHER_PAGES.keys()
    assert WRONG.keys() & NO_WRONG_STATE == set()


@pytest.mark.long
def test_in_the_wrong_state_the_office_refuses_with_a_sentence_and_changes_nothing():
    house, _ = two_houses()
    boss = client_of(User.objects.get(is_superuser=True))
    acts = [(name, act) for name, known in WRONG.items() for act in known]
    found = {(name, act.state.__name__): undone(office_answer, boss, house, name, act) for name, act in acts}
    wanted = {(name, act.state.__name__): (act.status, True, True) for name, act in acts}
    assert differing(found, wanted) == {}


def office_answer(boss, house, name, act):
    act.state(house)
    before = snapshot()
    answer = boss.post(address_of(name, OTHER_PAGES[name][0] if act.args is None else act.args, house), act.form(house))
    is_unchanged = snapshot() == before
    page = answer if answer.status_code != SAID_ON_THE_NEXT_PAGE else boss.get(answer.url)
    return answer.status_code, bool(OFFICE_SENTENCE.search(page.content.decode())), is_unchanged
