"""The .po files: read, brought up to date with the source, written so that a diff shows only what changed."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from core.texts.catalogs import ROOT

HEADER = """\
# {title}: see docs/languages.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def po_file(catalog: str, language: str) -> Path:
    return ROOT / catalog / language / "LC_MESSAGES" / "django.po"


def read_catalog(path: Path, language: str) -> Catalog:
    """Empty where there is no such file yet."""
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def bring_up_to_date(path: Path, language: str, source: Catalog) -> bool:
    """Add new sentences without a translation, drop those that are gone. Nothing is guessed. True if it changed."""
    translated = read_catalog(path, language)
    translated.update(source, no_fuzzy_matching=True, update_header_comment=False)
    text = as_text(translated, f"{path.parts[-4]}, {language}", language)
    if path.exists() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return True


def as_text(catalog: Catalog, title: str, language: str) -> str:
    """Sorted, without dates and line numbers."""
    body = BytesIO()
    write_po(body, catalog, width=110, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    head = HEADER.format(title=title, language=language, plural_forms=catalog.plural_forms)
    return head + body.getvalue().decode().strip() + "\n"
