"""The sentences of scripts are sent as one script for each language."""

import json
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def script_of(page):
    return re.search(r'<script src="(/sentences/[^"]+)"', page.text)[1]


def sentences_in(answer):
    assert answer["Content-Type"].startswith("text/javascript")
    return json.loads(answer.text.removeprefix("window.sentences = ").rstrip(";\n"))


def test_a_page_names_the_script_in_the_language_of_the_reader():
    english, german = (Client(headers={"accept-language": language}) for language in ("en", "de"))
    said = [sentences_in(client.get(script_of(client.get("/")))) for client in (english, german)]
    assert [words["seatFree"] for words in said] == ["free", "frei"]
    assert said[0].keys() == said[1].keys() and said[0]["heldFor"] == "Held for you for {minutes} min"


def test_the_language_is_that_of_the_address_and_not_of_the_browser():
    address = script_of(Client(headers={"accept-language": "de"}).get("/"))
    answer = Client(headers={"accept-language": "en"}).get(address)
    assert sentences_in(answer)["seatFree"] == "frei" and "Accept-Language" not in answer.get("Vary", "")


def test_it_is_kept_for_good_and_that_of_another_release_for_a_minute(client):
    address = script_of(client.get("/"))
    assert "max-age=31536000" in client.get(address)["Cache-Control"]
    other = client.get(re.sub(r"\w+\.js$", "0.js", address))
    assert other["Cache-Control"] == "public, max-age=60" and other.text == client.get(address).text


def test_a_language_that_nobody_speaks_here_is_english(client):
    assert sentences_in(client.get("/sentences/xx/1a.js"))["seatFree"] == "free"
