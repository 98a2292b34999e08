"""The benchmark's own tools: with a wrong parser it would measure something else."""

import json

import pytest

from bench import results
from bench.buyers import SESSION, TOKEN, TOTAL, TYPE, seats_on
from bench.client import parse, request
from bench.load import Load
from bench.results import at_least, at_most
from bench.servers import CHECKOUT, NOT_IN_PRODUCTION
from tests.factories import hold_seats, make_browser

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"


@pytest.mark.parametrize(("raw", "status"), [(PLAIN, 200), (CHUNKED, 409)])
def test_an_answer_is_whole_or_not_there_yet(raw, status):
    assert all(parse(bytearray(raw[:length])) is None for length in range(len(raw)))
    answer = parse(bytearray(raw))
    assert (answer.status, answer.text()) == (status, "hello")


def test_headers_are_found_in_any_case():
    assert parse(bytearray(PLAIN)).headers("Set-Cookie") == ["a=1", "b=2"]


def test_a_form_is_posted_with_its_length():
    raw = request("POST", "/x", host="localhost:1", body=b"take=A1")
    assert raw.startswith(b"POST /x HTTP/1.1\r\nHost: localhost:1\r\n")
    assert raw.endswith(b"Content-Length: 7\r\n\r\ntake=A1")


@pytest.mark.django_db
def test_the_buyer_reads_the_pages_as_they_are(client, showtime):
    hold_seats(showtime, make_browser(1), "A2")
    page = client.get(showtime.get_absolute_url()).text
    seats = seats_on(page)
    assert (len(seats), seats["A1"], seats["A2"]) == (12, "free", "held")
    assert TOKEN.search(page)
    answer = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"}, headers={"HX-Request": "true"})
    assert seats_on(answer.text) == {"A1": "mine"}
    checkout = client.get(f"/checkout/{showtime.pk}/").text
    assert (TOTAL.search(checkout)[1], TYPE.findall(checkout)) == ("14.50", [("type-A1", "ADULT")])


def test_a_payment_session_is_found_in_its_address():
    assert SESSION.search("http://localhost:1/c/pay/cs_test_a1B2#x")[0] == "cs_test_a1B2"


def test_percentiles():
    load = Load(100, 2.0, [float(n) for n in range(100, 0, -1)])
    assert (load.rate, load.percentile(50), load.percentile(99), load.percentile(100)) == (50, 51, 100, 100)


def test_only_the_expected_answers_count():
    load = Load(1, 1.0, [1.0])
    load.statuses[503] += 1
    with pytest.raises(RuntimeError, match="503"):
        load.only(200)


def test_results_are_written_as_others_read_them(tmp_path):
    path = tmp_path / "results" / "latest.json"
    results.write([at_least(1, "hold", 0.6, 0.6664, unit=" × ORM"), at_most(7, "Pay", 16, 20)], path)
    assert json.loads(path.read_text()) == [
        {"row": 1, "what": "hold", "goal": "≥ 0.6 × ORM", "value": 0.666, "pass": True},
        {"row": 7, "what": "Pay", "goal": "≤ 16", "value": 20, "pass": False},
    ]


def test_servers_are_started_without_what_production_lacks_and_no_less():
    packages = {"rich": "rich", "yaml": "pyyaml"}
    required = (CHECKOUT / "requirements.txt").read_text()
    assert set(NOT_IN_PRODUCTION) == set(packages)
    assert not [package for package in packages.values() if f"\n{package}==" in required]
