"""Spaces and line ends of templates that nobody would see are not sent."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Engine

from core.web.template_files import Loader


@pytest.fixture
def read(tmp_path):
    def as_loaded(text, name="page.html"):
        (tmp_path / name).write_text(text)
        loader = Loader(Engine(), [str(tmp_path)])
        return loader.get_contents(next(loader.get_template_sources(name)))

    return as_loaded


def test_lines_begin_without_blanks(read):
    assert read("<ul>\n  <li>\n\n\t <b>a  b</b>\n  </li>\n</ul>\n") == "<ul>\n<li>\n<b>a  b</b>\n</li>\n</ul>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<pre>\n  A oo\n  B oo\n</pre>",
        '<textarea name="note">\n  first\n</textarea>',
        "{% blocktranslate with n=n %}\n  {{ n }} seats\n{% endblocktranslate %}",
        "{% blocktranslate %}\n{% if a %}\n{% endblocktranslate %}",
        "{% blocktranslate count n=n %}\n  a seat\n{% plural %}\n  {{ n }} seats\n{% endblocktranslate %}",
    ],
)
def test_what_shows_its_blanks_or_is_looked_up_by_them_keeps_them(read, text):
    assert read(f"<div>\n  {text}\n  </div>") == f"<div>\n{text}\n</div>"


def test_lines_of_tags_alone_leave_no_empty_lines_and_words_apart(read):
    text = "<p>\n  one\n  {% if a %}\n    two\n  {% else %}{# no #}\n    {% url 'b' %}\n  {% endif %}\n  three\n</p>\n"
    assert read(text) == "<p>\none\n{% if a %}two\n{% else %}{# no #}{% url 'b' %}\n{% endif %}three\n</p>\n"


def test_what_blocks_and_other_files_leave_empty_is_no_line(read):
    text = """{% load i18n %}
<p>one</p>
{% block two %}{% endblock %}
{% block three %}
<p>three</p>
{% partialdef four inline %}
{% include "five.html" %}
{% endpartialdef %}
{% endblock %}
six
"""
    read_text = """{% load i18n %}<p>one</p>
{% block two %}{% endblock %}{% block three %}<p>three</p>
{% partialdef four inline %}{% include "five.html" %}{% endpartialdef %}{% endblock %}six
"""
    assert read(text) == read_text


def test_what_is_included_ends_with_a_line_end_of_its_own():
    """Without it, the words before and after the include would run together."""
    files = (Path(settings.BASE_DIR) / "templates").rglob("*.html")
    assert [str(file) for file in files if not file.read_bytes().endswith(b"\n")] == []


def test_a_line_that_says_something_between_its_tags_keeps_its_end(read):
    text = (
        "<p>\n{% if a %}{% translate 'Ten.' %}{% else %}{% translate 'One.' %}{% endif %}\n{% translate 'Each.' %}</p>"
    )
    assert read(text) == text


def test_a_part_that_is_left_out_takes_its_line_end_along(read):
    said = "{% blocktranslate %}\nUp\nto ten.{% endblocktranslate %}"
    text = (
        f"<p>\n{{% if a %}}{said}{{% endif %}}\n{{% if b %}}<b>\n</b>{{% endif %}}\nx{{% if c %}}y{{% endif %}}\n</p>"
    )
    text += "\n{% if d %}<i{% if e %} f{% endif %}></i>{% endif %}\n"
    read_text = (
        f"<p>\n{{% if a %}}{said}\n{{% endif %}}{{% if b %}}<b>\n</b>\n{{% endif %}}x{{% if c %}}y{{% endif %}}\n</p>"
    )
    read_text += "\n{% if d %}<i{% if e %} f{% endif %}></i>\n{% endif %}"
    assert read(text) == read_text


def test_a_tag_stands_on_one_line(read):
    said = "{% blocktranslate %}\na > b\n{% endblocktranslate %}"
    text = f'<p>\n<a\n  href="{{% if a > b %}}x{{% endif %}}"\n  aria-label="{said}"\n  >word\nword</a></p>'
    read_text = f'<p>\n<a href="{{% if a > b %}}x{{% endif %}}" aria-label="{said}" >word\nword</a></p>'
    assert read(text) == read_text


def test_lines_keep_their_numbers_while_somebody_develops(tmp_path):
    (tmp_path / "page.html").write_text("<p>\n  {% if a %}\n  b\n  {% endif %}\n</p>")
    loader = Loader(Engine(debug=True), [str(tmp_path)])
    assert (
        loader.get_contents(next(loader.get_template_sources("page.html"))) == "<p>\n{% if a %}\nb\n{% endif %}\n</p>"
    )


def test_a_mail_of_plain_text_keeps_its_blanks(read):
    assert read("Seats:\n  A1\n", name="mail.txt") == "Seats:\n  A1\n"
