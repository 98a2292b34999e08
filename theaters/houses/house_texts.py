"""Texts of houses are published, never changed: a newer text follows the older."""

from datetime import datetime

from django.db import transaction

from core.refusals import Refusal
from houses.models import PageText, TextPage
from houses.selectors import forget_houses
from staff.services.audit import record
from theaters import locks


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
    """Publish a text, at once unless a moment is given; an equal text that holds is not published again.

    Raises TextFromThePast.
    """
    if holds_from is not None and holds_from < now:
        raise TextFromThePast
    with transaction.atomic():
        locks.text_page(page.pk)
        newest = page.texts.filter(language=language).order_by("-pk").first()
        if (
            newest is not None
            and (newest.title, newest.body) == (title, body)
            and (newest.holds_from == holds_from or (holds_from is None and newest.holds_from <= now))
        ):
            return newest
        text = PageText.objects.create(
            page=page, language=language, title=title, body=body, holds_from=holds_from or now, written_by_id=user_id
        )
        after = {"language": language, "title": title, "holds from": text.holds_from.isoformat()}
        record(actor=actor, action="publish text", thing=page, theater=None, after=after)
    forget_houses()
    return text
