from copy import deepcopy

import pytest
from django.test import Client

from accounts.models import User
from tests.boxoffice.two_theaters import two_houses
from tests.standing_world import standing_world


@pytest.fixture(scope="module")
def standing_houses(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, two_houses) as houses:
        yield houses


@pytest.fixture
def houses(standing_houses, db):
    """Two theaters with a row of each kind. They are copies, so a test may change them."""
    return deepcopy(standing_houses)


@pytest.fixture
def manager(db) -> User:
    return User.objects.create_superuser("manager@marquee.example", "a long pass phrase")


@pytest.fixture
def office(manager) -> Client:
    """A browser in which the manager is signed in to the office."""
    client = Client()
    client.force_login(manager)
    return client
