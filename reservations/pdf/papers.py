"""A receipt or a credit note on A4, printed from what the paper keeps and from nothing else."""

from pathlib import Path
from typing import Any

from core.pdf.engine import make_pdf
from core.pdf.letters import lacks_letters
from reservations.models import Paper
from reservations.states import PaperKind

TEMPLATE = Path(__file__).with_name("papers.typ")
LETTERS_ARE_MISSING = "A box (□) stands for letters we cannot print. The page of the booking shows all of them."
TAX_TITLES = {"rate": "Tax rate", "net": "Net", "fee": "Booking fee net", "tax": "Tax", "gross": "Total"}


def paper_pdf(paper: Paper) -> bytes:
    """The same bytes whenever it is asked for: it bears the moment at which the paper was issued."""
    content: dict[str, Any] = paper.content
    data = {
        "title": f"{PaperKind(paper.kind).label} {paper.name}",
        "author": content["seller"][0],
        "lang": "en",
        "seller": [part for part in content["seller"] if part],
        "tax-number": f"Tax number {content['tax_number']}" if content["tax_number"] else "",
        "facts": _facts(paper, content),
        "show": content["show"],
        "line-titles": ["Sold" if paper.kind == PaperKind.RECEIPT else "Given back", "", content["currency"]],
        "lines": [_line(line) for line in content["lines"]],
        # Papers that were issued before discounts had a line of their own lack it for ever.
        "discount": content.get("discount") or None,
        "sums": _sums(paper, content),
        **_taxes(content),
        "note": LETTERS_ARE_MISSING if lacks_letters(content) else "",
    }
    return make_pdf(TEMPLATE, data, at=paper.issued_at)


def _facts(paper: Paper, content: dict[str, Any]) -> list[str]:
    facts = [f"{content['theater']}, {content['on']}", f"Booking {content['reference']}, {content['buyer']}"]
    if paper.kind == PaperKind.CREDIT_NOTE:
        facts.append(f"For receipt {content['receipt']} of {content['receipt_on']}")
    return [*facts, f"All amounts in {content['currency']}"]


def _line(line: dict[str, str]) -> dict[str, str]:
    return {"what": line["what"], "tax": f"{line['rate']} tax included", "amount": line["amount"]}


def _sums(paper: Paper, content: dict[str, Any]) -> list[dict[str, Any]]:
    # Papers from before the counter sold say nothing: they were all paid by card.
    usual = "Paid by card" if paper.kind == PaperKind.RECEIPT else "Given back"
    sums = [{"what": content.get("paid", usual), "amount": content["total"], "is-total": True}]
    if content.get("kept"):
        what = "Kept of these tickets, as agreed; it stays on the receipt"
        sums.append({"what": what, "amount": content["kept"], "is-total": False})
    return sums


def _taxes(content: dict[str, Any]) -> dict[str, list[Any]]:
    """A table with a row per rate; without the column of fees where there was none."""
    has_fee = any(tax["fee"].strip("0.,") for tax in content["taxes"])
    names = ["rate", "net", *(["fee"] if has_fee else []), "tax", "gross"]
    return {
        "tax-titles": [TAX_TITLES[name] for name in names],
        "taxes": [[tax[name] for name in names] for tax in content["taxes"]],
    }
