import pytest
from django.test import Client

from accounts.models import User


@pytest.fixture
def manager(db) -> User:
    return User.objects.create_superuser("manager@marquee.example", "a long pass phrase")


@pytest.fixture
def office(manager) -> Client:
    """A browser in which the manager is signed in."""
    client = Client()
    client.force_login(manager)
    return client
