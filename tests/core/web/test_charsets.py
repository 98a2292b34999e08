"""A request is read as UTF-8, whatever charset its client names."""

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from core.web.charsets import reading_utf_8, without_charset

FORM = "application/x-www-form-urlencoded"
CHARSETS = ["hex", "rot13", "idna", "utf-7", "utf-16", "latin-1", "UTF8", "unheard-of", '"hex"']


@pytest.mark.parametrize(
    ("content_type", "kept"),
    [
        ("", ""),
        (FORM, FORM),
        *((f"{FORM}; charset={charset}", FORM) for charset in CHARSETS),
        ("text/plain;CHARSET = hex", "text/plain"),
        ("text/plain; charset*=utf-8''hex", "text/plain"),
        ("text/plain; charset=utf-8; charset=hex", "text/plain"),
        ("multipart/form-data; charset=hex; boundary=x", "multipart/form-data; boundary=x"),
        ("multipart/form-data; boundary=charset", "multipart/form-data; boundary=charset"),
    ],
)
def test_a_charset_is_left_out_and_nothing_else(content_type, kept):
    assert without_charset(content_type) == kept


@pytest.mark.parametrize("charset", CHARSETS)
def test_queries_and_forms_are_read_in_whatever_charset_they_are_said_to_be(charset):
    """With some of these charsets Django could not even make a request, and answered nothing."""
    environ = RequestFactory().generic("POST", "/search/?q=%C3%A9", b"name=%C3%A4", content_type=FORM).environ
    [request] = reading_utf_8(lambda environ, _: [WSGIRequest(environ)])(
        environ | {"CONTENT_TYPE": f"{FORM}; charset={charset}"}, None
    )
    assert (request.GET["q"], request.POST["name"]) == ("é", "ä")
