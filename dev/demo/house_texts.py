"""The texts and the news of the demo house: dev/demo/texts, a folder for each language. Each text says that it is made up."""

from datetime import UTC, datetime
from pathlib import Path

from dev.demo.german import german_sections
from houses.models import House, PageText, Post, TextPage

TEXTS = Path(__file__).parent / "texts"
FROM = datetime(2026, 1, 1, tzinfo=UTC)
SLUGS = ("terms", "privacy", "imprint", "accessibility", "contact")


def write_texts(house: House, *, now: datetime) -> None:
    """Write what is missing; what staff wrote since stays."""
    for position, slug in enumerate(SLUGS, start=1):
        page, is_new = TextPage.objects.get_or_create(house=house, slug=slug, defaults={"position": position})
        if is_new:
            PageText.objects.bulk_create(_text(page, path) for path in sorted(TEXTS.glob(f"*/{slug}.md")))
    for path in sorted(TEXTS.glob("en/news/*.md")):
        title, text = _title_and_text(path)
        said = dict(zip(("title", "text"), _title_and_text(TEXTS / "de" / "news" / path.name), strict=True))
        facts = {"title": title, "text": text, "translations": {"de": said}, "published_at": now}
        Post.objects.get_or_create(house=house, slug=path.stem, defaults=facts)
    House.objects.filter(pk=house.pk, section_names={}).update(section_names=german_sections())
    House.objects.filter(pk=house.pk, seat_notes={}).update(
        seat_notes={"de": {"Under the balcony": "Unter dem Balkon"}}
    )


def _text(page: TextPage, path: Path) -> PageText:
    title, body = _title_and_text(path)
    return PageText(page=page, language=path.parent.name, title=title, body=body, holds_from=FROM)


def _title_and_text(path: Path) -> tuple[str, str]:
    title, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    return title.removeprefix("# "), text
