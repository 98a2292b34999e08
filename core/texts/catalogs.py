"""The catalogs of translated sentences, and how they are compiled: `python -m core.texts.catalogs`.

What people edit is locale/<catalog>/<language>/LC_MESSAGES/*.po; what gettext reads are the .mo files beside them. They are
not committed: the bootstrap, the image and each test run make those that are older than their .po file. No Django here.
"""

import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "locale"
# The first one wins where two of them translate the same sentence.
CATALOGS = ("pages", "letters", "sentences", "counter", "office")
PATHS = [ROOT / name for name in CATALOGS]


def compile_stale(root: Path = ROOT) -> list[Path]:
    """Compile changed catalogs; safe when several processes do it at once."""
    stale = stale_files(root)
    for po in stale:
        _compile(po)
    return stale


def stale_files(root: Path = ROOT) -> list[Path]:
    """The .po files that are newer than their .mo file, or have none."""
    return [po for po in sorted(root.glob("*/*/LC_MESSAGES/*.po")) if _is_stale(po)]


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def _compile(po: Path) -> None:
    from babel.messages.mofile import write_mo  # noqa: PLC0415  most runs have nothing to compile
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with po.open("rb") as source:
        catalog = read_po(source, locale=None, abort_invalid=True)
    with tempfile.NamedTemporaryFile(dir=po.parent, delete=False) as target:
        write_mo(target, catalog)
    Path(target.name).chmod(0o644)
    Path(target.name).replace(po.with_suffix(".mo"))


if __name__ == "__main__":
    for path in compile_stale():
        print(f"Compiled {path.relative_to(ROOT.parent)}")  # noqa: T201
