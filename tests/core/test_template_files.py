"""The blanks at the begin of a template's lines do not reach the reader, where nobody would see them."""

import pytest
from django.template import Engine

from core.template_files import Loader


@pytest.fixture
def read(tmp_path):
    def as_loaded(text, name="page.html"):
        (tmp_path / name).write_text(text)
        loader = Loader(Engine(), [str(tmp_path)])
        return loader.get_contents(next(loader.get_template_sources(name)))

    return as_loaded


def test_lines_begin_without_blanks_and_keep_their_numbers(read):
    assert read("<ul>\n  <li>\n\n\t <b>a  b</b>\n  </li>\n</ul>\n") == "<ul>\n<li>\n\n<b>a  b</b>\n</li>\n</ul>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<pre>\n  A oo\n  B oo\n</pre>",
        '<textarea name="note">\n  first\n</textarea>',
        "{% blocktranslate with n=n %}\n  {{ n }} seats\n{% endblocktranslate %}",
        "{% blocktranslate count n=n %}\n  a seat\n{% plural %}\n  {{ n }} seats\n{% endblocktranslate %}",
    ],
)
def test_what_shows_its_blanks_or_is_looked_up_by_them_keeps_them(read, text):
    assert read(f"<div>\n  {text}\n  </div>") == f"<div>\n{text}\n</div>"


def test_a_mail_of_plain_text_keeps_its_blanks(read):
    assert read("Seats:\n  A1\n", name="mail.txt") == "Seats:\n  A1\n"
