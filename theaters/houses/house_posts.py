"""Posts that tell the same in other languages: one of them is read, in the reader's language."""

from houses.models import Post
from houses.models.pages import POST_TEXTS
from houses.selectors import forget_houses


def tell_in_another(*, post: Post, before: Post | None) -> None:
    """After saving a post, update the translations of the post it translates, and of the one it did before."""
    if before is not None and before.same_as is not None and before.same_as_id != post.same_as_id:
        _forget(before.same_as, before)
    if post.same_as is not None:
        lead = post.same_as
        lead.translations = {**lead.translations, post.language: _texts(post)}
        lead.save(update_fields=["translations"])
    forget_houses()


def _texts(post: Post) -> dict[str, str]:
    return {name: text for name in POST_TEXTS if (text := getattr(post, name))}


def _forget(lead: Post, post: Post) -> None:
    """Drop the stored translation, unless somebody has written it anew meanwhile."""
    if lead.translations.get(post.language) == _texts(post):
        lead.translations = {code: said for code, said in lead.translations.items() if code != post.language}
        lead.save(update_fields=["translations"])
