"""QR codes: black on white in both themes, with the quiet zone scanners need."""

from io import BytesIO

import segno


def qr_svg(content: str) -> bytes:
    """A whole SVG document, for an <img>."""
    buffer = BytesIO()
    code = segno.make(content, error="m", micro=False)
    code.save(buffer, kind="svg", scale=8, border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False)
    return buffer.getvalue()


def qr_png(content: str) -> bytes:
    buffer = BytesIO()
    segno.make(content, error="m", micro=False).save(buffer, kind="png", scale=6, border=4)
    return buffer.getvalue()
