"""PDF documents set by typst: tagged (PDF/UA-1), with our own fonts inside, from a template and data.

Texts reach a template as JSON in `sys.inputs`, never as its source, so none of them is read as markup. A template reads
files of its own folder alone and no packages.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
import typst

from core.pdf.letters import FONTS, printable

log = structlog.get_logger(__name__)
# A compiler can be used by one thread at a time, and typst forgets what it has remembered only when one is used again:
# a new compiler for each document would add 300 KB a document to the process for ever.
_one_at_a_time = Lock()


def make_pdf(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The document of this data. `at` is the moment it bears; the same data and moment give the same bytes."""
    inputs = {"data": json.dumps(printable(dict(data)), ensure_ascii=False)}
    with _one_at_a_time:
        try:
            return _compile(template, inputs, at=at, is_accessible=True)
        except typst.TypstError as problem:
            # A letter with a diacritic that no single font of ours has: a box is printed instead.
            log.warning("pdf_not_accessible", template=template.name, problem=problem.message[:200])
            return _compile(template, inputs, at=at, is_accessible=False)


def make_png(template: Path, inputs: dict[str, str], *, pixels_per_point: float) -> bytes:
    """Render the single page of a template as a PNG."""
    with _one_at_a_time:
        made = _compiler().compile(
            template, format="png", root=template.parent, sys_inputs=inputs, ppi=72 * pixels_per_point
        )
    assert isinstance(made, bytes)
    return made


def _compile(template: Path, inputs: dict[str, str], *, at: datetime, is_accessible: bool) -> bytes:
    made = _compiler().compile(
        template,
        format="pdf",
        root=template.parent,
        sys_inputs=inputs,
        pdf_standards=["ua-1"] if is_accessible else [],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    nowhere = FONTS / "no-packages"
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True, package_path=nowhere, package_cache_path=nowhere)
