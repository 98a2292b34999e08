"""Reads PDF documents for tests: their words, their structure, and where things lie on a page."""

from io import BytesIO

import pikepdf
from pypdf import PdfReader


def text_of(document: bytes) -> str:
    """The words of all pages, separated by single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages).split())


def lines_of(document: bytes) -> list[str]:
    return [line for page in PdfReader(BytesIO(document)).pages for line in page.extract_text().splitlines()]


def pages_of(document: bytes) -> int:
    return len(PdfReader(BytesIO(document)).pages)


def faults_of(document: bytes) -> list[str]:
    """Faults that a screen reader or a print shop would have trouble with."""
    with pikepdf.open(BytesIO(document)) as pdf:
        root, faults = pdf.Root, []
        with pdf.open_metadata() as metadata:
            if metadata.get("pdfuaid:part") != "1":
                faults.append("does not claim PDF/UA-1")
            if not metadata.get("dc:title") or not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
                faults.append("no title that is shown")
        if not root.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in root:
            faults.append("not tagged")
        if str(root.get("/Lang", "")) != "en":
            faults.append("no language")
        fonts = [font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()]
        faults += [f"{font.BaseFont} is not inside" for font in fonts if not _is_embedded(font)]
        return faults if fonts else [*faults, "no fonts"]


def _is_embedded(font) -> bool:
    descriptor = font.DescendantFonts[0].FontDescriptor
    return "/ToUnicode" in font and bool({"/FontFile2", "/FontFile3"} & set(descriptor.keys()))


def tags_of(document: bytes) -> list[str]:
    """The roles of all elements in reading order."""
    with pikepdf.open(BytesIO(document)) as pdf:
        return list(_roles(pdf.Root.StructTreeRoot))


def _roles(element):
    if "/S" in element:
        yield str(element.S)
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _roles(child)


def outside(document: bytes, *, margin: float) -> list[str]:
    """Words that begin or end within `margin` points of a page's edge, or beyond it."""
    found = []
    for page in PdfReader(BytesIO(document)).pages:
        left, right = margin, float(page.mediabox.width) - margin

        def look(text, matrix, text_matrix, font, size, left=left, right=right):
            x = matrix[0] * text_matrix[4] + matrix[4]
            if text.strip() and not left - 0.5 <= x <= right + 0.5:
                found.append(text)

        page.extract_text(visitor_text=look)
    return found


def side_of(document: bytes, words: str) -> str:
    """In which half of their page, left or right, these words first begin."""
    page = PdfReader(BytesIO(document)).pages[0]
    return "left" if left_edge_of(document, words) < float(page.mediabox.width) / 2 else "right"


def left_edge_of(document: bytes, words: str) -> float:
    """Where these words first begin on the first page, in points from its left edge."""
    page, places = PdfReader(BytesIO(document)).pages[0], []
    page.extract_text(
        visitor_text=lambda text, matrix, at, font, size: places.append((text, matrix[0] * at[4] + matrix[4]))
    )
    return next(x for text, x in places if words in text)


def clashes_in(document: bytes) -> list[str]:
    """Words that begin inside a picture on their page."""
    found = []
    with pikepdf.open(BytesIO(document)) as pdf:
        pictures = [element for element in _elements(pdf.Root.StructTreeRoot) if element.get("/S") == "/Figure"]
        boxes = {_page_number(pdf, picture): [float(side) for side in _box(picture)] for picture in pictures}
    for number, page in enumerate(PdfReader(BytesIO(document)).pages):
        left, bottom, right, top = boxes[number]

        def look(text, matrix, text_matrix, font, size, box=(left, bottom, right, top)):
            x = matrix[0] * text_matrix[4] + matrix[4]
            y = matrix[3] * text_matrix[5] + matrix[5]
            if text.strip() and box[0] < x < box[2] and box[1] < y < box[3]:
                found.append(text)

        page.extract_text(visitor_text=look)
    return found


def _elements(element):
    yield element
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _elements(child)


def _box(picture):
    attributes = picture.A
    return attributes.BBox if isinstance(attributes, pikepdf.Dictionary) else attributes[0].BBox


def _page_number(pdf, picture) -> int:
    pages = [element.Pg for element in _elements(picture) if "/Pg" in element]
    return next(number for number, page in enumerate(pdf.pages) if page.obj.objgen == pages[0].objgen)
