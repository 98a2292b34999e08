"""QR codes: black on white in both themes, with the quiet zone scanners need."""

from io import BytesIO

import segno


def qr_svg(content: str) -> str:
    return segno.make(content, error="m", micro=False).svg_inline(scale=8, border=4, dark="#000", light="#fff")


def qr_png(content: str) -> bytes:
    buffer = BytesIO()
    segno.make(content, error="m", micro=False).save(buffer, kind="png", scale=6, border=4)
    return buffer.getvalue()
