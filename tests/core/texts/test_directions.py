"""Names keep their own writing direction inside sentences, lists of names, templates and documents."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template import engines
from django.utils.translation import gettext, ngettext

from core.texts.catalogs import ROOT, compile_stale
from core.texts.directions import BEGIN, END, PLACE, balanced, isolated, side_by_side
from core.texts.languages import speaking
from core.texts.local_formats import and_list
from core.web.template_files import isolate_variables
from dev.messages.catalog_files import read_catalog

HEBREW = "ואלס עם באשיר"


def apart(name: str) -> str:
    return f"{BEGIN}{name}{END}"


@pytest.mark.parametrize(
    ("language", "name", "is_apart"),
    [
        ("en", "8½", False), ("en", "Amélie", False), ("en", HEBREW, True), ("en", "abc\u202edef", True),
        ("dv", "8½", True), ("dv", "C7", True), ("dv", "Amélie", True), ("dv", HEBREW, False), ("dv", "", False),
        ("dv", "https://a.example/x", False), ("dv", apart("8½"), False),
    ],
)  # fmt: skip
def test_what_runs_the_other_way_is_set_apart(language, name, is_apart):
    with speaking(language):
        assert isolated(name) == (apart(name) if is_apart else name)


def test_a_name_cannot_end_the_isolate_it_stands_in():
    assert balanced("a\u2069b\u2068c") == "abc" and balanced(f"a{apart('b')}") == f"a{apart('b')}"
    with speaking("dv"):
        assert isolated("a\u2069 b") == apart("a b")


def test_names_in_a_row_are_set_apart():
    assert side_by_side(["Waltz", "", "C7"]) == "Waltz, C7"
    assert side_by_side([HEBREW, "C7"], "; ") == f"{apart(HEBREW)}; C7"
    assert and_list([HEBREW, "Waltz"]) == f"{apart(HEBREW)} and Waltz"
    with speaking("dv"):  # the row itself runs in the direction of the sentence around it
        assert isolated(side_by_side(["8½", "M"])) == f"{apart('8½')}, {apart('M')}"


def test_each_line_of_a_text_has_its_own_direction():
    with speaking("dv"):
        assert isolated("Ring.\n\nCome.") == f"{apart('Ring.')}\n\n{apart('Come.')}"


def test_a_sentence_sets_apart_what_is_put_into_it_except_in_its_tags():
    said = gettext("%(movie)s at %(theater)s") % {"movie": HEBREW, "theater": "Lantern"}
    assert said == f"{apart(HEBREW)} at Lantern"
    with speaking("dv"):
        link = gettext('<a href="%(a)s">%(a)s</a>, %(n)s') % {"a": "/x/", "n": 7}
        assert link == f'<a href="/x/">{apart("/x/")}</a>, 7'
        assert apart("B2") in ngettext("%(n)s seat: %(s)s", "%(n)s seats: %(s)s", 2) % {"n": 2, "s": "B2"}


def test_every_sentence_of_every_catalog_sets_apart_the_names_it_is_given():
    """This covers every call of gettext, in Python and by blocktranslate in templates."""
    compile_stale()
    seen = 0
    for po in sorted(ROOT.glob("*/de/LC_MESSAGES/*.po")):
        for message in read_catalog(po, "de"):
            identity = message.id[0] if isinstance(message.id, tuple | list) else message.id
            if message.context or not (names := [place[1] for place in PLACE.finditer(identity) if place[1]]):
                continue
            for language in ("en", "de"):
                with speaking(language):
                    text = gettext(identity)
                    outside = [place[1] for place in PLACE.finditer(text) if place[1]]
                    said = text % dict.fromkeys(re.findall(r"%\((\w+)\)", text), HEBREW)
                assert said.count(apart(HEBREW)) == len(outside), (language, identity)
            seen += len(names)
    assert seen > 500


def drawn(source: str, language: str, **values: object) -> str:
    with speaking(language):
        return engines["django"].from_string(isolate_variables(source)).render(values)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>{{ name }}</b>, 7", f"<b>{apart('8½')}</b>, 7"),
        ('<a title="{{ name }}" {% if name %}href="/{{ name }}"{% endif %}>{{ name }}</a>',
         f'<a title="8½" href="/8½">{apart("8½")}</a>'),
        ("<textarea>{{ name }}</textarea>{{ name|upper }}", f"<textarea>8½</textarea>{apart('8½')}"),
        ("{% load i18n %}{% blocktranslate %}At {{ name }}{% endblocktranslate %}", None),
        ("{{ n }} {{ markup }}", "7 <i>A</i>"),
        ('<main class="{% block main_class %}film-{{ name }}{% endblock %}">', '<main class="film-8½">'),
        ("{{ name|linebreaksbr }}", apart("8½")),
    ],
)  # fmt: skip
def test_variables_in_a_templates_text_are_set_apart(source, expected):
    from django.utils.safestring import mark_safe

    text = drawn(source, "dv", name="8½", n=7, markup=mark_safe("<i>A</i>"))
    assert text == expected if expected else apart("8½") in text and BEGIN in text
    assert BEGIN not in drawn(source, "en", name="8½", n=7, markup="")


class Words(HTMLParser):
    """Collects the variables that a browser would find in texts and in attributes."""

    def __init__(self):
        super().__init__()
        self.in_text, self.in_tags, self.inside = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        self.in_tags += VARIABLE.findall(self.get_starttag_text())

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        (self.in_tags if self.inside in {"script", "style", "textarea"} else self.in_text).extend(
            VARIABLE.findall(data)
        )


VARIABLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
OTHER_TAGS = re.compile(
    r"\{% blocktrans.*?\{% endblocktrans\w* %\}|\{% block \w+_class %\}.*?\{% endblock %\}|\{%.*?%\}|\{#.*?#\}",
    re.DOTALL,
)


def test_every_template_sets_the_names_in_its_text_apart():
    """This also covers templates that are written later. Python's own HTML parser tells where a text begins."""
    folder, found = settings.BASE_DIR / "templates", 0
    for path in [*folder.rglob("*.html"), *folder.rglob("*.txt")]:
        assert re.search(r"(?<!value=\")\{% (firstof(?!.* as )|cycle) ", path.read_text()) is None, (
            f"{path}: |default is set apart"
        )
        source = OTHER_TAGS.sub("", isolate_variables(path.read_text()))
        words = Words()
        words.feed(source)
        where = path.relative_to(folder)
        assert [word for word in words.in_text if "|isolated" not in word] == [], where
        assert [word for word in words.in_tags if "|isolated" in word] == [], where
        found += len(words.in_text)
    assert found > 1000
