"""The base of every refusal that a person reads: a sentence, the status of the answer, and a link to go on.

A service raises a subclass and has changed nothing. `core.web.refusal_pages` turns it into the answer. docs/refusals.md
lists all of them for support; `manage.py list_refusals` writes it.
"""

from dataclasses import dataclass
from typing import ClassVar

from core.clock import minutes_text
from core.texts.lazy_text import gettext_lazy as _


@dataclass(frozen=True)
class WayOn:
    """The link below a refusal. `to` names a page; its arguments are taken from the address that was asked for.

    Without `to` and `url` it leads to the same address again.
    """

    label: str = _("See what’s on")
    to: str = ""
    url: str = ""


WHATS_ON = WayOn(url="/")
TRY_AGAIN = WayOn(_("Try again"))


class Refusal(Exception):
    """Nothing was changed. `sentence` is for the person who asked."""

    status = 409
    title = _("That did not work")
    sentence = _("That did not work. Nothing was changed.")
    field = ""  # of the form; empty when the refusal is about all of it
    retry_after: int | None = None  # seconds, when trying again later helps
    way_on: WayOn | None = None  # None: what's on
    tone = "danger"  # of the notice; "info" for a question
    is_final = False  # the requested page has nothing to offer any more: the refusal has a page of its own
    is_hidden = False  # answered as if there were nothing at this address
    staff_can = "What the sentence says."  # in docs/refusals.md

    def __init__(self, sentence: str = "", *, field: str = "", way_on: WayOn | None = None) -> None:
        # Translated now, because a refusal is for the person who makes this request.
        self.sentence = str(sentence or self.sentence)
        self.field = field or self.field
        self.way_on = way_on or self.way_on
        super().__init__(self.sentence)

    @property
    def sentences(self) -> list[str]:
        return [self.sentence]

    def facts_for_scripts(self) -> dict[str, object]:
        """More facts for scripts, besides the sentences."""
        return {}


def sentence_of(refusal: Refusal | None) -> str:
    """The refusal's sentence; '' without a refusal."""
    return refusal.sentence if refusal else ""


class BadChoice(Refusal):
    """An input is wrong; `field` names it."""

    status = 422

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence, field=field)


class ManyProblems(Refusal):
    """A file or drawing has several problems, with a sentence for each."""

    status = 422

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))

    @property
    def sentences(self) -> list[str]:
        return self.problems


class TooFast(Refusal):
    """A limit is reached. `retry_after`: whole seconds until it lets somebody try again; the page says them too."""

    status = 429
    title = _("A little slower, please")
    sentence = _("That was tried too often in a short time. Nothing was changed; please try again in a moment.")
    numbers: ClassVar[dict[str, int]] = {}  # that its sentence says besides the time
    staff_can = "Ask them to wait, or help them at the counter: the limits of the web pages do not count there."

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(self.sentence % {"wait": minutes_text(retry_after), **self.numbers})


class TooOften(TooFast):
    """Like TooFast, with a sentence that says the minutes to wait: `%(wait)s`."""

    sentence = _("That was tried too often in a short time. Nothing was changed; please wait %(wait)s, then try again.")
