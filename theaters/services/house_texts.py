"""Texts of houses are published, never changed: a newer text follows the older."""

from datetime import datetime

from core.refusals import Refusal
from houses.models import PageText, TextPage
from houses.selectors import forget_houses
from staff.services.audit import record


class TextFromThePast(Refusal):
    status = 422
    sentence = "A text holds from now on or from a later moment: what was accepted until now stays as it was."


def publish_text(
    *,
    page: TextPage,
    language: str,
    title: str,
    body: str,
    holds_from: datetime | None,
    user_id: int,
    actor: str,
    now: datetime,
) -> PageText:
    """Without a moment it holds at once. Raises TextFromThePast."""
    if holds_from is not None and holds_from < now:
        raise TextFromThePast
    text = PageText.objects.create(
        page=page, language=language, title=title, body=body, holds_from=holds_from or now, written_by_id=user_id
    )
    after = {"language": language, "title": title, "holds from": text.holds_from.isoformat()}
    record(actor=actor, action="publish text", thing=page, theater=None, after=after)
    forget_houses()
    return text
