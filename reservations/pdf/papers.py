"""A receipt or a credit note on A4 or on a roll of 80 mm, printed from what the paper keeps and from nothing else."""

from pathlib import Path
from typing import Any

from django.utils.translation import get_language_bidi, gettext, pgettext

from core.pdf.engine import make_pdf
from core.pdf.letters import lacks_letters
from core.texts.languages import SOURCE, current_language, speaking
from core.texts.lazy_text import gettext_lazy as _
from houses.letterheads import letterhead
from reservations.models import Paper
from reservations.states import PaperKind

SHEET = Path(__file__).with_name("papers.typ")
ROLL = Path(__file__).with_name("papers_roll.typ")
LETTERS_ARE_MISSING = _("A box (□) stands for letters we cannot print. The page of the booking shows all of them.")
TAX_TITLES = {"rate": _("Tax rate"), "net": _("Net"), "fee": _("Booking fee net"), "tax": _("Tax"), "gross": _("Total")}


def paper_pdf(paper: Paper, *, template: Path = SHEET, is_copy: bool = False) -> bytes:
    """Render a paper, always with the same bytes: it bears the moment at which the paper was issued, and speaks its
    language.

    The buyer alone is read from the contact of the sale, where their address may change or be erased; above all stands the logo
    that the house has today.
    """
    content: dict[str, Any] = paper.content
    # Papers that were issued before there were languages do not name one.
    with speaking(content.get("language", SOURCE)):
        data = _data(paper, content, is_copy=is_copy) | {"house": letterhead(paper.theater.house_id)}
        return make_pdf(template, data, at=paper.issued_at)


def printed_words(paper: Paper) -> dict[str, Any]:
    """Return the words of a printed paper in its language, for a page of the counter."""
    with speaking(paper.content.get("language", SOURCE)):
        words = {name.replace("-", "_"): said for name, said in _data(paper, paper.content).items()}
        return words | {"copy_word": pgettext("paper", "Copy")}


def _data(paper: Paper, content: dict[str, Any], *, is_copy: bool = False) -> dict[str, Any]:
    return {
        "title": f"{paper.get_kind_display()} {paper.name}",
        "copy": pgettext("paper", "Copy") if is_copy else "",
        "author": content["seller"][0],
        "lang": current_language(),
        "is-rtl": get_language_bidi(),
        "seller": [part for part in content["seller"] if part],
        "tax-number": _tax_number(content["tax_number"]),
        "facts": _facts(paper, content),
        "show": content["show"],
        "line-titles": [
            gettext("Sold") if paper.kind == PaperKind.RECEIPT else gettext("Given back"),
            "",
            content["currency"],
        ],
        "lines": [_line(line) for line in content["lines"]],
        # Papers that were issued before tickets kept this lack it for ever.
        "price-rules": content.get("price_rules", []),
        # Papers that were issued before discounts had a line of their own lack it for ever.
        "discount": content.get("discount") or None,
        "sums": _sums(paper, content),
        **_taxes(content),
        "note": str(LETTERS_ARE_MISSING) if lacks_letters(content) else "",
    }


def _facts(paper: Paper, content: dict[str, Any]) -> list[str]:
    facts = [
        f"{content['theater']}, {content['on']}",
        gettext("Booking %(reference)s, %(buyer)s") % {"reference": content["reference"], "buyer": _buyer(paper)},
    ]
    if content.get("receipt"):
        receipt = {"receipt": content["receipt"], "day": content["receipt_on"]}
        facts.append(gettext("For receipt %(receipt)s of %(day)s") % receipt)
    if content.get("operator"):
        facts.append(_served(content))
    return [*facts, gettext("All amounts in %(currency)s") % {"currency": content["currency"]}]


def _served(content: dict[str, Any]) -> str:
    """Say when, by whom and, if known, at which device the counter sold it."""
    if content.get("device"):
        return gettext("%(time)s, operator %(operator)s, %(device)s") % content
    return gettext("%(time)s, operator %(operator)s") % content


def _buyer(paper: Paper) -> str:
    contact = paper.sale.contact
    if contact.emptied_at is not None:
        return gettext("address erased")
    return contact.email or gettext("sold at the counter")


def _tax_number(number: str) -> str:
    return gettext("Tax number %(number)s") % {"number": number} if number else ""


def _line(line: dict[str, str]) -> dict[str, str]:
    return {
        "what": line["what"],
        "tax": gettext("%(rate)s tax included") % {"rate": line["rate"]},
        "amount": line["amount"],
    }


def _sums(paper: Paper, content: dict[str, Any]) -> list[dict[str, Any]]:
    # Papers of releases without counter sales do not say it: those were all paid online by card.
    usual = gettext("Paid by card") if paper.kind == PaperKind.RECEIPT else gettext("Given back")
    paid = content.get("paid", usual)
    sums = [{"what": paid, "amount": content["total"], "is-total": True}]
    if content.get("rounding"):
        sums = [
            {"what": gettext("Total"), "amount": content["total"], "is-total": False},
            {"what": gettext("Rounded to coins"), "amount": content["rounding"], "is-total": False},
            {"what": paid, "amount": content["in_coins"], "is-total": True},
        ]
    if content.get("in_cash"):
        sums.append({"what": gettext("In cash, rounded to coins"), "amount": content["in_cash"], "is-total": False})
    if content.get("kept"):
        what = gettext("Kept of these tickets, as agreed; it stays on the receipt")
        sums.append({"what": what, "amount": content["kept"], "is-total": False})
    return sums


def _taxes(content: dict[str, Any]) -> dict[str, list[Any]]:
    """A table with a row per rate; without the column of fees where there was none."""
    has_fee = any(tax["fee"].strip("0.,") for tax in content["taxes"])
    names = ["rate", "net", *(["fee"] if has_fee else []), "tax", "gross"]
    return {
        "tax-titles": [str(TAX_TITLES[name]) for name in names],
        "taxes": [[tax[name] for name in names] for tax in content["taxes"]],
    }
