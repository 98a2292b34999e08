"""Makes the fonts in core/pdf/fonts again, from packages that were unpacked beside each other. Run by hand:

    apt-get download fonts-noto-core fonts-noto-cjk   (dpkg -x each of them into FOLDER)
    pip download --no-deps fontpkg-archivo            (unzip it into FOLDER)
    uv run --no-project --with fonttools python -m dev.paper_fonts FOLDER

Hints for screens and letters that no name needs are left out. Han letters have their Japanese shapes.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).resolve().parent.parent / "core" / "pdf" / "fonts"
BOLD_TOO = ("", "Arabic", "Devanagari", "Hebrew", "Thai")
REGULAR_ALONE = (
    "Armenian", "Bengali", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao", "Malayalam",
    "Myanmar", "Sinhala", "Tamil", "Telugu",
)  # fmt: skip
# Weight and width of the site's texts, of its stronger words and of its big letters.
ARCHIVO = [(400, 100), (600, 100), (800, 62)]
SYMBOLS = {*range(0x2190, 0x2200), *range(0x2460, 0x2500), *range(0x25A0, 0x27C0)}
HANGUL = {*range(0x3130, 0x3190), *range(0xAC00, 0xD7A4)}
WIDE_SIGNS = {*range(0x3000, 0x3130), *range(0x3200, 0x3400), *range(0xFF00, 0xFFF0)}


def main(folder: Path) -> None:
    noto = folder / "usr/share/fonts/truetype/noto"
    for script in BOLD_TOO:
        for weight in ("Regular", "Bold"):
            _write(TTFont(noto / f"NotoSans{script}-{weight}.ttf"), f"NotoSans{script}-{weight}.ttf")
    for script in REGULAR_ALONE:
        _write(TTFont(noto / f"NotoSans{script}-Regular.ttf"), f"NotoSans{script}-Regular.ttf")
    _write(TTFont(noto / "NotoSansSymbols2-Regular.ttf"), "NotoSansSymbols2-Regular.ttf", letters=SYMBOLS)
    wide = TTFont(folder / "usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", fontNumber=0)
    _write(wide, "NotoSansCJKjp-Regular.otf", letters=_han() | HANGUL | WIDE_SIGNS, features=["ccmp", "kern", "liga"])
    for boldness, width in ARCHIVO:
        font = TTFont(folder / "fontpkg_archivo/files/Archivo[wdth,wght].ttf")
        _write(instantiateVariableFont(font, {"wght": boldness, "wdth": width}), f"Archivo-{boldness}-{width}.ttf")
    _write_letters()


def _write(font: TTFont, name: str, *, letters: set[int] | None = None, features: list[str] | None = None) -> None:
    options = Options(hinting=False, notdef_outline=True, glyph_names=False, name_IDs=["*"])
    options.layout_features = features or ["*"]
    options.drop_tables += ["BASE", "DSIG", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters or font.getBestCmap())
    subsetter.subset(font)
    font.save(HERE / name)


def _han() -> set[int]:
    """Han letters of the national standards of Japan, mainland China and Korea, and the common ones of Taiwan."""
    rare = bytes([0xC9])  # from here on Big5 lists what names do not use
    return {
        code
        for code in range(0x3400, 0xA000)
        if any(_encodes(code, name) for name in ("iso2022_jp", "gb2312", "euc_kr"))
        or (_encodes(code, "big5") and chr(code).encode("big5") < rare)
    }


def _encodes(code: int, encoding: str) -> bool:
    try:
        chr(code).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _write_letters() -> None:
    """letters.txt: first and last of every run of letters that some font has, in hexadecimal."""
    codes = sorted({code for path in HERE.glob("*.?tf") for code in TTFont(path).getBestCmap()})
    starts = [code for before, code in zip([-2, *codes], codes, strict=False) if code != before + 1]
    ends = [code for code, after in zip(codes, [*codes[1:], -1], strict=True) if after != code + 1]
    lines = [f"{start:04X} {end:04X}" for start, end in zip(starts, ends, strict=True)]
    (HERE / "letters.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
