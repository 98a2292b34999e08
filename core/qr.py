"""QR codes as images inside a page."""

import base64
from io import BytesIO

import segno


def qr_data_url(text: str) -> str:
    """The address of an SVG picture: black on white in light and dark, with the quiet zone that cameras need."""
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", scale=6, border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.getvalue()).decode()}"
