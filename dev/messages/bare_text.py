"""Finds text of a template that no translator gets to see."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

LETTERS = re.compile(r"[^\W\d_]{2,}")
# Removes marked text and everything that is no text; line breaks stay, so that lines can be counted.
MARKED_OR_CODE = re.compile(
    r"\{% *comment\b.*?endcomment *%\}|\{#.*?#\}|\{% *blocktrans(?:late)?\b.*?endblocktrans(?:late)? *%\}"
    r"|\{% *block (?:\w*class|coltype|on_\w+) *%\}.*?\{% *endblock\b.*?%\}"
    r"|<style\b.*?</style>|<script\b(?![^>]*\bsrc=)[^>]*>.*?</script>|<!--.*?-->",
    re.DOTALL,
)
DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
LITERAL = re.compile(r"""(?<!_\()"([^"]*)"|(?<!_\()'([^']*)'""")
# Tags whose literals are names, addresses or marked sentences.
TAGS_WITH_NAMES = re.compile(
    r"\{% *(?:translate|trans|blocktranslate|blocktrans|url|static|include|extends|load|block|icon|if|elif|for|partial|partialdef"
    r"|element|slot|endslot|endelement|setvar|endsetvar|cache|regroup|widthratio|csrf_token|get_current_language)\b"
)
FILTERS_OF_MACHINES = re.compile(
    r"""\|(?:date|time):(?:"[cUTZ]"|'[cUTZ]'|"Y-m-d"|'Y-m-d')|\|(?:add|cut|stringformat):"[^"]*\""""
)
FORBIDDEN_FILTERS = re.compile(r"\|(?:pluralize|date|time|apnumber|ordinal)\b(?::(?:\"[^\"]*\"|'[^']*'))?")
# Attributes that people read or hear; data-… too, where it has several words.
SPOKEN = frozenset(
    {"alt", "title", "aria-label", "aria-description", "aria-roledescription", "placeholder", "label", "summary"}
)
SUBMITS = frozenset({"submit", "button", "reset"})


def bare_texts(template: str) -> list[tuple[int, str]]:
    """Line and text of each, in the order of the template."""
    text = MARKED_OR_CODE.sub(_only_line_breaks, template)
    parser = _Reader()
    parser.feed(DJANGO.sub(_only_line_breaks, text))
    parser.close()
    return sorted({*parser.found, *_bare_literals(text)})


def _only_line_breaks(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _bare_literals(text: str) -> Iterator[tuple[int, str]]:
    """Sentences inside of tags and variables, and filters that know English only."""
    for match in DJANGO.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        code = FILTERS_OF_MACHINES.sub("", match[0])
        for forbidden in FORBIDDEN_FILTERS.findall(code):
            yield line, forbidden
        if TAGS_WITH_NAMES.match(code):
            continue
        for double, single in LITERAL.findall(FORBIDDEN_FILTERS.sub("", code)):
            literal = double or single
            if LETTERS.search(literal) and (" " in literal or literal[:1].isupper()):
                yield line, literal


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            is_button = name == "value" and tag == "input" and values.get("type") in SUBMITS
            is_sentence = name.startswith("data-") and len(LETTERS.findall(value)) > 1 and " " in value
            if (name in SPOKEN or is_button or is_sentence) and LETTERS.search(value):
                self._note(value)

    def handle_data(self, data: str) -> None:
        if LETTERS.search(data):
            self._note(data)

    def _note(self, text: str) -> None:
        self.found.append((self.getpos()[0], " ".join(text.split())))
