"""`make check` refuses the words that docs/domain.md replaces, where staff and developers would read them."""

import pytest

from dev.word_list import DOCUMENT, banned_words, findings

BANNED = banned_words(DOCUMENT.read_text())


def words(file, source):
    return [finding.word for finding in findings(file, source, BANNED)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("film = 1\n", ["film"]),
        ("def by_room(): ...\n", ["room"]),
        ("class ShortFilm: ...\n", ["Film"]),
        ("x = 1  # films of today\n", ["films"]),
        ('"""Rooms of a theater."""\n', ["Rooms"]),
        ('def f():\n    """First line.\n\n    The film.\n    """\n', ["film"]),
        ('sentence = "The film has begun."\n', []),
        ("bathrooms = filmed = 1\n", []),
        ("close_till = 1\n", ["till"]),
        ('"""Holds so many seats."""\n', ["so many"]),
        ("is_so = 1  # many\n", []),
        ("x = 1  # otherwise it is free\n", ["otherwise"]),
    ],
)
def test_names_comments_and_docstrings_are_read_and_sentences_are_not(source, found):
    assert words("boxoffice/x.py", source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>The film begins.</p>", ["film"]),
        ("{{ room.name }}", ["room"]),
        ('<b class="film-facts plan-room">x</b>', []),
        ('{% url "admin:room" pk %}', []),
    ],
)
def test_what_a_staff_template_says_is_read_and_names_of_markup_are_not(source, found):
    assert words("templates/admin/x.html", source) == found


def test_a_finding_names_the_line_and_the_word_to_use():
    [finding] = findings("core/x.py", "a = 1\nfilm = 2\n", BANNED)
    assert str(finding) == "core/x.py:2: “film” is not used here, say movie"


def test_a_document_without_the_table_is_an_error():
    with pytest.raises(ValueError, match="no table"):
        banned_words("# The words\n")
