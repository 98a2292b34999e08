"""Every refusal has one base class, one list for support, and one way to become an answer."""

import ast

import pytest
from django.http import Http404, HttpResponse

from core.refusals import ManyProblems, Refusal, TooOften, WayOn
from core.web.refusal_pages import RefusalsMiddleware, answers_refusals
from dev.refusal_list import PAGE, product_files, refusals, render
from dev.state import CHECKOUT

# No person reads these: errors of other systems and of rows, which are logged or tried again.
ERRORS = {
    "BadSignature", "CannotBeWritten", "ProviderError", "IllegalMove", "Meaningless", "NoMailServer", "NotRead", "NotReadable",
    "NotStored", "NotYet", "Unreadable", "Unstorable", "AddressRefused", "Unknown", "Refused", "WrongSession", "WrongRole",
    "ShowtimeBusy", "RefusedWithReason", "SaleFactsUnreadable", "NoMailLanguage", "PinRequired", "FactLineError", "MemoryFull",
    "TooLarge",
}  # fmt: skip
# Places that catch a refusal themselves. Where a price cannot be shown as asked for, the page shows it without. A void that is
# refused after the terminal gave the money back is noted first. What cannot be erased yet is listed beside what can be seen.
SHOWN_WITHOUT = {
    ("boxoffice/views/counter_showtime.py", "BadChoice"), ("boxoffice/views/counter_showtime.py", "PromoRefused"),
    ("boxoffice/views/counter_voids.py", "Refusal"), ("boxoffice/views/counter_voids.py", "NoVoid"),
    ("payments/views/data_answers.py", "Refusal"),
}  # fmt: skip


@pytest.fixture(scope="module")
def product():
    """All files of the product, parsed."""
    return [(path.relative_to(CHECKOUT).as_posix(), ast.parse(path.read_text())) for path in product_files()]


def names_in(node):
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def test_the_list_for_support_is_that_of_the_code():
    assert PAGE.read_text() == render(), "run manage.py list_refusals"


def test_every_exception_is_a_refusal_or_named_as_an_error(product):
    known = {kind.__name__ for kind in refusals()} | ERRORS
    found = {
        node.name
        for _, tree in product
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(base.endswith(("Exception", "Error")) for parent in node.bases for base in names_in(parent))
    }
    assert found > {"ProviderError", "Refusal"}
    assert found - known == set()


def test_no_view_catches_a_refusal_itself_and_nothing_asks_for_its_class(product):
    kinds = {kind.__name__ for kind in refusals()}
    caught, asked = set(), set()
    for name, tree in product:
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and node.type is not None and "views" in name:
                caught |= {(name, kind) for kind in names_in(node.type) & kinds}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
                asked |= {name for _ in names_in(node.args[1]) & kinds}
    assert caught == SHOWN_WITHOUT
    assert asked == {"core/web/refusal_pages.py"}


# The answer to a refusal.


class Full(Refusal):
    status = 422
    title = "No room"
    sentence = "It is full."
    field = "seats"
    retry_after = 7
    way_on = WayOn("Back", to="find_booking")


class Hidden(Refusal):
    status = 404
    is_hidden = True


def drawn(request, *args, refusal, **kwargs):
    return HttpResponse(f"{refusal.field}: {refusal.sentence}")


def view_that_raises(refusal, draw=drawn):
    @answers_refusals(draw)
    def view(request, *args, **kwargs):
        raise refusal

    return view


def test_the_page_says_it_with_status_and_retry_after(rf):
    answer = view_that_raises(Full())(rf.post("/"))
    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (422, "7", b"seats: It is full.")


def test_the_view_draws_itself_when_it_names_no_other(rf):
    @answers_refusals()
    def view(request, *, refusal=None):
        if refusal is None:
            raise Full
        return HttpResponse(refusal.sentence)

    assert (view(rf.post("/")).status_code, view(rf.post("/")).content) == (422, b"It is full.")


def test_a_refusal_that_redirects_keeps_its_redirect(rf):
    plain = view_that_raises(Full(), lambda request, refusal: HttpResponse(status=302))(rf.post("/"))
    scripted = view_that_raises(Full(), lambda request, refusal: HttpResponse(headers={"HX-Redirect": "/"}))(
        rf.post("/")
    )
    assert (plain.status_code, scripted.status_code) == (302, 200)


def test_what_nobody_may_know_of_is_not_there(rf):
    with pytest.raises(Http404):
        view_that_raises(Hidden())(rf.get("/"))
    with pytest.raises(Http404):
        RefusalsMiddleware(lambda request: HttpResponse()).process_exception(rf.get("/"), Hidden())


def answer_of_middleware(client, monkeypatch, refusal, **request):
    def raises(*args, **kwargs):
        raise refusal

    monkeypatch.setattr("reservations.views.find_booking.ask_for_links", raises)
    return client.post("/find-booking/", {"asked_for": "KX7M-4QPD"}, **request)


def test_a_refusal_that_no_page_shows_has_its_own(db, client, monkeypatch):
    answer = answer_of_middleware(client, monkeypatch, Full())
    text = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (
        422,
        "7",
        "no-store",
    )
    assert "No room" in text and "It is full." in text and "Try again in 7 seconds." in text


def test_a_script_gets_json(rf):
    many = ManyProblems(["One.", "Two."])
    answer = RefusalsMiddleware(lambda request: HttpResponse()).process_exception(
        rf.post("/", "{}", content_type="application/json"), many
    )
    assert (answer.status_code, answer.content) == (422, b'{"sentences": ["One.", "Two."]}')


def test_other_errors_are_not_answered(rf):
    assert RefusalsMiddleware(lambda request: HttpResponse()).process_exception(rf.get("/"), ValueError()) is None


def test_a_limit_raises_its_own_refusal(db):
    from core.limits.limiter import Limit, check

    class Patience(TooOften):
        sentence = "Wait %(wait)s."

    with pytest.raises(Patience, match=r"^Wait (a minute|\d+ minutes)\.$"):
        check(Limit("patience", 1, refusal=Patience), "ada", amount=2)
