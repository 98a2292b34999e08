"""Finds sentences that stand in a script instead of in its page, and names of sentences that no page has."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

SCRIPTS = Path("static/js")
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
LITERAL = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""")
FILLED_IN = re.compile(r"\$\{[^{}]*\}")
# A capital and words behind it; or a word that begins with a capital, as labels do.
SPOKEN = re.compile(r"(?:[A-Z][a-z’']+|A)(?:[ ,;:-]+[\w’'“”()]+)*[.:…!?]?")
# Names of keys, headers, methods and errors.
NAMES = re.compile(
    r"(?:Arrow(?:Up|Down|Left|Right)?|Page(?:Up|Down)|Enter|Escape|Home|End|Delete|Backspace|BarcodeDetector|NotAllowedError"
    r"|HX-Re(?:quest|direct)|Content-Type|X-CSRFToken|[A-Z]+)"
)
ASKED = re.compile(r'\b(?:sentence|counted)\(\s*"(\w+)"')
OFFERED = re.compile(r"\bdata-([a-z][a-z-]*)=")


def bare_sentences(script: str) -> Iterator[tuple[int, str]]:
    """Line and text of each literal that a person would read."""
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), script)
    for match in LITERAL.finditer(text):
        words = FILLED_IN.sub("0", next(part for part in match.groups() if part is not None)).strip()
        if SPOKEN.fullmatch(words) and not NAMES.fullmatch(words):
            yield text.count("\n", 0, match.start()) + 1, words


def names_without_sentence(script: str, templates: Iterable[str]) -> set[str]:
    """Names that a script asks for and no template offers."""
    offered = {_camel_case(name) for template in templates for name in OFFERED.findall(template)}
    return set(ASKED.findall(script)) - offered


def _camel_case(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)
