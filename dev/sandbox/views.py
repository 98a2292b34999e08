"""The words and the markup of the payment page's states."""

from typing import Any

from dev.sandbox.cards import CARDS
from dev.sandbox.currencies import shown
from dev.sandbox.forms import CardForm
from dev.sandbox.html import Markup, fill, join

Body = dict[str, Any]

FIELDS = (
    # name, label, input mode, autocomplete, placeholder
    ("number", "Card number", "numeric", "cc-number", "1234 1234 1234 1234"),
    ("expiry", "Expiration", "numeric", "cc-exp", "MM / YY"),
    ("cvc", "Security code", "numeric", "cc-csc", "CVC"),
    ("name", "Name on card", "text", "cc-name", ""),
)


def success_url(session: Body) -> str:
    template: str = session["success_url"]
    return template.replace("{CHECKOUT_SESSION_ID}", session["id"])


def total_of(session: Body) -> str:
    return shown(session["amount_total"], session["currency"])


def payment(session: Body, form: CardForm, *, problem: str | None) -> Markup:
    total = total_of(session)
    fields = {name: _field(name, *rest, form=form) for name, *rest in FIELDS}
    content = fill(
        "payment.html",
        back=_back(session),
        total=total,
        lines=join([_line(line) for line in session["_lines"]]),
        email=_email(session, form),
        problem=fill("problem.html", message=problem) if problem else Markup(),
        cards=join([_test_card(card.number, card.note) for card in CARDS]),
        **fields,
    )
    title = f"Error: payment of {total}" if problem or form.errors else f"Pay {total}"
    return _page(title, content)


def _field(name: str, label: str, mode: str, autocomplete: str, placeholder: str, *, form: CardForm) -> Markup:
    error = form.errors.get(name)
    described = f' aria-invalid="true" aria-describedby="{name}-error"' if error else ""
    if name == next(iter(form.errors), None):
        described += " autofocus"  # the keyboard starts where something is to be mended
    return fill(
        "field.html",
        name=name,
        label=label,
        mode=mode,
        kind="email" if name == "email" else "text",
        autocomplete=autocomplete,
        placeholder=placeholder,
        value=getattr(form, name),
        described=Markup(described),
        error=fill("field_error.html", name=name, message=error) if error else Markup(),
    )


def _email(session: Body, form: CardForm) -> Markup:
    if session["customer_email"]:
        return fill("email.html", email=session["customer_email"])
    return _field("email", "Email", "email", "email", "you@example.com", form=form)


def _line(line: Body) -> Markup:
    quantity = line["quantity"]
    each = shown(line["price"]["unit_amount"], line["currency"])
    notes = [line["_note"] or "", f"Qty {quantity}, {each} each" if quantity > 1 else ""]
    return fill(
        "line.html",
        name=line["description"],
        amount=shown(line["amount_total"], line["currency"]),
        notes=join([fill("note.html", text=note) for note in notes if note]),
    )


def _test_card(number: str, note: str) -> Markup:
    grouped = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
    return fill("test_card.html", number=number, grouped=grouped, note=note)


def _back(session: Body) -> Markup:
    return fill("back.html", url=session["cancel_url"]) if session["cancel_url"] else Markup()


def challenge(session: Body) -> Markup:
    return _page("3-D Secure test page", fill("challenge.html", total=total_of(session)))


def expired(session: Body) -> Markup:
    return _notice(
        "This payment page has expired",
        "The time to pay is over and nothing was charged. Go back to the site and start again.",
        session["cancel_url"] or success_url(session),
    )


def already_paid(session: Body) -> Markup:
    if session["payment_status"] == "paid":
        text = f"{total_of(session)} has been paid already. Nothing more is charged."
        return _notice("You're all done here", text, success_url(session))
    return _notice("Your payment is being processed", "Your bank has not answered yet.", success_url(session))


def unknown() -> Markup:
    return _notice("Something went wrong", "There is no such payment page. Check the address and try again.", None)


def trouble() -> Markup:
    return _notice("Something went wrong", "The payment page is in trouble. Nothing was charged. Try again.", None)


def _notice(title: str, text: str, url: str | None) -> Markup:
    link = fill("notice_link.html", url=url) if url else Markup()
    return _page(title, fill("notice.html", title=title, text=text, link=link))


def _page(title: str, content: Markup) -> Markup:
    return fill("base.html", title=title, content=content)
