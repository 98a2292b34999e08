"""A receipt or a credit note on A4, printed from what the paper keeps and from nothing else."""

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from reservations.models import Paper
from reservations.states import PaperKind

MARGIN = 22 * mm
WIDTH, HEIGHT = A4
RIGHT = WIDTH - MARGIN
WIDE_FONT = "HeiseiKakuGo-W5"


class Sheet:
    """Writes from the top; a new page when one is full."""

    def __init__(self, title: str) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(WIDE_FONT))
        self.buffer = BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=True, pageCompression=0)
        self.canvas.setTitle(title)
        self.y = HEIGHT - MARGIN

    def line(self, text: str, *, size: int = 10, is_bold: bool = False, amount: str = "") -> None:
        font = _font(text, is_bold=is_bold)
        for part in simpleSplit(text, font, size, RIGHT - MARGIN - (32 * mm if amount else 0)) or [""]:
            self.down(size * 1.5)
            self.canvas.setFont(font, size)
            self.canvas.drawString(MARGIN, self.y, part)
            if amount:
                self.canvas.setFont(_font(amount, is_bold=is_bold), size)
                self.canvas.drawRightString(RIGHT, self.y, amount)
                amount = ""

    def row(self, cells: list[str], *, is_bold: bool = False) -> None:
        """Right-aligned columns, the last at the margin."""
        self.down(15)
        for place, cell in enumerate(reversed(cells)):
            self.canvas.setFont(_font(cell, is_bold=is_bold), 10)
            self.canvas.drawRightString(RIGHT - place * 33 * mm, self.y, cell)

    def rule(self) -> None:
        self.down(6)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(MARGIN, self.y, RIGHT, self.y)

    def down(self, by: float) -> None:
        self.y -= by
        if self.y < MARGIN:
            self.canvas.showPage()
            self.y = HEIGHT - MARGIN - by

    def done(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()


def paper_pdf(paper: Paper) -> bytes:
    content: dict[str, Any] = paper.content
    title = f"{PaperKind(paper.kind).label} {paper.name}"
    sheet = Sheet(title)
    for place, text in enumerate(content["seller"]):
        sheet.line(text, is_bold=not place)
    if content["tax_number"]:
        sheet.line(f"Tax number {content['tax_number']}")
    sheet.down(18)
    sheet.line(title, size=20, is_bold=True)
    sheet.down(4)
    for text in _facts(paper, content):
        sheet.line(text)
    sheet.down(10)
    sheet.line(content["show"], is_bold=True)
    sheet.rule()
    for line in content["lines"]:
        sheet.line(f"{line['what']}, {line['rate']} tax included", amount=line["amount"])
    # Papers that were issued before discounts had a line of their own lack it for ever.
    if discount := content.get("discount"):
        sheet.line(discount["what"], amount=discount["amount"])
    sheet.rule()
    _sums(sheet, paper, content)
    return sheet.done()


def _facts(paper: Paper, content: dict[str, Any]) -> list[str]:
    facts = [f"{content['theater']}, {content['on']}", f"Booking {content['reference']}, {content['buyer']}"]
    if paper.kind == PaperKind.CREDIT_NOTE:
        facts.append(f"For receipt {content['receipt']} of {content['receipt_on']}")
    return [*facts, f"All amounts in {content['currency']}"]


def _sums(sheet: Sheet, paper: Paper, content: dict[str, Any]) -> None:
    # Papers from before the counter sold say nothing: they were all paid by card.
    usual = "Paid by card" if paper.kind == PaperKind.RECEIPT else "Given back"
    sheet.line(content.get("paid", usual), size=12, is_bold=True, amount=content["total"])
    if content.get("kept"):
        sheet.line("Kept of these tickets, as agreed; it stays on the receipt", amount=content["kept"])
    sheet.down(8)
    has_fee = any(tax["fee"].strip("0.,") for tax in content["taxes"])
    names = ["rate", "net", *(["fee"] if has_fee else []), "tax", "gross"]
    titles = {"rate": "Tax rate", "net": "Net", "fee": "Booking fee net", "tax": "Tax", "gross": "Total"}
    sheet.row([titles[name] for name in names], is_bold=True)
    for tax in content["taxes"]:
        sheet.row([tax[name] for name in names])


def _font(text: str, *, is_bold: bool) -> str:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return WIDE_FONT
    return "Helvetica-Bold" if is_bold else "Helvetica"
