"""With ADMIN_NETWORKS the office does not exist for addresses outside those networks, whatever a header says."""

from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config import env
from tests.core.walking import filled_paths

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def networks(settings):
    settings.ADMIN_NETWORKS = [ip_network("192.0.2.0/24"), ip_network("2001:db8:1::/48")]


@pytest.fixture
def manager(django_user_model):
    return django_user_model.objects.create_superuser("root@marquee.example", "a long pass phrase")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("192.0.2.7", 200),
        ("::ffff:192.0.2.7", 200),
        ("2001:db8:1:2::3", 200),
        ("198.51.100.1", 404),
        ("2001:db8:2::1", 404),
        ("", 404),
    ],
)
def test_by_the_clients_address(manager, address, status):
    client = Client(REMOTE_ADDR=address)
    client.force_login(manager)
    assert client.get("/admin/").status_code == status
    assert client.get("/").status_code == 200


@pytest.mark.long
def test_nothing_below_admin_is_left_out_and_the_door_stays_open(manager):
    client = Client(REMOTE_ADDR="198.51.100.1")
    client.force_login(manager)
    assert {client.get(path).status_code for path in filled_paths() if path.startswith("/admin/")} == {404}
    assert client.get("/door/").status_code == 200


def test_behind_a_proxy_the_header_counts_exactly_as_far_as_it_is_ours(manager, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="192.0.2.1")  # the proxy itself
    client.force_login(manager)
    assert client.get("/admin/", headers={"x-forwarded-for": "192.0.2.7, 198.51.100.1"}).status_code == 404
    assert client.get("/admin/", headers={"x-forwarded-for": "198.51.100.1, 192.0.2.7"}).status_code == 200


def test_networks_are_parsed_or_refused_at_start(monkeypatch):
    monkeypatch.setenv("OUR_VARIABLE", "192.0.2.0/24, 2001:db8::/48")
    assert env.networks("OUR_VARIABLE") == [ip_network("192.0.2.0/24"), ip_network("2001:db8::/48")]
    monkeypatch.setenv("OUR_VARIABLE", "192.0.2.1/24")
    with pytest.raises(ImproperlyConfigured, match="OUR_VARIABLE must be networks"):
        env.networks("OUR_VARIABLE")
