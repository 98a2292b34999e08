"""What `make check` says about sentences: incomplete catalogs, different placeholders, bare text, long lines."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from core.texts.catalogs import compile_stale, stale_files
from dev.messages.bare_text import bare_texts
from dev.messages.catalog_files import as_text, bring_up_to_date
from dev.messages.checks import all_findings, fault_of, findings_of_lines, findings_of_two_voices
from dev.messages.extraction import sentences_of
from dev.messages.glossary import banned_words, speaks_of_tickets, words_of
from dev.messages.pseudo import in_arabic_letters, longer
from dev.messages.scripts import bare_sentences, names_without_sentence
from dev.messages.sources import CATALOG_OF, catalog_of


@pytest.mark.long
def test_this_checkout_is_translated_as_far_as_it_says():
    assert all_findings() == []


def test_two_translations_of_one_sentence_are_found(monkeypatch):
    def read(path, language):
        catalog = Catalog(locale=language)
        catalog.add("Receipt", "Quittung" if path.parts[-4] == "counter" else "Beleg")
        catalog.add("Total", "Summe" if path.parts[-4] == "counter" else "Gesamt", context=path.parts[-4])
        return catalog

    monkeypatch.setattr("dev.messages.checks.read_catalog", read)
    [found] = findings_of_two_voices()
    assert found.endswith("counter/de/LC_MESSAGES/django.po: is said otherwise in pages: 'Receipt'")


class TestExtraction:
    def test_of_a_template(self):
        found = sentences_of(
            "templates/x.html",
            '{% load i18n %}<p>\n    <b>{% translate "Getting there" %}</b>\n{% blocktranslate trimmed count number=n %}\n'
            "  {{ number }} seat\n{% plural %}{{ number }} seats{% endblocktranslate %}</p>\n"
            '  {% firstof a _("Go on") %}{% translate "Screen" context "auditorium" %}',
        )
        assert [(message, context) for message, _comments, context in found] == [
            ("Getting there", None),
            (("%(number)s seat", "%(number)s seats"), None),
            ("Go on", None),
            ("Screen", "auditorium"),
        ]

    def test_of_python(self):
        python = sentences_of(
            "core/x.py", 'from x import gettext_lazy as _, ngettext\na = _("One")\nb = ngettext("a", "b", 2)'
        )
        assert [message for message, *_ in python] == ["One", ("a", "b")]

    @pytest.mark.parametrize(
        ("path", "catalog"),
        [
            ("templates/mail/refund.txt", "letters"),
            ("templates/account/email/base.txt", "letters"),
            ("templates/account/login.html", "pages"),
            ("templates/boxoffice/counter/desk.html", "counter"),
            ("templates/admin/index.html", "office"),
            ("theaters/admin/movies.py", "office"),
            ("boxoffice/views/counter_desk.py", "counter"),
            ("boxoffice/views/reports.py", "office"),
            ("reservations/refusals.py", "sentences"),
            ("reservations/migrations/0001_initial.py", ""),
        ],
    )
    def test_each_file_has_its_catalog(self, path, catalog):
        assert catalog_of(path) == catalog

    def test_no_file_of_the_product_was_forgotten(self):
        command = ["git", "grep", "-l", "gettext", "--", "*.py", ":!tests", ":!dev", ":!bench"]
        marked = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert [path for path in marked if not any(fnmatch(path, pattern) for pattern, _ in CATALOG_OF)] == []


class TestCatalogFiles:
    def test_new_sentences_come_in_gone_ones_go_and_nothing_else_changes(self, tmp_path):
        path = tmp_path / "pages" / "de" / "LC_MESSAGES" / "django.po"
        source = Catalog()
        source.add("Row", locations=[("a.html", 7)])
        assert bring_up_to_date(path, "de", source)
        path.write_text(path.read_text().replace('msgid "Row"\nmsgstr ""', 'msgid "Row"\nmsgstr "Reihe"'))
        assert not bring_up_to_date(path, "de", source)
        source.add("Aisle")
        assert bring_up_to_date(path, "de", source)
        text = path.read_text()
        assert text.index("Aisle") < text.index('msgstr "Reihe"')
        assert "Date" not in text and ":7" not in text
        assert stale_files(tmp_path) == [path]
        compile_stale(tmp_path)
        assert path.with_suffix(".mo").exists() and compile_stale(tmp_path) == []

    def test_german_has_two_forms(self):
        assert "nplurals=2" in as_text(Catalog(locale="de"), "x", "de")


class TestFaults:
    @pytest.mark.parametrize(
        ("english", "german", "fault"),
        [
            ("Row", "Reihe", ""),
            ("Row", "", "is not translated"),
            ("Row %(row)s", "Reihe %(reihe)s", "has other placeholders"),
            ("Row %(row)s", "Reihe", "has other placeholders"),
            ("Row {row}", "Reihe {row}", ""),
            ("<b>%(a)s</b> now", "jetzt <b>%(a)s</b>", ""),
            ("<b>%(a)s</b> now", "jetzt %(a)s", "has other placeholders"),
            (("one seat", "%(n)s seats"), ("ein Platz", "%(n)s Plätze"), ""),
            (("one seat", "%(n)s seats"), ("ein Platz", "%(m)s Plätze"), "has other placeholders"),
            (("%(n)s seat", "%(n)s seats"), ("%(n)s Platz", ""), "is not translated"),
        ],
    )
    def test_of_an_entry(self, english, german, fault):
        translated = Catalog(locale="de")
        translated.add(english, german)
        assert fault_of(Message(english), translated, is_complete=True).startswith(fault)
        assert bool(fault_of(Message(english), translated, is_complete=True)) == bool(fault)

    def test_fuzzy_is_a_fault_only_where_all_is_translated(self):
        translated = Catalog(locale="de")
        translated.add("Row", "Reihe", flags=["fuzzy"])
        assert "fuzzy" in fault_of(Message("Row"), translated, is_complete=True)
        assert fault_of(Message("Row"), translated, is_complete=False) == ""

    def test_of_words(self):
        banned = banned_words(Path("docs/languages.md").read_text())
        assert banned["Gutscheincode"] == "Aktionscode" and "Karte" not in banned and "not" not in banned
        assert words_of("Ihr Gutscheincode: %(code)s.") & banned.keys() == {"Gutscheincode"}

    def test_a_sentence_about_a_bank_card_does_not_speak_of_tickets(self):
        assert speaks_of_tickets("Your tickets are exchanged.")
        assert not speaks_of_tickets("The tickets go back on your card.")
        assert not speaks_of_tickets("Map")

    def test_of_long_lines(self):
        text = "short\n" + "x" * 161
        assert list(findings_of_lines("a.html", text)) == ["a.html:2: longer than 160 signs"]


@pytest.mark.parametrize(
    "template",
    [
        "<p>Choose a seat</p>",
        '<img alt="A poster">',
        '<input type="submit" value="Pay now">',
        '<p data-unknown="The connection is interrupted.">{{ x }}</p>',
        '{% firstof x "Go on" %}',
        '{{ x|default:"Continue" }}',
        "{{ n }} {% translate 'seat' %}{{ n|pluralize }}",
        '{{ starts_at|date:"l j F Y" }}',
        "{% if a %}Yes{% endif %}",
        '{{ ok|yesno:"Paid,Open" }}',
    ],
)
def test_bare_text_is_found(template):
    assert bare_texts(template)


@pytest.mark.parametrize(
    "template",
    [
        '{% translate "Choose a seat" %}',
        "{% blocktranslate trimmed with a=b %}\n  Choose {{ a }}\n{% endblocktranslate %}",
        '<img alt="{% translate "A poster" %}" class="large poster">',
        '<time datetime="{{ x|date:"c" }}">{{ x|clock }}</time>',
        '{% firstof x _("Go on") %} · {{ price }} ×',
        '{% url "whats_on" %}{% include "a.html" with kind="primary" %}{# a comment #}',
        '<button data-kind="primary" hx-vals=\'{"action": "update"}\'>{% icon "close" %}</button>',
        '{% if status == "confirmed" %}{{ label }}{% endif %}',
        '<style>body { color: red }</style><script src="{% static "a.js" %}"></script>',
    ],
)
def test_marked_text_is_not(template):
    assert bare_texts(template) == []


def test_the_test_language_is_longer_and_keeps_what_is_no_text():
    sentence = 'Row <b class="large">%(row)s</b> has %(number)s seats &amp; more'
    text = longer(sentence)
    assert '<b class="large">%(row)s</b>' in text and "%(number)s" in text and "&amp;" in text
    assert len(text) - len(sentence) > 0.3 * len("Row  has  seats  more")
    written = in_arabic_letters(text)
    assert '<b class="large">%(row)s</b>' in written and "%(number)s" in written and "&amp;" in written
    letters = re.sub(r"<[^>]*>|%\(\w+\)s|&\w+;", "", written)
    assert not re.search("[a-zA-Z]", letters) and len(re.findall("[\u0600-\u06ff]", letters)) > 20


@pytest.mark.parametrize(
    "script",
    [
        'say("Saved.");',
        'hint.textContent = "Nothing typed: exactly enough.";',
        "button.title = 'Stop the camera';",
        "line.textContent = `Row ${name}, seat ${number} is a sofa for one.`;",
        'const WHY = { slow: "A server took too long." };',
    ],
)
def test_a_sentence_in_a_script_is_found(script):
    assert [line for line, _ in bare_sentences(f"// The first line.\n{script}")] == [2]


@pytest.mark.parametrize(
    "script",
    [
        'document.querySelector(".shows > li[data-next] a")?.click();',
        'if (event.key === "Escape" || event.key === "ArrowDown") return;',
        'headers: { "Content-Type": "application/json", "X-CSRFToken": token }',
        "path.setAttribute(`d`, `M${x} ${y}h2v${deep}h-2z`);",
        'say(sentence("saved")); // Says that it is saved.',
        "throw new Error(`no sentence ${name} in this page`);",
    ],
)
def test_what_only_machines_read_in_a_script_is_no_sentence(script):
    assert list(bare_sentences(script)) == []


def test_a_script_asks_only_for_sentences_that_a_page_has():
    script = 'sentence("seatGone", { seat }); counted("takenAway", 2);'
    page = '<template data-sentences data-seat-gone="Gone: {seat}."></template>'
    assert names_without_sentence(script, [page]) == {"takenAway"}
