"""What is sent to a browser that accepts gzip."""

import gzip
import random

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from core.web import compression
from core.web.compression import BLOCK, LARGE, LONGEST_LINE, CompressionMiddleware, compressed

# A head of words and a long body with few different characters, like the page of a seat map.
HEAD = " ".join(f"{word:x}" for word in random.Random(1).choices(range(10**6), k=400))
PAGE = (HEAD + "".join(f"<b>{number}</b>" for number in range(6000))).encode()


def answer(content, **headers):
    request = RequestFactory().get("/", headers={"accept-encoding": "br, gzip"})
    return CompressionMiddleware(lambda _: HttpResponse(content, headers=headers))(request)


def test_a_compressed_answer_is_the_same_when_it_is_unpacked():
    for content in (PAGE[:2000], PAGE[:BLOCK], PAGE[: BLOCK + 1], PAGE, PAGE * 5):
        sent = answer(content)
        assert sent["Content-Encoding"] == "gzip" and int(sent["Content-Length"]) == len(sent.content) < len(content)
        assert gzip.decompress(sent.content) == content
    assert len(PAGE) < LARGE < len(PAGE * 5)


def test_a_page_of_several_kinds_of_text_is_shorter_in_blocks():
    assert len(compressed(PAGE)) < 0.97 * len(gzip.compress(PAGE, 6))


def test_a_long_line_begins_a_block():
    """The line of a map gets codes of its own, apart from the words before it, wherever it begins."""
    words, seats = PAGE[: len(HEAD)], PAGE[len(HEAD) :]
    apart = len(compressed(words + b"\n" + seats))
    assert apart < len(compressed(words + b" " + seats)) - 20


@pytest.mark.parametrize("after", [b"", b"the end", f"{HEAD}\n".encode() * 20])
def test_a_long_line_is_compressed_once_and_stands_between_any_words(after):
    """For example the same map with the tokens of many visitors around it."""
    seats = PAGE[len(HEAD) :]
    compression._deflated_again.cache_clear()
    contents = [_page(token, HEAD, seats) + after for token in ("vzSEnD4CiVNYIOoCkSpfhA", "0cnAkUAXkxcCGGdEIT3Xxw")]
    for content in contents:
        assert gzip.decompress(compressed(content)) == content
    kept = compression._deflated_again.cache_info()
    assert (kept.misses, kept.hits) == (1, 1)


def _page(token, head, seats):
    return f'<input name="csrfmiddlewaretoken" value="{token}"><p>{head}\n'.encode() + seats + b"\n"


def test_a_long_line_repeats_the_words_before_it_and_no_token():
    words, others = (random.Random(seed).randbytes(3000).hex() for seed in (2, 3))
    seats = words.encode() + PAGE[len(HEAD) :]
    repeated, not_repeated = (len(compressed(_page("a token", before, seats))) for before in (words, others))
    assert repeated < not_repeated - 2000
    as_token, as_other_token = (len(compressed(_page(token, HEAD, seats))) for token in (words, others))
    assert abs(as_token - as_other_token) < 100


def test_a_long_line_that_has_zeros_is_the_same_when_it_is_unpacked():
    for seats in (PAGE[len(HEAD) :] + b"\0" * 300, b"\0" * 300 + PAGE[len(HEAD) :]):
        content = _page("vzSEnD4CiVNYIOoCkSpfhA" * 20, HEAD, seats)
        assert gzip.decompress(compressed(content)) == content


def test_words_after_a_long_line_repeat_what_it_ended_with():
    seats = "".join(f"<b>{number}</b>" for number in range(6000))
    unlike = random.Random(2).randbytes(3000).hex()
    assert len(compressed(f"{seats}{unlike}\n{unlike}".encode())) < len(compressed(f"{seats}{unlike}".encode())) + 200


def test_a_line_that_is_too_long_is_not_kept():
    compression._deflated_again.cache_clear()
    content = b"<b>1</b>" * (LONGEST_LINE // 8 + 1)
    assert gzip.decompress(compressed(content)) == content
    assert compression._deflated_again.cache_info().currsize == 0


def test_its_length_differs_from_answer_to_answer_so_that_it_tells_nothing():
    assert len(lengths("seat_map", cookies={"holder": "somebody"})) > 5
    assert len(lengths("booking_by_link", cookies={})) > 5
    assert len(lengths(None, cookies={})) > 5


def test_a_first_visit_of_a_page_that_is_alike_for_everybody_carries_nothing_against_guessing():
    assert lengths("seat_map", cookies={}) == {len(compressed(PAGE))}


def lengths(url_name, *, cookies):
    """The lengths of twenty answers at this address to a browser with these cookies."""
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    request.COOKIES = cookies
    request.resolver_match = url_name and ResolverMatch(str, (), {}, url_name)
    return {len(CompressionMiddleware(lambda _: HttpResponse(PAGE))(request).content) for _ in range(20)}


def test_what_gets_no_shorter_is_sent_as_it_is():
    noise = random.Random(1).randbytes(1000)
    assert answer(noise).content == noise and not answer(noise).has_header("Content-Encoding")
    assert answer(b"x" * 100).content == b"x" * 100
    assert answer(PAGE, **{"Content-Encoding": "br"}).content == PAGE
