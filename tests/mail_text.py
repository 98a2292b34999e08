"""What the plain text of every mail has to be."""

import re

LINK = re.compile(r"https?://\S+")


def lone_links(text: str) -> list[str]:
    """Links that are a paragraph of their own without words before that say where they lead."""
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n", text)]
    return [
        paragraph
        for before, paragraph in zip(["", *paragraphs], paragraphs, strict=False)
        if LINK.fullmatch(paragraph) and not before.endswith(":")
    ]
