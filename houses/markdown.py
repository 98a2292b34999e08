"""Converts texts of houses from Markdown to HTML; raw HTML is left out, and only the tags a text needs stay."""

import nh3
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
_SCHEMES = {"https", "http", "mailto", "tel"}
_reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
# More than any text of a house has. For each of them the parser reads the rest of the paragraph: 100,000 brackets would
# keep a process busy for half a minute with every visit.
_MOST_SIGNS = {"[": 500, "*": 4000, "_": 4000, "|": 3000, "`": 1000, "!": 3000, "&": 3000, "<": 1000, "\\": 3000}


def as_html(text: str) -> SafeString:
    """A first-level heading becomes one of the second level, because the page has a title already.

    A text with more special characters than _MOST_SIGNS is shown as it was written.
    """
    if any(text.count(sign) > most for sign, most in _MOST_SIGNS.items()):
        return mark_safe(linebreaks(escape(text)))  # noqa: S308
    html = _reader.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel="noopener nofollow")
    return mark_safe(clean)  # noqa: S308
