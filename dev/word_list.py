"""Refuses words that are not ours: `python -m dev.word_list`, a part of `make check`.

The table "Words that are not used" in docs/domain.md says which. They are looked for in names, comments and docstrings of
the apps, and in the templates of office, counter and door. Not looked at: sentences in strings, because customers may read
"film"; migrations; and names of CSS classes and ids.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DOCUMENT = Path("docs/domain.md")
HEADING = "## Words that are not used"
APPS = ("accounts", "boxoffice", "config", "core", "houses", "payments", "reservations", "sales", "staff", "theaters")
STAFF_TEMPLATES = ("templates/admin", "templates/boxoffice")
NOTHING = r"(?!)"
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
MARKUP_NAMES = re.compile(
    r'\b(?:class|id|for|name|aria-\w+by|hx-\w+|data-[\w-]+)="[^"]*"|\{% (?:static|url|extends|include|block)\b.*?%\}'
    r"|\b[\w-]+-(?:film|room)s?\b|\b(?:film|room)s?-[\w{]",
    re.DOTALL,
)


class Finding(NamedTuple):
    file: str
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: “{self.word}” is not used here, say {self.instead}"


def banned_words(document: str) -> dict[str, str]:
    """Word in lower case → what is said instead. Raises ValueError when the document has no such table."""
    _, _, section = document.partition(HEADING)
    rows = re.findall(r"^\| (?!not used|-)(.+?) \| (.+?) \|$", section.partition("\n## ")[0], re.MULTILINE)
    words = {word.strip(): instead for words, instead in rows for word in words.split(",")}
    if not words:
        raise ValueError(f"{DOCUMENT} has no table under “{HEADING}”.")
    return {**words, **{f"{word}s": instead for word, instead in words.items()}}


def in_python(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every name, comment and docstring."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in {tokenize.NAME, tokenize.COMMENT}:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False)
            if text:
                first = node.body[0].lineno
                yield from ((first + number, line) for number, line in enumerate(text.splitlines()))


def in_template(source: str) -> Iterator[tuple[int, str]]:
    """Line and text without names of classes, ids, files and addresses."""
    text = MARKUP_NAMES.sub(lambda match: "\n" * match[0].count("\n"), source)
    yield from enumerate(text.splitlines(), start=1)


def findings(file: str, source: str, banned: dict[str, str]) -> list[Finding]:
    read = in_python if file.endswith(".py") else in_template
    phrases = re.compile("|".join(rf"\b{phrase}\b" for phrase in banned if " " in phrase) or NOTHING, re.IGNORECASE)
    return [
        Finding(file, line, word, banned[word.lower()])
        for line, text in read(source)
        for word in (*WORD.findall(text), *phrases.findall(text))
        if word.lower() in banned
    ]


def files() -> list[str]:
    """Everything that git knows of the apps and the staff's templates; no migrations."""
    known = subprocess.run(
        ["git", "ls-files", *APPS, *STAFF_TEMPLATES], capture_output=True, text=True, check=True
    ).stdout.split()
    return [file for file in known if file.endswith((".py", ".html")) and "/migrations/" not in file]


def main() -> int:
    banned = banned_words(DOCUMENT.read_text())
    found = [finding for file in files() for finding in findings(file, Path(file).read_text(), banned)]
    print("\n".join(map(str, found)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
