"""Texts of a house: its terms, privacy, imprint and other pages, and its news. Texts are versioned and stay as they were."""

from typing import Any

from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import F, Q

from core.clock import ClockTimestamp
from core.columns import CheckedJSONField
from core.texts.languages import current_language
from core.texts.lazy_text import gettext_lazy as _
from core.texts.translated_texts import translated_text, validate_texts
from houses.models.houses import House

LONGEST_TEXT = 100_000
POST_TEXTS = ("title", "text", "picture_alt")


def validate_translations(texts: Any) -> None:
    """Check translations of a post such as {"de": {"title": "…", "text": "…"}}."""
    validate_texts(texts, POST_TEXTS)


class TextPage(models.Model):
    """A page at /pages/<slug>/, whose versions and languages are its texts."""

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="pages")
    slug = models.SlugField("address", max_length=60, help_text="The last part of /pages/…/, such as terms.")
    is_in_footer = models.BooleanField("linked in the footer", default=True, db_default=True)
    position = models.PositiveSmallIntegerField(
        default=100, db_default=100, help_text="Its place in the footer; the lowest first."
    )

    class Meta:
        ordering = ["house", "position", "slug"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["house", "slug"],
                name="text_page_once_per_house",
                violation_error_message=_("This house has a page at this address."),
            )
        ]

    def __str__(self) -> str:
        return self.slug


class PageTextQuerySet(models.QuerySet["PageText"]):
    def holding(self) -> "PageTextQuerySet":
        """Texts valid now or earlier by the database's clock, newest first."""
        return self.filter(holds_from__lte=ClockTimestamp()).order_by("-holds_from", "-pk")


class PageText(models.Model):
    """A version of a page's text in a language, valid from a moment until a newer one in this language is. Never
    changed.
    """

    page = models.ForeignKey(TextPage, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    body = models.TextField("text", max_length=LONGEST_TEXT, help_text="Markdown: ## headings, **bold**, lists, links.")
    holds_from = models.DateTimeField("holds from")
    written_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = PageTextQuerySet.as_manager()

    class Meta:
        ordering = ["page", "language", "-holds_from"]
        default_permissions = ()
        indexes = [models.Index(fields=["page", "language", "-holds_from"], name="page_text_now")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""),
                name="page_text_says_something",
                violation_error_message=_("A text has a title and something to say."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class Post(models.Model):
    """A piece of news, written in one language and translated into others. Without a date it is a draft that only staff see.

    One that is the `same_as` another is told there in its language, and its own address leads there.
    """

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=120)
    slug = models.SlugField("address", max_length=80)
    language = models.CharField(max_length=10, default="en", db_default="en")
    text = models.TextField(max_length=20_000, help_text="Markdown, as on pages.")
    picture = models.ImageField(
        upload_to="news/",
        blank=True,
        db_default="",
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
    )
    picture_alt = models.CharField("what it shows", max_length=160, blank=True, db_default="")
    translations = CheckedJSONField(default=dict, db_default={}, blank=True, validators=[validate_translations])
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="From when on everybody sees it. Empty: a draft."
    )
    same_as = models.ForeignKey(
        "self", verbose_name=_("the same post as"), null=True, blank=True, on_delete=models.PROTECT, related_name="others",
        db_index=False,
    )  # fmt: skip

    class Meta:
        ordering = [F("published_at").desc(nulls_first=True), "-pk"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["house", "slug"],
                name="post_once_per_house",
                violation_error_message=_("Another post has this address."),
            ),
            models.CheckConstraint(
                condition=Q(picture="") | ~Q(picture_alt=""),
                name="post_picture_is_described",
                violation_error_message=_("Say what the picture shows, for those who do not see it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_language(self) -> str:
        """The reader's language if the post has it, else the one it was written in."""
        return current_language() if current_language() in self.translations else self.language

    @property
    def shown_title(self) -> str:
        return translated_text(self, "title")

    @property
    def shown_text(self) -> str:
        return translated_text(self, "text")

    @property
    def shown_alt(self) -> str:
        return translated_text(self, "picture_alt")
